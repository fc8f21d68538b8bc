package io.millrace.ingest.capacity;

import org.jspecify.annotations.Nullable;

/**
 * The times that a report may bear, around the clock of the reader.
 *
 * @param futureMillis how far ahead the clock of a sender may be
 * @param ageMillis how old a report may be
 */
public record TimeWindow(long futureMillis, long ageMillis) {

    @Nullable Rejection check(long observedAtMillis, long nowMillis) {
        if (observedAtMillis > nowMillis + futureMillis) {
            return new Rejection(
                    Refusal.TIME_IN_FUTURE,
                    "observedAtMillis " + observedAtMillis + " is " + (observedAtMillis - nowMillis)
                            + " ms ahead of the clock here; at most " + futureMillis + " ms are allowed");
        }
        if (observedAtMillis < nowMillis - ageMillis) {
            return new Rejection(
                    Refusal.TIME_TOO_OLD,
                    "observedAtMillis " + observedAtMillis + " is older than the " + ageMillis
                            + " ms that a report may be; it is " + nowMillis + " here");
        }
        return null;
    }
}
