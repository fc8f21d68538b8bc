package io.millrace.broker.api;

import io.millrace.broker.api.WaitingCalls.Call;
import io.millrace.runtime.ProblemException;
import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.ComputeRequest;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where tenants speak: writes what they say to the log and, if they want to wait, hands them the decision on it. Nobody is
 * told that something was taken before Kafka has it on all replicas. Thread-safe; a call blocks its own thread.
 */
final class RequestDesk {
    private static final Logger LOG = LoggerFactory.getLogger(RequestDesk.class);
    /** Longer than the producer itself tries. */
    private static final long WRITE_SECONDS = 60;

    private final RequestLog log;
    private final WaitingCalls calls;
    private final Clock clock;

    RequestDesk(RequestLog log, WaitingCalls calls, Clock clock) {
        this.log = log;
        this.calls = calls;
        this.clock = clock;
    }

    /**
     * Says something about a request.
     *
     * @param waitMillis longest wait for the decision; 0 not to wait
     * @return the decision on it; empty if it is written and no decision came in time
     * @throws ProblemException 503 if it may not have been written
     */
    Optional<AllocationDecision> say(
            String requestId, String accountId, Action action, SpecificRecord body, long waitMillis) {
        long now = clock.millis();
        Optional<Call> waiting = waitMillis == 0 ? Optional.empty() : calls.open(requestId, action, now);
        try {
            if (waiting.isEmpty()) {
                append(requestId, accountId, body, calls.distinctTime(requestId, now))
                        .get(WRITE_SECONDS, TimeUnit.SECONDS);
                return Optional.empty();
            }
            try (Call call = waiting.get()) {
                CompletableFuture<Long> written = append(requestId, accountId, body, call.recordTimeMillis());
                written.whenComplete((offset, failure) -> {
                    if (failure != null) {
                        call.fail(failure);
                    }
                });
                Optional<AllocationDecision> decision = call.await(waitMillis);
                if (decision.isEmpty()) {
                    written.get(WRITE_SECONDS, TimeUnit.SECONDS);
                }
                return decision;
            }
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            LOG.warn("a request may not have been written requestId={} cause=\"{}\"", requestId, cause.toString());
            throw notWritten(requestId, action);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw notWritten(requestId, action);
        }
    }

    private CompletableFuture<Long> append(String requestId, String accountId, SpecificRecord body, long timeMillis) {
        return log.append(new ComputeRequest(requestId, accountId, timeMillis, body));
    }

    private static ProblemException notWritten(String requestId, Action action) {
        return new ProblemException(
                503,
                "Not Available Now",
                "it is not known whether the " + action.word() + " of " + requestId
                        + " was written; say the same again with the same requestId, it will not count twice",
                Map.of("requestId", requestId, "retryAfterSeconds", 1));
    }
}
