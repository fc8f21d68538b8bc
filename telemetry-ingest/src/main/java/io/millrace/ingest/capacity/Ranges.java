package io.millrace.ingest.capacity;

import org.jspecify.annotations.Nullable;

/**
 * Collects the first number that is out of its range; later ones are ignored. Made for one check, by one thread. The
 * name of a field is only put together with its figures when something is wrong.
 */
final class Ranges {
    private @Nullable String wrong;

    /** Asks for {@code low <= value <= high}. */
    Ranges within(String field, long value, long low, long high) {
        if (wrong == null && (value < low || value > high)) {
            wrong = field + " is " + value + "; allowed is " + low + " to " + high;
        }
        return this;
    }

    /** As above; what was not measured is in order. */
    Ranges within(String field, @Nullable Number value, long low, long high) {
        return value == null ? this : within(field, value.longValue(), low, high);
    }

    /** Asks for {@code 0 <= part <= whole}. */
    Ranges part(String field, long part, String wholeField, long whole) {
        if (wrong == null && (part < 0 || part > whole)) {
            wrong = field + " is " + part + "; allowed is 0 to " + wholeField + ", which is " + whole;
        }
        return this;
    }

    boolean ok() {
        return wrong == null;
    }

    void fail(String what) {
        if (wrong == null) {
            wrong = what;
        }
    }

    @Nullable Rejection rejection() {
        return wrong == null ? null : new Rejection(Refusal.OUT_OF_RANGE, wrong);
    }
}
