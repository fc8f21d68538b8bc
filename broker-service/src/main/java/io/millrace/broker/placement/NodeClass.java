package io.millrace.broker.placement;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Nodes of one shelf with the same free CPU, memory, storage and devices: whatever is asked, they are judged the same, and the one
 * with the smallest id is taken.
 */
final class NodeClass {
    /** The order of ids. */
    static final Comparator<SuppliedNode> BY_ID = Comparator.comparingLong(node -> node.order);

    /** Not judged yet. */
    static final long UNKNOWN = Long.MIN_VALUE;
    /** The shape does not fit. */
    static final long NO_FIT = Long.MAX_VALUE;

    final Shelf shelf;
    final FreeDevices devices;
    final long freeCpuMillicores;
    final long freeMemoryMib;
    final Storage freeStorage;
    /** What is lost on a node while it is as it is. */
    final long loss;
    /** By number of the shape: how far the loss rises with it. */
    private long[] rises = new long[0];

    /** The next one in the same bucket of {@link NodeClasses}. */
    @Nullable NodeClass next;

    /** Its number among the {@link Births}, if it was ever there. */
    long birth;

    /** Where {@link NodeClasses} keeps it. */
    int place;

    /** Counts how often another node became the first, or none was left. */
    int version;

    private int size;
    /** A heap by node id; also holds nodes that have left, which are let go when they come to the top. */
    private @Nullable SuppliedNode[] heap = new SuppliedNode[1];

    private int heapSize;

    NodeClass(Shelf shelf, FreeDevices devices, long freeCpuMillicores, long freeMemoryMib, Storage freeStorage) {
        this.shelf = shelf;
        this.devices = devices;
        this.freeCpuMillicores = freeCpuMillicores;
        this.freeMemoryMib = freeMemoryMib;
        this.freeStorage = freeStorage;
        this.loss = devices.loss(freeCpuMillicores, freeMemoryMib);
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    boolean fits(Demand demand) {
        return freeCpuMillicores >= demand.cpuMillicores()
                && freeMemoryMib >= demand.memoryMib()
                && devices.fit(demand)
                && (demand.storage().isNone() || freeStorage.covers(demand.storage()));
    }

    /** How far the loss rises with the shape of this number, if that was worked out before. */
    long rise(int number) {
        return number < rises.length ? rises[number] : UNKNOWN;
    }

    void rise(int number, long rise) {
        if (number >= rises.length) {
            int old = rises.length;
            rises = Arrays.copyOf(rises, Math.max(number + 1, 16 + 2 * old));
            Arrays.fill(rises, old, rises.length, UNKNOWN);
        }
        rises[number] = rise;
    }

    void forgetRises() {
        rises = new long[0];
    }

    /** Takes a node in; true if it is the first now. */
    boolean join(SuppliedNode node) {
        node.nodeClass = this;
        if (size++ == 0) {
            heapSize = 0;
        }
        if (heapSize == heap.length) {
            makeRoom();
        }
        int at = heapSize++;
        while (at > 0 && node.order < at((at - 1) >> 1).order) {
            heap[at] = heap[(at - 1) >> 1];
            at = (at - 1) >> 1;
        }
        heap[at] = node;
        version += at == 0 ? 1 : 0;
        return at == 0;
    }

    /** Lets a node go; true if it was the first. */
    boolean leave(SuppliedNode node) {
        node.nodeClass = null;
        size--;
        if (at(0) != node) {
            return false;
        }
        while (heapSize > 0 && at(0).nodeClass != this) {
            removeTop();
        }
        version++;
        return true;
    }

    /** The node with the smallest id. */
    SuppliedNode first() {
        return at(0);
    }

    /** So many of the nodes, those with the smallest ids, by id; all if there are not more. */
    Collection<SuppliedNode> first(long count) {
        if (count == 1) {
            return List.of(first());
        }
        // A node that left and came back stands in the heap twice.
        TreeSet<SuppliedNode> first = new TreeSet<>(BY_ID);
        for (int i = 0; i < heapSize; i++) {
            SuppliedNode node = at(i);
            if (node.nodeClass == this && (first.size() < count || node.order < first.last().order)) {
                first.add(node);
                if (first.size() > count) {
                    first.pollLast();
                }
            }
        }
        return first;
    }

    private SuppliedNode at(int place) {
        SuppliedNode node = heap[place];
        if (node == null) {
            throw new IllegalStateException("a class of " + size + " nodes has none at " + place);
        }
        return node;
    }

    private void removeTop() {
        SuppliedNode last = at(--heapSize);
        heap[heapSize] = null;
        if (heapSize == 0) {
            return;
        }
        int hole = 0;
        while (true) {
            int child = 2 * hole + 1;
            if (child >= heapSize) {
                break;
            }
            if (child + 1 < heapSize && at(child + 1).order < at(child).order) {
                child++;
            }
            if (at(child).order >= last.order) {
                break;
            }
            heap[hole] = heap[child];
            hole = child;
        }
        heap[hole] = last;
    }

    private void makeRoom() {
        compact();
        if (2 * heapSize > heap.length) {
            heap = Arrays.copyOf(heap, Math.max(4, 2 * heap.length));
        }
    }

    /** Keeps members only, each once: a node that left and came back may stand here twice. */
    private void compact() {
        SuppliedNode[] members = new SuppliedNode[heapSize];
        int count = 0;
        for (int i = 0; i < heapSize; i++) {
            SuppliedNode node = at(i);
            if (node.nodeClass == this) {
                members[count++] = node;
            }
        }
        Arrays.sort(members, 0, count, (a, b) -> Long.compare(a.order, b.order));
        heapSize = 0;
        for (int i = 0; i < count; i++) {
            if (i == 0 || members[i] != members[i - 1]) {
                heap[heapSize++] = members[i];
            }
        }
        Arrays.fill(heap, heapSize, heap.length, null);
    }
}
