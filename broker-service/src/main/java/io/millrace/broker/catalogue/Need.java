package io.millrace.broker.catalogue;

import org.jspecify.annotations.Nullable;

/**
 * What a device must be able to do. Throughput is effective if a workload is named, else the dense peak.
 *
 * @param precision a precision that the device must have; null for any
 * @param gigaOpsPerDevice least throughput of a device at this precision, 10^9 operations per second; 0 for any
 * @param gigaOpsInTotal least throughput of all replicas together; 0 if the request counts its replicas itself
 * @param deviceMemoryGib least memory of a device, GiB; 0 for any
 * @param workload what the devices are to do; null if not said
 */
public record Need(
        @Nullable Precision precision,
        long gigaOpsPerDevice,
        long gigaOpsInTotal,
        int deviceMemoryGib,
        @Nullable Workload workload) {}
