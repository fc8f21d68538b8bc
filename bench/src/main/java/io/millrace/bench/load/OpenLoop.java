package io.millrace.bench.load;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * When the records of a constant rate are due, counted from the start and not from the record before: lateness of one
 * does not move the others. Immutable.
 */
public final class OpenLoop {
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    /** Waking up costs more than a record: what falls due within this time is sent together. */
    private static final long GRAIN_NANOS = 500_000;

    private final long startNanos;
    private final double nanosPerRecord;

    /**
     * A constant rate.
     *
     * @param startNanos when the first is due, nanoTime
     * @param perSecond records a second, above 0
     */
    public OpenLoop(long startNanos, double perSecond) {
        if (!(perSecond > 0)) {
            throw new IllegalArgumentException("a rate must be above 0, not " + perSecond);
        }
        this.startNanos = startNanos;
        this.nanosPerRecord = NANOS_PER_SECOND / perSecond;
    }

    /** When the k-th is due, from 0; nanoTime. */
    public long dueNanos(long k) {
        return startNanos + (long) (k * nanosPerRecord);
    }

    /** Sleeps until this nanoTime, at least for a grain if it lies ahead; returns at once if it is past. */
    public static void awaitDue(long dueNanos) {
        for (long left = dueNanos - System.nanoTime(); left > 0; left = dueNanos - System.nanoTime()) {
            LockSupport.parkNanos(Math.max(GRAIN_NANOS, left));
        }
    }
}
