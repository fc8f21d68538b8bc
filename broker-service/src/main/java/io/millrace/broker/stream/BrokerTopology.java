package io.millrace.broker.stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.broker.BrokerConfig;
import io.millrace.broker.catalogue.Catalogue;
import io.millrace.broker.routing.MarketChoice;
import io.millrace.broker.routing.RoutingPolicy;
import io.millrace.runtime.CommitPace;
import io.millrace.runtime.Partitions;
import io.millrace.runtime.Patience;
import io.millrace.runtime.PatientCodec;
import io.millrace.schemas.AccountState;
import io.millrace.schemas.CapacitySummary;
import io.millrace.schemas.CentreSite;
import io.millrace.schemas.Codec;
import io.millrace.schemas.Codecs;
import io.millrace.schemas.MarketCapacity;
import io.millrace.schemas.MarketMeta;
import io.millrace.schemas.NodeCapacity;
import io.millrace.schemas.RejectedRecord;
import io.millrace.schemas.RequestState;
import io.millrace.schemas.Route;
import io.millrace.schemas.Together;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** Puts the processors together. Every node and store has a name that stays: changelogs and state depend on it. */
public final class BrokerTopology {
    /** requestId → Route; partitioned as compute.requests. */
    public static final String ROUTES = "routes";
    /** requestId → Together, of requests in parts; partitioned as compute.requests. */
    public static final String TOGETHER = "together";
    /** "marketId|nodeId" → NodeCapacity; partitioned by marketId. */
    public static final String MARKET_NODES = "market-nodes";
    /** "marketId|requestId" → RequestState; partitioned by marketId. */
    public static final String MARKET_REQUESTS = "market-requests";
    /** "marketId|accountId" → AccountState; partitioned by marketId. */
    public static final String MARKET_ACCOUNTS = "market-accounts";
    /** marketId → MarketMeta; partitioned by marketId. */
    public static final String MARKET_META = "market-meta";
    /** marketId → MarketCapacity as bytes; on every instance. */
    public static final String MARKET_SUMMARIES = "market-summaries";

    /** centreId → CentreSite as bytes; on every instance. */
    static final String SITES = "sites";
    /** "hub:<hubId>" → CapacitySummary as bytes; on every instance. */
    static final String HUB_SUMMARIES = "hub-summaries";

    static final String SUPPLY_COMMANDS_SINK = "supply-commands";
    static final String SUPPLY_REJECTED_SINK = "supply-rejected";
    static final String REQUEST_COMMANDS_SINK = "request-commands";
    static final String REQUEST_DECISIONS_SINK = "request-decisions";
    static final String NOTICE_DECISIONS_SINK = "notice-decisions";
    static final String REQUESTS_REJECTED_SINK = "requests-rejected";
    static final String NOTICE_COMMANDS_SINK = "notice-commands";
    static final String NOTICES_REJECTED_SINK = "notices-rejected";
    static final String CLOCK_COMMANDS_SINK = "clock-commands";
    static final String COMMANDS_REJECTED_SINK = "commands-rejected";
    static final String EVENTS_SINK = "events";
    static final String SNAPSHOTS_SINK = "snapshots";
    static final String DECISIONS_SINK = "decisions";
    static final String NOTICES_SINK = "notices";
    static final String CAPACITY_SINK = "capacity";
    static final String USAGE_SINK = "usage";
    static final String ENTRIES_SINK = "entries";

    private static final String SUPPLY_SOURCE = "node-capacities";
    private static final String SUPPLY_INTAKE = "supply-intake";
    private static final String REQUESTS_SOURCE = "requests";
    private static final String INTAKE = "intake";
    private static final String NOTICES_SOURCE = "notices-back";
    private static final String NOTICE_INTAKE = "notice-intake";
    private static final String COMMANDS_SOURCE = "commands";
    private static final String MARKET = "market";
    /** A market that let so many of its intervals pass has nothing new to say of its capacity. */
    private static final int QUIET_INTERVALS = 3;
    /** How keys of capacity.summaries begin that are about a hub. */
    private static final String HUB_KEYS = "hub:";

    /** Topics whose keys must be in their partitions; the counts of those that one sub-topology reads must be equal. */
    public static final List<List<Topic<?>>> CO_PARTITIONED =
            List.of(List.of(Topics.COMPUTE_REQUESTS, Topics.MARKET_NOTICES), List.of(Topics.MARKET_COMMANDS));

    private final Topology topology = new Topology();
    private final Codecs codecs;
    private final Patience patience;

    private BrokerTopology(Codecs codecs, Patience patience) {
        this.codecs = codecs;
        this.patience = patience;
    }

    /** The key of a node or request in the stores of its market. */
    public static String marketKey(String marketId, String id) {
        return MarketStores.key(marketId, id);
    }

    /**
     * The whole of broker-service's streams.
     *
     * @param partitions of the topics in {@link #CO_PARTITIONED}
     * @param patience what a stream thread has with a schema registry that is away
     */
    public static Topology build(
            BrokerConfig config, Codecs codecs, Partitions partitions, MeterRegistry registry, Patience patience) {
        BrokerTopology builder = new BrokerTopology(codecs, patience);
        BrokerMeters meters = new BrokerMeters(registry);
        builder.addGlobal(MARKET_SUMMARIES, "market-capacities", Topics.MARKET_CAPACITY, "");
        builder.addGlobal(SITES, "centre-sites", Topics.CENTRES_SITES, "");
        builder.addGlobal(HUB_SUMMARIES, "capacity-summaries", Topics.CAPACITY_SUMMARIES, HUB_KEYS);
        CommitPace commits = config.commitPace();
        builder.addSupplyIntake(meters, commits);
        builder.addIntake(partitions, config, meters, commits);
        builder.addMarket(config, partitions, meters, commits);
        return builder.topology;
    }

    /** A table of the contract on every instance: of its keys, those with a prefix. */
    private void addGlobal(String storeName, String source, Topic<?> topic, String prefix) {
        StoreBuilder<KeyValueStore<String, byte[]>> store = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(storeName), Serdes.String(), Serdes.ByteArray())
                .withLoggingDisabled();
        topology.addGlobalStore(
                store,
                source,
                Serdes.String().deserializer(),
                new ByteArrayDeserializer(),
                topic.name(),
                source + "-to-summaries",
                () -> new SummaryKeeper(storeName, prefix));
    }

    private void addSupplyIntake(BrokerMeters meters, CommitPace commits) {
        PatientCodec<NodeCapacity> codec = read(Topics.CAPACITY_NODES);
        source(SUPPLY_SOURCE, Topics.CAPACITY_NODES);
        topology.addProcessor(SUPPLY_INTAKE, supplier(() -> new SupplyIntake(codec, meters, commits)), SUPPLY_SOURCE);
        sink(SUPPLY_COMMANDS_SINK, Topics.MARKET_COMMANDS, SUPPLY_INTAKE);
        deadLetters(SUPPLY_REJECTED_SINK, SUPPLY_INTAKE);
    }

    private void addIntake(Partitions partitions, BrokerConfig config, BrokerMeters meters, CommitPace commits) {
        RoutingPolicy policy = config.routingPolicy();
        long hold = config.hold().toMillis();
        MarketChoice choice = new MarketChoice(config.markets(), policy);
        Catalogue catalogue = config.catalogue();
        int tasks = partitions.count(Topics.COMPUTE_REQUESTS);
        long quietMillis = QUIET_INTERVALS * config.marketCapacityInterval().toMillis();
        PatientCodec<MarketCapacity> summary = read(Topics.MARKET_CAPACITY);
        PatientCodec<CentreSite> sites = read(Topics.CENTRES_SITES);
        PatientCodec<CapacitySummary> hubs = read(Topics.CAPACITY_SUMMARIES);
        Intake.BoardsSource boards = context -> new Boards(
                policy,
                new MarketSummaries(summary, context.getStateStore(MARKET_SUMMARIES), tasks, quietMillis),
                new HubFacts(sites, hubs, context.getStateStore(SITES), context.getStateStore(HUB_SUMMARIES)));
        source(REQUESTS_SOURCE, Topics.COMPUTE_REQUESTS);
        source(NOTICES_SOURCE, Topics.MARKET_NOTICES);
        RecentDeflections deflections = new RecentDeflections();
        var requests = read(Topics.COMPUTE_REQUESTS);
        var notices = read(Topics.MARKET_NOTICES);
        topology.addProcessor(
                INTAKE,
                supplier(() -> new Intake(
                        requests, partitions, choice, catalogue, boards, deflections, meters, hold, commits)),
                REQUESTS_SOURCE);
        topology.addProcessor(
                NOTICE_INTAKE,
                supplier(() -> new NoticeIntake(notices, deflections, meters, hold, commits)),
                NOTICES_SOURCE);
        topology.addStateStore(store(ROUTES, codecs.state(Route.class)), INTAKE, NOTICE_INTAKE);
        topology.addStateStore(store(TOGETHER, codecs.state(Together.class)), INTAKE, NOTICE_INTAKE);
        sink(REQUEST_DECISIONS_SINK, Topics.ALLOCATION_DECISIONS, INTAKE);
        sink(NOTICE_DECISIONS_SINK, Topics.ALLOCATION_DECISIONS, NOTICE_INTAKE);
        sink(REQUEST_COMMANDS_SINK, Topics.MARKET_COMMANDS, INTAKE);
        sink(NOTICE_COMMANDS_SINK, Topics.MARKET_COMMANDS, NOTICE_INTAKE);
        deadLetters(REQUESTS_REJECTED_SINK, INTAKE);
        deadLetters(NOTICES_REJECTED_SINK, NOTICE_INTAKE);
    }

    private void addMarket(BrokerConfig config, Partitions partitions, BrokerMeters meters, CommitPace commits) {
        var commands = read(Topics.MARKET_COMMANDS);
        source(COMMANDS_SOURCE, Topics.MARKET_COMMANDS);
        topology.addProcessor(
                MARKET,
                supplier(() -> new MarketProcessor(config, commands, partitions, meters, commits)),
                COMMANDS_SOURCE);
        topology.addStateStore(store(MARKET_NODES, codecs.of(Topics.CAPACITY_NODES)), MARKET);
        topology.addStateStore(store(MARKET_REQUESTS, codecs.state(RequestState.class)), MARKET);
        // These two change with every command: the cache writes it to the changelog once a commit.
        topology.addStateStore(
                store(MARKET_ACCOUNTS, codecs.state(AccountState.class)).withCachingEnabled(), MARKET);
        topology.addStateStore(
                store(MARKET_META, codecs.state(MarketMeta.class)).withCachingEnabled(), MARKET);
        sink(EVENTS_SINK, Topics.MARKET_EVENTS, MARKET);
        sink(SNAPSHOTS_SINK, Topics.MARKET_SNAPSHOTS, MARKET);
        sink(DECISIONS_SINK, Topics.ALLOCATION_DECISIONS, MARKET);
        sink(NOTICES_SINK, Topics.MARKET_NOTICES, MARKET);
        sink(USAGE_SINK, Topics.USAGE_RECORDS, MARKET);
        sink(ENTRIES_SINK, Topics.BILLING_ENTRIES, MARKET);
        sink(CAPACITY_SINK, Topics.MARKET_CAPACITY, MARKET);
        sink(CLOCK_COMMANDS_SINK, Topics.MARKET_COMMANDS, MARKET);
        deadLetters(COMMANDS_REJECTED_SINK, MARKET);
    }

    private static ProcessorSupplier<byte[], byte[], Object, Object> supplier(
            ProcessorSupplier<byte[], byte[], Object, Object> supplier) {
        return supplier;
    }

    private <V extends SpecificRecord> PatientCodec<V> read(Topic<V> topic) {
        return new PatientCodec<>(codecs.of(topic), patience);
    }

    private void source(String name, Topic<?> topic) {
        topology.addSource(
                AutoOffsetReset.earliest(),
                name,
                new RecordTime(),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                topic.name());
    }

    private <V extends SpecificRecord> void sink(String name, Topic<V> topic, String parent) {
        topology.addSink(
                name, topic.name(), new StringSerializer(), codecs.of(topic).serializer(), parent);
    }

    private void deadLetters(String name, String parent) {
        Codec<RejectedRecord> codec = codecs.of(Topics.COMPUTE_REJECTED);
        topology.addSink(name, Topics.COMPUTE_REJECTED.name(), new ByteArraySerializer(), codec.serializer(), parent);
    }

    private static <V extends SpecificRecord> StoreBuilder<KeyValueStore<String, V>> store(
            String name, Codec<V> codec) {
        return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.String(), codec.serde())
                .withLoggingEnabled(Map.of());
    }
}
