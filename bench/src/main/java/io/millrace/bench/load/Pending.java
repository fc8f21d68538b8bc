package io.millrace.bench.load;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What was sent and is not answered yet: the intended time of each record by its index, and whether its first answer was
 * read. Remembers the last {@link #CAPACITY} indexes, so that a second first answer is noticed.
 *
 * <p>Thread-safe for one sender and one reader.
 */
public final class Pending {
    /** Records that can be on their way at once, a power of two. */
    public static final int CAPACITY = 1 << 20;

    /** nanoTime may be any number, so these two are kept free by moving the times that would be them. */
    private static final long EMPTY = 0;

    private static final long ANSWERED = 1;

    private final AtomicLongArray intended = new AtomicLongArray(CAPACITY);
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong repeated = new AtomicLong();

    /** What an answer turned out to be. */
    public enum Answer {
        /** The first to this record. */
        FIRST,
        /** This record was answered before, or never sent. */
        REPEATED
    }

    /**
     * Called before the record with this index is sent; indexes grow by one.
     *
     * @throws IllegalStateException if too many are on their way
     */
    public void sent(long index, long intendedNanos) {
        int slot = slot(index);
        long before = intended.get(slot);
        if (before != EMPTY && before != ANSWERED) {
            throw new IllegalStateException(
                    (CAPACITY + 1) + " records are on their way: the platform does not keep up");
        }
        intended.set(slot, intendedNanos == EMPTY || intendedNanos == ANSWERED ? ANSWERED + 1 : intendedNanos);
        sent.incrementAndGet();
    }

    /** When a record that waits for its answer should have been sent. */
    public long intendedNanos(long index) {
        return intended.get(slot(index));
    }

    /** Called when a first answer was read. */
    public Answer answered(long index) {
        int slot = slot(index);
        long before = intended.get(slot);
        if (before == EMPTY || before == ANSWERED) {
            repeated.incrementAndGet();
            return Answer.REPEATED;
        }
        intended.set(slot, ANSWERED);
        answered.incrementAndGet();
        return Answer.FIRST;
    }

    /** Records sent so far. */
    public long sent() {
        return sent.get();
    }

    /** First answers read so far. */
    public long answered() {
        return answered.get();
    }

    /** Answers to what had been answered before: 0 where everything is decided once. */
    public long repeated() {
        return repeated.get();
    }

    /** Records on their way. */
    public long outstanding() {
        return sent.get() - answered.get();
    }

    private static int slot(long index) {
        return (int) (index & (CAPACITY - 1));
    }
}
