package io.millrace.broker.placement;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What a node can sell, as telemetry has it; what is granted on it is not taken off here.
 *
 * @param nodeId the node
 * @param centreId its centre
 * @param poolId its pool, unique inside the centre
 * @param kind kind of its pool
 * @param model device model of its pool; empty for CPU nodes
 * @param status whether it takes new work
 * @param cpuTotalMillicores CPU of the node, thousandths of a core
 * @param cpuSellableMillicores CPU that can be sold now
 * @param memoryTotalMib memory of the node, MiB
 * @param memorySellableMib memory that can be sold now
 * @param deviceSellableMilli per device, by index, the thousandths that can be sold now
 * @param priceMicroCnyPerDeviceHour ask for a whole device and hour
 * @param priceMicroCnyPerCoreHour ask for a core and hour, for work without devices
 * @param observedAtMillis when telemetry measured this
 * @param sequence sequence of the report behind it
 * @param quantum of a pool of quantum processors, what they are; else null
 * @param storageTotal storage of the node
 * @param storageSellable storage that can be sold now
 * @param priceMicroCnyPerGibHour ask for a GiB of storage and hour, beside the others
 */
public record NodeOffer(
        String nodeId,
        String centreId,
        String poolId,
        Kind kind,
        String model,
        NodeStatus status,
        long cpuTotalMillicores,
        long cpuSellableMillicores,
        long memoryTotalMib,
        long memorySellableMib,
        IntVector deviceSellableMilli,
        long priceMicroCnyPerDeviceHour,
        long priceMicroCnyPerCoreHour,
        long observedAtMillis,
        long sequence,
        @Nullable Quantum quantum,
        Storage storageTotal,
        Storage storageSellable,
        long priceMicroCnyPerGibHour) {

    /** Whether a node takes new work. */
    public enum NodeStatus {
        /** Takes new work. */
        SELLABLE,
        /** Keeps its work and takes no more. */
        DRAINING,
        /** Gone: what runs on it is placed again. */
        LOST
    }

    /** Refuses missing parts; ranges are checked where telemetry comes in. */
    public NodeOffer {
        requireNonNull(nodeId);
        requireNonNull(centreId);
        requireNonNull(poolId);
        requireNonNull(kind);
        requireNonNull(model);
        requireNonNull(status);
        requireNonNull(deviceSellableMilli);
        requireNonNull(storageTotal);
        requireNonNull(storageSellable);
    }

    /** True if both sell the same on the same terms, whenever it was measured. */
    public boolean sellsTheSameAs(NodeOffer other) {
        return equals(new NodeOffer(
                other.nodeId,
                other.centreId,
                other.poolId,
                other.kind,
                other.model,
                other.status,
                other.cpuTotalMillicores,
                other.cpuSellableMillicores,
                other.memoryTotalMib,
                other.memorySellableMib,
                other.deviceSellableMilli,
                other.priceMicroCnyPerDeviceHour,
                other.priceMicroCnyPerCoreHour,
                observedAtMillis,
                sequence,
                other.quantum,
                other.storageTotal,
                other.storageSellable,
                other.priceMicroCnyPerGibHour));
    }

    Shelf.Traits traits() {
        return new Shelf.Traits(
                centreId,
                poolId,
                kind,
                model,
                priceMicroCnyPerDeviceHour,
                priceMicroCnyPerCoreHour,
                priceMicroCnyPerGibHour,
                quantum);
    }
}
