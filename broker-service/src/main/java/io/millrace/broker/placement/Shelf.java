package io.millrace.broker.placement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of one pool, in arrays side by side: scanning a thousand nodes for a fit touches a few cache lines instead
 * of a thousand objects. A node that takes no new work stands here with nothing free. Slots are in no order.
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
            long priceMicroCnyPerGibHour,
            @Nullable Quantum quantum) {

        boolean kindMatches(Demand demand) {
            return demand.kind() == null || demand.kind() == kind;
        }

        boolean modelMatches(Demand demand) {
            return demand.suitsModel(model) && demand.acceptsQuantum(quantum);
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
            return Supply.perThousand(askFor(demand), milli)
                    + priceMicroCnyPerGibHour * demand.storage().gib() * replicas;
        }
    }

    /** What a node could sell if nothing stood in the way. */
    record Size(int devices, long cpuTotalMillicores, long memoryTotalMib, Storage storageTotal) {
        static Size of(NodeOffer offer) {
            return new Size(
                    offer.deviceSellableMilli().size(),
                    offer.cpuTotalMillicores(),
                    offer.memoryTotalMib(),
                    offer.storageTotal());
        }
    }

    private static final int INITIAL_SLOTS = 16;

    final Traits traits;
    /** Among all shelves of a supply, in no order; once this one is gone, another may have it. */
    final int number;

    private final List<SuppliedNode> nodes = new ArrayList<>();
    private long[] freeCpu = new long[INITIAL_SLOTS];
    private long[] freeMemory = new long[INITIAL_SLOTS];
    private int[] freeMilli = new int[INITIAL_SLOTS];
    private int[] largestFreeMilli = new int[INITIAL_SLOTS];
    private int[] wholeDevices = new int[INITIAL_SLOTS];
    /** Of {@link SuppliedNode#order}. */
    private long[] orders = new long[INITIAL_SLOTS];

    private final FitOrder byFit = new FitOrder(this);
    /** Sizes of the nodes and how many have them; null when that has to be counted. */
    private @Nullable Map<Size, Integer> sizes;

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
        nodes.add(node);
        sizes = null;
        enter(node, slot);
    }

    void remove(SuppliedNode node) {
        sizes = null;
        leave(node.slot);
        SuppliedNode last = nodes.getLast();
        if (last != node) {
            leave(last.slot);
            nodes.set(node.slot, last);
            enter(last, node.slot);
        }
        nodes.removeLast();
    }

    /** A node has another size than before. */
    void resized() {
        sizes = null;
    }

    /** The sizes of the nodes and how many have them. */
    Map<Size, Integer> sizes() {
        Map<Size, Integer> counted = sizes;
        if (counted == null) {
            counted = new HashMap<>();
            for (SuppliedNode node : nodes) {
                counted.merge(Size.of(node.offer()), 1, Integer::sum);
            }
            sizes = counted;
        }
        return counted;
    }

    /** Takes over what the node has free now. */
    void refresh(SuppliedNode node) {
        leave(node.slot);
        enter(node, node.slot);
    }

    private void enter(SuppliedNode node, int slot) {
        node.slot = slot;
        orders[slot] = node.order;
        copyFree(node, slot);
        if (isOpen(slot)) {
            byFit.add(slot);
        }
    }

    private void leave(int slot) {
        if (isOpen(slot)) {
            byFit.remove(slot);
        }
    }

    private void copyFree(SuppliedNode node, int slot) {
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
                        : wholeDevices[slot] >= demand.devices())
                && (demand.storage().isNone() || freeStorage(slot).covers(demand.storage()));
    }

    /**
     * The slot where a replica fits and least is left over: milli-devices first, then CPU. Work without devices thereby
     * goes to nodes that have none, or none left. Kind, model and price are not looked at.
     *
     * @param mostMilli a fit with more free on all devices together, before the replica, is of no use, and may be left out
     * @return -1 if there is none, or none of use
     */
    int bestFit(Demand demand, int mostMilli) {
        return byFit.first(demand, mostMilli);
    }

    /** True if a replica fits on one of the nodes; kind, model and price are not looked at. */
    boolean fitsSomewhere(Demand demand) {
        return bestFit(demand, Integer.MAX_VALUE) >= 0;
    }

    /** The slots that take new work. */
    Stretches stretches() {
        return byFit.stretches();
    }

    /** Nodes have other places in the order of ids, though all in the same order as before. */
    void renumbered() {
        for (SuppliedNode node : nodes) {
            orders[node.slot] = node.order;
        }
        byFit.stretches().workOutAll();
    }

    // What is free in a slot; nothing where no new work is taken.

    boolean isOpen(int slot) {
        return freeMilli[slot] >= 0;
    }

    long freeCpuMillicores(int slot) {
        return freeCpu[slot];
    }

    long freeMemoryMib(int slot) {
        return freeMemory[slot];
    }

    /** Looked up at the node, for few ask. Says nothing of whether the node takes new work. */
    Storage freeStorage(int slot) {
        return nodes.get(slot).freeStorage();
    }

    int largestFreeMilli(int slot) {
        return largestFreeMilli[slot];
    }

    int wholeDevices(int slot) {
        return wholeDevices[slot];
    }

    /** Free on all devices together. */
    int freeMilli(int slot) {
        return freeMilli[slot];
    }

    /** The node's place in the order of ids. */
    long order(int slot) {
        return orders[slot];
    }

    /** Negative if the first of two slots is the better fit: less left over, then the smaller node id. */
    int compareFit(int first, int second) {
        return compareFit(this, first, this, second);
    }

    /** The same of slots of two shelves; the first is better than none. */
    static int compareFit(Shelf first, int firstSlot, @Nullable Shelf second, int secondSlot) {
        if (second == null) {
            return -1;
        }
        int byMilli = Integer.compare(first.freeMilli[firstSlot], second.freeMilli[secondSlot]);
        if (byMilli != 0) {
            return byMilli;
        }
        int byCpu = Long.compare(first.freeCpu[firstSlot], second.freeCpu[secondSlot]);
        return byCpu != 0 ? byCpu : Long.compare(first.orders[firstSlot], second.orders[secondSlot]);
    }

    /** How many replicas the nodes hold now. */
    long copies(Demand demand) {
        return copies(demand, Long.MAX_VALUE);
    }

    /** The same; of more than enough, that there are enough. */
    long copies(Demand demand, long enough) {
        long copies = 0;
        for (int slot = 0; slot < nodes.size() && copies < enough; slot++) {
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
                for (int slot = 0; slot < shelf.nodes.size(); slot++) {
                    if (shelf.fits(slot, demand)) {
                        fitting.add(shelf.nodes.get(slot));
                    }
                }
            }
        }
        return fitting;
    }

    private void grow(int slots) {
        freeCpu = Arrays.copyOf(freeCpu, slots);
        freeMemory = Arrays.copyOf(freeMemory, slots);
        freeMilli = Arrays.copyOf(freeMilli, slots);
        largestFreeMilli = Arrays.copyOf(largestFreeMilli, slots);
        wholeDevices = Arrays.copyOf(wholeDevices, slots);
        orders = Arrays.copyOf(orders, slots);
    }
}
