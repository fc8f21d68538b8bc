package io.millrace.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.broker.BrokerConfig;
import io.millrace.broker.BrokerService;
import io.millrace.runtime.Json;
import io.millrace.runtime.Opened;
import io.millrace.schemas.Codecs;
import io.millrace.schemas.Contract;
import io.millrace.schemas.NodeCapacity;
import io.millrace.schemas.Sizing;
import io.millrace.schemas.Topics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two instances of broker-service share the work: what is said to one can be asked, changed and listed at the other, and
 * when one is killed the other answers for both.
 */
class SeveralInstancesEndToEndTest {
    private static final int PARTITIONS = 4;
    private static final List<String> MARKETS = List.of("gansu", "guizhou", "inner-mongolia", "ningxia");
    private static final int REQUESTS = 16;
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Opened opened = new Opened();
    private ChildJvm a;
    private String atA;
    private String atB;

    private record Answer(int status, JsonNode json) {}

    @BeforeEach
    void start() {
        opened.add(http);
        EmbeddedKafka kafka = opened.add(EmbeddedKafka.start(folder.resolve("kafka"), 0));
        SchemaRegistryProcess registry =
                opened.add(SchemaRegistryProcess.start(RegistryHome.find(), folder.resolve("registry"), 0));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            Contract.install(admin, registry.url(), Sizing.of(PARTITIONS, 1));
        }
        sendNodes(kafka.bootstrapServers(), registry.url());
        Map<String, String> config = new HashMap<>(Map.of(
                "bootstrap.servers", kafka.bootstrapServers(),
                "schema.registry.url", registry.url(),
                "markets", String.join(",", MARKETS),
                "streams.session.timeout.ms", "6000",
                "market.capacity.interval.ms", "100"));
        int portOfA = Ports.free();
        Map<String, String> environment = new HashMap<>();
        config.forEach((key, value) -> environment.put(variable(key), value));
        environment.put(variable("http.port"), Integer.toString(portOfA));
        environment.put(variable("streams.state.dir"), folder.resolve("a").toString());
        a = opened.add(ChildJvm.broker(environment, folder.resolve("a.log")));
        a.start();
        config.put("http.port", "0");
        config.put("streams.state.dir", folder.resolve("b").toString());
        BrokerService b = opened.add(BrokerService.start(new BrokerConfig(config)));
        atA = "http://127.0.0.1:" + portOfA;
        atB = "http://127.0.0.1:" + b.httpPort();
    }

    @AfterEach
    void stop() {
        opened.close();
    }

    @Test
    void whatOneIsToldAllAnswer() throws Exception {
        awaitShared();
        await().atMost(LONG)
                .until(() -> get(atB, "/v1/markets").json().path("markets").size() == MARKETS.size());

        try (BufferedReader events = listen(atB)) {
            submitAtA();
            assertThat(readDecisions(events)).isEqualTo(ids());
        }
        readAtBoth();
        sayAgainAtB();
        changeAtB();

        a.kill();
        takeOver();
    }

    /** Both are ready, and each has partitions of the markets. */
    private void awaitShared() {
        await().atMost(LONG)
                .ignoreExceptions()
                .until(() -> List.of(atA, atB).stream()
                        .allMatch(at -> get(at, "/health/ready").status() == 200
                                && get(at, "/v1/allocations")
                                        .json()
                                        .path("complete")
                                        .asBoolean()
                                && !here(at).json().path("partitions").isEmpty()));
    }

    private void submitAtA() {
        for (String id : ids()) {
            Answer answer = post(atA, "/v1/requests?wait=60000", submit(id, 1));
            assertThat(answer.status()).as("%s", answer.json()).isEqualTo(201);
            assertThat(answer.json().path("outcome").asText()).isEqualTo("ALLOCATED");
            assertThat(answer.json().path("repeated").asBoolean()).isFalse();
        }
    }

    private void readAtBoth() {
        for (String at : List.of(atA, atB)) {
            for (String id : ids()) {
                Answer answer = get(at, "/v1/requests/" + id);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.json().path("status").asText()).isEqualTo("ALLOCATED");
                assertThat(answer.json().path("grants").size()).isEqualTo(1);
            }
            assertThat(allocated(at)).isEqualTo(ids());
        }
        assertThat(get(atB, "/v1/requests/nobody").status()).isEqualTo(404);
        assertThat(get(atA, "/v1/requests/nobody").status()).isEqualTo(404);
    }

    /** A repeated request gets the old answer; one with another body is a conflict. */
    private void sayAgainAtB() {
        for (String id : ids()) {
            Answer again = post(atB, "/v1/requests?wait=60000", submit(id, 1));
            assertThat(again.status()).isEqualTo(200);
            assertThat(again.json().path("repeated").asBoolean()).isTrue();
            assertThat(again.json().path("decisionId"))
                    .isEqualTo(get(atA, "/v1/requests/" + id).json().path("decisionId"));
            Answer other = post(atB, "/v1/requests?wait=60000", submit(id, 2));
            assertThat(other.status()).as("%s", other.json()).isEqualTo(409);
        }
    }

    private void changeAtB() {
        long later = Instant.now().plus(Duration.ofDays(2)).toEpochMilli();
        Answer extended = post(
                atB, "/v1/requests/r-1/extend?wait=60000", "{\"accountId\":\"acme\",\"endsAtMillis\":" + later + "}");
        assertThat(extended.json().path("outcome").asText()).isEqualTo("EXTENDED");
        assertThat(get(atA, "/v1/requests/r-1").json().path("endsAtMillis").asLong())
                .isEqualTo(later);

        Answer stranger =
                send(request(atB, "/v1/requests/r-2?accountId=other&wait=60000").DELETE());
        assertThat(stranger.status()).isEqualTo(404);
        Answer cancelled =
                send(request(atB, "/v1/requests/r-2?accountId=acme&wait=60000").DELETE());
        assertThat(cancelled.json().path("outcome").asText()).isEqualTo("RELEASED");
        Answer twice =
                send(request(atA, "/v1/requests/r-2?accountId=acme&wait=60000").DELETE());
        assertThat(twice.status()).as("%s", twice.json()).isEqualTo(409);

        Answer released = post(atB, "/v1/requests/r-3/release?wait=60000", "{\"accountId\":\"acme\"}");
        assertThat(released.json().path("outcome").asText()).isEqualTo("RELEASED");
        assertThat(get(atA, "/v1/requests/r-3").json().path("status").asText()).isEqualTo("RELEASED");
    }

    /** After A is gone B answers for everything; until it does, it says so and never denies a request. */
    private void takeOver() {
        Set<String> running = ids();
        running.removeAll(Set.of("r-2", "r-3"));
        for (String id : ids()) {
            await().atMost(LONG).until(() -> {
                int status = get(atB, "/v1/requests/" + id).status();
                assertThat(status).isIn(200, 503);
                return status == 200;
            });
        }
        await().atMost(LONG)
                .until(() -> get(atB, "/v1/allocations").json().path("complete").asBoolean());
        assertThat(allocated(atB)).isEqualTo(running);
        for (int i = 0; i < MARKETS.size(); i++) {
            Answer answer = post(atB, "/v1/requests?wait=60000", submit("after-" + i, 1, MARKETS.get(i)));
            assertThat(answer.status()).as("%s", answer.json()).isEqualTo(201);
        }
        Answer again = post(atB, "/v1/requests?wait=60000", submit("r-5", 1));
        assertThat(again.json().path("repeated").asBoolean())
                .as("%s", again.json())
                .isTrue();
    }

    private Set<String> allocated(String at) {
        return new TreeSet<>(get(at, "/v1/allocations?account=acme")
                .json()
                .path("allocations")
                .findValuesAsText("requestId"));
    }

    private static Set<String> ids() {
        Set<String> ids = new TreeSet<>();
        for (int i = 0; i < REQUESTS; i++) {
            ids.add("r-" + i);
        }
        return ids;
    }

    /** Requests take turns among the markets, so that every partition has some. */
    private static String submit(String id, int devices) {
        int number = Integer.parseInt(id.substring(2));
        return submit(id, devices, MARKETS.get(number % MARKETS.size()));
    }

    private static String submit(String id, int devices, String hub) {
        return "{\"requestId\":\"" + id + "\",\"accountId\":\"acme\",\"spec\":{\"devices\":" + devices
                + ",\"durationSeconds\":86400,\"hubs\":[\"" + hub + "\"]}}";
    }

    private BufferedReader listen(String at) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = http.send(
                request(at, "/v1/stream?account=acme").GET().build(), HttpResponse.BodyHandlers.ofInputStream());
        BufferedReader events = new BufferedReader(new InputStreamReader(response.body(), UTF_8));
        assertThat(events.readLine()).startsWith(": ");
        return events;
    }

    private static Set<String> readDecisions(BufferedReader events) throws IOException {
        Set<String> requestIds = new TreeSet<>();
        while (requestIds.size() < REQUESTS) {
            String line = events.readLine();
            assertThat(line).as("the stream goes on").isNotNull();
            if (line.startsWith("data: ")) {
                requestIds.add(Json.parse(line.substring(6).getBytes(UTF_8))
                        .path("requestId")
                        .asText());
            }
        }
        return requestIds;
    }

    private Answer get(String at, String path) {
        return send(request(at, path).GET());
    }

    /** What this instance alone has. */
    private Answer here(String at) {
        return send(request(at, "/v1/allocations").header("X-Millrace-Hop", "1").GET());
    }

    private Answer post(String at, String path, String body) {
        return send(request(at, path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static HttpRequest.Builder request(String at, String path) {
        return HttpRequest.newBuilder(URI.create(at + path)).timeout(Duration.ofSeconds(90));
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), Json.parse(response.body()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String variable(String key) {
        return "MILLRACE_" + key.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    private static void sendNodes(String bootstrapServers, String registryUrl) {
        try (Codecs codecs = Codecs.connect(registryUrl);
                KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrapServers),
                        new StringSerializer(),
                        new ByteArraySerializer())) {
            for (String market : MARKETS) {
                NodeCapacity node = A100Nodes.node(market, 0);
                producer.send(new ProducerRecord<>(
                        Topics.CAPACITY_NODES.name(),
                        node.getNodeId(),
                        codecs.of(Topics.CAPACITY_NODES).encode(node)));
            }
        }
    }
}
