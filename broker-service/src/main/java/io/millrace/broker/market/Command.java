package io.millrace.broker.market;

import io.millrace.broker.placement.NodeOffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a market is told, in the order of its log.
 *
 * <p>Every command can be repeated without harm: a submit is known by its id, cancel and release find an ended request,
 * an end is moved to a point in time and not by a length, an offer replaces the one before.
 */
public sealed interface Command {

    /** When intake sent it, milliseconds since 1970. */
    long timeMillis();

    /**
     * Asks for computing power.
     *
     * @param timeMillis when intake sent it
     * @param requestId chosen by the tenant
     * @param accountId who pays
     * @param spec what is asked
     * @param attempt markets asked before this one
     * @param finalAttempt true if this market must answer and may not deflect
     * @param deflected why the markets asked before could not serve it
     * @param excludedBy the hard limit that this market does not meet, of a request that no market could take: this one is
     *     to say so; null of any other
     */
    record Submit(
            long timeMillis,
            String requestId,
            String accountId,
            ComputeSpec spec,
            int attempt,
            boolean finalAttempt,
            List<Reason> deflected,
            @Nullable SiteLimit excludedBy)
            implements Command {
        /** Copies the list. */
        public Submit {
            deflected = List.copyOf(deflected);
        }

        /** Of a request that this market could take. */
        public Submit(
                long timeMillis,
                String requestId,
                String accountId,
                ComputeSpec spec,
                int attempt,
                boolean finalAttempt,
                List<Reason> deflected) {
            this(timeMillis, requestId, accountId, spec, attempt, finalAttempt, deflected, null);
        }
    }

    /**
     * Asks to keep what a part of a request needs, until the other parts are kept, too.
     *
     * @param asked the part as a request of its own that is to be answered at once
     * @param heldUntilMillis up to when it is kept
     */
    record Hold(Submit asked, long heldUntilMillis) implements Command {
        @Override
        public long timeMillis() {
            return asked.timeMillis();
        }
    }

    /**
     * All parts are kept: what is kept for this one is granted. A decision that others rely on, so that it cannot be
     * refused: if what was kept is gone, the part is served anew or waits, as if it had lost its node.
     *
     * @param asked the part
     */
    record Confirm(Submit asked) implements Command {
        @Override
        public long timeMillis() {
            return asked.timeMillis();
        }
    }

    /** Withdraws a request, whether it waits or runs. */
    record Cancel(long timeMillis, String requestId, String accountId) implements Command {}

    /** Moves the end of an allocation to a later time. */
    record Extend(long timeMillis, String requestId, String accountId, long endsAtMillis) implements Command {}

    /** Ends an allocation before its term. */
    record Release(long timeMillis, String requestId, String accountId) implements Command {}

    /** What a node can sell has changed. */
    record UpdateNode(long timeMillis, NodeOffer offer) implements Command {}

    /** The clock. */
    record Tick(long timeMillis) implements Command {}
}
