package io.millrace.broker.queue;

import io.millrace.broker.placement.BestFit;
import io.millrace.broker.placement.Demand;
import io.millrace.broker.placement.Flexible;
import io.millrace.broker.placement.Placement;
import io.millrace.broker.placement.PlacementPolicy;
import io.millrace.broker.placement.Relaxation;
import io.millrace.broker.placement.Supply;
import java.util.List;

/** What a job that does not start now can be told: when it would, and what would let it. Changes nothing. */
final class Prospects {
    /** Answers whether there is room. That is the same for every policy, and none learns of a shape from trials. */
    private static final PlacementPolicy TRIAL = new Flexible(new BestFit());
    /** Ends that are looked at to tell somebody when there will be room. */
    private static final int MOST_ENDS = 1_024;

    private final QueueSettings settings;
    private final Accounts accounts;
    private final Supply supply;
    private final Iterable<? extends Job> running;

    /**
     * Of a market.
     *
     * @param running what runs, by its end
     */
    Prospects(QueueSettings settings, Accounts accounts, Supply supply, Iterable<? extends Job> running) {
        this.settings = settings;
        this.accounts = accounts;
        this.supply = supply;
        this.running = running;
    }

    /** See {@link Queue#fitsAtMillis}. */
    long fitsAtMillis(Demand demand) {
        Reservation ahead = Reservation.of(supply, demand, running, MOST_ENDS);
        return ahead.isPossible() ? ahead.shadowMillis() : Long.MAX_VALUE;
    }

    /** See {@link Queue#easier}. */
    List<Relaxation> easier(Job job, Admission.NotNow why, Turn turn, long nowMillis, Queue.Placer placer) {
        Queue.Placer trial = demand -> TRIAL.place(supply, demand);
        Easing easing = new Easing(
                job,
                changed -> starts(changed, turn, nowMillis, trial),
                changed -> starts(changed, turn, nowMillis, placer));
        Affording affording = new Affording(settings, accounts, job, nowMillis);
        switch (why) {
            case OVER_BUDGET -> {
                easing.later(nowMillis, startsAtMillis(job, turn, affording.fromMillis(), placer));
                easing.less(affording::affordsNow);
                long longest = affording.longestMillis();
                easing.shorter(affording::affordsNow, longest, Math.min(longest, turn.gapMillis()));
            }
            case NEVER_IN_BUDGET -> {
                easing.most(accounts::everAffords);
                easing.shorter(accounts::everAffords, affording.longestEverMillis());
            }
            case NOT_ITS_TURN -> {
                easing.later(nowMillis, startsAtMillis(job, turn, nowMillis, placer));
                easing.less(changed -> false);
                easing.shorter(changed -> false, turn.gapMillis());
            }
            case NO_ROOM -> {}
        }
        return easing.found();
    }

    private boolean starts(Job job, Turn turn, long nowMillis, Queue.Placer placer) {
        return accounts.affords(job, nowMillis)
                && placer.place(job.demand()) instanceof Placement.Placed placed
                && turn.take(job, placed, placer) != null;
    }

    /** When a job that can be paid for from some time on starts, after the first; Long.MAX_VALUE if it is not known. */
    private long startsAtMillis(Job job, Turn turn, long notBeforeMillis, Queue.Placer placer) {
        Job first = turn.first();
        if (notBeforeMillis == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        long at;
        if (first == null) {
            boolean fits = placer.place(job.demand()) instanceof Placement.Placed;
            at = fits ? notBeforeMillis : Math.max(notBeforeMillis, fitsAtMillis(job.demand()));
        } else {
            long starts = turn.firstStartsMillis();
            at = starts == Long.MAX_VALUE
                    ? starts
                    : Ahead.fitsAtMillis(supply, running, first, starts, job.demand(), notBeforeMillis, placer);
        }
        return at == Long.MAX_VALUE || new Affording(settings, accounts, job, at).affordsAfter(first)
                ? at
                : Long.MAX_VALUE;
    }
}
