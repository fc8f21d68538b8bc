package io.millrace.ingest.capacity;

import org.jspecify.annotations.Nullable;

/**
 * What is remembered of the last report of a node besides what it can sell. Immutable.
 *
 * @param sequence its sequence
 * @param observedAtMillis when the node measured it
 * @param heardAtMillis when it was read here
 * @param leaseMillis silence after which the node is lost
 * @param devices devices of the node
 * @param devicesHealthy of these, the healthy ones
 * @param powerWatts power the node draws; null if not measured
 */
public record Heard(
        long sequence,
        long observedAtMillis,
        long heardAtMillis,
        long leaseMillis,
        int devices,
        int devicesHealthy,
        @Nullable Long powerWatts) {

    /** A node is lost when it has been silent for this many of its own intervals. */
    public static final int INTERVALS_OF_SILENCE = 3;

    private static final long MILLIS_PER_SECOND = 1_000;

    static Heard of(Report report, long nowMillis) {
        return new Heard(
                report.sequence(),
                report.observedAtMillis(),
                nowMillis,
                INTERVALS_OF_SILENCE * MILLIS_PER_SECOND * report.intervalSeconds(),
                report.devices().size(),
                report.devicesHealthy(),
                report.powerWatts());
    }
}
