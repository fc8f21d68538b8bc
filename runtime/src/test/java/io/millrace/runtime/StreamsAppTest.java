package io.millrace.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.schemas.Contract;
import io.millrace.schemas.Partitioning;
import io.millrace.schemas.Sizing;
import io.millrace.schemas.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The life of a Streams application on a real broker, and the contract that it needs. */
class StreamsAppTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String POISON = "poison";

    @TempDir
    private static Path state;

    private static Admin admin;

    private final Metrics metrics = new Metrics("test");
    private final Health health = new Health();
    private String in = "";
    private String out = "";
    private TestConfig config = TestConfig.of();

    @BeforeAll
    static void install() {
        admin = Admin.create(Map.of("bootstrap.servers", Broker.shared().bootstrapServers()));
        Contract.install(admin, "mock://streams-app-test", Sizing.of(2, 1).with(Partitioning.BY_MARKET, 3));
    }

    @AfterAll
    static void disconnect() {
        admin.close();
    }

    @BeforeEach
    void topics(TestInfo test) throws Exception {
        String name = test.getTestMethod().orElseThrow().getName();
        in = name + ".in";
        out = name + ".out";
        admin.createTopics(List.of(new NewTopic(in, 2, (short) 1), new NewTopic(out, 2, (short) 1)))
                .all()
                .get();
        config = TestConfig.of(
                "bootstrap.servers",
                Broker.shared().bootstrapServers(),
                "application.id",
                name,
                "streams.state.dir",
                state.toString(),
                "streams.session.timeout.ms",
                "6000");
    }

    @AfterEach
    void close() {
        metrics.close();
    }

    private Topology shouting() {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(in, Consumed.with(Serdes.String(), Serdes.String()))
                .mapValues(text -> {
                    if (text.equals(POISON)) {
                        throw new IllegalArgumentException("cannot shout " + text);
                    }
                    return text.toUpperCase(java.util.Locale.ROOT);
                })
                .to(out, Produced.with(Serdes.String(), Serdes.String()));
        return builder.build();
    }

    /** As it starts, but without pauses after a thread has died, and dead after the third. */
    private StreamsApp startHasty() {
        ThreadFailures failures = new ThreadFailures("shouting", metrics.registry(), 2, pauseMillis -> {});
        return StreamsApp.start("shouting", shouting(), config, metrics, health, 18_081, failures);
    }

    private StreamsApp start() {
        return StreamsApp.start("shouting", none -> shouting(), config, metrics, health, List.of(), 18_081);
    }

    private void send(String value) throws Exception {
        try (Producer<String, String> producer = new KafkaProducer<>(
                config.producerProperties("test-producer"), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(in, 0, "k", value)).get();
        }
    }

    private List<String> received() {
        try (Consumer<String, String> consumer = new KafkaConsumer<>(
                config.consumerProperties("test-consumer"), new StringDeserializer(), new StringDeserializer())) {
            TopicPartition first = new TopicPartition(out, 0);
            consumer.assign(Set.of(first, new TopicPartition(out, 1)));
            return java.util.stream.StreamSupport.stream(
                            consumer.poll(Duration.ofMillis(500)).spliterator(), false)
                    .map(ConsumerRecord::value)
                    .toList();
        }
    }

    @Test
    void itRunsAndSaysSo() throws Exception {
        assertThat(health.ready().well()).isTrue();
        try (StreamsApp app = start()) {
            assertThat(health.ready().well()).isFalse();
            await().atMost(PATIENCE).until(() -> health.ready().well());
            send("hello");
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(received()).containsExactly("HELLO"));
            assertThat(health.live().well()).isTrue();
            assertThat(app.describe().path("state").asText()).isEqualTo("RUNNING");
            assertThat(app.describe().findValuesAsText("id")).containsExactlyInAnyOrder("0_0", "0_1");
            assertMetricsAreBounded(metrics.scrape());
        }
        assertThat(health.ready().well()).isFalse();
        assertThat(health.live().well()).as("closed on purpose is not dead").isTrue();
    }

    @Test
    void whoClosesAndComesBackDoesNotWaitForItsOwnShadow() {
        config = TestConfig.of(
                "bootstrap.servers", Broker.shared().bootstrapServers(),
                "application.id", config.applicationId(),
                "streams.state.dir", state.toString(),
                "streams.session.timeout.ms", "300000");
        for (int i = 0; i < 3; i++) {
            try (StreamsApp app = start()) {
                await().atMost(PATIENCE).until(() -> app.streams().state() == KafkaStreams.State.RUNNING);
            }
        }
    }

    private static void assertMetricsAreBounded(String scrape) {
        PrometheusText text = PrometheusText.parse(scrape);
        assertThat(text.samples())
                .anySatisfy(sample -> assertThat(sample.name()).startsWith("kafka_consumer_"))
                .anySatisfy(sample -> assertThat(sample.name()).startsWith("kafka_stream_"))
                .allSatisfy(sample -> {
                    assertThat(sample.labels()).containsEntry("service", "test");
                    assertThat(sample.labels().values())
                            .noneMatch(value ->
                                    value.matches(".*[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}.*"));
                });
        assertThat(text.samples()).hasSizeLessThan(5_000);
    }

    @Test
    void aThreadThatDiesIsReplacedAndInTheEndTheApplicationIsDead() throws Exception {
        try (StreamsApp app = startHasty()) {
            await().atMost(PATIENCE).until(() -> health.ready().well());
            send("before");
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(received()).containsExactly("BEFORE"));
            send(POISON);
            await().dontCatchUncaughtExceptions()
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(failures("replaced")).isEqualTo(2));
            assertThat(app.describe().path("lastFailure").asText())
                    .startsWith("java.lang.IllegalArgumentException: cannot shout poison at io.millrace.runtime"
                            + ".StreamsAppTest");
            await().dontCatchUncaughtExceptions()
                    .atMost(Duration.ofMinutes(3))
                    .until(() -> !health.live().well());
            assertThat(health.live().json().toString()).contains("cannot shout poison");
            assertThat(failures("gave_up")).isEqualTo(1);
        }
    }

    private double failures(String action) {
        return metrics.registry()
                .get("millrace.streams.thread.failures")
                .tag("action", action)
                .counter()
                .count();
    }

    @Test
    void theTopologyIsToldThePartitionsThatTheTopicsReallyHave() {
        List<Partitions> told = new ArrayList<>();
        StreamsApp.start(
                        "counting",
                        partitions -> {
                            told.add(partitions);
                            return shouting();
                        },
                        config,
                        metrics,
                        health,
                        List.of(List.of(Topics.COMPUTE_REQUESTS, Topics.MARKET_NOTICES), List.of(Topics.MARKET_EVENTS)),
                        1)
                .close();
        byte[] key = {1};
        assertThat(told).singleElement().satisfies(partitions -> {
            assertThat(partitions.problem(Topics.COMPUTE_REQUESTS, 9, key).orElseThrow())
                    .contains(" of 2 by");
            assertThat(partitions.problem(Topics.MARKET_EVENTS, 9, key).orElseThrow())
                    .contains(" of 3 by");
        });
    }

    @Test
    void topicsThatCannotBeJoinedStopTheStart() {
        assertThatThrownBy(() -> StreamsApp.start(
                        "joining",
                        none -> shouting(),
                        config,
                        metrics,
                        health,
                        List.of(List.of(Topics.COMPUTE_REQUESTS, Topics.MARKET_EVENTS)),
                        1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("{compute.requests=2, market.events=3}");
    }

    @Test
    void aTopicThatIsMissingStopsTheStart() throws Exception {
        admin.deleteTopics(List.of(Topics.BILLING_ENTRIES.name())).all().get();
        try {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThatThrownBy(() -> StreamsApp.start(
                                    "joining",
                                    none -> shouting(),
                                    config,
                                    metrics,
                                    health,
                                    List.of(List.of(Topics.USAGE_RECORDS, Topics.BILLING_ENTRIES)),
                                    1))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("billing.entries")
                            .hasMessageContaining("install the contract"));
        } finally {
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> Contract.topics(admin, Sizing.of(2, 1).with(Partitioning.BY_MARKET, 3)));
        }
    }

    @Test
    void theContractIsInstalledOnceAndCheckedAfterwards() throws Exception {
        Contract.install(admin, "mock://streams-app-test", Sizing.of(7, 1));
        assertThat(admin.describeTopics(List.of("market.events", "capacity.nodes"))
                        .allTopicNames()
                        .get())
                .allSatisfy((name, topic) -> assertThat(topic.partitions())
                        .as("%s keeps its size", name)
                        .hasSize(name.equals("market.events") ? 3 : 2));
        assertThat(admin.listTopics().names().get())
                .containsAll(Topics.all().stream().map(topic -> topic.name()).toList());
    }

    @Test
    void aTopicOfAnotherSizeBreaksItsGroup() throws Exception {
        admin.createPartitions(Map.of("capacity.nodes", org.apache.kafka.clients.admin.NewPartitions.increaseTo(4)))
                .all()
                .get();
        try {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThatThrownBy(() -> Contract.topics(admin, Sizing.of(2, 1)))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("BY_NODE")
                            .hasMessageContaining("{capacity.nodes=4, telemetry.reports=2}"));
        } finally {
            recreate("capacity.nodes");
        }
    }

    @Test
    void aTopicThatForgetsWhatItShouldKeepIsRefused() throws Exception {
        recreateWith("centres.profiles", Map.of("cleanup.policy", "delete"));
        try {
            assertThatThrownBy(() -> Contract.topics(admin, Sizing.of(2, 1)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("centres.profiles has cleanup.policy=delete, expected compact");
        } finally {
            recreate("centres.profiles");
        }
    }

    private static void recreate(String topic) throws Exception {
        admin.deleteTopics(List.of(topic)).all().get();
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> Contract.topics(admin, Sizing.of(2, 1).with(Partitioning.BY_MARKET, 3)));
    }

    private static void recreateWith(String topic, Map<String, String> configs) throws Exception {
        admin.deleteTopics(List.of(topic)).all().get();
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1).configs(configs)))
                        .all()
                        .get());
    }
}
