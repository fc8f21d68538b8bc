package io.millrace.broker.queue;

import io.millrace.broker.placement.Demand;
import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.Placement;
import io.millrace.broker.placement.SuppliedNode;
import io.millrace.broker.placement.Supply;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When the first of the queue can start by the known ends of what runs (the <em>shadow time</em>), and what must stay free
 * for it until then. Whoever ends by then may use anything; the others what is not kept. So the first never starts later
 * than this says, unless nodes are lost, terms are extended, or somebody comes before it.
 *
 * <p>Worked out anew when it is needed. It never moves to a later time by what passed the first: that ended before, or left
 * alone what is kept.
 */
final class Reservation {
    /**
     * Ends that are looked at. If the first does not fit after these, it cannot start before the last of them, and nobody
     * passes who ends later and takes anything that would suit the first.
     */
    static final int MOST_ENDS = 4_096;

    private final Supply supply;
    private final Demand demand;
    private final long shadowMillis;
    private final boolean cutShort;
    private final boolean possible;
    private final List<Grant> kept;

    private Reservation(
            Supply supply, Demand demand, long shadowMillis, boolean cutShort, boolean possible, List<Grant> kept) {
        this.supply = supply;
        this.demand = demand;
        this.shadowMillis = shadowMillis;
        this.cutShort = cutShort;
        this.possible = possible;
        this.kept = kept;
    }

    /**
     * For a demand that does not fit now and would if nothing ran.
     *
     * @param running what runs, by its end
     */
    static Reservation of(Supply supply, Demand demand, Iterable<? extends Job> running, int mostEnds) {
        Outlook outlook = new Outlook(supply, demand);
        Iterator<? extends Job> ends = running.iterator();
        Job next = ends.hasNext() ? ends.next() : null;
        long shadowMillis = Long.MIN_VALUE;
        int seen = 0;
        boolean anyHeld = false;
        while (next != null && !outlook.fits() && seen < mostEnds) {
            shadowMillis = next.untilMillis();
            while (next != null && next.untilMillis() == shadowMillis) {
                if (next.isHeld()) {
                    // It is confirmed as a rule, and then runs on.
                    anyHeld = true;
                } else {
                    outlook.release(next);
                }
                seen++;
                next = ends.hasNext() ? ends.next() : null;
            }
        }
        boolean cutShort = !outlook.fits() && (next != null || anyHeld);
        return new Reservation(
                supply, demand, shadowMillis, cutShort, outlook.fits(), cutShort ? List.of() : outlook.toKeep());
    }

    /** True if it does not know where the first can start, so that who may pass is a question of where they are placed. */
    boolean isCutShort() {
        return cutShort;
    }

    /** True if it fits when what ends up to the shadow time has ended. */
    boolean isPossible() {
        return possible;
    }

    boolean isFor(Demand other) {
        return demand.equals(other);
    }

    /** When the first can start at the latest; if the look ahead was cut short, a time before which it cannot. */
    long shadowMillis() {
        return shadowMillis;
    }

    /** Where a demand fits if what is kept stays free; null if nowhere. */
    Placement.@Nullable Placed aroundIt(Demand other, Queue.Placer placer) {
        if (cutShort) {
            return placer.place(other) instanceof Placement.Placed placed && isElsewhere(placed) ? placed : null;
        }
        int taken = 0;
        try {
            for (Grant grant : kept) {
                supply.take(grant);
                taken++;
            }
            return placer.place(other) instanceof Placement.Placed placed ? placed : null;
        } finally {
            while (taken > 0) {
                taken--;
                supply.give(kept.get(taken));
            }
        }
    }

    private boolean isElsewhere(Placement.Placed placed) {
        for (Grant grant : placed.grants()) {
            SuppliedNode node = supply.node(grant.nodeId());
            if (node == null || Outlook.suits(node.offer(), demand)) {
                return false;
            }
        }
        return true;
    }
}
