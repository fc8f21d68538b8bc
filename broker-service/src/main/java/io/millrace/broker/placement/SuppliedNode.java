package io.millrace.broker.placement;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A node: what it offers, and what is taken of it. Free is offered less taken, and negative where telemetry took back
 * what had been granted. Only {@link Supply} changes it.
 */
public final class SuppliedNode {
    private NodeOffer offer;
    private int[] takenMilli;
    private long takenCpuMillicores;
    private long takenMemoryMib;

    private int freeMilli;
    private int largestFreeMilli;
    private int wholeDevices;

    /** Where its shelf keeps it. */
    int slot;

    /** Its shelf. */
    @Nullable Shelf shelf;

    SuppliedNode(NodeOffer offer) {
        this.offer = offer;
        this.takenMilli = new int[offer.deviceSellableMilli().size()];
        count();
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

    /** CPU that is free, thousandths of a core; negative if oversold. */
    public long freeCpuMillicores() {
        return offer.cpuSellableMillicores() - takenCpuMillicores;
    }

    /** Memory that is free, MiB; negative if oversold. */
    public long freeMemoryMib() {
        return offer.memorySellableMib() - takenMemoryMib;
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

    /** Devices that it has, or, if that is more, up to the last on which something is granted. */
    public int devices() {
        int devices = takenMilli.length;
        while (devices > offer.deviceSellableMilli().size() && takenMilli[devices - 1] == 0) {
            devices--;
        }
        return Math.max(devices, offer.deviceSellableMilli().size());
    }

    /** Thousandths that are free, over all devices that are not oversold. */
    public int freeMilli() {
        return freeMilli;
    }

    /** Most thousandths that are free on one device. */
    public int largestFreeMilli() {
        return largestFreeMilli;
    }

    /** Devices that are wholly free. */
    public int wholeDevices() {
        return wholeDevices;
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
        return freeCpuMillicores() < 0 || freeMemoryMib() < 0 || excessMilliDevices() > 0;
    }

    void offer(NodeOffer next) {
        offer = next;
        count();
    }

    /** Takes a grant ({@code sign} 1) or gives it back ({@code sign} -1). */
    void take(Grant grant, int sign) {
        takenCpuMillicores += sign * grant.cpuMillicores();
        takenMemoryMib += sign * grant.memoryMib();
        IntVector devices = grant.deviceIndexes();
        for (int i = 0; i < devices.size(); i++) {
            int device = devices.get(i);
            if (device >= takenMilli.length) {
                takenMilli = Arrays.copyOf(takenMilli, device + 1);
            }
            takenMilli[device] += sign * grant.milliPerDevice();
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
