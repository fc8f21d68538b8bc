package io.millrace.broker.placement;

import io.millrace.broker.placement.Stretches.Lacking;
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

    /**
     * Of a demand that a policy could not place.
     *
     * @param modelsAreNamed whether the models are the tenant's own word, so that others may be named
     * @param replicasFollow whether how many replicas there are follows from what each can do
     */
    public static Shortfall of(
            Supply supply, Demand demand, Misfit.Cause cause, boolean modelsAreNamed, boolean replicasFollow) {
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
        List<Relaxation> found = new Relaxing(supply, demand, modelsAreNamed, replicasFollow).search(cause);
        return new Shortfall(exhausted, closest.nodes, found.subList(0, Math.min(MOST_RELAXATIONS, found.size())));
    }

    /** With another relaxation in its place among the others. */
    public Shortfall or(Relaxation another) {
        List<Relaxation> all = new ArrayList<>(relaxations);
        all.add(another);
        all.sort(Relaxation.SMALLEST_FIRST);
        return new Shortfall(exhausted, rejected, all.subList(0, Math.min(MOST_RELAXATIONS, all.size())));
    }

    /** Those that lack least. */
    private static final class Closest {
        private final Demand demand;
        /** Nodes that lack something, by what they lack: see {@link #LACKS}. */
        private final int[] counts = new int[LACKS.size()];

        private final List<Rejected> nodes = new ArrayList<>();
        /** Of {@link #nodes}, side by side: what each lacks in all, and its place in the order of ids. */
        private final long[] lacksPermille = new long[MOST_REJECTED];

        private final long[] orders = new long[MOST_REJECTED];

        Closest(Demand demand) {
            this.demand = demand;
        }

        /** Counts the nodes that take new work and lack something, and takes those in that are among the closest. */
        void look(Shelf shelf) {
            Stretches stretches = shelf.stretches();
            for (int at = 0, end = stretches.count(); at < end; at++) {
                if (!lookAsOne(stretches, at)) {
                    boolean close = mayBeClose(stretches, at);
                    for (int place = 0, size = stretches.size(at); place < size; place++) {
                        look(shelf, stretches.slot(at, place), close);
                    }
                    stretches.tighten(at);
                }
            }
        }

        /** If none of them is among the closest, and all lack the same, memory apart. */
        private boolean lookAsOne(Stretches stretches, int at) {
            Lacking devices = stretches.devices(at, demand);
            Lacking cpu = stretches.cpu(at, demand);
            Lacking memory = stretches.memory(at, demand);
            if (!demand.storage().isNone() || devices == Lacking.SOME || cpu == Lacking.SOME) {
                return false;
            }
            boolean lackDevices = devices == Lacking.ALL;
            boolean lackCpu = cpu == Lacking.ALL;
            if (!lackDevices && !lackCpu && memory == Lacking.NONE) {
                return true;
            }
            if (mayBeClose(stretches, at)) {
                return false;
            }
            int lackMemory = switch (memory) {
                case NONE -> 0;
                case SOME -> stretches.countLackingMemory(at, demand);
                case ALL -> stretches.size(at);
            };
            count(lackMemory, lackDevices, lackCpu, true, false);
            count(stretches.size(at) - lackMemory, lackDevices, lackCpu, false, false);
            return true;
        }

        private boolean mayBeClose(Stretches stretches, int at) {
            if (nodes.size() < MOST_REJECTED) {
                return true;
            }
            long free =
                    demand.sharesDevice() ? stretches.mostOnDeviceMilli(at) : 1_000L * stretches.mostWholeDevices(at);
            long permille = permille(
                    Math.max(0, demand.milliPerReplica() - free),
                    Math.max(0, demand.cpuMillicores() - stretches.mostCpuMillicores(at)),
                    Math.max(0, demand.memoryMib() - stretches.mostMemoryMib(at)),
                    Storage.NONE);
            return isBefore(permille, stretches.leastOrder(at), MOST_REJECTED - 1);
        }

        private void look(Shelf shelf, int slot, boolean close) {
            long free = demand.sharesDevice() ? shelf.largestFreeMilli(slot) : 1_000L * shelf.wholeDevices(slot);
            long milli = Math.max(0, demand.milliPerReplica() - free);
            long cpu = Math.max(0, demand.cpuMillicores() - shelf.freeCpuMillicores(slot));
            long memory = Math.max(0, demand.memoryMib() - shelf.freeMemoryMib(slot));
            Storage storage =
                    demand.storage().isNone() ? Storage.NONE : missing(demand.storage(), shelf.freeStorage(slot));
            count(1, milli > 0, cpu > 0, memory > 0, !storage.isNone());
            if (close && (milli > 0 || cpu > 0 || memory > 0 || !storage.isNone())) {
                keep(shelf, slot, milli, cpu, memory, storage);
            }
        }

        private void count(int nodes, boolean devices, boolean cpu, boolean memory, boolean storage) {
            int lacking = (devices ? 1 : 0) + (cpu ? 1 : 0) + (memory ? 1 : 0) + (storage ? 1 : 0);
            if (lacking > 0) {
                counts[lacking > 1 ? SEVERAL : devices ? 0 : cpu ? 1 : memory ? 2 : 3] += nodes;
            }
        }

        /** In thousandths of what is asked, over all that is missing. */
        private long permille(long milli, long cpu, long memory, Storage storage) {
            return (long) Relaxation.permille(milli, demand.milliPerReplica())
                    + Relaxation.permille(cpu, demand.cpuMillicores())
                    + Relaxation.permille(memory, demand.memoryMib())
                    + Relaxation.permille(storage.gib(), demand.storage().gib())
                    + Relaxation.permille(
                            storage.mibPerSecond(), demand.storage().mibPerSecond());
        }

        /** Of what is not asked, nothing is missing, also where it is oversold. */
        private static Storage missing(Storage asked, Storage free) {
            return Storage.of(
                    asked.gib() == 0 ? 0 : Math.max(0, asked.gib() - free.gib()),
                    asked.mibPerSecond() == 0 ? 0 : Math.max(0, asked.mibPerSecond() - free.mibPerSecond()));
        }

        private void keep(Shelf shelf, int slot, long milli, long cpu, long memory, Storage storage) {
            long permille = permille(milli, cpu, memory, storage);
            int place = nodes.size();
            while (place > 0 && isBefore(permille, shelf.order(slot), place - 1)) {
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
            orders[place] = shelf.order(slot);
            nodes.add(place, new Rejected(shelf.node(slot).id(), milli, cpu, memory, storage));
        }

        private boolean isBefore(long permille, long order, int place) {
            return permille < lacksPermille[place] || (permille == lacksPermille[place] && order < orders[place]);
        }
    }
}
