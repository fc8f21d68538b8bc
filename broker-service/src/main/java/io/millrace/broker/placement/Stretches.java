package io.millrace.broker.placement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Slots of a shelf in the order of {@link FitOrder}, cut into stretches, each with bounds on what each of its slots has free: a
 * look at a large market reads most stretches as one. The bounds hold always; they are reached if nobody has left the stretch
 * since they were worked out.
 *
 * <p>The bounds of all stretches stand side by side in one array. A look reads some thousands of them, and waiting for memory
 * was four fifths of its time when each was an object.
 */
final class Stretches {
    private static final int MOST_SLOTS = 64;

    // What stands in a row of bounds.
    private static final int SIZE = 0;
    private static final int LOOSE = 1;
    private static final int LEAST_CPU = 2;
    private static final int MOST_CPU = 3;
    private static final int LEAST_MEMORY = 4;
    private static final int MOST_MEMORY = 5;
    private static final int LEAST_ON_DEVICE = 6;
    private static final int MOST_ON_DEVICE = 7;
    private static final int LEAST_WHOLE = 8;
    private static final int MOST_WHOLE = 9;
    private static final int LEAST_ORDER = 10;
    private static final int FIRST_MILLI = 11;
    private static final int FIRST_CPU = 12;
    private static final int FIRST_ORDER = 13;
    private static final int ROW = 14;

    private static final int INITIAL_ROWS = 4;

    private final Shelf shelf;
    private final List<int[]> slots = new ArrayList<>();
    private long[] rows = new long[INITIAL_ROWS * ROW];

    /** Which slots of a stretch have less of something than is asked. */
    enum Lacking {
        NONE,
        SOME,
        ALL;

        private static Lacking of(long asked, long least, long most) {
            return least >= asked ? NONE : most < asked ? ALL : SOME;
        }
    }

    Stretches(Shelf shelf) {
        this.shelf = shelf;
    }

    /** How many there are; none of them is empty but the one that {@link #begin} made, until something is put in. */
    int count() {
        return slots.size();
    }

    int size(int at) {
        return (int) rows[at * ROW + SIZE];
    }

    private void resize(int at, int size) {
        rows[at * ROW + SIZE] = size;
    }

    boolean isFull(int at) {
        return size(at) == MOST_SLOTS;
    }

    int slot(int at, int place) {
        return slots.get(at)[place];
    }

    /** The first stretch, where there is none. */
    void begin() {
        insertRow(0, new int[MOST_SLOTS], 0);
        workOut(0);
    }

    void insert(int at, int place, int slot) {
        int[] in = slots.get(at);
        int size = size(at);
        System.arraycopy(in, place, in, place + 1, size - place);
        in[place] = slot;
        resize(at, size + 1);
        widen(at, slot);
        if (place == 0) {
            readFirst(at);
        }
    }

    /** A stretch that is empty then is gone; one that has become small becomes one with a neighbour that is. */
    void remove(int at, int place) {
        int[] in = slots.get(at);
        int size = size(at) - 1;
        System.arraycopy(in, place + 1, in, place, size - place);
        resize(at, size);
        rows[at * ROW + LOOSE] = 1;
        if (size == 0) {
            removeRow(at);
        } else if (!joinNext(at) && (at == 0 || !joinNext(at - 1)) && place == 0) {
            readFirst(at);
        }
    }

    /** Makes one of a stretch and the next if they are small; false if not. */
    private boolean joinNext(int at) {
        if (at + 1 == count() || size(at) + size(at + 1) > MOST_SLOTS / 2) {
            return false;
        }
        System.arraycopy(slots.get(at + 1), 0, slots.get(at), size(at), size(at + 1));
        resize(at, size(at) + size(at + 1));
        removeRow(at + 1);
        workOut(at);
        return true;
    }

    /** Makes two of one. */
    void split(int at) {
        int[] in = slots.get(at);
        int size = size(at);
        int kept = size - size / 2;
        int[] upper = new int[MOST_SLOTS];
        System.arraycopy(in, kept, upper, 0, size - kept);
        resize(at, kept);
        insertRow(at + 1, upper, size - kept);
        workOut(at);
        workOut(at + 1);
    }

    /** Makes the bounds such as are reached: for who has read all slots because of them. */
    void tighten(int at) {
        if (rows[at * ROW + LOOSE] != 0) {
            workOut(at);
        }
    }

    /** For when nodes have other places in the order of ids. */
    void workOutAll() {
        for (int at = 0; at < count(); at++) {
            workOut(at);
        }
    }

    /** False if no slot has room, storage apart. */
    boolean mayFit(int at, Demand demand) {
        int row = at * ROW;
        return rows[row + MOST_CPU] >= demand.cpuMillicores()
                && rows[row + MOST_MEMORY] >= demand.memoryMib()
                && (demand.sharesDevice()
                        ? rows[row + MOST_ON_DEVICE] >= demand.milliPerDevice()
                        : rows[row + MOST_WHOLE] >= demand.devices());
    }

    Lacking devices(int at, Demand demand) {
        int row = at * ROW;
        return demand.sharesDevice()
                ? Lacking.of(demand.milliPerDevice(), rows[row + LEAST_ON_DEVICE], rows[row + MOST_ON_DEVICE])
                : Lacking.of(demand.devices(), rows[row + LEAST_WHOLE], rows[row + MOST_WHOLE]);
    }

    Lacking cpu(int at, Demand demand) {
        return Lacking.of(demand.cpuMillicores(), rows[at * ROW + LEAST_CPU], rows[at * ROW + MOST_CPU]);
    }

    Lacking memory(int at, Demand demand) {
        return Lacking.of(demand.memoryMib(), rows[at * ROW + LEAST_MEMORY], rows[at * ROW + MOST_MEMORY]);
    }

    /** How many slots have less memory than is asked. */
    int countLackingMemory(int at, Demand demand) {
        int[] in = slots.get(at);
        int lacking = 0;
        for (int place = 0, size = size(at); place < size; place++) {
            lacking += shelf.freeMemoryMib(in[place]) < demand.memoryMib() ? 1 : 0;
        }
        return lacking;
    }

    long mostCpuMillicores(int at) {
        return rows[at * ROW + MOST_CPU];
    }

    long mostMemoryMib(int at) {
        return rows[at * ROW + MOST_MEMORY];
    }

    long mostOnDeviceMilli(int at) {
        return rows[at * ROW + MOST_ON_DEVICE];
    }

    long mostWholeDevices(int at) {
        return rows[at * ROW + MOST_WHOLE];
    }

    /** A bound on {@link Shelf#order}. */
    long leastOrder(int at) {
        return rows[at * ROW + LEAST_ORDER];
    }

    /** What the first slot has free on all devices together. */
    long firstFreeMilli(int at) {
        return rows[at * ROW + FIRST_MILLI];
    }

    /** True if the first slot is this one or a better fit. */
    boolean beginsAtOrBefore(int at, int slot) {
        int row = at * ROW;
        int milli = shelf.freeMilli(slot);
        if (rows[row + FIRST_MILLI] != milli) {
            return rows[row + FIRST_MILLI] < milli;
        }
        long cpu = shelf.freeCpuMillicores(slot);
        return rows[row + FIRST_CPU] != cpu
                ? rows[row + FIRST_CPU] < cpu
                : rows[row + FIRST_ORDER] <= shelf.order(slot);
    }

    private void insertRow(int at, int[] in, int size) {
        int used = count() * ROW;
        if (used == rows.length) {
            rows = Arrays.copyOf(rows, used * 2);
        }
        slots.add(at, in);
        System.arraycopy(rows, at * ROW, rows, (at + 1) * ROW, used - at * ROW);
        resize(at, size);
    }

    private void removeRow(int at) {
        int used = count() * ROW;
        slots.remove(at);
        System.arraycopy(rows, (at + 1) * ROW, rows, at * ROW, used - (at + 1) * ROW);
    }

    private void workOut(int at) {
        int row = at * ROW;
        rows[row + LOOSE] = 0;
        rows[row + LEAST_CPU] = Long.MAX_VALUE;
        rows[row + MOST_CPU] = Long.MIN_VALUE;
        rows[row + LEAST_MEMORY] = Long.MAX_VALUE;
        rows[row + MOST_MEMORY] = Long.MIN_VALUE;
        rows[row + LEAST_ON_DEVICE] = Long.MAX_VALUE;
        rows[row + MOST_ON_DEVICE] = Long.MIN_VALUE;
        rows[row + LEAST_WHOLE] = Long.MAX_VALUE;
        rows[row + MOST_WHOLE] = Long.MIN_VALUE;
        rows[row + LEAST_ORDER] = Long.MAX_VALUE;
        int[] in = slots.get(at);
        int size = size(at);
        for (int place = 0; place < size; place++) {
            widen(at, in[place]);
        }
        if (size > 0) {
            readFirst(at);
        }
    }

    private void widen(int at, int slot) {
        int row = at * ROW;
        long cpu = shelf.freeCpuMillicores(slot);
        long memory = shelf.freeMemoryMib(slot);
        long onDevice = shelf.largestFreeMilli(slot);
        long whole = shelf.wholeDevices(slot);
        rows[row + LEAST_CPU] = Math.min(rows[row + LEAST_CPU], cpu);
        rows[row + MOST_CPU] = Math.max(rows[row + MOST_CPU], cpu);
        rows[row + LEAST_MEMORY] = Math.min(rows[row + LEAST_MEMORY], memory);
        rows[row + MOST_MEMORY] = Math.max(rows[row + MOST_MEMORY], memory);
        rows[row + LEAST_ON_DEVICE] = Math.min(rows[row + LEAST_ON_DEVICE], onDevice);
        rows[row + MOST_ON_DEVICE] = Math.max(rows[row + MOST_ON_DEVICE], onDevice);
        rows[row + LEAST_WHOLE] = Math.min(rows[row + LEAST_WHOLE], whole);
        rows[row + MOST_WHOLE] = Math.max(rows[row + MOST_WHOLE], whole);
        rows[row + LEAST_ORDER] = Math.min(rows[row + LEAST_ORDER], shelf.order(slot));
    }

    private void readFirst(int at) {
        int row = at * ROW;
        int first = slots.get(at)[0];
        rows[row + FIRST_MILLI] = shelf.freeMilli(first);
        rows[row + FIRST_CPU] = shelf.freeCpuMillicores(first);
        rows[row + FIRST_ORDER] = shelf.order(first);
    }
}
