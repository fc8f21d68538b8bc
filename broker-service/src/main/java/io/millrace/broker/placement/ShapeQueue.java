package io.millrace.broker.placement;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The classes where one shape rises least, as a heap by rise and, among equals, by the first node. Not all of them: every
 * class outside comes after a limit. Entries of classes that got another first node stay until they come to the top; so do
 * those of which only is known how far it rises at least: most never come there.
 */
final class ShapeQueue {
    private static final int LEAST_KEPT = 64;
    /** Of the classes there are, this part is kept: each time it is used up, all have to be looked at. */
    private static final int KEPT_PART = 64;

    private static final int MOST_OF_KEPT = 4;

    /** Of one replica. */
    final Demand demand;

    final int number;
    final Take take;
    /** What one device must have free at least, and how many must be wholly free. */
    final int needMilli;

    final int needWhole;
    final long needMillicores;
    final long needMib;
    final Storage needStorage;
    /** Up to where the births of classes were taken in; -1 if the queue has to be filled. */
    long seenBirths = -1;
    /** Shelves where the shape may go, by number. */
    boolean[] suits = new boolean[0];
    /** Nodes on these, when nodes had moved so often. */
    int nodes;

    long nodesAtMoves = -1;

    private int kept = LEAST_KEPT;
    private long limitRise;
    private long limitOrder;
    private int size;
    private long[] rises = new long[16];
    private long[] orders = new long[16];
    /** Of the class when it was taken in: v if its rise is exact, -1 - v if it is a bound. */
    private int[] versions = new int[16];

    private @Nullable NodeClass[] classes = new NodeClass[16];

    /** How far it rises exactly. */
    @FunctionalInterface
    interface Judge {
        long rise(NodeClass on, ShapeQueue queue);
    }

    ShapeQueue(Demand demand, int number, Take take) {
        this.demand = demand;
        this.number = number;
        this.take = take;
        this.needMilli = demand.sharesDevice() ? demand.milliPerDevice() : 0;
        this.needWhole = demand.sharesDevice() ? 0 : demand.devices();
        this.needMillicores = demand.cpuMillicores();
        this.needMib = demand.memoryMib();
        this.needStorage = demand.storage();
    }

    /** Empties it, to be offered so many. */
    void clear(int candidates) {
        kept = Math.max(LEAST_KEPT, candidates / KEPT_PART);
        Arrays.fill(classes, 0, size, null);
        size = 0;
        limitRise = Long.MAX_VALUE;
        limitOrder = Long.MAX_VALUE;
    }

    boolean holdsAll() {
        return limitRise == Long.MAX_VALUE;
    }

    /** What rises by more is not taken. */
    long limit() {
        return limitRise;
    }

    /**
     * Takes a class in, if it may be among the best.
     *
     * @param rise how far it rises there, or, unless {@code exact}, a bound that it does not stay below
     */
    void offer(NodeClass candidate, long rise, boolean exact) {
        if (rise == NodeClass.NO_FIT) {
            return;
        }
        long order = candidate.first().order;
        if (isBefore(limitRise, limitOrder, rise, order)) {
            return;
        }
        if (size == MOST_OF_KEPT * kept) {
            trim();
        }
        if (size == rises.length) {
            grow();
        }
        push(candidate, exact ? candidate.version : -1 - candidate.version, rise, order);
    }

    /** Keeps the best, by what is known of them: what goes is not before the limit that it leaves. */
    private void trim() {
        long[] bestRises = new long[kept];
        long[] bestOrders = new long[kept];
        int[] bestVersions = new int[kept];
        @Nullable NodeClass[] best = new NodeClass[kept];
        int count = 0;
        while (count < kept && dropStale()) {
            bestRises[count] = rises[0];
            bestOrders[count] = orders[0];
            bestVersions[count] = versions[0];
            best[count++] = classes[0];
            removeTop();
        }
        if (dropStale()) {
            limitRise = bestRises[count - 1];
            limitOrder = bestOrders[count - 1];
        }
        // What is sorted is a heap.
        System.arraycopy(bestRises, 0, rises, 0, count);
        System.arraycopy(bestOrders, 0, orders, 0, count);
        System.arraycopy(bestVersions, 0, versions, 0, count);
        System.arraycopy(best, 0, classes, 0, count);
        if (size > count) {
            Arrays.fill(classes, count, size, null);
        }
        size = count;
    }

    /** The class to take: of those that rise least, the one whose first node has the smallest id. Null if none is left. */
    @Nullable NodeClass best(Judge judge) {
        while (dropStale()) {
            NodeClass top = classes[0];
            if (top == null || versions[0] >= 0) {
                return top;
            }
            long order = orders[0];
            removeTop();
            long rise = judge.rise(top, this);
            if (!isBefore(limitRise, limitOrder, rise, order)) {
                push(top, top.version, rise, order);
            }
        }
        return null;
    }

    /** Brings one that is still as it was to the top; false if there is none. */
    private boolean dropStale() {
        while (size > 0) {
            NodeClass top = classes[0];
            if (top != null && top.version == (versions[0] >= 0 ? versions[0] : -1 - versions[0])) {
                return true;
            }
            removeTop();
        }
        return false;
    }

    private void push(NodeClass candidate, int version, long rise, long order) {
        int at = size++;
        while (at > 0) {
            int parent = (at - 1) >> 1;
            if (rises[parent] < rise || (rises[parent] == rise && orders[parent] <= order)) {
                break;
            }
            move(parent, at);
            at = parent;
        }
        rises[at] = rise;
        orders[at] = order;
        versions[at] = version;
        classes[at] = candidate;
    }

    private void removeTop() {
        size--;
        long rise = rises[size];
        long order = orders[size];
        int version = versions[size];
        NodeClass last = classes[size];
        classes[size] = null;
        if (size == 0) {
            return;
        }
        int hole = 0;
        while (true) {
            int child = 2 * hole + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && isBefore(rises[child + 1], orders[child + 1], child)) {
                child++;
            }
            if (!isBefore(rises[child], orders[child], rise, order)) {
                break;
            }
            move(child, hole);
            hole = child;
        }
        rises[hole] = rise;
        orders[hole] = order;
        versions[hole] = version;
        classes[hole] = last;
    }

    private boolean isBefore(long rise, long order, int other) {
        return isBefore(rise, order, rises[other], orders[other]);
    }

    private static boolean isBefore(long rise, long order, long otherRise, long otherOrder) {
        return rise < otherRise || (rise == otherRise && order < otherOrder);
    }

    private void move(int from, int to) {
        rises[to] = rises[from];
        orders[to] = orders[from];
        versions[to] = versions[from];
        classes[to] = classes[from];
    }

    private void grow() {
        rises = Arrays.copyOf(rises, 2 * size);
        orders = Arrays.copyOf(orders, 2 * size);
        versions = Arrays.copyOf(versions, 2 * size);
        classes = Arrays.copyOf(classes, 2 * size);
    }
}
