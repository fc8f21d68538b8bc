package io.millrace.broker.placement;

import java.util.Arrays;

/** How far the loss of an {@link Objective} rises with a demand, and on which devices of a node it rises least. */
final class Rises {
    private final Objective objective;

    Rises(Objective objective) {
        this.objective = objective;
    }

    /** How far it rises at least if one replica goes to a node of the class, where it fits; beyond the limit it need not be exact. */
    long least(NodeClass on, ShapeQueue queue, long limit) {
        // Most classes are out of the question even if CPU and memory were no matter, and that is soon said.
        long atLeast = objective.rise(on.loss, queue.take.lossAtBest(on.devices));
        if (atLeast > limit) {
            return atLeast;
        }
        Demand demand = queue.demand;
        FreeDevices devices = on.devices;
        if (!demand.sharesDevice()) {
            return rise(on, devices.lessWhole(demand.devices()), demand);
        }
        long least = NodeClass.NO_FIT;
        int last = -1;
        for (int place = devices.size() - 1; place >= 0; place--) {
            int free = devices.milli(place);
            if (free < demand.milliPerDevice()) {
                break;
            }
            if (free != last) {
                least = Math.min(least, rise(on, devices.less(free, demand.milliPerDevice()), demand));
                last = free;
            }
        }
        return least;
    }

    private long rise(NodeClass on, FreeDevices after, Demand demand) {
        return objective.rise(
                on.loss,
                after.loss(on.freeCpuMillicores - demand.cpuMillicores(), on.freeMemoryMib - demand.memoryMib()));
    }

    /** Devices for some replicas on a node where they fit: one replica after the other, where the loss rises least. */
    int[] devicesOn(SuppliedNode node, NodeClass state, Demand demand, int replicas) {
        if (!demand.sharesDevice()) {
            return Assignment.whole(node, demand.devices() * replicas);
        }
        int[] free = node.freeMilliByDevice();
        FreeDevices devices = state.devices;
        long cpu = state.freeCpuMillicores;
        long memory = state.freeMemoryMib;
        int[] chosen = new int[replicas];
        for (int replica = 0; replica < replicas; replica++) {
            long loss = devices.loss(cpu, memory);
            cpu -= demand.cpuMillicores();
            memory -= demand.memoryMib();
            int best = -1;
            long least = NodeClass.NO_FIT;
            for (int device = 0; device < free.length; device++) {
                // Among equal rises the fullest device.
                if (free[device] >= demand.milliPerDevice() && !seenBefore(free, device)) {
                    long after =
                            devices.less(free[device], demand.milliPerDevice()).loss(cpu, memory);
                    long rise = objective.rise(loss, after);
                    if (best < 0 || rise < least || (rise == least && free[device] < free[best])) {
                        best = device;
                        least = rise;
                    }
                }
            }
            devices = devices.less(free[best], demand.milliPerDevice());
            free[best] -= demand.milliPerDevice();
            chosen[replica] = best;
        }
        Arrays.sort(chosen);
        return chosen;
    }

    private static boolean seenBefore(int[] free, int device) {
        for (int before = 0; before < device; before++) {
            if (free[before] == free[device]) {
                return true;
            }
        }
        return false;
    }
}
