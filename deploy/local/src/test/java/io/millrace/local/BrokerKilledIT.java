package io.millrace.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.broker.BrokerConfig;
import io.millrace.broker.market.Market;
import io.millrace.broker.market.MarketSettings;
import io.millrace.broker.market.MarketState;
import io.millrace.broker.stream.CommandCodec;
import io.millrace.broker.stream.EventCodec;
import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.Codecs;
import io.millrace.schemas.ComputeRequest;
import io.millrace.schemas.ComputeSpec;
import io.millrace.schemas.Contract;
import io.millrace.schemas.Ended;
import io.millrace.schemas.MarketCommand;
import io.millrace.schemas.MarketEvent;
import io.millrace.schemas.NodeCapacity;
import io.millrace.schemas.Outcome;
import io.millrace.schemas.Release;
import io.millrace.schemas.Sizing;
import io.millrace.schemas.Submit;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import io.millrace.schemas.UsageRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * broker-service is killed in the middle of a load, again and again. Afterwards the books must be as if nothing had
 * happened: every request decided exactly once, no node over-committed, nothing metered twice, and the log of commands
 * replays to the very events that were written.
 */
@Testcontainers
class BrokerKilledIT {
    private static final int PARTITIONS = 4;
    private static final int NODES = 60;
    private static final int REQUESTS = 6_000;
    private static final int KILLS = 4;
    private static final List<String> MARKETS = List.of("guizhou", "gansu", "ningxia");

    @Container
    private static final KafkaContainer KAFKA = new KafkaContainer(
                    DockerImageName.parse(System.getProperty("kafka.image")).asCompatibleSubstituteFor("apache/kafka"))
            .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0");

    @TempDir
    private Path folder;

    private SchemaRegistryProcess registry;
    private Codecs codecs;
    private ChildJvm broker;
    private KafkaProducer<byte[], byte[]> producer;

    @BeforeEach
    void start() {
        registry = SchemaRegistryProcess.start(RegistryHome.find(), folder.resolve("registry"), 0);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", KAFKA.getBootstrapServers()))) {
            Contract.install(admin, registry.url(), Sizing.of(PARTITIONS, 1));
        }
        codecs = Codecs.connect(registry.url());
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", KAFKA.getBootstrapServers(), "acks", "all", "linger.ms", "5"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        broker = ChildJvm.broker(
                Map.of(
                        "MILLRACE_BOOTSTRAP_SERVERS", KAFKA.getBootstrapServers(),
                        "MILLRACE_SCHEMA_REGISTRY_URL", registry.url(),
                        "MILLRACE_HTTP_PORT", "0",
                        "MILLRACE_MARKETS", String.join(",", MARKETS),
                        "MILLRACE_STREAMS_SESSION_TIMEOUT_MS", "6000",
                        "MILLRACE_STREAMS_STATE_DIR", folder.resolve("streams").toString()),
                folder.resolve("broker.log"));
    }

    @AfterEach
    void stop() {
        broker.close();
        producer.close();
        codecs.close();
        registry.close();
    }

    @Test
    void everyRequestIsDecidedExactlyOnceAndNoNodeIsOverCommitted() {
        broker.start();
        for (int i = 0; i < NODES; i++) {
            NodeCapacity node = A100Nodes.node(MARKETS.get(i % MARKETS.size()), i);
            send(Topics.CAPACITY_NODES, node.getNodeId(), node);
        }
        try (KafkaConsumer<byte[], byte[]> decisions = consumer(Topics.ALLOCATION_DECISIONS)) {
            loadAndKill(decisions);
        }

        Map<String, AllocationDecision> answers = firstAnswers();
        assertThat(answers).hasSize(REQUESTS);
        assertThat(answers.values().stream().map(AllocationDecision::getOutcome))
                .contains(Outcome.ALLOCATED, Outcome.REFUSED);
        checkBooks();
        checkUsage();
        checkReplay();
    }

    /** Sends the whole load while it kills and starts the service each time a further share was decided. */
    private void loadAndKill(KafkaConsumer<byte[], byte[]> decisions) {
        Random random = new Random(42);
        Set<String> answered = new HashSet<>();
        int kills = 0;
        for (int sent = 0; sent < REQUESTS; sent++) {
            String id = "r-" + sent;
            send(Topics.COMPUTE_REQUESTS, id, request(id, new Submit(spec(random), List.of())));
            if (sent >= 500 && random.nextInt(3) > 0) {
                String old = "r-" + (sent - 500);
                send(Topics.COMPUTE_REQUESTS, old, request(old, new Release("")));
            }
            if (sent % 100 == 0) {
                // Never more than a few hundred ahead of the service, so that a kill meets work in progress.
                int soFar = sent;
                await().pollInSameThread().atMost(Duration.ofMinutes(2)).until(() -> {
                    decisions
                            .poll(Duration.ofMillis(20))
                            .forEach(record -> answered.add(new String(record.key(), UTF_8)));
                    return answered.size() > soFar - 800;
                });
            }
            if (kills < KILLS && sent == (kills + 1) * REQUESTS / (KILLS + 1)) {
                broker.kill();
                kills++;
                broker.start();
            }
        }
        producer.flush();
        await().pollInSameThread().atMost(Duration.ofMinutes(2)).until(() -> {
            decisions.poll(Duration.ofMillis(200)).forEach(record -> answered.add(new String(record.key(), UTF_8)));
            return answered.size() == REQUESTS;
        });
        assertThat(kills).isEqualTo(KILLS);
    }

    /** The answers to the submits; fails if one was answered twice. */
    private Map<String, AllocationDecision> firstAnswers() {
        Map<String, AllocationDecision> answers = new HashMap<>();
        Set<String> ids = new HashSet<>();
        for (AllocationDecision decision : all(Topics.ALLOCATION_DECISIONS)) {
            assertThat(ids.add(decision.getDecisionId()))
                    .as("a decision once: %s", decision)
                    .isTrue();
            if (decision.getOutcome() == Outcome.ALLOCATED || decision.getOutcome() == Outcome.REFUSED) {
                assertThat(answers.put(decision.getRequestId(), decision))
                        .as("one answer to %s", decision.getRequestId())
                        .isNull();
            }
        }
        return answers;
    }

    private void checkBooks() {
        Map<String, Ledger> ledgers = new HashMap<>();
        for (MarketEvent event : all(Topics.MARKET_EVENTS)) {
            ledgers.computeIfAbsent(event.getMarketId(), id -> new Ledger()).post(event);
        }
        assertThat(ledgers).containsOnlyKeys(MARKETS);
        assertThat(ledgers.values().stream().mapToInt(Ledger::running).sum()).isPositive();
    }

    /** Each allocation that ended was metered to its end, and no stretch of time twice. */
    private void checkUsage() {
        Set<String> ended = new HashSet<>();
        for (MarketEvent event : all(Topics.MARKET_EVENTS)) {
            if (event.getBody() instanceof Ended e) {
                ended.add(e.getRequestId() + "/" + e.getAllocationNumber());
            }
        }
        Set<String> ids = new HashSet<>();
        Set<String> closed = new HashSet<>();
        for (UsageRecord usage : all(Topics.USAGE_RECORDS)) {
            assertThat(ids.add(usage.getUsageId()))
                    .as("metered once: %s", usage.getUsageId())
                    .isTrue();
            if (usage.getLast()) {
                closed.add(usage.getRequestId() + "/" + usage.getAllocationNumber());
            }
        }
        assertThat(closed).isEqualTo(ended);
    }

    /** The commands that were written, given to the pure core, must give the events that were written. */
    private void checkReplay() {
        Market market = new Market(MarketSettings.DEFAULT, new BrokerConfig(Map.of()).placementPolicy());
        Map<String, MarketState> states = new HashMap<>();
        Map<String, List<MarketEvent>> replayed = new HashMap<>();
        for (MarketCommand command : all(Topics.MARKET_COMMANDS)) {
            String id = command.getMarketId();
            MarketState state = states.computeIfAbsent(id, MarketState::new);
            List<MarketEvent> events = replayed.computeIfAbsent(id, m -> new ArrayList<>());
            market.execute(
                    state,
                    CommandCodec.read(command),
                    (event, now) -> events.add(new MarketEvent(
                            id, state.meta().sequence(), now, command.getCommandId(), EventCodec.write(event, id))));
        }
        Map<String, List<MarketEvent>> written = new HashMap<>();
        for (MarketEvent event : all(Topics.MARKET_EVENTS)) {
            written.computeIfAbsent(event.getMarketId(), id -> new ArrayList<>())
                    .add(event);
        }
        replayed.forEach(
                (id, events) -> assertThat(events).as("replay of %s", id).isEqualTo(written.get(id)));
    }

    private static ComputeSpec spec(Random random) {
        ComputeSpec.Builder spec = ComputeSpec.newBuilder()
                .setModels(List.of("A100-80G"))
                .setDurationSeconds(86_400)
                .setCpuMillicores(2_000L)
                .setMemoryMib(8_000L);
        switch (random.nextInt(10)) {
            case 0 -> spec.setDevices(8).setCpuMillicores(32_000L);
            case 1 -> spec.setDevices(2).setReplicas(3);
            case 2, 3, 4 -> spec.setDevices(1).setMilliPerDevice(100 + 50 * random.nextInt(10));
            case 5 -> spec.setDevices(1).setHubs(List.of("gansu"));
            case 6 -> spec.setDevices(16);
            default -> spec.setDevices(1 + random.nextInt(2));
        }
        return spec.build();
    }

    private static ComputeRequest request(String id, SpecificRecord action) {
        return new ComputeRequest(id, "acme", System.currentTimeMillis(), action);
    }

    private <V extends SpecificRecord> void send(Topic<V> topic, String key, V value) {
        producer.send(new ProducerRecord<>(
                topic.name(), key.getBytes(UTF_8), codecs.of(topic).encode(value)));
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Topic<?> topic) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", KAFKA.getBootstrapServers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = new ArrayList<>();
        for (int i = 0; i < PARTITIONS; i++) {
            partitions.add(new TopicPartition(topic.name(), i));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    /** Everything committed on a topic so far, each partition in its order. */
    private <V extends SpecificRecord> List<V> all(Topic<V> topic) {
        List<V> values = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(topic)) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    values.add(codecs.of(topic).deserializer().deserialize(topic.name(), record.value()));
                }
            }
        }
        return values;
    }
}
