package io.millrace.broker.placement;

import java.util.Arrays;

/** Which devices of a node replicas get: wholly free ones from the lowest index, or the fullest that still has room. */
final class Assignment {
    private Assignment() {}

    /** How many replicas fit on the node now, at most {@code limit}. */
    static int copies(SuppliedNode node, Demand demand, int limit) {
        long copies = limit;
        if (demand.cpuMillicores() > 0) {
            copies = Math.min(copies, node.freeCpuMillicores() / demand.cpuMillicores());
        }
        if (demand.memoryMib() > 0) {
            copies = Math.min(copies, node.freeMemoryMib() / demand.memoryMib());
        }
        if (!demand.storage().isNone()) {
            copies = node.freeStorage().copiesOf(demand.storage(), copies);
        }
        if (demand.sharesDevice()) {
            copies = Math.min(copies, shares(node, demand));
        } else if (demand.devices() > 0) {
            copies = Math.min(copies, node.wholeDevices() / demand.devices());
        }
        return (int) Math.max(0, copies);
    }

    /** How many replicas the free parts of the node's devices hold; 0 if the demand does not share devices. */
    static long shares(SuppliedNode node, Demand demand) {
        long shares = 0;
        if (demand.sharesDevice()) {
            for (int device = 0; device < node.devices(); device++) {
                shares += Math.max(0, node.freeMilli(device)) / demand.milliPerDevice();
            }
        }
        return shares;
    }

    /** Grants {@code replicas} replicas on a node where {@link #copies} says that they fit. */
    static Grant grant(SuppliedNode node, Shelf.Traits traits, Demand demand, int replicas) {
        int[] devices =
                demand.sharesDevice() ? shared(node, demand, replicas) : whole(node, demand.devices() * replicas);
        return grant(node, traits, demand, replicas, devices);
    }

    /** Grants {@code replicas} replicas on these devices. */
    static Grant grant(SuppliedNode node, Shelf.Traits traits, Demand demand, int replicas, int[] devices) {
        return new Grant(
                node.id(),
                traits.centreId(),
                traits.model(),
                replicas,
                IntVector.of(devices),
                demand.devices() == 0 ? 0 : demand.milliPerDevice(),
                demand.cpuMillicores() * replicas,
                demand.memoryMib() * replicas,
                traits.priceMicroCnyPerHour(demand, replicas),
                demand.quantum() == null || traits.quantum() == null
                        ? 0
                        : traits.quantum().shotsPerHour(),
                demand.storage().times(replicas));
    }

    /** The first devices that are wholly free. */
    static int[] whole(SuppliedNode node, int count) {
        int[] chosen = new int[count];
        int found = 0;
        for (int device = 0; found < count; device++) {
            if (node.freeMilli(device) == 1000) {
                chosen[found++] = device;
            }
        }
        return chosen;
    }

    private static int[] shared(SuppliedNode node, Demand demand, int replicas) {
        int[] free = node.freeMilliByDevice();
        int[] chosen = new int[replicas];
        for (int replica = 0; replica < replicas; replica++) {
            int best = -1;
            for (int device = 0; device < free.length; device++) {
                if (free[device] >= demand.milliPerDevice() && (best < 0 || free[device] < free[best])) {
                    best = device;
                }
            }
            chosen[replica] = best;
            free[best] -= demand.milliPerDevice();
        }
        if (replicas > 1) {
            Arrays.sort(chosen);
        }
        return chosen;
    }
}
