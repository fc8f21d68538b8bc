package io.millrace.broker.placement;

import java.util.ArrayList;
import java.util.List;

/**
 * The nodes of a shelf that take new work, the better fit first: least free on all devices together, then least CPU, then
 * the smallest id. The first with room is therefore the best fit, and a look ends there.
 *
 * <p>In chunks, each with the most that one of its slots has free, or had when it was last read in vain: most are passed
 * over unread.
 */
final class FitOrder {
    private static final int LARGEST_CHUNK = 64;

    private final Shelf shelf;
    /** None of them empty. */
    private final List<Chunk> chunks = new ArrayList<>();

    private static final class Chunk {
        private final int[] slots = new int[LARGEST_CHUNK];
        private int size;
        private long mostCpu;
        private int mostOnDevice;
        private int mostWhole;
    }

    FitOrder(Shelf shelf) {
        this.shelf = shelf;
    }

    /** A slot that is not among them, with what it has free now. */
    void add(int slot) {
        if (chunks.isEmpty()) {
            chunks.add(new Chunk());
        }
        int at = chunkOf(slot);
        Chunk chunk = chunks.get(at);
        if (chunk.size == LARGEST_CHUNK) {
            split(at);
            at = chunkOf(slot);
            chunk = chunks.get(at);
        }
        int place = placeIn(chunk, slot);
        System.arraycopy(chunk.slots, place, chunk.slots, place + 1, chunk.size - place);
        chunk.slots[place] = slot;
        chunk.size++;
        raise(chunk, slot);
    }

    /** A slot that is among them, while it still has free what it had when it was added. */
    void remove(int slot) {
        int at = chunkOf(slot);
        Chunk chunk = chunks.get(at);
        int place = placeIn(chunk, slot);
        if (place == chunk.size || chunk.slots[place] != slot) {
            throw new IllegalStateException("slot " + slot + " is not where its free devices and CPU put it");
        }
        chunk.size--;
        System.arraycopy(chunk.slots, place + 1, chunk.slots, place, chunk.size - place);
        if (chunk.size == 0) {
            chunks.remove(at);
        } else if (at + 1 < chunks.size() && chunk.size + chunks.get(at + 1).size <= LARGEST_CHUNK / 2) {
            join(chunk, chunks.remove(at + 1));
        }
    }

    /**
     * The first where a replica fits; kind, model and price are not looked at.
     *
     * @param mostMilli where more is free on all devices together, nobody looks
     * @return -1 if there is none
     */
    int first(Demand demand, int mostMilli) {
        long cpu = demand.cpuMillicores();
        boolean shares = demand.sharesDevice();
        int onDevice = shares ? demand.milliPerDevice() : 0;
        int whole = shares ? 0 : demand.devices();
        for (int at = firstWith(demand.milliPerReplica()), count = chunks.size(); at < count; at++) {
            Chunk chunk = chunks.get(at);
            if (shelf.freeMilli(chunk.slots[0]) > mostMilli) {
                return -1;
            }
            if (chunk.mostCpu >= cpu && chunk.mostOnDevice >= onDevice && chunk.mostWhole >= whole) {
                for (int place = 0; place < chunk.size; place++) {
                    int slot = chunk.slots[place];
                    if (shelf.fits(slot, demand)) {
                        return slot;
                    }
                }
                summarise(chunk);
            }
        }
        return -1;
    }

    /** The first chunk that may have a slot with so much free on all devices together. */
    private int firstWith(int milli) {
        int low = 0;
        int high = chunks.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (shelf.freeMilli(chunks.get(middle).slots[0]) < milli) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** The last chunk whose first slot does not come after this one; the first if there is none. */
    private int chunkOf(int slot) {
        int low = 0;
        int high = chunks.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (shelf.compareFit(chunks.get(middle).slots[0], slot) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** How many of the chunk come before this slot. */
    private int placeIn(Chunk chunk, int slot) {
        int low = 0;
        int high = chunk.size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (shelf.compareFit(chunk.slots[middle], slot) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void split(int at) {
        Chunk chunk = chunks.get(at);
        Chunk upper = new Chunk();
        upper.size = chunk.size / 2;
        chunk.size -= upper.size;
        System.arraycopy(chunk.slots, chunk.size, upper.slots, 0, upper.size);
        chunks.add(at + 1, upper);
        summarise(chunk);
        summarise(upper);
    }

    private void join(Chunk chunk, Chunk next) {
        System.arraycopy(next.slots, 0, chunk.slots, chunk.size, next.size);
        chunk.size += next.size;
        summarise(chunk);
    }

    private void summarise(Chunk chunk) {
        chunk.mostCpu = Long.MIN_VALUE;
        chunk.mostOnDevice = 0;
        chunk.mostWhole = 0;
        for (int place = 0; place < chunk.size; place++) {
            raise(chunk, chunk.slots[place]);
        }
    }

    private void raise(Chunk chunk, int slot) {
        chunk.mostCpu = Math.max(chunk.mostCpu, shelf.freeCpuMillicores(slot));
        chunk.mostOnDevice = Math.max(chunk.mostOnDevice, shelf.largestFreeMilli(slot));
        chunk.mostWhole = Math.max(chunk.mostWhole, shelf.wholeDevices(slot));
    }
}
