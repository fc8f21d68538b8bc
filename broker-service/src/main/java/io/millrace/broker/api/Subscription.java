package io.millrace.broker.api;

import io.millrace.schemas.AllocationDecision;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One listener of the stream: what it wants, and what it has not yet been sent. The one who publishes never waits for it;
 * when it lags too far behind it gets nothing more and learns why. Thread-safe.
 */
final class Subscription implements AutoCloseable {
    private static final int MAX_BATCH = 256;

    private final @Nullable String accountId;
    private final @Nullable String marketId;
    private final int maxBehind;
    private final Runnable onClose;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<byte[]> frames = new ArrayDeque<>();
    private @Nullable End end;

    /** What comes next. */
    sealed interface Next {
        /** Events to send, in order, at least one. */
        record Frames(List<byte[]> frames) implements Next {}

        /** Nothing happened. */
        record Silence() implements Next {}
    }

    /** Nothing more will come. */
    enum End implements Next {
        /** It lagged too far behind. */
        TOO_SLOW,
        /** The service stops. */
        CLOSING
    }

    Subscription(@Nullable String accountId, @Nullable String marketId, int maxBehind, Runnable onClose) {
        this.accountId = accountId;
        this.marketId = marketId;
        this.maxBehind = maxBehind;
        this.onClose = onClose;
    }

    boolean wants(AllocationDecision decision) {
        return (accountId == null || accountId.equals(decision.getAccountId()))
                && (marketId == null || marketId.equals(decision.getMarketId()));
    }

    /** An event as server-sent events are written; neither id nor data may hold line breaks. */
    static byte[] frame(String event, String id, String data) {
        return ("id: " + id + "\nevent: " + event + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    void offer(byte[] frame) {
        lock.lock();
        try {
            if (end != null) {
                return;
            }
            if (frames.size() >= maxBehind) {
                // What is left unsent is given up at once: it would only keep memory from those who keep up.
                frames.clear();
                end = End.TOO_SLOW;
            } else {
                frames.add(frame);
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Says that nothing more will come; what is unsent is still sent. */
    void end() {
        lock.lock();
        try {
            if (end == null) {
                end = End.CLOSING;
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for what comes next, at most so long. */
    Next next(long maxMillis) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(maxMillis);
            while (frames.isEmpty() && end == null && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (!frames.isEmpty()) {
                List<byte[]> batch = new ArrayList<>(Math.min(MAX_BATCH, frames.size()));
                while (batch.size() < MAX_BATCH && !frames.isEmpty()) {
                    batch.add(frames.remove());
                }
                return new Next.Frames(batch);
            }
            return end == null ? new Next.Silence() : end;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        onClose.run();
    }
}
