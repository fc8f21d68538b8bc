package io.millrace.broker.placement;

import java.util.ArrayList;
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
    }

    /** Copies the lists. */
    public Shortfall {
        exhausted = List.copyOf(exhausted);
        rejected = List.copyOf(rejected);
        relaxations = List.copyOf(relaxations);
    }

    /** Of a demand that a policy could not place. */
    public static Shortfall of(Supply supply, Demand demand, Misfit.Cause cause) {
        Closest closest = new Closest(demand);
        for (Shelf shelf : supply.shelves()) {
            if (shelf.traits.suit(demand)) {
                closest.look(shelf);
            }
        }
        List<Misfit.Removed> exhausted = new ArrayList<>();
        for (int i = 0; i < LACKS.size(); i++) {
            if (closest.counts[i] > 0) {
                exhausted.add(new Misfit.Removed(LACKS.get(i), closest.counts[i]));
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
        /** Nodes that lack something, by what they lack: see {@link #LACKS}. */
        private final int[] counts = new int[LACKS.size()];

        private final List<Rejected> nodes = new ArrayList<>();
        /** Of {@link #nodes}, side by side: what each lacks in all, and its place in the order of ids. */
        private final long[] lacksPermille = new long[MOST_REJECTED];

        private final long[] orders = new long[MOST_REJECTED];
        private double most = Double.MAX_VALUE;

        Closest(Demand demand) {
            this.demand = demand;
            this.permillePerMilli = 1_000.0 / Math.max(1, demand.milliPerReplica());
            this.permillePerMillicore = 1_000.0 / Math.max(1, demand.cpuMillicores());
            this.permillePerMib = 1_000.0 / Math.max(1, demand.memoryMib());
            this.permillePerGib = 1_000.0 / Math.max(1, demand.storage().gib());
            this.permillePerMibPerSecond =
                    1_000.0 / Math.max(1, demand.storage().mibPerSecond());
        }

        /** Counts the nodes that take new work and lack something, and takes those in that are among the closest. */
        void look(Shelf shelf) {
            boolean shares = demand.sharesDevice();
            long asksMilli = demand.milliPerReplica();
            long asksCpu = demand.cpuMillicores();
            long asksMemory = demand.memoryMib();
            Storage asksStorage = demand.storage();
            Storage storage = Storage.NONE;
            for (int slot = 0, size = shelf.size(); slot < size; slot++) {
                if (!shelf.isOpen(slot)) {
                    continue;
                }
                long free = shares ? shelf.largestFreeMilli(slot) : 1_000L * shelf.wholeDevices(slot);
                long milli = Math.max(0, asksMilli - free);
                long cpu = Math.max(0, asksCpu - shelf.freeCpuMillicores(slot));
                long memory = Math.max(0, asksMemory - shelf.freeMemoryMib(slot));
                double permille = milli * permillePerMilli + cpu * permillePerMillicore + memory * permillePerMib;
                int lacking = (milli > 0 ? 1 : 0) + (cpu > 0 ? 1 : 0) + (memory > 0 ? 1 : 0);
                if (!asksStorage.isNone()) {
                    storage = missing(asksStorage, shelf.freeStorage(slot));
                    permille += storage.gib() * permillePerGib + storage.mibPerSecond() * permillePerMibPerSecond;
                    lacking += storage.isNone() ? 0 : 1;
                }
                if (lacking > 0) {
                    counts[lacking > 1 ? SEVERAL : milli > 0 ? 0 : cpu > 0 ? 1 : memory > 0 ? 2 : 3]++;
                    if (permille <= most) {
                        keep(shelf.node(slot), milli, cpu, memory, storage);
                    }
                }
            }
        }

        /** Of what is not asked, nothing is missing, also where it is oversold. */
        private static Storage missing(Storage asked, Storage free) {
            return Storage.of(
                    asked.gib() == 0 ? 0 : Math.max(0, asked.gib() - free.gib()),
                    asked.mibPerSecond() == 0 ? 0 : Math.max(0, asked.mibPerSecond() - free.mibPerSecond()));
        }

        private void keep(SuppliedNode node, long milli, long cpu, long memory, Storage storage) {
            // In thousandths of what is asked, over all that is missing.
            long permille = (long) Relaxation.permille(milli, demand.milliPerReplica())
                    + Relaxation.permille(cpu, demand.cpuMillicores())
                    + Relaxation.permille(memory, demand.memoryMib())
                    + Relaxation.permille(storage.gib(), demand.storage().gib())
                    + Relaxation.permille(
                            storage.mibPerSecond(), demand.storage().mibPerSecond());
            int place = nodes.size();
            while (place > 0 && isBefore(permille, node.order, place - 1)) {
                place--;
            }
            if (place == MOST_REJECTED) {
                return;
            }
            if (nodes.size() == MOST_REJECTED) {
                nodes.removeLast();
            }
            System.arraycopy(lacksPermille, place, lacksPermille, place + 1, nodes.size() - place);
            System.arraycopy(orders, place, orders, place + 1, nodes.size() - place);
            lacksPermille[place] = permille;
            orders[place] = node.order;
            nodes.add(place, new Rejected(node.id(), milli, cpu, memory, storage));
            if (nodes.size() == MOST_REJECTED) {
                most = lacksPermille[MOST_REJECTED - 1] + ROUNDED;
            }
        }

        private boolean isBefore(long permille, long order, int place) {
            return permille < lacksPermille[place] || (permille == lacksPermille[place] && order < orders[place]);
        }
    }
}
