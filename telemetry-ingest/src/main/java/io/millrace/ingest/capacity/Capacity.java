package io.millrace.ingest.capacity;

import java.util.Arrays;
import java.util.List;

/**
 * What one node can sell now, and under which terms: healthy less used outside Millrace. Two are equal if nobody who
 * sells the node could tell them apart. Immutable.
 */
public final class Capacity {
    private final Pool pool;
    private final NodeStatus status;
    private final long cpuTotalMillicores;
    private final long cpuSellableMillicores;
    private final long memoryTotalMib;
    private final long memorySellableMib;
    private final int[] deviceSellableMilli;
    private final Storage storageTotal;
    private final Storage storageSellable;

    private Capacity(
            Pool pool,
            NodeStatus status,
            long cpuTotalMillicores,
            long cpuSellableMillicores,
            long memoryTotalMib,
            long memorySellableMib,
            int[] deviceSellableMilli,
            Storage storageTotal,
            Storage storageSellable) {
        this.pool = pool;
        this.status = status;
        this.cpuTotalMillicores = cpuTotalMillicores;
        this.cpuSellableMillicores = cpuSellableMillicores;
        this.memoryTotalMib = memoryTotalMib;
        this.memorySellableMib = memorySellableMib;
        this.deviceSellableMilli = deviceSellableMilli;
        this.storageTotal = storageTotal;
        this.storageSellable = storageSellable;
    }

    /** What follows from a report that has passed all checks. */
    static Capacity of(Report report, Pool pool) {
        List<Device> devices = report.devices();
        int[] sellable = new int[devices.size()];
        for (int index = 0; index < sellable.length; index++) {
            sellable[index] = devices.get(index).sellableMilli();
        }
        return new Capacity(
                pool,
                report.draining() ? NodeStatus.DRAINING : NodeStatus.SELLABLE,
                report.cpuTotalMillicores(),
                report.cpuTotalMillicores() - report.cpuUsedOutsideMillicores(),
                report.memoryTotalMib(),
                report.memoryTotalMib() - report.memoryUsedOutsideMib(),
                sellable,
                report.storageTotal(),
                report.storageTotal().minus(report.storageUsedOutside()));
    }

    /** As it was kept in a store. */
    public static Capacity kept(
            Pool pool,
            NodeStatus status,
            long cpuTotalMillicores,
            long cpuSellableMillicores,
            long memoryTotalMib,
            long memorySellableMib,
            int[] deviceSellableMilli,
            Storage storageTotal,
            Storage storageSellable) {
        return new Capacity(
                pool,
                status,
                cpuTotalMillicores,
                cpuSellableMillicores,
                memoryTotalMib,
                memorySellableMib,
                deviceSellableMilli.clone(),
                storageTotal,
                storageSellable);
    }

    /** The same node, lost: it keeps its size and can sell nothing. */
    Capacity lost() {
        return status == NodeStatus.LOST
                ? this
                : new Capacity(
                        pool,
                        NodeStatus.LOST,
                        cpuTotalMillicores,
                        0,
                        memoryTotalMib,
                        0,
                        new int[deviceSellableMilli.length],
                        storageTotal,
                        Storage.NONE);
    }

    /** The same node under the terms of this pool. */
    Capacity in(Pool other) {
        return pool.equals(other)
                ? this
                : new Capacity(
                        other,
                        status,
                        cpuTotalMillicores,
                        cpuSellableMillicores,
                        memoryTotalMib,
                        memorySellableMib,
                        deviceSellableMilli,
                        storageTotal,
                        storageSellable);
    }

    boolean sameMarketAs(Capacity other) {
        return pool.hubId().equals(other.pool.hubId());
    }

    /** The pool, and with it centre, market, kind, model and price. */
    public Pool pool() {
        return pool;
    }

    /** Whether it can be sold. */
    public NodeStatus status() {
        return status;
    }

    /** CPU of the node, in thousandths of a core. */
    public long cpuTotalMillicores() {
        return cpuTotalMillicores;
    }

    /** CPU to sell, in thousandths of a core. */
    public long cpuSellableMillicores() {
        return cpuSellableMillicores;
    }

    /** Memory of the node, in MiB. */
    public long memoryTotalMib() {
        return memoryTotalMib;
    }

    /** Memory to sell, in MiB. */
    public long memorySellableMib() {
        return memorySellableMib;
    }

    /** Storage of the node. */
    public Storage storageTotal() {
        return storageTotal;
    }

    /** Storage to sell. */
    public Storage storageSellable() {
        return storageSellable;
    }

    /** Devices of the node. */
    public int devices() {
        return deviceSellableMilli.length;
    }

    /** Thousandths of the device of this index that can be sold. */
    public int deviceSellableMilli(int index) {
        return deviceSellableMilli[index];
    }

    /** Thousandths of all its devices that can be sold. */
    long sellableMilliDevices() {
        long sum = 0;
        for (int milli : deviceSellableMilli) {
            sum += milli;
        }
        return sum;
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof Capacity other
                && status == other.status
                && cpuTotalMillicores == other.cpuTotalMillicores
                && cpuSellableMillicores == other.cpuSellableMillicores
                && memoryTotalMib == other.memoryTotalMib
                && memorySellableMib == other.memorySellableMib
                && storageTotal.equals(other.storageTotal)
                && storageSellable.equals(other.storageSellable)
                && Arrays.equals(deviceSellableMilli, other.deviceSellableMilli)
                && pool.sameTermsAs(other.pool);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(deviceSellableMilli) + Long.hashCode(cpuSellableMillicores + memorySellableMib);
    }

    @Override
    public String toString() {
        String storage = storageTotal.equals(Storage.NONE) ? "" : ", " + storageSellable + "/" + storageTotal;
        return status + " in " + pool.scopeId() + " of " + pool.hubId() + ": cpu " + cpuSellableMillicores + "/"
                + cpuTotalMillicores + ", memory " + memorySellableMib + "/" + memoryTotalMib + storage + ", devices "
                + Arrays.toString(deviceSellableMilli);
    }
}
