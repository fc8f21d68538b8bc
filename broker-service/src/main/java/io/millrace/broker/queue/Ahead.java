package io.millrace.broker.queue;

import io.millrace.broker.placement.Demand;
import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.Placement;
import io.millrace.broker.placement.Supply;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What will be free once the first of the queue has started, by the known ends of what runs: found by doing it to the
 * supply and undoing it.
 */
final class Ahead {
    /** Jobs that may end before the first starts; beyond, nothing is said. */
    private static final int MOST_ENDS = 1_024;
    /** Ends after the start of the first that are looked at. */
    private static final int MOST_ENDS_AFTER = 64;

    private final Supply supply;
    private final Queue.Placer placer;
    private final Iterator<? extends Job> ends;
    private final List<Grant> given = new ArrayList<>();
    private final List<Grant> taken = new ArrayList<>();
    private @Nullable Job next;
    private List<Grant> firsts = List.of();
    private long firstEndsMillis = Long.MAX_VALUE;

    private Ahead(Supply supply, Iterable<? extends Job> running, Queue.Placer placer) {
        this.supply = supply;
        this.placer = placer;
        this.ends = running.iterator();
        this.next = nextEnd();
    }

    /**
     * When a demand fits, not before some time, if the first starts then and nobody else.
     *
     * @param running what runs, by its end
     * @param firstStartsMillis when the first does
     * @return milliseconds since 1970; Long.MAX_VALUE if that is too far ahead to be told
     */
    static long fitsAtMillis(
            Supply supply,
            Iterable<? extends Job> running,
            Job first,
            long firstStartsMillis,
            Demand demand,
            long notBeforeMillis,
            Queue.Placer placer) {
        Ahead ahead = new Ahead(supply, running, placer);
        try {
            return ahead.start(first, firstStartsMillis)
                    ? ahead.fitsAtMillis(demand, Math.max(firstStartsMillis, notBeforeMillis))
                    : Long.MAX_VALUE;
        } finally {
            ahead.undo();
        }
    }

    private boolean start(Job first, long startMillis) {
        if (!release(startMillis) || !(placer.place(first.demand()) instanceof Placement.Placed placed)) {
            return false;
        }
        firsts = placed.grants();
        firstEndsMillis = startMillis + first.remainingMillis();
        for (Grant grant : firsts) {
            supply.take(grant);
            taken.add(grant);
        }
        return true;
    }

    private long fitsAtMillis(Demand demand, long notBeforeMillis) {
        long at = notBeforeMillis;
        for (int looks = 0; looks < MOST_ENDS_AFTER && at < Long.MAX_VALUE && release(at); looks++) {
            if (placer.place(demand) instanceof Placement.Placed) {
                return at;
            }
            Job ending = next;
            at = Math.min(ending == null ? Long.MAX_VALUE : ending.untilMillis(), firstEndsMillis);
        }
        return Long.MAX_VALUE;
    }

    /** What has ended by then is free; false if that is too much. */
    private boolean release(long untilMillis) {
        for (Job ending = next; ending != null && ending.untilMillis() <= untilMillis; ending = next) {
            if (given.size() >= MOST_ENDS) {
                return false;
            }
            give(ending.grants());
            next = nextEnd();
        }
        if (firstEndsMillis <= untilMillis) {
            give(firsts);
            firstEndsMillis = Long.MAX_VALUE;
        }
        return true;
    }

    private void give(List<Grant> grants) {
        for (Grant grant : grants) {
            supply.give(grant);
            given.add(grant);
        }
    }

    private @Nullable Job nextEnd() {
        return ends.hasNext() ? ends.next() : null;
    }

    private void undo() {
        given.forEach(supply::take);
        taken.forEach(supply::give);
    }
}
