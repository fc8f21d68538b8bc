package io.millrace.broker.market;

import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.NodeOffer;
import io.millrace.broker.placement.Storage;
import java.util.List;

/** A fact. The state of a market is the fold of its events, and of nothing else. */
public sealed interface Event {

    /** A fact about one request. */
    sealed interface OfRequest extends Event {
        /** The request. */
        String requestId();

        /** The account that pays for it, or that spoke of it. */
        String accountId();
    }

    /** The request is granted until its term ends. */
    record Allocated(
            String requestId,
            String accountId,
            ComputeSpec spec,
            List<Grant> grants,
            int allocationNumber,
            long startsAtMillis,
            long endsAtMillis,
            Explanation explanation)
            implements OfRequest {
        /** Copies the list. */
        public Allocated {
            grants = List.copyOf(grants);
        }
    }

    /** The request waits. {@code remainingMillis} of its term are left. */
    record Queued(
            String requestId,
            String accountId,
            ComputeSpec spec,
            Reason reason,
            long waitsUntilMillis,
            long remainingMillis,
            Explanation explanation)
            implements OfRequest {}

    /** It is kept for a part of a request, and not metered; what was granted of it begins when the part is confirmed. */
    record Held(
            String requestId,
            String accountId,
            ComputeSpec spec,
            List<Grant> grants,
            int attempt,
            long heldUntilMillis,
            Explanation explanation)
            implements OfRequest {
        /** Copies the list. */
        public Held {
            grants = List.copyOf(grants);
        }
    }

    /** The request is refused for good. */
    record Refused(String requestId, String accountId, ComputeSpec spec, Reason reason, Explanation explanation)
            implements OfRequest {}

    /** The request goes back to intake, which asks the next market. */
    record Deflected(
            String requestId, String accountId, ComputeSpec spec, int attempt, Reason reason, Explanation explanation)
            implements OfRequest {}

    /** Why an allocation ended. */
    enum EndCause {
        /** Released by its tenant. */
        RELEASED,
        /** Its request was cancelled. */
        CANCELLED,
        /** Its term is over. */
        EXPIRED,
        /** Its node was lost or shrank; the request waits again. */
        REVOKED,
        /** It gave way to a request of a higher class, after notice; the request waits again. */
        PREEMPTED
    }

    /** An allocation ended at {@code endedAtMillis}; its devices are free. */
    record Ended(
            String requestId, String accountId, int allocationNumber, EndCause cause, Reason reason, long endedAtMillis)
            implements OfRequest {}

    /** The request was withdrawn while it waited. */
    record Cancelled(String requestId, String accountId) implements OfRequest {}

    /** The end of the allocation moved. */
    record Extended(String requestId, String accountId, long endsAtMillis) implements OfRequest {}

    /** Notice: the allocation ends then, to give way. {@code remainingMillis} of its term will be left. */
    record PreemptionNoticed(String requestId, String accountId, long endsAtMillis, long remainingMillis)
            implements OfRequest {}

    /** A command about a request could not be followed; the request is as it was. */
    record CommandRefused(String requestId, String accountId, String action, Reason reason, String detail)
            implements OfRequest {}

    /** The answer was asked for again. */
    record AnswerRepeated(String requestId, String accountId) implements OfRequest {}

    /** What a node can sell is on record. */
    record NodeUpdated(NodeOffer offer) implements Event {}

    /** More is granted on a node than it can sell; these requests lose their allocations for it. */
    record NodeOversold(
            String nodeId,
            long excessMilliDevices,
            long excessCpuMillicores,
            long excessMemoryMib,
            Storage excessStorage,
            List<String> revokedRequestIds)
            implements Event {
        /** Copies the list. */
        public NodeOversold {
            revokedRequestIds = List.copyOf(revokedRequestIds);
        }
    }

    /** A full hour is over. */
    record HourClosed(long hourEndMillis) implements Event {}

    /** Requests that ended before this time are forgotten, and nodes that are lost and were measured last before that one. */
    record Forgotten(long endedBeforeMillis, long nodesObservedBeforeMillis) implements Event {}

    /** The market decides nothing more: a rule that must always hold was broken. */
    record MarketHalted(String detail) implements Event {}
}
