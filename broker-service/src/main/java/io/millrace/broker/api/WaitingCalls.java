package io.millrace.broker.api;

import io.millrace.schemas.AllocationDecision;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The calls that wait for the decision on what they said. Thread-safe; bounded.
 *
 * <p>A decision is recognised by its request and by the time of its record: whatever follows from a record, through
 * intake and markets, carries that record's time. So two submits of one id with different payloads each get their own
 * answer, and a repeated submit does not take the answer of the first one for its own. Therefore two calls of this
 * instance about one request never have the same time.
 */
final class WaitingCalls implements DecisionListener, AutoCloseable {
    private final int max;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Map<String, List<Call>> byRequest = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** At most this many calls wait at a time. */
    WaitingCalls(int max) {
        this.max = max;
    }

    /**
     * Begins to wait, before the record is written, so that no answer is missed. Must be closed.
     *
     * @param recordTimeMillis the time that the record would have; the call's own time may be later
     * @return the call; empty if too many wait already
     */
    Optional<Call> open(String requestId, Action action, long recordTimeMillis) {
        if (waiting.incrementAndGet() > max) {
            waiting.decrementAndGet();
            return Optional.empty();
        }
        Call[] opened = new Call[1];
        byRequest.compute(requestId, (id, calls) -> {
            Call call = new Call(id, action, firstFree(calls, recordTimeMillis));
            opened[0] = call;
            return calls == null
                    ? List.of(call)
                    : Stream.concat(calls.stream(), Stream.of(call)).toList();
        });
        if (closed) {
            opened[0].letGo();
        }
        return Optional.of(opened[0]);
    }

    /** Lets all go that wait, now and later: what they said is written, and can be asked for at another instance. */
    @Override
    public void close() {
        closed = true;
        byRequest.values().forEach(calls -> calls.forEach(Call::letGo));
    }

    /** A time that no call about this request has: for records whose answer nobody waits for. */
    long distinctTime(String requestId, long recordTimeMillis) {
        return firstFree(byRequest.get(requestId), recordTimeMillis);
    }

    private static long firstFree(@Nullable List<Call> calls, long recordTimeMillis) {
        long time = recordTimeMillis;
        if (calls != null) {
            for (Call call : calls) {
                time = Math.max(time, call.recordTimeMillis + 1);
            }
        }
        return time;
    }

    /** How many calls wait. */
    int count() {
        return waiting.get();
    }

    @Override
    public boolean wants(String requestId) {
        return byRequest.containsKey(requestId);
    }

    @Override
    public void accept(AllocationDecision decision, long recordTimeMillis) {
        for (Call call : byRequest.getOrDefault(decision.getRequestId(), List.of())) {
            // What an earlier record led to may be read only now, above all if it was said to another instance.
            if (recordTimeMillis >= call.recordTimeMillis
                    && call.action.isAnsweredBy(decision, call.recordTimeMillis == recordTimeMillis)) {
                call.answer.complete(Optional.of(decision));
            }
        }
    }

    /** One call, from before its record is written until it is answered or gives up. */
    final class Call implements AutoCloseable {
        private final String requestId;
        private final Action action;
        private final long recordTimeMillis;
        private final CompletableFuture<Optional<AllocationDecision>> answer = new CompletableFuture<>();

        private Call(String requestId, Action action, long recordTimeMillis) {
            this.requestId = requestId;
            this.action = action;
            this.recordTimeMillis = recordTimeMillis;
        }

        /** The time that the record must have. */
        long recordTimeMillis() {
            return recordTimeMillis;
        }

        private void letGo() {
            answer.complete(Optional.empty());
        }

        /** Ends the wait: the record could not be written. */
        void fail(Throwable cause) {
            answer.completeExceptionally(cause);
        }

        /**
         * Waits for the answer.
         *
         * @return the answer; empty if it did not come in time
         * @throws ExecutionException with the cause given to {@link #fail}
         */
        Optional<AllocationDecision> await(long millis) throws InterruptedException, ExecutionException {
            try {
                return answer.get(millis, TimeUnit.MILLISECONDS);
            } catch (TimeoutException late) {
                return Optional.empty();
            }
        }

        @Override
        public void close() {
            byRequest.computeIfPresent(requestId, (id, calls) -> {
                List<Call> others = calls.stream().filter(call -> call != this).toList();
                if (others.size() < calls.size()) {
                    waiting.decrementAndGet();
                }
                return others.isEmpty() ? null : others;
            });
        }
    }
}
