package io.millrace.broker.market;

import io.millrace.broker.placement.Demand;
import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.IntVector;
import io.millrace.broker.placement.Spread;
import io.millrace.broker.placement.Storage;
import io.millrace.broker.placement.SuppliedNode;
import io.millrace.broker.placement.Supply;
import java.util.List;

/** Rules that must always hold, checked where they could break. A failed check halts the market. */
final class Invariants {
    private Invariants() {}

    /**
     * What is about to be granted must be free.
     *
     * @throws IllegalStateException if it is not, naming node and quantity
     */
    static void requireFree(Supply supply, Event.Allocated event) {
        requireFree(supply, event.requestId(), event.spec(), event.grants());
    }

    /**
     * What is about to be kept must be free.
     *
     * @throws IllegalStateException if it is not, naming node and quantity
     */
    static void requireFree(Supply supply, Event.Held event) {
        requireFree(supply, event.requestId(), event.spec(), event.grants());
    }

    /**
     * What was kept is what is granted.
     *
     * @throws IllegalStateException if it is not
     */
    static void requireHeld(Request held, Event.Allocated event) {
        if (!held.grants().equals(event.grants())) {
            throw new IllegalStateException("request " + event.requestId() + " was kept something else than it got");
        }
    }

    private static void requireFree(Supply supply, String requestId, ComputeSpec spec, List<Grant> grants) {
        int replicas = 0;
        for (Grant grant : grants) {
            replicas += grant.replicas();
            SuppliedNode node = supply.node(grant.nodeId());
            if (node == null || !node.isOpen()) {
                throw broken(requestId, grant, "takes no new work");
            }
            if (node.freeCpuMillicores() < grant.cpuMillicores() || node.freeMemoryMib() < grant.memoryMib()) {
                throw broken(
                        requestId,
                        grant,
                        "has no room for " + grant.cpuMillicores() + " millicores and " + grant.memoryMib() + " MiB");
            }
            requireStorageFree(requestId, spec, grant, node);
            requireDevicesFree(requestId, spec, grant, node);
        }
        requireAsked(supply, requestId, spec.demand(), grants, replicas);
    }

    /** As many replicas as one alternative asks, on models of that one, no farther apart than they may be. */
    private static void requireAsked(Supply supply, String requestId, Demand demand, List<Grant> grants, int replicas) {
        int alternative =
                grants.isEmpty() ? 0 : demand.alternativeOf(grants.get(0).model());
        if (replicas < demand.leastReplicasOf(alternative) || replicas > demand.replicasOf(alternative)) {
            throw new IllegalStateException("request " + requestId + " asked " + demand.replicasOf(alternative)
                    + " replicas and got " + replicas);
        }
        Grant first = grants.get(0);
        for (Grant grant : grants.subList(1, grants.size())) {
            if (!demand.models().isEmpty() && demand.alternativeOf(grant.model()) != alternative) {
                throw broken(requestId, grant, "is of another alternative than node " + first.nodeId());
            }
            if (!isNear(supply, demand.latitude().spread(), first, grant)) {
                throw broken(requestId, grant, "is too far from node " + first.nodeId());
            }
        }
    }

    private static boolean isNear(Supply supply, Spread spread, Grant a, Grant b) {
        return switch (spread) {
            case POOL -> a.centreId().equals(b.centreId()) && poolOf(supply, a).equals(poolOf(supply, b));
            case CENTRE -> a.centreId().equals(b.centreId());
            case MARKET -> true;
        };
    }

    private static String poolOf(Supply supply, Grant grant) {
        SuppliedNode node = supply.node(grant.nodeId());
        return node == null ? "" : node.offer().poolId();
    }

    private static void requireStorageFree(String requestId, ComputeSpec spec, Grant grant, SuppliedNode node) {
        Storage storage = grant.storage();
        if (!node.freeStorage().covers(storage)) {
            throw broken(
                    requestId,
                    grant,
                    "has no room for " + storage.gib() + " GiB of storage and " + storage.mibPerSecond() + " MiB/s");
        }
        if (!storage.equals(spec.storage().times(grant.replicas()))) {
            throw broken(requestId, grant, "was to give other storage than " + storage);
        }
    }

    private static void requireDevicesFree(String requestId, ComputeSpec spec, Grant grant, SuppliedNode node) {
        IntVector devices = grant.deviceIndexes();
        int milli = 0;
        for (int i = 0; i < devices.size(); i++) {
            int device = devices.get(i);
            // Ascending: replicas that share a device stand side by side.
            milli = i > 0 && devices.get(i - 1) == device ? milli + grant.milliPerDevice() : grant.milliPerDevice();
            if (node.freeMilli(device) < milli) {
                throw broken(requestId, grant, "has no " + milli + " milli free on device " + device);
            }
        }
        long asked = (long) spec.devices() * spec.milliPerDevice() * grant.replicas();
        if (grant.milliDevices() != asked) {
            throw broken(requestId, grant, "was to give " + asked + " milli-devices and gives " + grant.milliDevices());
        }
    }

    private static IllegalStateException broken(String requestId, Grant grant, String what) {
        return new IllegalStateException("request " + requestId + ": node " + grant.nodeId() + " " + what);
    }
}
