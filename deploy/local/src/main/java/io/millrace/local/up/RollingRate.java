package io.millrace.local.up;

import java.util.ArrayDeque;
import java.util.Deque;

/** The rate of a counter over the last seconds. Not thread-safe. */
final class RollingRate {
    private static final long WINDOW_NANOS = 5_000_000_000L;

    private record Sample(long nanos, long count) {}

    private final Deque<Sample> samples = new ArrayDeque<>();

    /**
     * Takes a reading.
     *
     * @param nanos when, on the clock of {@link System#nanoTime}
     * @param count the counter, which never goes back
     */
    void sample(long nanos, long count) {
        samples.addLast(new Sample(nanos, count));
        // Two always stay: a rate needs them.
        while (samples.size() > 2 && nanos - samples.getFirst().nanos() > WINDOW_NANOS) {
            samples.removeFirst();
        }
    }

    /** Events in a second; 0 before the second reading. */
    double perSecond() {
        if (samples.size() < 2) {
            return 0;
        }
        Sample first = samples.getFirst();
        Sample last = samples.getLast();
        long nanos = last.nanos() - first.nanos();
        return nanos <= 0 ? 0 : (last.count() - first.count()) * 1e9 / nanos;
    }
}
