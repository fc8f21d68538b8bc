package io.millrace.ingest.capacity;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node says of itself. Nothing in it has been checked.
 *
 * @param nodeId "centreId/name"
 * @param centreId the centre it says it stands in
 * @param poolId the pool it says it belongs to
 * @param observedAtMillis when it measured this
 * @param sequence grows with every report of the node
 * @param intervalSeconds seconds until it promises its next report
 * @param draining true while it takes no new work
 * @param cpuTotalMillicores CPU of the node, in thousandths of a core
 * @param cpuUsedOutsideMillicores of this, used by work from outside Millrace
 * @param memoryTotalMib memory of the node, in MiB
 * @param memoryUsedOutsideMib of this, used by work from outside Millrace
 * @param devices in the order of their index
 * @param powerWatts power it draws; null if not measured
 * @param storageTotal storage that work on the node can have
 * @param storageUsedOutside of this, used by work from outside Millrace
 */
public record Report(
        String nodeId,
        String centreId,
        String poolId,
        long observedAtMillis,
        long sequence,
        int intervalSeconds,
        boolean draining,
        long cpuTotalMillicores,
        long cpuUsedOutsideMillicores,
        long memoryTotalMib,
        long memoryUsedOutsideMib,
        List<Device> devices,
        @Nullable Long powerWatts,
        Storage storageTotal,
        Storage storageUsedOutside) {

    /** Devices that are healthy. */
    int devicesHealthy() {
        int healthy = 0;
        for (Device device : devices) {
            if (device.healthy()) {
                healthy++;
            }
        }
        return healthy;
    }
}
