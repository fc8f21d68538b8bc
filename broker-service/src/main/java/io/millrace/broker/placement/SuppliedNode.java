package io.millrace.broker.placement;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A node: what it offers, and what is taken of it. Free is offered less taken, and negative where telemetry took back
 * what had been granted. Only {@link Supply} changes it.
 */
public final class SuppliedNode {
    private final int number;
    private NodeOffer offer;
    private int[] takenMilli;
    private long takenCpuMillicores;
    private long takenMemoryMib;
    private Storage takenStorage = Storage.NONE;
    private Storage freeStorage;
    /** Sizes of what runs here, each as a code and the number of replicas. */
    private int[] sizes = {};

    private int freeMilli;
    private int largestFreeMilli;
    private int wholeDevices;

    /** Where its shelf keeps it. */
    int slot;

    /** By this, nodes compare as by their ids; see {@link NodeOrder}. */
    long order;

    /** Its shelf. */
    @Nullable Shelf shelf;

    /** The nodes that are in the same state, as the ranking last saw it. */
    @Nullable NodeClass nodeClass;

    /** True while the ranking has not seen its last change. */
    boolean unseen;

    SuppliedNode(int number, NodeOffer offer) {
        this.number = number;
        this.offer = offer;
        this.takenMilli = new int[offer.deviceSellableMilli().size()];
        this.freeStorage = offer.storageSellable();
        count();
    }

    /** From 0, below {@link Supply#nodeNumbers}: its own for as long as it is there. Depends on which came first. */
    public int number() {
        return number;
    }

    /** The node's id. */
    public String id() {
        return offer.nodeId();
    }

    /** What it offers, grants not taken off. */
    public NodeOffer offer() {
        return offer;
    }

    /** True if it takes new work. */
    public boolean isOpen() {
        return offer.status() == NodeOffer.NodeStatus.SELLABLE;
    }

    /** True if nothing is granted on it. */
    public boolean isIdle() {
        return takenCpuMillicores == 0
                && takenMemoryMib == 0
                && takenStorage.isNone()
                && Arrays.stream(takenMilli).allMatch(milli -> milli == 0);
    }

    /** CPU that is free, thousandths of a core; negative if oversold. */
    public long freeCpuMillicores() {
        return offer.cpuSellableMillicores() - takenCpuMillicores;
    }

    /** Memory that is free, MiB; negative if oversold. */
    public long freeMemoryMib() {
        return offer.memorySellableMib() - takenMemoryMib;
    }

    /** Storage that is free; negative where oversold. */
    public Storage freeStorage() {
        return freeStorage;
    }

    /** Thousandths of a device that are free; negative if oversold. */
    public int freeMilli(int device) {
        int sellable = device < offer.deviceSellableMilli().size()
                ? offer.deviceSellableMilli().get(device)
                : 0;
        return sellable - takenMilli(device);
    }

    /** Thousandths of a device that are granted. */
    public int takenMilli(int device) {
        return device < takenMilli.length ? takenMilli[device] : 0;
    }

    /** CPU that is granted, thousandths of a core. */
    public long takenCpuMillicores() {
        return takenCpuMillicores;
    }

    /** Memory that is granted, MiB. */
    public long takenMemoryMib() {
        return takenMemoryMib;
    }

    /** Storage that is granted. */
    public Storage takenStorage() {
        return takenStorage;
    }

    /** Devices that it has, or, if that is more, up to the last on which something is granted. */
    public int devices() {
        int devices = takenMilli.length;
        while (devices > offer.deviceSellableMilli().size() && takenMilli[devices - 1] == 0) {
            devices--;
        }
        return Math.max(devices, offer.deviceSellableMilli().size());
    }

    /** {@link #freeMilli(int)} of all devices, in a new array. */
    int[] freeMilliByDevice() {
        int[] free = new int[devices()];
        for (int device = 0; device < free.length; device++) {
            free[device] = freeMilli(device);
        }
        return free;
    }

    /** Thousandths that are free, over all devices that are not oversold. */
    public int freeMilli() {
        return freeMilli;
    }

    /** Most thousandths that are free on one device. */
    public int largestFreeMilli() {
        return largestFreeMilli;
    }

    /** Thousandths that are free on devices with at least so many. */
    int freeMilliOnDevicesWith(int least) {
        int sum = 0;
        if (largestFreeMilli >= least) {
            for (int device = 0, count = devices(); device < count; device++) {
                int free = freeMilli(device);
                sum += free >= least ? free : 0;
            }
        }
        return sum;
    }

    /** Devices that are wholly free. */
    public int wholeDevices() {
        return wholeDevices;
    }

    /** How many different sizes in devices run here; work without devices does not count. */
    int sizes() {
        int different = 0;
        for (int i = 1; i < sizes.length; i += 2) {
            different += sizes[i] > 0 ? 1 : 0;
        }
        return different;
    }

    /** True if a replica of this size runs here. */
    boolean runs(int devices, int milliPerDevice) {
        int code = code(devices, milliPerDevice);
        for (int i = 0; i < sizes.length; i += 2) {
            if (sizes[i] == code) {
                return sizes[i + 1] > 0;
            }
        }
        return false;
    }

    private static int code(int devices, int milliPerDevice) {
        return (devices << 10) | milliPerDevice;
    }

    private void countSize(Grant grant, int sign) {
        int code = code(grant.deviceIndexes().size() / grant.replicas(), grant.milliPerDevice());
        int place = sizes.length;
        for (int i = sizes.length - 2; i >= 0; i -= 2) {
            if (sizes[i] == code) {
                sizes[i + 1] += sign * grant.replicas();
                return;
            }
            place = sizes[i + 1] == 0 ? i : place;
        }
        if (place == sizes.length) {
            sizes = Arrays.copyOf(sizes, place + 2);
        }
        sizes[place] = code;
        sizes[place + 1] = sign * grant.replicas();
    }

    /** Thousandths of devices granted beyond what can be sold. */
    public long excessMilliDevices() {
        long excess = 0;
        for (int device = 0; device < devices(); device++) {
            excess += Math.max(0, -freeMilli(device));
        }
        return excess;
    }

    /** True if more is granted than can be sold, of anything. */
    public boolean isOversold() {
        return freeCpuMillicores() < 0 || freeMemoryMib() < 0 || freeStorage.isOversold() || excessMilliDevices() > 0;
    }

    /** The shelf that it stands on. */
    Shelf shelf() {
        Shelf found = shelf;
        if (found == null) {
            throw new IllegalStateException("node " + id() + " stands on no shelf");
        }
        return found;
    }

    void offer(NodeOffer next) {
        offer = next;
        freeStorage = next.storageSellable().minus(takenStorage);
        count();
    }

    /** Takes a grant ({@code sign} 1) or gives it back ({@code sign} -1). */
    void take(Grant grant, int sign) {
        takenCpuMillicores += sign * grant.cpuMillicores();
        takenMemoryMib += sign * grant.memoryMib();
        if (!grant.storage().isNone()) {
            takenStorage = takenStorage.plus(grant.storage().times(sign));
            freeStorage = offer.storageSellable().minus(takenStorage);
        }
        IntVector devices = grant.deviceIndexes();
        for (int i = 0; i < devices.size(); i++) {
            int device = devices.get(i);
            if (device >= takenMilli.length) {
                takenMilli = Arrays.copyOf(takenMilli, device + 1);
            }
            takenMilli[device] += sign * grant.milliPerDevice();
        }
        // Without replicas it is only kept for somebody, and nothing of its size runs here.
        if (devices.size() > 0 && grant.replicas() > 0) {
            countSize(grant, sign);
        }
        count();
    }

    private void count() {
        int sum = 0;
        int largest = 0;
        int whole = 0;
        for (int device = 0, count = devices(); device < count; device++) {
            int free = freeMilli(device);
            if (free > 0) {
                sum += free;
                largest = Math.max(largest, free);
                whole += free == 1000 ? 1 : 0;
            }
        }
        freeMilli = sum;
        largestFreeMilli = largest;
        wholeDevices = whole;
    }
}
