package io.millrace.broker.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamRouteTest {
    private final LoopbackApi api = new LoopbackApi(Map.of(
            "http.stream.heartbeat.ms", "20", "http.stream.clients.max", "1", "http.stream.buffer.events", "50"));

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void decisionsArriveAsEvents() throws Exception {
        HttpResponse<InputStream> response =
                api.listen("/v1/stream?account=acme").join();
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
        try (BufferedReader events = reader(response)) {
            await().until(() -> api.api.listeners().get(1).wants("any"));
            api.decide(Decisions.of("r1", Outcome.ALLOCATED), 500);
            List<String> event = nextEvent(events);
            assertThat(event.get(0)).isEqualTo("id: guizhou-7");
            assertThat(event.get(1)).isEqualTo("event: decision");
            assertThat(event.get(2)).startsWith("data: {").contains("\"requestId\":\"r1\"");
        }
    }

    @Test
    void whoAsksForTheHeadersOnlyIsNotKept() {
        assertThat(api.head("/v1/stream").statusCode()).isEqualTo(200);
        assertThat(clients()).isZero();
    }

    @Test
    void silenceIsFilledWithComments() throws Exception {
        try (BufferedReader events = reader(api.listen("/v1/stream").join())) {
            await().until(() -> ": still here".equals(events.readLine()));
        }
    }

    @Test
    void whoLeavesIsForgotten() throws Exception {
        reader(api.listen("/v1/stream").join()).close();
        await().until(() -> clients() == 0);
    }

    @Test
    void thereIsNoMoreRoomThanAllowed() throws Exception {
        try (BufferedReader events = reader(api.listen("/v1/stream").join())) {
            assertThat(events.readLine()).startsWith(": ");
            assertThat(api.get("/v1/stream").status()).isEqualTo(503);
        }
    }

    @Test
    void whoReadsTooSlowlyIsToldAndDropped() throws Exception {
        AllocationDecision large = Decisions.of("r1", Outcome.ALLOCATED);
        large.setAccountId("a".repeat(100_000));
        try (BufferedReader events = reader(api.listen("/v1/stream").join())) {
            assertThat(events.readLine()).startsWith(": ");
            // Far more than the network between them holds, while nobody reads.
            for (int i = 0; i < 500; i++) {
                api.decide(large, 500);
            }
            assertThat(events.lines()).contains("event: dropped");
        }
        await().until(() -> clients() == 0);
        assertThat(api.metrics
                        .registry()
                        .get("millrace.stream.clients.dropped")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void aServiceThatStopsSaysSo() throws Exception {
        try (BufferedReader events = reader(api.listen("/v1/stream").join())) {
            assertThat(events.readLine()).startsWith(": ");
            api.api.close();
            assertThat(events.lines()).contains("event: closing");
        }
    }

    private double clients() {
        return api.metrics.registry().get("millrace.stream.clients").gauge().value();
    }

    private static BufferedReader reader(HttpResponse<InputStream> response) {
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    private static List<String> nextEvent(BufferedReader events) throws IOException {
        List<String> event = new ArrayList<>();
        for (String line = events.readLine(); line != null; line = events.readLine()) {
            if (line.isEmpty() && !event.isEmpty()) {
                return event;
            }
            if (!line.isEmpty() && !line.startsWith(":") && !line.startsWith("retry")) {
                event.add(line);
            }
        }
        return event;
    }
}
