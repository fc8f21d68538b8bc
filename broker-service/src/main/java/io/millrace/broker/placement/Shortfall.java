package io.millrace.broker.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What is missing where, and what would help: for the final answer to a demand that does not fit, since it takes several
 * looks at the nodes. {@link Misfit} is the one look that every attempt gets.
 *
 * @param exhausted nodes that suit and take new work, by what alone they lack for one replica: devices, cpu, memory or
 *     storage; or several of them
 * @param rejected the nodes that lack least, by id where they lack as much; at most three
 * @param relaxations changes of one thing under which it would fit, the smallest first; at most five
 */
public record Shortfall(List<Misfit.Removed> exhausted, List<Rejected> rejected, List<Relaxation> relaxations) {
    /** Nothing is missing. */
    public static final Shortfall NONE = new Shortfall(List.of(), List.of(), List.of());

    /** Relaxations that are named. */
    public static final int MOST_RELAXATIONS = 5;

    private static final int MOST_REJECTED = 3;
    private static final List<String> LACKS = List.of("devices", "cpu", "memory", "storage", "several");
    private static final int SEVERAL = 4;

    /**
     * A node that came close.
     *
     * @param nodeId the node
     * @param missingMilliDevices what it lacks for one replica: thousandths of wholly free devices, or of the freest one for a
     *     demand that shares a device
     * @param missingCpuMillicores CPU that it lacks
     * @param missingMemoryMib memory that it lacks
     * @param missingStorage storage that it lacks
     */
    public record Rejected(
            String nodeId,
            long missingMilliDevices,
            long missingCpuMillicores,
            long missingMemoryMib,
            Storage missingStorage) {

        /** One that lacks no storage. */
        public Rejected(String nodeId, long missingMilliDevices, long missingCpuMillicores, long missingMemoryMib) {
            this(nodeId, missingMilliDevices, missingCpuMillicores, missingMemoryMib, Storage.NONE);
        }

        /** In thousandths of what is asked, over all that is missing. */
        private long permille(Demand demand) {
            return (long) Relaxation.permille(missingMilliDevices, demand.milliPerReplica())
                    + Relaxation.permille(missingCpuMillicores, demand.cpuMillicores())
                    + Relaxation.permille(missingMemoryMib, demand.memoryMib())
                    + Relaxation.permille(missingStorage.gib(), demand.storage().gib())
                    + Relaxation.permille(
                            missingStorage.mibPerSecond(), demand.storage().mibPerSecond());
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
        Closest closest = new Closest(demand);
        for (Shelf shelf : supply.shelves()) {
            if (shelf.traits.suit(demand)) {
                for (int slot = 0; slot < shelf.size(); slot++) {
                    if (shelf.isOpen(slot) && !shelf.fits(slot, demand)) {
                        counts[closest.look(shelf, slot)]++;
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
        return new Shortfall(exhausted, closest.nodes, found.subList(0, Math.min(MOST_RELAXATIONS, found.size())));
    }

    /** With another relaxation in its place among the others. */
    public Shortfall or(Relaxation another) {
        List<Relaxation> all = new ArrayList<>(relaxations);
        all.add(another);
        all.sort(Relaxation.SMALLEST_FIRST);
        return new Shortfall(exhausted, rejected, all.subList(0, Math.min(MOST_RELAXATIONS, all.size())));
    }

    /** Those that lack least: most nodes of a large market are told from them by a few multiplications. */
    private static final class Closest {
        /** What rounding may make of five thousandths. */
        private static final double ROUNDED = 3;

        private final Demand demand;
        private final double permillePerMilli;
        private final double permillePerMillicore;
        private final double permillePerMib;
        private final double permillePerGib;
        private final double permillePerMibPerSecond;
        private final Comparator<Rejected> order;
        private final List<Rejected> nodes = new ArrayList<>();
        private double most = Double.MAX_VALUE;

        Closest(Demand demand) {
            this.demand = demand;
            this.permillePerMilli = 1_000.0 / Math.max(1, demand.milliPerReplica());
            this.permillePerMillicore = 1_000.0 / Math.max(1, demand.cpuMillicores());
            this.permillePerMib = 1_000.0 / Math.max(1, demand.memoryMib());
            this.permillePerGib = 1_000.0 / Math.max(1, demand.storage().gib());
            this.permillePerMibPerSecond =
                    1_000.0 / Math.max(1, demand.storage().mibPerSecond());
            this.order = Comparator.comparingLong((Rejected each) -> each.permille(demand))
                    .thenComparing(Rejected::nodeId);
        }

        /** Takes the node in if it is one of them; what it lacks, by its place in {@link #LACKS}. */
        int look(Shelf shelf, int slot) {
            long free = demand.sharesDevice() ? shelf.largestFreeMilli(slot) : 1_000L * shelf.wholeDevices(slot);
            long milli = Math.max(0, demand.milliPerReplica() - free);
            long cpu = Math.max(0, demand.cpuMillicores() - shelf.freeCpuMillicores(slot));
            long memory = Math.max(0, demand.memoryMib() - shelf.freeMemoryMib(slot));
            Storage asked = demand.storage();
            Storage storage = asked.isNone() ? asked : missing(asked, shelf.freeStorage(slot));
            double permille = milli * permillePerMilli
                    + cpu * permillePerMillicore
                    + memory * permillePerMib
                    + storage.gib() * permillePerGib
                    + storage.mibPerSecond() * permillePerMibPerSecond;
            if (permille <= most) {
                keep(new Rejected(shelf.node(slot).id(), milli, cpu, memory, storage));
            }
            int lacking = (milli > 0 ? 1 : 0) + (cpu > 0 ? 1 : 0) + (memory > 0 ? 1 : 0) + (storage.isNone() ? 0 : 1);
            return lacking > 1 ? SEVERAL : milli > 0 ? 0 : cpu > 0 ? 1 : memory > 0 ? 2 : 3;
        }

        /** Of what is not asked, nothing is missing, also where it is oversold. */
        private static Storage missing(Storage asked, Storage free) {
            return Storage.of(
                    asked.gib() == 0 ? 0 : Math.max(0, asked.gib() - free.gib()),
                    asked.mibPerSecond() == 0 ? 0 : Math.max(0, asked.mibPerSecond() - free.mibPerSecond()));
        }

        private void keep(Rejected node) {
            nodes.add(node);
            nodes.sort(order);
            if (nodes.size() > MOST_REJECTED) {
                nodes.removeLast();
            }
            if (nodes.size() == MOST_REJECTED) {
                most = nodes.getLast().permille(demand) + ROUNDED;
            }
        }
    }
}
