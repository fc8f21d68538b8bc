package io.millrace.broker.audit;

import java.util.List;

/**
 * A stretch of a market's time.
 *
 * @param fromMillis its beginning; Long.MIN_VALUE for that of the record
 * @param toMillis its end, inclusive; Long.MAX_VALUE for that of the record
 */
public record Span(long fromMillis, long toMillis) {
    /** All there is. */
    public static final Span ALL = new Span(Long.MIN_VALUE, Long.MAX_VALUE);

    /** Checks the order. */
    public Span {
        if (fromMillis > toMillis) {
            throw new IllegalArgumentException("a span that ends before it begins");
        }
    }

    /**
     * The last snapshot that is not after the beginning; the first of all if the span begins with the record.
     *
     * @throws RecordingException if there is none
     */
    Checkpoint start(Recording recording) {
        List<Checkpoint> checkpoints = recording.checkpoints();
        if (checkpoints.isEmpty()) {
            throw new RecordingException("there is no snapshot of " + recording.marketId()
                    + " with the commands after it: markets write one before their first command and then from time to"
                    + " time (market.snapshot.events, market.snapshot.interval.ms)");
        }
        Checkpoint first = checkpoints.get(0);
        if (fromMillis == Long.MIN_VALUE) {
            return first;
        }
        Checkpoint start = null;
        for (Checkpoint each : checkpoints) {
            if (each.timeMillis() <= fromMillis) {
                start = each;
            }
        }
        if (start == null) {
            throw new RecordingException("the record of " + recording.marketId() + " begins at "
                    + java.time.Instant.ofEpochMilli(first.timeMillis()) + ", after the time asked for");
        }
        return start;
    }
}
