package io.millrace.broker.placement;

import java.util.Arrays;

/** What the nodes of a shelf have room for, side by side: as they are, or with nothing running. Immutable. */
final class Rooms {
    private static final int WHOLE = 1_000;

    private final int size;
    private final int[] wholeDevices;
    private final int[][] freeMilli;
    private final long[] cpuMillicores;
    private final long[] memoryMib;
    private final Storage[] storage;

    private Rooms(int nodes) {
        wholeDevices = new int[nodes];
        freeMilli = new int[nodes][];
        cpuMillicores = new long[nodes];
        memoryMib = new long[nodes];
        storage = new Storage[nodes];
        size = nodes;
    }

    /** Nodes that take no new work have no room now. */
    static Rooms of(Shelf shelf, boolean now) {
        Rooms rooms = new Rooms(shelf.size());
        for (int slot = 0; slot < shelf.size(); slot++) {
            SuppliedNode node = shelf.node(slot);
            NodeOffer offer = node.offer();
            int devices = offer.deviceSellableMilli().size();
            int[] free;
            if (now) {
                boolean open = node.isOpen();
                free = open ? node.freeMilliByDevice() : new int[devices];
                rooms.wholeDevices[slot] = open ? node.wholeDevices() : 0;
                rooms.cpuMillicores[slot] = open ? node.freeCpuMillicores() : -1;
                rooms.memoryMib[slot] = open ? node.freeMemoryMib() : -1;
                rooms.storage[slot] = node.freeStorage();
            } else {
                free = new int[devices];
                Arrays.fill(free, WHOLE);
                rooms.wholeDevices[slot] = devices;
                rooms.cpuMillicores[slot] = offer.cpuTotalMillicores();
                rooms.memoryMib[slot] = offer.memoryTotalMib();
                rooms.storage[slot] = offer.storageTotal();
            }
            rooms.freeMilli[slot] = free;
        }
        return rooms;
    }

    int size() {
        return size;
    }

    /** How many replicas they hold, counted up to those that are asked. */
    long copies(Demand demand) {
        long copies = 0;
        for (int slot = 0; slot < size && copies < demand.replicas(); slot++) {
            copies += copies(slot, demand);
        }
        return Math.min(copies, demand.replicas());
    }

    private long copies(int slot, Demand demand) {
        if (cpuMillicores[slot] < demand.cpuMillicores() || memoryMib[slot] < demand.memoryMib()) {
            return 0;
        }
        long copies = storage[slot].copiesOf(demand.storage(), demand.replicas());
        if (demand.sharesDevice()) {
            long shares = 0;
            for (int free : freeMilli[slot]) {
                shares += Math.max(0, free) / demand.milliPerDevice();
            }
            copies = Math.min(copies, shares);
        } else if (demand.devices() > 0) {
            copies = Math.min(copies, wholeDevices[slot] / demand.devices());
        }
        if (demand.cpuMillicores() > 0) {
            copies = Math.min(copies, cpuMillicores[slot] / demand.cpuMillicores());
        }
        return demand.memoryMib() > 0 ? Math.min(copies, memoryMib[slot] / demand.memoryMib()) : copies;
    }
}
