package io.millrace.broker.market;

import io.millrace.broker.market.Request.Status;
import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.Placement;
import io.millrace.broker.placement.PlacementPolicy;
import io.millrace.broker.queue.Admission;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a market does with a part of a request: keeps what it needs (never waits for it), begins it when all parts are kept,
 * and gives it up when it is withdrawn, when its node is gone, or by itself when it was kept too long. Reads only.
 *
 * <p>That all are kept is decided once, by intake, and is not taken back. So a part is confirmed in any case: if what was
 * kept for it is gone, it is served anew or waits for other nodes, as an allocation does that lost its node right after it
 * began. Nobody can tell the two apart.
 */
final class Holds {
    private final MarketState state;
    private final MarketSettings settings;
    private final PlacementPolicy policy;
    private final long now;

    Holds(MarketState state, MarketSettings settings, PlacementPolicy policy, long now) {
        this.state = state;
        this.settings = settings;
        this.policy = policy;
        this.now = now;
    }

    /**
     * Keeps it, or says why not.
     *
     * @param answer what a request of its own would be answered: granted, refused or deflected
     */
    List<Event> hold(Command.Hold command, List<Event> answer) {
        Command.Submit asked = command.asked();
        return List.of(
                switch (answer.getFirst()) {
                    case Event.Allocated e
                    when e.spec()
                            .missesDeadline(command.heldUntilMillis(), e.spec().durationMillis()) ->
                        new Event.Deflected(
                                e.requestId(),
                                e.accountId(),
                                e.spec(),
                                asked.attempt(),
                                Reason.DEADLINE_PASSED,
                                Explanation.NONE);
                    case Event.Allocated e ->
                        new Event.Held(
                                e.requestId(),
                                e.accountId(),
                                e.spec(),
                                e.grants(),
                                asked.attempt(),
                                Math.max(now + 1, command.heldUntilMillis()),
                                e.explanation());
                    case Event.Refused e ->
                        new Event.Deflected(
                                e.requestId(), e.accountId(), e.spec(), asked.attempt(), e.reason(), e.explanation());
                    default -> answer.getFirst();
                });
    }

    /** What is said of a part that is known already, or null if it is to be looked at. */
    @Nullable List<Event> known(Command.Hold command) {
        Request known = state.request(command.asked().requestId());
        if (known == null) {
            return null;
        }
        return switch (known.status()) {
            case HELD -> List.of(new Event.AnswerRepeated(known.requestId(), known.accountId()));
            case DEFLECTED -> command.asked().attempt() > known.attempt() ? null : List.of();
            // It was given up or begun since: the command is an old one.
            case QUEUED, ALLOCATED, REFUSED, CANCELLED, RELEASED, EXPIRED -> List.of();
        };
    }

    List<Event> confirm(Command.Confirm command) {
        Command.Submit asked = command.asked();
        Request known = state.request(asked.requestId());
        if (known == null || isGivenUp(known)) {
            return List.of(anew(asked));
        }
        // It was begun or ended since: the command is an old one.
        return known.status() == Status.HELD ? List.of(begun(asked, known.grants(), known.explanation())) : List.of();
    }

    /** It was kept once, or never; not begun, and not refused after it was. */
    private static boolean isGivenUp(Request known) {
        return known.status() == Status.DEFLECTED
                || (known.status() == Status.REFUSED
                        && known.reason() != Reason.WAIT_EXPIRED
                        && known.reason() != Reason.DEADLINE_PASSED);
    }

    private Event begun(Command.Submit asked, List<Grant> grants, Explanation explanation) {
        return new Event.Allocated(
                asked.requestId(),
                asked.accountId(),
                asked.spec(),
                grants,
                1,
                now,
                now + asked.spec().termMillis(grants, asked.spec().durationMillis()),
                explanation);
    }

    private Event anew(Command.Submit asked) {
        if (state.queue().admit(Applicant.of(asked, now), now, demand -> policy.place(state.supply(), demand))
                instanceof Admission.Now(Placement.Placed placed)) {
            return begun(asked, placed.grants(), Explanation.of(asked.spec(), placed));
        }
        long remaining = asked.spec().durationMillis();
        return new Event.Queued(
                asked.requestId(),
                asked.accountId(),
                asked.spec(),
                Reason.HOLD_EXPIRED,
                asked.spec().waitsUntilMillis(now, settings.revokedWaitMillis(), remaining),
                remaining,
                Explanation.NONE);
    }

    /** What was kept is not any more. */
    static Event lost(Request held, Reason reason) {
        return new Event.Refused(held.requestId(), held.accountId(), held.spec(), reason, held.explanation());
    }
}
