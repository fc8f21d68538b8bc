package io.millrace.broker.placement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of one pool, in arrays side by side: scanning a thousand nodes for a fit touches a few cache lines instead
 * of a thousand objects. A node that takes no new work stands here with nothing free.
 *
 * <p>Slots are kept in the order of node ids, so that the first of equals is the one with the smallest id; the sort
 * after nodes joined is put off to the next look.
 */
final class Shelf {

    /** What all nodes of the shelf share. */
    record Traits(
            String centreId,
            String poolId,
            Kind kind,
            String model,
            long priceMicroCnyPerDeviceHour,
            long priceMicroCnyPerCoreHour,
            @Nullable Quantum quantum) {

        boolean kindMatches(Demand demand) {
            return demand.kind() == null || demand.kind() == kind;
        }

        boolean modelMatches(Demand demand) {
            return (demand.models().isEmpty() || demand.models().contains(model)) && demand.acceptsQuantum(quantum);
        }

        /** The model, for people; of a quantum processor, what it is. */
        String label(Demand demand) {
            return quantum == null || demand.quantum() == null
                    ? model
                    : model + " (" + quantum.qubits() + " qubits, two-qubit fidelity " + quantum.twoQubitFidelityPpm()
                            + " ppm, " + quantum.shotsPerHour() + " shots per hour)";
        }

        boolean priceMatches(Demand demand) {
            return askFor(demand) <= demand.maxPriceMicroCnyPerHour();
        }

        boolean suit(Demand demand) {
            return kindMatches(demand) && modelMatches(demand) && priceMatches(demand);
        }

        long askFor(Demand demand) {
            return demand.devices() > 0 ? priceMicroCnyPerDeviceHour : priceMicroCnyPerCoreHour;
        }

        /** Price of some replicas for an hour, rounded down to a millionth of a CNY. */
        long priceMicroCnyPerHour(Demand demand, int replicas) {
            long milli = demand.devices() > 0
                    ? (long) demand.milliPerReplica() * replicas
                    : demand.cpuMillicores() * replicas;
            return Supply.perThousand(askFor(demand), milli);
        }
    }

    private static final int INITIAL_SLOTS = 16;

    final Traits traits;
    /** Among all shelves of a supply; in no order. */
    final int number;

    private final List<SuppliedNode> nodes = new ArrayList<>();
    private long[] freeCpu = new long[INITIAL_SLOTS];
    private long[] freeMemory = new long[INITIAL_SLOTS];
    private int[] freeMilli = new int[INITIAL_SLOTS];
    private int[] largestFreeMilli = new int[INITIAL_SLOTS];
    private int[] wholeDevices = new int[INITIAL_SLOTS];
    private boolean sorted = true;

    Shelf(Traits traits, int number) {
        this.traits = traits;
        this.number = number;
    }

    int size() {
        return nodes.size();
    }

    /** The node in this slot. */
    SuppliedNode node(int slot) {
        return nodes.get(slot);
    }

    void add(SuppliedNode node) {
        int slot = nodes.size();
        if (slot == freeCpu.length) {
            grow(slot * 2);
        }
        sorted = sorted && (slot == 0 || nodes.get(slot - 1).id().compareTo(node.id()) < 0);
        nodes.add(node);
        node.slot = slot;
        refresh(node);
    }

    void remove(SuppliedNode node) {
        nodes.remove(node.slot);
        renumber();
    }

    /** Takes over what the node has free now. */
    void refresh(SuppliedNode node) {
        int slot = node.slot;
        boolean open = node.isOpen();
        freeCpu[slot] = open ? node.freeCpuMillicores() : -1;
        freeMemory[slot] = open ? node.freeMemoryMib() : -1;
        freeMilli[slot] = open ? node.freeMilli() : -1;
        largestFreeMilli[slot] = open ? node.largestFreeMilli() : -1;
        wholeDevices[slot] = open ? node.wholeDevices() : -1;
    }

    /** True if a replica of the demand fits on the node now; kind, model and price are not looked at. */
    boolean fits(int slot, Demand demand) {
        return freeCpu[slot] >= demand.cpuMillicores()
                && freeMemory[slot] >= demand.memoryMib()
                && (demand.sharesDevice()
                        ? largestFreeMilli[slot] >= demand.milliPerDevice()
                        : wholeDevices[slot] >= demand.devices());
    }

    /**
     * The slot where a replica fits and least is left over: milli-devices first, then CPU. Work without devices thereby
     * goes to nodes that have none, or none left.
     *
     * @return -1 if it fits nowhere
     */
    int bestFit(Demand demand) {
        sortIfNeeded();
        long cpu = demand.cpuMillicores();
        long memory = demand.memoryMib();
        int need = demand.sharesDevice() ? demand.milliPerDevice() : demand.devices();
        int[] have = demand.sharesDevice() ? largestFreeMilli : wholeDevices;
        int best = -1;
        int bestMilli = Integer.MAX_VALUE;
        long bestCpu = Long.MAX_VALUE;
        for (int slot = 0, count = nodes.size(); slot < count; slot++) {
            // The devices first: in a market at work most nodes have none free, and are done with here.
            if (have[slot] >= need
                    && freeMilli[slot] <= bestMilli
                    && freeCpu[slot] >= cpu
                    && freeMemory[slot] >= memory
                    && (freeMilli[slot] < bestMilli || freeCpu[slot] < bestCpu)) {
                best = slot;
                bestMilli = freeMilli[slot];
                bestCpu = freeCpu[slot];
            }
        }
        return best;
    }

    /** Negative if the first slot is the better fit of two shelves: less left over, then the smaller node id. */
    static int compareFit(Shelf first, int firstSlot, @Nullable Shelf second, int secondSlot) {
        if (second == null) {
            return -1;
        }
        int byMilli = Integer.compare(first.freeMilli[firstSlot], second.freeMilli[secondSlot]);
        if (byMilli != 0) {
            return byMilli;
        }
        int byCpu = Long.compare(first.freeCpu[firstSlot], second.freeCpu[secondSlot]);
        return byCpu != 0
                ? byCpu
                : first.node(firstSlot).id().compareTo(second.node(secondSlot).id());
    }

    /** How many replicas the nodes hold now. */
    long copies(Demand demand) {
        long copies = 0;
        for (int slot = 0; slot < nodes.size(); slot++) {
            if (fits(slot, demand)) {
                copies += Assignment.copies(nodes.get(slot), demand, Integer.MAX_VALUE);
            }
        }
        return copies;
    }

    /** Nodes of these shelves where at least one replica fits, in no order. */
    static List<SuppliedNode> fitting(List<Shelf> shelves, Demand demand) {
        List<SuppliedNode> fitting = new ArrayList<>();
        for (Shelf shelf : shelves) {
            if (shelf.traits.suit(demand)) {
                shelf.sortIfNeeded();
                for (int slot = 0; slot < shelf.nodes.size(); slot++) {
                    if (shelf.fits(slot, demand)) {
                        fitting.add(shelf.nodes.get(slot));
                    }
                }
            }
        }
        return fitting;
    }

    private void sortIfNeeded() {
        if (!sorted) {
            nodes.sort(Comparator.comparing(SuppliedNode::id));
            renumber();
            sorted = true;
        }
    }

    private void renumber() {
        for (int slot = 0; slot < nodes.size(); slot++) {
            nodes.get(slot).slot = slot;
            refresh(nodes.get(slot));
        }
    }

    private void grow(int slots) {
        freeCpu = Arrays.copyOf(freeCpu, slots);
        freeMemory = Arrays.copyOf(freeMemory, slots);
        freeMilli = Arrays.copyOf(freeMilli, slots);
        largestFreeMilli = Arrays.copyOf(largestFreeMilli, slots);
        wholeDevices = Arrays.copyOf(wholeDevices, slots);
    }
}
