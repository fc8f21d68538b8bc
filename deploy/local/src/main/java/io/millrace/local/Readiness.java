package io.millrace.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Waits until a service says that it is ready. */
final class Readiness {
    private static final Duration LONGEST = Duration.ofMinutes(3);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);
    private static final long POLL_MILLIS = 50;

    private Readiness() {}

    /**
     * Returns when {@code /health/ready} answers 200.
     *
     * @throws UserError if it does not within three minutes: tells what it said last
     */
    static void await(String service, URI url) {
        HttpRequest ready = HttpRequest.newBuilder(url.resolve("/health/ready"))
                .timeout(ANSWER_TIMEOUT)
                .build();
        long deadline = System.nanoTime() + LONGEST.toNanos();
        String said = "nothing";
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (System.nanoTime() < deadline) {
                try {
                    HttpResponse<String> answer = client.send(ready, HttpResponse.BodyHandlers.ofString());
                    if (answer.statusCode() == 200) {
                        return;
                    }
                    said = answer.statusCode() + " " + answer.body();
                } catch (IOException e) {
                    said = e.toString();
                }
                Thread.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("interrupted while " + service + " started", e);
        }
        throw new UserError(
                service + " at " + url + " is not ready after " + LONGEST.toMinutes() + " minutes: " + said);
    }
}
