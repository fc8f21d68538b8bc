package io.millrace.bench.trace;

import java.util.List;

/**
 * A job of a trace: what it asked, when it came, how long it ran.
 *
 * @param name name in the trace
 * @param models device models that will do; empty for any
 * @param replicas equal parts, each on one node
 * @param devices devices of a replica; 0 for work on CPUs
 * @param milliPerDevice thousandths of each device
 * @param cpuMillicores CPU of a replica, thousandths of a core
 * @param memoryMib memory of a replica, MiB
 * @param arrivesAtSeconds when it came, seconds of the trace's clock; {@link #UNKNOWN} if the trace does not say
 * @param lifetimeSeconds how long it stayed; {@link #UNKNOWN} if the trace does not say
 */
public record TraceJob(
        String name,
        List<String> models,
        int replicas,
        int devices,
        int milliPerDevice,
        long cpuMillicores,
        long memoryMib,
        long arrivesAtSeconds,
        long lifetimeSeconds) {

    /** A time that the trace does not give. */
    public static final long UNKNOWN = -1;

    /** Copies the list. */
    public TraceJob {
        models = List.copyOf(models);
    }

    /** Thousandths of devices that it asks in all. */
    public long milliDevices() {
        return (long) replicas * devices * milliPerDevice;
    }

    /** True if the trace says when it came and when it left. */
    public boolean isTimed() {
        return arrivesAtSeconds != UNKNOWN && lifetimeSeconds != UNKNOWN;
    }
}
