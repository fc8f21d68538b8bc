package io.millrace.broker.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What is missing where, and what would help: for the final answer to a demand that does not fit, since it takes several
 * looks at the nodes. {@link Misfit} is the one look that every attempt gets.
 *
 * @param exhausted nodes that suit and take new work, by what alone they lack for one replica: devices, cpu or memory; or
 *     several of them
 * @param rejected the nodes that lack least, by id where they lack as much; at most three
 * @param relaxations changes of one thing under which it would fit, the smallest first; at most five
 */
public record Shortfall(List<Misfit.Removed> exhausted, List<Rejected> rejected, List<Relaxation> relaxations) {
    /** Nothing is missing. */
    public static final Shortfall NONE = new Shortfall(List.of(), List.of(), List.of());

    /** Relaxations that are named. */
    public static final int MOST_RELAXATIONS = 5;

    private static final int MOST_REJECTED = 3;
    private static final List<String> LACKS = List.of("devices", "cpu", "memory", "several");

    /**
     * A node that came close.
     *
     * @param nodeId the node
     * @param missingMilliDevices what it lacks for one replica: thousandths of wholly free devices, or of the freest one for a
     *     demand that shares a device
     * @param missingCpuMillicores CPU that it lacks
     * @param missingMemoryMib memory that it lacks
     */
    public record Rejected(String nodeId, long missingMilliDevices, long missingCpuMillicores, long missingMemoryMib) {

        /** In thousandths of what is asked, over all that is missing. */
        private long permille(Demand demand) {
            return (long) Relaxation.permille(missingMilliDevices, demand.milliPerReplica())
                    + Relaxation.permille(missingCpuMillicores, demand.cpuMillicores())
                    + Relaxation.permille(missingMemoryMib, demand.memoryMib());
        }

        private String lacks() {
            int lacking = (missingMilliDevices > 0 ? 1 : 0)
                    + (missingCpuMillicores > 0 ? 1 : 0)
                    + (missingMemoryMib > 0 ? 1 : 0);
            if (lacking > 1) {
                return "several";
            }
            return missingMilliDevices > 0 ? "devices" : missingCpuMillicores > 0 ? "cpu" : "memory";
        }
    }

    /** Copies the lists. */
    public Shortfall {
        exhausted = List.copyOf(exhausted);
        rejected = List.copyOf(rejected);
        relaxations = List.copyOf(relaxations);
    }

    /** Of a demand that a policy could not place. */
    public static Shortfall of(Supply supply, Demand demand, Misfit.Cause cause) {
        int[] counts = new int[LACKS.size()];
        List<Rejected> closest = new ArrayList<>();
        Comparator<Rejected> order = Comparator.comparingLong((Rejected each) -> each.permille(demand))
                .thenComparing(Rejected::nodeId);
        for (Shelf shelf : supply.shelves()) {
            if (shelf.traits.suit(demand)) {
                for (int slot = 0; slot < shelf.size(); slot++) {
                    if (shelf.node(slot).isOpen() && !shelf.fits(slot, demand)) {
                        Rejected node = missing(shelf.node(slot), demand);
                        counts[LACKS.indexOf(node.lacks())]++;
                        keep(closest, node, order);
                    }
                }
            }
        }
        List<Misfit.Removed> exhausted = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                exhausted.add(new Misfit.Removed(LACKS.get(i), counts[i]));
            }
        }
        List<Relaxation> found = new Relaxing(supply, demand).search(cause);
        return new Shortfall(exhausted, closest, found.subList(0, Math.min(MOST_RELAXATIONS, found.size())));
    }

    /** With another relaxation in its place among the others. */
    public Shortfall or(Relaxation another) {
        List<Relaxation> all = new ArrayList<>(relaxations);
        all.add(another);
        all.sort(Relaxation.SMALLEST_FIRST);
        return new Shortfall(exhausted, rejected, all.subList(0, Math.min(MOST_RELAXATIONS, all.size())));
    }

    private static Rejected missing(SuppliedNode node, Demand demand) {
        long milli = demand.sharesDevice()
                ? demand.milliPerDevice() - node.largestFreeMilli()
                : 1_000L * (demand.devices() - node.wholeDevices());
        return new Rejected(
                node.id(),
                Math.max(0, milli),
                Math.max(0, demand.cpuMillicores() - node.freeCpuMillicores()),
                Math.max(0, demand.memoryMib() - node.freeMemoryMib()));
    }

    private static void keep(List<Rejected> closest, Rejected node, Comparator<Rejected> order) {
        if (closest.size() == MOST_REJECTED && order.compare(node, closest.getLast()) >= 0) {
            return;
        }
        int at = closest.size();
        while (at > 0 && order.compare(node, closest.get(at - 1)) < 0) {
            at--;
        }
        closest.add(at, node);
        if (closest.size() > MOST_REJECTED) {
            closest.removeLast();
        }
    }
}
