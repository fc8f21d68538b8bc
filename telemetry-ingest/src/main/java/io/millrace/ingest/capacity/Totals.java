package io.millrace.ingest.capacity;

import java.util.Arrays;

/**
 * Sums over nodes, each in its own unit. Exact: all are whole numbers, so adding and subtracting in any order gives what
 * adding up afresh would give. Mutable and single-threaded; copy what leaves its owner.
 */
@SuppressWarnings("EnumOrdinal") // places in an array that never leaves this object
public final class Totals {
    /** What is summed. */
    public enum Measure {
        /** Nodes that are not lost. */
        NODES,
        /** Nodes that are lost. */
        NODES_LOST,
        /** Devices of the nodes that are not lost. */
        DEVICES,
        /** Of these, the healthy ones. */
        DEVICES_HEALTHY,
        /** Thousandths of devices that can be sold. */
        SELLABLE_MILLI_DEVICES,
        /** CPU that can be sold, in thousandths of a core. */
        SELLABLE_CPU_MILLICORES,
        /** Memory that can be sold, in MiB. */
        SELLABLE_MEMORY_MIB,
        /** Storage that can be sold, in GiB. */
        SELLABLE_STORAGE_GIB,
        /** Storage bandwidth that can be sold, in MiB/s. */
        SELLABLE_STORAGE_MIB_PER_SECOND
    }

    private static final int MEASURES = Measure.values().length;
    private static final int PRECISIONS = Precision.values().length;

    private final long[] cells = new long[MEASURES + PRECISIONS];

    /** The sum of this measure. */
    public long get(Measure measure) {
        return cells[measure.ordinal()];
    }

    /** Peak at this precision of all that can be sold, in 10^9 operations per second. */
    public long peakGigaOpsPerSecond(Precision precision) {
        return cells[MEASURES + precision.ordinal()];
    }

    /** Adds to one sum. */
    public Totals add(Measure measure, long amount) {
        cells[measure.ordinal()] += amount;
        return this;
    }

    /** Adds to the peak at one precision. */
    public Totals addPeak(Precision precision, long gigaOpsPerSecond) {
        cells[MEASURES + precision.ordinal()] += gigaOpsPerSecond;
        return this;
    }

    /** Adds every sum of the other. */
    public Totals add(Totals other) {
        for (int at = 0; at < cells.length; at++) {
            cells[at] += other.cells[at];
        }
        return this;
    }

    /** Adds a node ({@code sign} 1) or takes it away again (-1). */
    void add(Capacity capacity, Heard heard, int sign) {
        if (capacity.status() == NodeStatus.LOST) {
            add(Measure.NODES_LOST, sign);
            return;
        }
        add(Measure.NODES, sign);
        add(Measure.DEVICES, (long) sign * heard.devices());
        add(Measure.DEVICES_HEALTHY, (long) sign * heard.devicesHealthy());
        if (capacity.status() == NodeStatus.SELLABLE) {
            add(Measure.SELLABLE_MILLI_DEVICES, sign * capacity.sellableMilliDevices());
            add(Measure.SELLABLE_CPU_MILLICORES, sign * capacity.cpuSellableMillicores());
            add(Measure.SELLABLE_MEMORY_MIB, sign * capacity.memorySellableMib());
            add(Measure.SELLABLE_STORAGE_GIB, sign * capacity.storageSellable().gib());
            add(
                    Measure.SELLABLE_STORAGE_MIB_PER_SECOND,
                    sign * capacity.storageSellable().mibPerSecond());
        }
    }

    /** True if no node is in it, neither present nor lost. */
    public boolean isEmpty() {
        return get(Measure.NODES) == 0 && get(Measure.NODES_LOST) == 0;
    }

    /** The same sums, to be kept. */
    public Totals copy() {
        return new Totals().add(this);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Totals totals && Arrays.equals(cells, totals.cells);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(cells);
    }

    @Override
    public String toString() {
        return Arrays.toString(cells);
    }
}
