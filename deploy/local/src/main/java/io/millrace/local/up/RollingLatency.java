package io.millrace.local.up;

import java.util.ArrayDeque;
import java.util.Deque;
import org.HdrHistogram.Histogram;

/** Percentiles of a latency over the last half minute, in milliseconds. Not thread-safe. */
final class RollingLatency {
    private static final int SLICES = 30;
    private static final long LONGEST_MILLIS = 3_600_000;

    private final Deque<Histogram> slices = new ArrayDeque<>();
    private Histogram current = slice();

    void record(long millis) {
        current.recordValue(Math.clamp(millis, 0, LONGEST_MILLIS));
    }

    /** Begins a new slice; to be called each second. */
    void turn() {
        slices.addLast(current);
        if (slices.size() > SLICES) {
            slices.removeFirst();
        }
        current = slice();
    }

    /** All of the window; empty if nothing was recorded. */
    Histogram window() {
        Histogram sum = slice();
        slices.forEach(sum::add);
        sum.add(current);
        return sum;
    }

    private static Histogram slice() {
        return new Histogram(LONGEST_MILLIS, 2);
    }
}
