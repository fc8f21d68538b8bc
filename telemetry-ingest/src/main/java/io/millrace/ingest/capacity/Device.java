package io.millrace.ingest.capacity;

import org.jspecify.annotations.Nullable;

/**
 * One device of a node, as the node sees it.
 *
 * @param healthy false for one that is degraded, failed, or of which nothing is said
 * @param usedOutsideMilli thousandths that work from outside Millrace uses
 * @param busyPermille share of the sampling interval in which it was busy, in thousandths; null if not measured
 * @param temperatureCelsius null if not measured
 */
public record Device(
        boolean healthy,
        int usedOutsideMilli,
        @Nullable Integer busyPermille,
        @Nullable Integer temperatureCelsius) {

    /** Thousandths of a whole device. */
    public static final int WHOLE_MILLI = 1_000;

    /** The rule of supply: healthy less used outside. */
    int sellableMilli() {
        return healthy ? WHOLE_MILLI - usedOutsideMilli : 0;
    }
}
