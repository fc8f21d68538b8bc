package io.millrace.broker.stream;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.broker.BrokerConfig;
import io.millrace.runtime.Partitions;
import io.millrace.runtime.Patience;
import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.Cancel;
import io.millrace.schemas.CapacityRow;
import io.millrace.schemas.CapacitySummary;
import io.millrace.schemas.CentreSite;
import io.millrace.schemas.Codecs;
import io.millrace.schemas.ComputeRequest;
import io.millrace.schemas.ComputeSpec;
import io.millrace.schemas.Extend;
import io.millrace.schemas.Kind;
import io.millrace.schemas.MarketCommand;
import io.millrace.schemas.NodeCapacity;
import io.millrace.schemas.NodeStatus;
import io.millrace.schemas.Release;
import io.millrace.schemas.Scope;
import io.millrace.schemas.Submit;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The broker's streams without a broker: pipes tenants' and telemetry's records in, reads what comes out. */
final class BrokerDriver implements AutoCloseable {
    static final long START_MILLIS = Instant.parse("2026-03-01T10:30:00Z").toEpochMilli();

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Codecs codecs;
    private final TopologyTestDriver driver;
    private final Map<Topic<?>, TestOutputTopic<String, ?>> outputs = new HashMap<>();
    private long sequence;

    BrokerDriver(String scope, String... markets) {
        this(1, scope, markets);
    }

    /** As if topics had so many partitions; what is piped in here always is in the first. */
    BrokerDriver(int partitions, String scope, String... markets) {
        this(partitions, Map.of(), scope, markets);
    }

    /** With further settings of the service. */
    BrokerDriver(Map<String, String> settings, String scope, String... markets) {
        this(1, settings, scope, markets);
    }

    private BrokerDriver(int partitions, Map<String, String> settings, String scope, String... markets) {
        codecs = Codecs.connect("mock://" + scope);
        Map<String, String> values = new HashMap<>(settings);
        values.put("bootstrap.servers", "127.0.0.1:1");
        values.put("schema.registry.url", "mock://" + scope);
        values.put(BrokerConfig.MARKETS, String.join(",", markets));
        BrokerConfig config = new BrokerConfig(values);
        Topology topology = BrokerTopology.build(
                config,
                codecs,
                Partitions.of(Map.of(
                        Topics.COMPUTE_REQUESTS,
                        partitions,
                        Topics.MARKET_NOTICES,
                        partitions,
                        Topics.MARKET_COMMANDS,
                        partitions)),
                meters,
                new Patience(() -> {}));
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "broker-test");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1");
        driver = new TopologyTestDriver(topology, properties, Instant.ofEpochMilli(START_MILLIS));
    }

    void node(String market, String name, int devices) {
        node(market, name, NodeStatus.SELLABLE, Collections.nCopies(devices, 1000));
    }

    void node(String market, String name, NodeStatus status, List<Integer> deviceSellableMilli) {
        node(market, name, "A100-80G", status, deviceSellableMilli);
    }

    void nodeOf(String model, String market, String name, int devices) {
        node(market, name, model, NodeStatus.SELLABLE, Collections.nCopies(devices, 1000));
    }

    private void node(String market, String name, String model, NodeStatus status, List<Integer> deviceSellableMilli) {
        NodeCapacity capacity = new NodeCapacity(
                "centre-" + market + "/" + name,
                "centre-" + market,
                model.equals("A100-80G") ? "a100" : model,
                market,
                Kind.INTELLIGENT,
                model,
                status,
                64_000L,
                64_000L,
                512_000L,
                512_000L,
                deviceSellableMilli,
                36_000_000L,
                0L,
                START_MILLIS,
                ++sequence,
                null,
                4_000L,
                4_000L,
                2_000L,
                2_000L,
                100L);
        pipe(Topics.CAPACITY_NODES, capacity.getNodeId(), capacity);
    }

    /** What ingest tells of a centre's site, and of how its hub's nodes are heard. */
    void site(String market, int pueMilli, int carbonGrams, long nodes, long nodesLost) {
        CentreSite site = new CentreSite(
                "centre-" + market, market, START_MILLIS, 1L, 1_000_000L, pueMilli * 1_000L, 500_000L, carbonGrams, 0);
        pipe(Topics.CENTRES_SITES, site.getCentreId(), site);
        CapacityRow row = new CapacityRow(
                Kind.INTELLIGENT, "A100-80G", nodes, nodesLost, nodes, nodes, nodes * 1000, 0L, 0L, List.of(), 0L, 0L);
        pipe(
                Topics.CAPACITY_SUMMARIES,
                "hub:" + market,
                new CapacitySummary(Scope.HUB, market, "nation", List.of(row), START_MILLIS));
        // Of no concern to intake.
        pipe(
                Topics.CAPACITY_SUMMARIES,
                "centre:centre-" + market,
                new CapacitySummary(Scope.CENTRE, "gansu", market, List.of(), START_MILLIS));
    }

    static ComputeSpec spec(int devices) {
        return ComputeSpec.newBuilder()
                .setModels(List.of("A100-80G"))
                .setDevices(devices)
                .setCpuMillicores(devices * 4_000L)
                .setMemoryMib(devices * 16_000L)
                .setDurationSeconds(3_600)
                .build();
    }

    void submit(String requestId, ComputeSpec spec) {
        request(requestId, "acme", new Submit(spec, List.of()));
    }

    void submitTogether(String requestId, ComputeSpec first, ComputeSpec... others) {
        request(requestId, "acme", new Submit(first, List.of(others)));
    }

    void cancel(String requestId, String account) {
        request(requestId, account, new Cancel(""));
    }

    void release(String requestId) {
        request(requestId, "acme", new Release(""));
    }

    void extend(String requestId, long endMillis) {
        request(requestId, "acme", new Extend(endMillis));
    }

    private void request(String requestId, String account, SpecificRecord action) {
        pipe(Topics.COMPUTE_REQUESTS, requestId, new ComputeRequest(requestId, account, START_MILLIS, action));
    }

    /** Straight into a market's log, as intake would have sent it. */
    void command(String marketId, SpecificRecord body) {
        pipe(Topics.MARKET_COMMANDS, marketId, new MarketCommand("test@" + ++sequence, marketId, START_MILLIS, body));
    }

    <V extends SpecificRecord> void pipe(Topic<V> topic, String key, V value) {
        raw(topic, key.getBytes(StandardCharsets.UTF_8), bytes(topic, value));
    }

    <V extends SpecificRecord> byte[] bytes(Topic<V> topic, V value) {
        return codecs.of(topic).encode(value);
    }

    void raw(Topic<?> topic, byte @Nullable [] key, byte @Nullable [] value) {
        TestInputTopic<byte[], byte[]> input =
                driver.createInputTopic(topic.name(), new ByteArraySerializer(), new ByteArraySerializer());
        input.pipeInput(key, value);
    }

    /** Lets markets publish what they have free, and intake take it in. */
    void letMarketsSpeak() {
        advance(Duration.ofSeconds(1));
        advance(Duration.ofMillis(200));
    }

    void advance(Duration duration) {
        driver.advanceWallClockTime(duration);
    }

    /** Everything that was written to a topic since the last look. */
    <V extends SpecificRecord> List<V> read(Topic<V> topic) {
        return output(topic).readValuesToList();
    }

    <V extends SpecificRecord> List<TestRecord<String, V>> readRecords(Topic<V> topic) {
        return output(topic).readRecordsToList();
    }

    @SuppressWarnings("unchecked") // each topic has one value type
    private <V extends SpecificRecord> TestOutputTopic<String, V> output(Topic<V> topic) {
        return (TestOutputTopic<String, V>) outputs.computeIfAbsent(
                topic,
                t -> driver.createOutputTopic(
                        topic.name(), new StringDeserializer(), codecs.of(topic).deserializer()));
    }

    /** The decisions since the last look, "id outcome [reason]" each. */
    List<String> decisions() {
        return read(Topics.ALLOCATION_DECISIONS).stream()
                .map(BrokerDriver::brief)
                .toList();
    }

    private static String brief(AllocationDecision decision) {
        String reason = decision.getReason() == io.millrace.schemas.Reason.NONE ? "" : " " + decision.getReason();
        return decision.getRequestId() + " " + decision.getOutcome() + reason
                + (decision.getRepeated() ? " repeated" : "");
    }

    static List<Integer> milli(Integer... values) {
        return Arrays.asList(values);
    }

    /** Ids of the requests that intake knows the way of. */
    List<String> routes() {
        List<String> ids = new ArrayList<>();
        for (String store : List.of(BrokerTopology.ROUTES, BrokerTopology.TOGETHER)) {
            try (KeyValueIterator<String, Object> all =
                    driver.<String, Object>getKeyValueStore(store).all()) {
                all.forEachRemaining(entry -> ids.add(entry.key));
            }
        }
        return ids;
    }

    @Override
    public void close() {
        driver.close();
        codecs.close();
    }
}
