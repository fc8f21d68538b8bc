package io.millrace.bench.load;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Collects latencies, to a thousandth of their value. Thread-safe. */
public final class Latencies {
    private static final int DIGITS = 3;
    private static final double MICROS_PER_MILLI = 1000;

    private final Histogram micros = new Histogram(DIGITS);

    /** Adds one: from the time at which it should have been sent to that at which the answer was read, both nanoTime. */
    public synchronized void record(long intendedNanos, long seenNanos) {
        micros.recordValue(Math.max(0, TimeUnit.NANOSECONDS.toMicros(seenNanos - intendedNanos)));
    }

    /** What was collected so far. */
    public synchronized Percentiles percentiles() {
        if (micros.getTotalCount() == 0) {
            return new Percentiles(0, 0, 0, 0);
        }
        return new Percentiles(
                micros.getTotalCount(),
                micros.getValueAtPercentile(50) / MICROS_PER_MILLI,
                micros.getValueAtPercentile(99) / MICROS_PER_MILLI,
                micros.getMaxValue() / MICROS_PER_MILLI);
    }
}
