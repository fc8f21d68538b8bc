package io.millrace.broker.placement;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be placed: equal replicas, each on one node, all or none, all in one pool. Two requests with equal demands
 * fit or do not fit together, which is what the queue goes by.
 *
 * @param kind kind of computing power; null for any
 * @param models device models that will do, sorted; empty for any
 * @param replicas equal parts, at least 1
 * @param devices devices of a replica; 0 for work on CPUs
 * @param milliPerDevice thousandths of each device, 1 to 1000; below 1000 only for a single device
 * @param cpuMillicores CPU of a replica, thousandths of a core
 * @param memoryMib memory of a replica, MiB
 * @param maxPriceMicroCnyPerHour highest acceptable ask per device and hour, per core and hour without devices;
 *     Long.MAX_VALUE for any
 */
public record Demand(
        @Nullable Kind kind,
        List<String> models,
        int replicas,
        int devices,
        int milliPerDevice,
        long cpuMillicores,
        long memoryMib,
        long maxPriceMicroCnyPerHour) {

    /** Copies the list. */
    public Demand {
        models = List.copyOf(models);
    }

    /** True if a replica takes part of a device only. */
    public boolean sharesDevice() {
        return devices == 1 && milliPerDevice < 1000;
    }

    /** Thousandths of devices that a replica takes. */
    public int milliPerReplica() {
        return devices * milliPerDevice;
    }

    /** What one replica asks of a node, whatever it may cost. */
    Demand shape() {
        return replicas == 1 && maxPriceMicroCnyPerHour == Long.MAX_VALUE
                ? this
                : new Demand(kind, models, 1, devices, milliPerDevice, cpuMillicores, memoryMib, Long.MAX_VALUE);
    }

    /** What one replica asks of devices. */
    Demand devicesOnly() {
        return new Demand(kind, models, 1, devices, milliPerDevice, 0, 0, Long.MAX_VALUE);
    }

    Demand withMaxPrice(long priceMicroCnyPerHour) {
        return new Demand(
                kind, models, replicas, devices, milliPerDevice, cpuMillicores, memoryMib, priceMicroCnyPerHour);
    }

    Demand withReplicas(int count) {
        return new Demand(
                kind, models, count, devices, milliPerDevice, cpuMillicores, memoryMib, maxPriceMicroCnyPerHour);
    }
}
