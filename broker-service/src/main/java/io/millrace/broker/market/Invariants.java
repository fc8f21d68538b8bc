package io.millrace.broker.market;

import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.IntVector;
import io.millrace.broker.placement.SuppliedNode;
import io.millrace.broker.placement.Supply;

/** Rules that must always hold, checked where they could break. A failed check halts the market. */
final class Invariants {
    private Invariants() {}

    /**
     * What is about to be granted must be free.
     *
     * @throws IllegalStateException if it is not, naming node and quantity
     */
    static void requireFree(Supply supply, Event.Allocated event) {
        int replicas = 0;
        for (Grant grant : event.grants()) {
            replicas += grant.replicas();
            SuppliedNode node = supply.node(grant.nodeId());
            if (node == null || !node.isOpen()) {
                throw broken(event, grant, "takes no new work");
            }
            if (node.freeCpuMillicores() < grant.cpuMillicores() || node.freeMemoryMib() < grant.memoryMib()) {
                throw broken(
                        event,
                        grant,
                        "has no room for " + grant.cpuMillicores() + " millicores and " + grant.memoryMib() + " MiB");
            }
            requireDevicesFree(event, grant, node);
        }
        if (replicas != event.spec().replicas()) {
            throw new IllegalStateException("request " + event.requestId() + " asked "
                    + event.spec().replicas() + " replicas and got " + replicas);
        }
    }

    private static void requireDevicesFree(Event.Allocated event, Grant grant, SuppliedNode node) {
        IntVector devices = grant.deviceIndexes();
        int milli = 0;
        for (int i = 0; i < devices.size(); i++) {
            int device = devices.get(i);
            // Ascending: replicas that share a device stand side by side.
            milli = i > 0 && devices.get(i - 1) == device ? milli + grant.milliPerDevice() : grant.milliPerDevice();
            if (node.freeMilli(device) < milli) {
                throw broken(event, grant, "has no " + milli + " milli free on device " + device);
            }
        }
        long asked = (long) event.spec().devices() * event.spec().milliPerDevice() * grant.replicas();
        if (grant.milliDevices() != asked) {
            throw broken(event, grant, "was to give " + asked + " milli-devices and gives " + grant.milliDevices());
        }
    }

    private static IllegalStateException broken(Event.Allocated event, Grant grant, String what) {
        return new IllegalStateException("request " + event.requestId() + ": node " + grant.nodeId() + " " + what);
    }
}
