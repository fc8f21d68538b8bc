package io.millrace.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two instances, each with some of the keys: whichever is asked, the answer is the same. */
class PeersTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String TOPIC = "peers.words";
    private static final String STORE = "words";
    private static final List<String> KEYS = List.of("a", "b", "c", "d", "e", "f", "g", "h/with?signs");

    @TempDir
    private static Path state;

    private static Instance first;
    private static Instance second;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /** One instance of the service. */
    private static final class Instance implements AutoCloseable {
        private final Metrics metrics = new Metrics("peers");
        private final Health health = new Health();
        private final CompletableFuture<Peers> peers = new CompletableFuture<>();
        private final HttpServer server;
        private final StreamsApp app;

        Instance(String name) {
            TestConfig config = TestConfig.of(
                    "bootstrap.servers", Broker.shared().bootstrapServers(),
                    "application.id", "peers",
                    "streams.threads", "1",
                    "streams.session.timeout.ms", "2000",
                    "streams.state.dir", state.resolve(name).toString());
            OpenApi openApi = new OpenApi("Words", "", "1")
                    .get("/words", Operation.of("All"))
                    .get("/words/{id}", Operation.of("One"));
            server = HttpServer.start(
                    config,
                    metrics,
                    health,
                    openApi,
                    routes -> routes.get("/words", this::all).get("/words/{id}", this::one));
            app = StreamsApp.start("peers", none -> topology(), config, metrics, health, List.of(), server.port());
            peers.complete(new Peers(app.streams(), config.advertised(server.port())));
        }

        private static Topology topology() {
            StreamsBuilder builder = new StreamsBuilder();
            builder.table(
                    TOPIC,
                    Consumed.with(Serdes.String(), Serdes.String()),
                    Materialized.as(Stores.inMemoryKeyValueStore(STORE)));
            return builder.build();
        }

        private ReadOnlyKeyValueStore<String, String> store() {
            return app.streams()
                    .store(StoreQueryParameters.fromNameAndType(STORE, QueryableStoreTypes.keyValueStore()));
        }

        private void one(Context context) {
            String key = context.pathParam("id");
            peers.join().answer(context, STORE, key, new StringSerializer(), () -> {
                String value = store().get(key);
                if (value == null) {
                    throw new ProblemException(404, "Not Found", "no word " + key);
                }
                return Json.object().put("word", value).put("from", server.port());
            });
        }

        private void all(Context context) {
            Peers.Answers answers = peers.join().scatter(context, () -> {
                ArrayNode words = Json.array();
                try (KeyValueIterator<String, String> all = store().all()) {
                    all.forEachRemaining(entry -> words.add(entry.value));
                }
                return words;
            });
            ObjectNode json = Json.object();
            if (Peers.isHop(context)) {
                Json.answer(context, 200, answers.bodies().get(0));
                return;
            }
            ArrayNode words = json.putArray("words");
            answers.bodies().forEach(body -> words.addAll((ArrayNode) body));
            answers.missing().forEach(json.putArray("missing")::add);
            Json.answer(context, 200, json);
        }

        @Override
        public void close() {
            app.close();
            server.close();
            metrics.close();
        }
    }

    @BeforeAll
    static void start() throws Exception {
        String brokers = Broker.shared().bootstrapServers();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 4, (short) 1))).all().get();
        }
        TestConfig config = TestConfig.of("bootstrap.servers", brokers);
        try (Producer<String, String> producer = new KafkaProducer<>(
                config.producerProperties("words"), new StringSerializer(), new StringSerializer())) {
            for (String key : KEYS) {
                producer.send(new ProducerRecord<>(TOPIC, key, "word-" + key)).get();
            }
        }
        first = new Instance("first");
        second = new Instance("second");
        await().atMost(PATIENCE).until(PeersTest::workIsShared);
    }

    private static boolean workIsShared() {
        return tasks(first) == 2 && tasks(second) == 2 && running(first) && running(second) && everyKeyIsThere();
    }

    private static boolean everyKeyIsThere() {
        return KEYS.stream()
                .allMatch(key -> get(first, path(key)).statusCode() == 200
                        && get(second, path(key)).statusCode() == 200);
    }

    private static boolean running(Instance instance) {
        return instance.app.streams().state() == KafkaStreams.State.RUNNING;
    }

    private static int tasks(Instance instance) {
        return instance.app
                .describe()
                .path("threads")
                .path(0)
                .path("activeTasks")
                .size();
    }

    @AfterAll
    static void stop() {
        first.close();
        second.close();
    }

    private static String path(String key) {
        return "/words/" + java.net.URLEncoder.encode(key, StandardCharsets.UTF_8);
    }

    private static HttpResponse<String> get(Instance instance, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(instance.server.url() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (Exception e) {
            throw new IllegalStateException(path, e);
        }
    }

    private static JsonNode json(HttpResponse<String> response) {
        return Json.parse(response.body().getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anyInstanceAnswersForAnyKey() {
        Set<Integer> from = new TreeSet<>();
        for (String key : KEYS) {
            HttpResponse<String> one = get(first, path(key));
            HttpResponse<String> other = get(second, path(key));
            assertThat(json(one).path("word").asText()).isEqualTo("word-" + key);
            assertThat(other.body()).as("the same from both").isEqualTo(one.body());
            from.add(json(one).path("from").asInt());
        }
        assertThat(from).as("both hold keys").containsExactlyInAnyOrder(first.server.port(), second.server.port());
    }

    @Test
    void aProblemOfTheOtherComesThroughUnchanged() {
        for (int i = 0; i < 8; i++) {
            HttpResponse<String> response = get(first, path("none-" + i));
            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(json(response).path("detail").asText()).isEqualTo("no word none-" + i);
        }
    }

    @Test
    void aCallIsNeverSentOnTwice() {
        long here = KEYS.stream()
                .filter(key -> get(first, path(key), Peers.HOP_HEADER, "1").statusCode() == 200)
                .count();
        assertThat(here).as("those that the first holds itself").isBetween(1L, KEYS.size() - 1L);
    }

    @Test
    void allInstancesAnswerTogether() {
        JsonNode answer = json(get(second, "/words"));
        assertThat(answer.path("words"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrderElementsOf(
                        KEYS.stream().map(key -> "word-" + key).toList());
        assertThat(answer.path("missing")).isEmpty();
    }

    @Test
    void anInstanceThatDoesNotAnswerIsNamed() {
        Instance third = new Instance("third");
        try {
            // Four tasks for three: whether it is given one or two is the assignor's choice.
            await().atMost(PATIENCE).until(() -> tasks(third) > 0 && running(third) && running(first));
            await().atMost(PATIENCE).until(PeersTest::everyKeyIsThere);
            third.server.close();
            await().atMost(PATIENCE).untilAsserted(() -> {
                JsonNode answer = json(get(first, "/words"));
                assertThat(answer.path("missing")).hasSize(1);
                assertThat(answer.path("words").size()).isLessThan(KEYS.size());
                List<HttpResponse<String>> answers =
                        KEYS.stream().map(key -> get(first, path(key))).toList();
                assertThat(answers).anySatisfy(response -> {
                    assertThat(response.statusCode()).isEqualTo(503);
                    assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
                    assertThat(response.body()).contains("does not answer");
                });
            });
        } finally {
            third.app.close();
            await().atMost(PATIENCE).until(PeersTest::workIsShared);
        }
    }
}
