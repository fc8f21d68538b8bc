package io.millrace.ingest.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.runtime.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits until what a call brought is written. Stateless. */
final class Writing {
    private Writing() {}

    /**
     * Returns when all of it is written.
     *
     * @param repeat what the caller should do if not
     * @throws ProblemException 503 if something was not acknowledged in time
     */
    static void await(List<CompletableFuture<Void>> writes, Duration timeout, String repeat) {
        try {
            CompletableFuture.allOf(writes.toArray(new CompletableFuture<?>[0]))
                    // The producer gives up by itself at this time; the second more is for its answer to get here.
                    .get(timeout.toMillis() + 1_000, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw notWritten(writes, String.valueOf(e.getCause()), repeat);
        } catch (TimeoutException e) {
            throw notWritten(writes, "Kafka did not answer within " + timeout.toMillis() + " ms", repeat);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw notWritten(writes, "interrupted", repeat);
        }
    }

    private static ProblemException notWritten(List<CompletableFuture<Void>> writes, String why, String repeat) {
        long written = writes.stream()
                .filter(write -> write.isDone() && !write.isCompletedExceptionally())
                .count();
        return new ProblemException(
                503,
                "Not Written",
                "Kafka acknowledged " + written + " of " + writes.size() + " records: " + why + "; " + repeat,
                Map.of("written", written, "retryAfterSeconds", 1));
    }

    /** The text of a member, or empty. */
    static String text(JsonNode item, String name) {
        return item.path(name).asText("");
    }
}
