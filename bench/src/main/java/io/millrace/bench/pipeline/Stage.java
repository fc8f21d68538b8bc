package io.millrace.bench.pipeline;

import io.millrace.bench.load.Latencies;
import io.millrace.bench.load.Pending;
import org.jspecify.annotations.Nullable;

/**
 * Something that takes records in and puts one committed answer out for each. One thread sends, the stage's own reader
 * reads.
 */
abstract class Stage implements AutoCloseable {
    private final Pending pending = new Pending();
    private volatile @Nullable Sample sample;
    private long nextIndex;

    /** Which records are measured, and where their latencies go. */
    private record Sample(long fromIndex, Latencies latencies) {}

    /** What it is, for people. */
    abstract String name();

    /** Sends the record with this index. */
    abstract void send(long index);

    /**
     * Records sent and not answered, at saturation. Enough that the stage is what limits and not this: of what is committed
     * every 100 ms, at 130,000/s, 13,000 are on their way.
     */
    int mostOutstanding() {
        return 20_000;
    }

    /** Throws if a part of it has failed. */
    abstract void requireAlive();

    /** True if all that was sent is done with, answers that are not counted included. */
    boolean isIdle() {
        return pending.outstanding() == 0;
    }

    /** Sends the next record, which should have been sent at this nanoTime. */
    final void sendNext(long intendedNanos) {
        long index = nextIndex++;
        pending.sent(index, intendedNanos);
        send(index);
    }

    /** Called by the reader: the answer to a record was read. */
    final void answered(long index, long seenNanos) {
        long intended = pending.intendedNanos(index);
        if (pending.answered(index) == Pending.Answer.FIRST) {
            Sample current = sample;
            if (current != null && index >= current.fromIndex()) {
                current.latencies().record(intended, seenNanos);
            }
        }
    }

    /** From now on, collects the latencies of records that are still to be sent; null to stop. */
    final void measure(@Nullable Latencies latencies) {
        sample = latencies == null ? null : new Sample(nextIndex, latencies);
    }

    final Pending pending() {
        return pending;
    }

    @Override
    public abstract void close();
}
