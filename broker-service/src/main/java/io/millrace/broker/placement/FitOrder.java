package io.millrace.broker.placement;

/**
 * The nodes of a shelf that take new work, the better fit first: least free on all devices together, then least CPU, then
 * the smallest id. The first with room is therefore the best fit, and a look ends there.
 */
final class FitOrder {
    private final Shelf shelf;
    private final Stretches stretches;

    FitOrder(Shelf shelf) {
        this.shelf = shelf;
        this.stretches = new Stretches(shelf);
    }

    /** All of them; they change with every slot that comes or goes. */
    Stretches stretches() {
        return stretches;
    }

    /** A slot that is not among them, with what it has free now. */
    void add(int slot) {
        if (stretches.count() == 0) {
            stretches.begin();
        }
        int at = stretchOf(slot);
        if (stretches.isFull(at)) {
            stretches.split(at);
            at = stretchOf(slot);
        }
        stretches.insert(at, placeIn(at, slot), slot);
    }

    /** A slot that is among them, while it still has free what it had when it was added. */
    void remove(int slot) {
        int at = stretchOf(slot);
        int place = placeIn(at, slot);
        if (place == stretches.size(at) || stretches.slot(at, place) != slot) {
            throw new IllegalStateException("slot " + slot + " is not where its free devices and CPU put it");
        }
        stretches.remove(at, place);
    }

    /**
     * The first where a replica fits; kind, model and price are not looked at.
     *
     * @param mostMilli a slot with more free on all devices together may be left out
     * @return -1 if there is none, or none but such
     */
    int first(Demand demand, int mostMilli) {
        for (int at = firstWith(demand.milliPerReplica()), count = stretches.count(); at < count; at++) {
            if (stretches.firstFreeMilli(at) > mostMilli) {
                return -1;
            }
            if (stretches.mayFit(at, demand)) {
                for (int place = 0, size = stretches.size(at); place < size; place++) {
                    int slot = stretches.slot(at, place);
                    if (shelf.fits(slot, demand)) {
                        return slot;
                    }
                }
                stretches.tighten(at);
            }
        }
        return -1;
    }

    /** The first stretch that may have a slot with so much free on all devices together. */
    private int firstWith(int milli) {
        int low = 0;
        int high = stretches.count() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (stretches.firstFreeMilli(middle) < milli) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** The last stretch whose first slot does not come after this one; the first if there is none. */
    private int stretchOf(int slot) {
        int low = 0;
        int high = stretches.count() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (stretches.beginsAtOrBefore(middle, slot)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** How many of the stretch come before this slot. */
    private int placeIn(int at, int slot) {
        int low = 0;
        int high = stretches.size(at);
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (shelf.compareFit(stretches.slot(at, middle), slot) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
