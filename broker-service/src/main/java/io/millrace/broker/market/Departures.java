package io.millrace.broker.market;

import java.util.BitSet;

/**
 * When allocations ended lately, as sequences of events. An index beside {@link Arrivals}: it follows from the requests that
 * are known, and one that was forgotten does not count any more.
 */
final class Departures {
    private static final int WINDOW = Math.toIntExact(Arrivals.WINDOW);

    /** The sequences after {@link #gone}, by their place in a ring: a bit each, for every end comes by here. */
    private final BitSet ended = new BitSet(WINDOW);

    private long gone;
    private int count;

    /** One that has just ended: call in the order of their ends. */
    void add(Request finished) {
        long sequence = finished.decisionSequence();
        letGoUpTo(sequence - WINDOW);
        ended.set(place(sequence));
        count++;
    }

    /** How many ended after an event and are still known. */
    long after(long sequence) {
        letGoUpTo(sequence);
        return count;
    }

    /** What ended up to this sequence counts no more. */
    void letGoUpTo(long sequence) {
        while (gone < sequence && count > 0) {
            gone++;
            if (ended.get(place(gone))) {
                ended.clear(place(gone));
                count--;
            }
        }
        gone = Math.max(gone, sequence);
    }

    private static int place(long sequence) {
        return Math.floorMod(sequence, WINDOW);
    }
}
