package io.millrace.broker.market;

import io.millrace.broker.placement.Misfit;
import io.millrace.broker.placement.PlacementPolicy;
import io.millrace.broker.placement.Relaxation;
import io.millrace.broker.placement.Shortfall;
import io.millrace.broker.queue.Admission.NotNow;
import java.util.List;

/** A submit that starts nothing now: whether it waits, is deflected or refused, and why. */
final class TurnedAway {
    private final MarketState state;
    private final MarketSettings settings;
    private final PlacementPolicy policy;
    private final Command.Submit submit;
    private final ComputeSpec spec;
    private final Applicant applicant;
    private final long now;

    TurnedAway(
            MarketState state,
            MarketSettings settings,
            PlacementPolicy policy,
            Command.Submit submit,
            Applicant applicant,
            long now) {
        this.state = state;
        this.settings = settings;
        this.policy = policy;
        this.submit = submit;
        this.spec = submit.spec();
        this.applicant = applicant;
        this.now = now;
    }

    /** What it is told. */
    Event answer(NotNow why) {
        Misfit misfit = misfit();
        Reason reason = Reason.of(misfit.cause());
        boolean overBudget = why == NotNow.OVER_BUDGET || why == NotNow.NEVER_IN_BUDGET;
        Explanation explanation;
        if (overBudget && reason == Reason.NO_CAPACITY) {
            reason = Reason.BUDGET_EXCEEDED;
            explanation = Explanation.overBudget(state.queue().budgetFor(applicant, now), easier(why));
        } else if (why == NotNow.NOT_ITS_TURN) {
            explanation = Explanation.notItsTurn(easier(why));
        } else {
            // On the way to other markets, too: the smallest change may be one here.
            explanation =
                    why == NotNow.NO_ROOM ? Explanation.of(misfit, shortfall(misfit.cause())) : Explanation.of(misfit);
        }
        if (!submit.finalAttempt()) {
            return new Event.Deflected(
                    submit.requestId(), submit.accountId(), spec, submit.attempt(), reason, explanation);
        }
        boolean mayWait = spec.maxWaitSeconds() > 0 && why != NotNow.NEVER_IN_BUDGET;
        if (!mayWait || (reason != Reason.NO_CAPACITY && reason != Reason.BUDGET_EXCEEDED)) {
            return refused(mostHopeful(reason, submit.deflected()), explanation);
        }
        return state.queued() >= settings.maxQueued()
                ? refused(Reason.QUEUE_FULL, explanation)
                : waiting(reason, explanation);
    }

    private Misfit misfit() {
        Misfit misfit = Misfit.explain(state.supply(), applicant.demand());
        // What else there is would not meet the need.
        return spec.need() != null && misfit.cause() == Misfit.Cause.NO_SUCH_MODEL ? misfit.withoutHint() : misfit;
    }

    private Event.Queued waiting(Reason reason, Explanation explanation) {
        long remaining = spec.durationMillis();
        return new Event.Queued(
                submit.requestId(),
                submit.accountId(),
                spec,
                reason,
                spec.waitsUntilMillis(now, spec.maxWaitSeconds() * 1000, remaining),
                remaining,
                explanation);
    }

    private Event refused(Reason reason, Explanation explanation) {
        return new Event.Refused(submit.requestId(), submit.accountId(), spec, reason, explanation);
    }

    private Shortfall shortfall(Misfit.Cause cause) {
        Shortfall shortfall = Shortfall.of(
                state.supply(),
                applicant.demand(),
                cause,
                spec.need() == null,
                spec.need() != null && spec.need().gigaOpsInTotal() > 0);
        long startMillis =
                cause == Misfit.Cause.NO_CAPACITY ? state.queue().fitsAtMillis(applicant.demand()) : Long.MAX_VALUE;
        return startMillis == Long.MAX_VALUE || spec.missesDeadline(startMillis, spec.durationMillis())
                ? shortfall
                : shortfall.or(Relaxation.wait(now, startMillis, spec.durationMillis()));
    }

    /** What would let it start though there is a budget or a turn; for the last answer only, since it takes several looks. */
    private List<Relaxation> easier(NotNow why) {
        return submit.finalAttempt()
                ? state.queue().easier(applicant, why, now, d -> policy.place(state.supply(), d)).stream()
                        .filter(change -> change.what() != Relaxation.What.WAIT
                                || !spec.missesDeadline(change.amount(), spec.durationMillis()))
                        .limit(Shortfall.MOST_RELAXATIONS)
                        .toList()
                : List.of();
    }

    /** Of what all markets said, that which came closest to serving the request. */
    private static Reason mostHopeful(Reason own, List<Reason> others) {
        Reason best = own;
        for (Reason other : others) {
            if (other.compareTo(best) > 0 && other.compareTo(Reason.NO_CAPACITY) <= 0) {
                best = other;
            }
        }
        return best;
    }
}
