package io.millrace.broker.placement;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The classes where one shape rises least, as a heap by rise. Not all of them: every class outside rises by more than
 * {@link #limit}. Classes that died stay until they come to the top.
 */
final class ShapeQueue {
    private static final int KEPT = 64;
    private static final int MOST = 4 * KEPT;

    /** Of one replica. */
    final Demand demand;

    final int number;
    /** What one device must have free at least, and how many must be wholly free. */
    final int needMilli;

    final int needWhole;
    /** Up to where the births of classes were taken in; -1 if the queue has to be filled. */
    long seenBirths = -1;
    /** Shelves where the shape may go, by number. */
    boolean[] suits = new boolean[0];
    /** Nodes on these, when nodes had moved so often. */
    int nodes;

    long nodesAtMoves = -1;

    private long limit;
    private int size;
    private long[] rises = new long[16];
    private int[] births = new int[16];
    private @Nullable NodeClass[] classes = new NodeClass[16];

    ShapeQueue(Demand demand, int number) {
        this.demand = demand;
        this.number = number;
        this.needMilli = demand.sharesDevice() ? demand.milliPerDevice() : 0;
        this.needWhole = demand.sharesDevice() ? 0 : demand.devices();
    }

    void clear() {
        Arrays.fill(classes, 0, size, null);
        size = 0;
        limit = Long.MAX_VALUE;
    }

    boolean holdsAll() {
        return limit == Long.MAX_VALUE;
    }

    void offer(NodeClass candidate, long rise) {
        if (rise == NodeClass.NO_FIT || rise > limit) {
            return;
        }
        if (size == rises.length) {
            grow();
        }
        push(candidate, candidate.births, rise);
    }

    /** After all were offered, or when too many are here: keeps the best. */
    void trim() {
        if (size <= MOST) {
            return;
        }
        int live = 0;
        for (int i = 0; i < size; i++) {
            if (isLive(i)) {
                rises[live] = rises[i];
                births[live] = births[i];
                classes[live++] = classes[i];
            }
        }
        Arrays.fill(classes, live, size, null);
        long kept = Long.MAX_VALUE;
        if (live > MOST / 2) {
            long[] sorted = Arrays.copyOf(rises, live);
            Arrays.sort(sorted);
            kept = sorted[KEPT - 1];
            limit = Math.min(limit, kept);
        }
        size = 0;
        for (int i = 0; i < live; i++) {
            NodeClass each = classes[i];
            if (rises[i] <= kept && each != null) {
                push(each, births[i], rises[i]);
            }
        }
        Arrays.fill(classes, size, live, null);
    }

    boolean isCrowded() {
        return size > MOST;
    }

    private boolean isLive(int place) {
        NodeClass each = classes[place];
        return each != null && !each.isEmpty() && each.births == births[place];
    }

    /** The class to take: of those that rise least, the one whose first node has the smallest id. Null if none is left. */
    @Nullable NodeClass best() {
        while (size > 0 && !isLive(0)) {
            removeTop();
        }
        return size == 0 ? null : bestFrom(0, rises[0], null);
    }

    private @Nullable NodeClass bestFrom(int place, long rise, @Nullable NodeClass best) {
        if (place >= size || rises[place] != rise) {
            return best;
        }
        NodeClass each = classes[place];
        NodeClass better = best;
        if (each != null
                && isLive(place)
                && (best == null || each.first().id().compareTo(best.first().id()) < 0)) {
            better = each;
        }
        better = bestFrom(2 * place + 1, rise, better);
        return bestFrom(2 * place + 2, rise, better);
    }

    private void push(NodeClass candidate, int birth, long rise) {
        int at = size++;
        while (at > 0 && rises[(at - 1) >> 1] > rise) {
            move((at - 1) >> 1, at);
            at = (at - 1) >> 1;
        }
        rises[at] = rise;
        births[at] = birth;
        classes[at] = candidate;
    }

    private void removeTop() {
        size--;
        long rise = rises[size];
        int birth = births[size];
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
            if (child + 1 < size && rises[child + 1] < rises[child]) {
                child++;
            }
            if (rises[child] >= rise) {
                break;
            }
            move(child, hole);
            hole = child;
        }
        rises[hole] = rise;
        births[hole] = birth;
        classes[hole] = last;
    }

    private void move(int from, int to) {
        rises[to] = rises[from];
        births[to] = births[from];
        classes[to] = classes[from];
    }

    private void grow() {
        rises = Arrays.copyOf(rises, 2 * size);
        births = Arrays.copyOf(births, 2 * size);
        classes = Arrays.copyOf(classes, 2 * size);
    }
}
