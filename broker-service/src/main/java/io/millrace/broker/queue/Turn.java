package io.millrace.broker.queue;

import io.millrace.broker.placement.Placement;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who comes before a job at a moment, and what is kept for it. */
final class Turn {
    private final @Nullable Job first;
    private final Supplier<Reservation> kept;
    private final boolean strict;
    private final long nowMillis;

    /**
     * A turn.
     *
     * @param first who comes first, if it comes before the job; null if nobody does
     * @param kept what is kept for the first; asked for only if there is one
     * @param strict true if nobody passes the first
     */
    Turn(@Nullable Job first, Supplier<Reservation> kept, boolean strict, long nowMillis) {
        this.first = first;
        this.kept = kept;
        this.strict = strict;
        this.nowMillis = nowMillis;
    }

    @Nullable Job first() {
        return first;
    }

    /** Where a job goes that fits, if what is kept for the first is left to it; null if nowhere. */
    Placement.@Nullable Placed take(Job job, Placement.Placed placed, Queue.Placer placer) {
        if (first == null) {
            return placed;
        }
        return strict ? null : passing(job, placed, kept.get(), nowMillis, placer);
    }

    /** Where a job may go that fits: around what is kept for the first, or anywhere if it ends in time; null if it may not. */
    static Placement.@Nullable Placed passing(
            Job job, Placement.Placed placed, Reservation reservation, long nowMillis, Queue.Placer placer) {
        Placement.Placed around = reservation.aroundIt(job.demand(), placer);
        if (around != null) {
            return around;
        }
        return nowMillis + job.remainingMillis() <= reservation.shadowMillis() ? placed : null;
    }

    /** When the first starts at the latest, if it is known that it does: now or later; else Long.MAX_VALUE. */
    long firstStartsMillis() {
        return first != null && kept.get().isPossible()
                ? Math.max(nowMillis, kept.get().shadowMillis())
                : Long.MAX_VALUE;
    }

    /** How long a job may run that is over before the first needs its room, in milliseconds; Long.MAX_VALUE if none comes first. */
    long gapMillis() {
        return first == null ? Long.MAX_VALUE : Math.max(nowMillis, kept.get().shadowMillis()) - nowMillis;
    }
}
