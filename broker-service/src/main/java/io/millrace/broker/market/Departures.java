package io.millrace.broker.market;

import java.util.ArrayDeque;

/**
 * When allocations ended lately, as sequences of events. An index beside {@link Arrivals}: it follows from the requests that
 * are known, and one that was forgotten does not count any more.
 */
final class Departures {
    /** Ascending. */
    private final ArrayDeque<Long> sequences = new ArrayDeque<>();

    /** One that has just ended: call in the order of their ends. */
    void add(Request finished) {
        letGoUpTo(finished.decisionSequence() - Arrivals.WINDOW);
        sequences.addLast(finished.decisionSequence());
    }

    /** How many ended after an event and are still known. */
    long after(long sequence) {
        letGoUpTo(sequence);
        return sequences.size();
    }

    /** What ended up to this sequence counts no more. */
    void letGoUpTo(long sequence) {
        while (!sequences.isEmpty() && sequences.getFirst() <= sequence) {
            sequences.removeFirst();
        }
    }
}
