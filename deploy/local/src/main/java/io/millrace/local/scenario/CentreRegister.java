package io.millrace.local.scenario;

import io.millrace.runtime.AvroJson;
import io.millrace.schemas.CentreProfile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/**
 * The operator of the hubs, who puts centres on record by telemetry-ingest's HTTP interface. A centre that is on record is left
 * as it is: its status may have been changed by hand.
 */
final class CentreRegister {
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final long POLL_MILLIS = 100;

    private final URI ingest;

    CentreRegister(URI ingest) {
        this.ingest = ingest;
    }

    /** Puts on record what is not, and returns when telemetry-ingest knows them all. */
    void putMissing(List<CentreProfile> profiles) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            List<CentreProfile> missing = profiles.stream()
                    .filter(profile -> !isKnown(client, profile))
                    .toList();
            for (CentreProfile profile : missing) {
                HttpResponse<String> answer = send(
                        client,
                        request(profile)
                                .header("Content-Type", "application/json")
                                .PUT(HttpRequest.BodyPublishers.ofString(
                                        AvroJson.write(profile).toString())));
                if (answer.statusCode() / 100 != 2) {
                    throw new IllegalStateException("telemetry-ingest did not take the profile of "
                            + profile.getCentreId() + ": " + answer.statusCode() + " " + answer.body());
                }
            }
            long deadline = System.nanoTime() + LONGEST.toNanos();
            for (CentreProfile profile : missing) {
                while (!isKnown(client, profile)) {
                    if (System.nanoTime() > deadline) {
                        throw new IllegalStateException("telemetry-ingest does not know " + profile.getCentreId() + " "
                                + LONGEST.toSeconds() + " s after it took the profile");
                    }
                    Thread.sleep(POLL_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while centres were put on record", e);
        }
    }

    private boolean isKnown(HttpClient client, CentreProfile profile) {
        HttpResponse<String> answer = send(client, request(profile).GET());
        if (answer.statusCode() == 404) {
            return false;
        }
        if (answer.statusCode() == 200) {
            return true;
        }
        throw new IllegalStateException("telemetry-ingest did not tell about " + profile.getCentreId() + ": "
                + answer.statusCode() + " " + answer.body());
    }

    private HttpRequest.Builder request(CentreProfile profile) {
        return HttpRequest.newBuilder(ingest.resolve("/v1/centres/" + profile.getCentreId()))
                .timeout(Duration.ofSeconds(10));
    }

    private static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException("telemetry-ingest does not answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while telemetry-ingest was asked", e);
        }
    }
}
