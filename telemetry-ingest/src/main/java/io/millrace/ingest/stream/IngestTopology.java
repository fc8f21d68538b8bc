package io.millrace.ingest.stream;

import io.millrace.runtime.Partitions;
import io.millrace.runtime.Patience;
import io.millrace.schemas.Codecs;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.IntPredicate;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The supply side as one topology.
 *
 * <pre>
 * telemetry.reports ─▶ check-reports ─┬▶ capacity.nodes
 *                       (nodes,       ├▶ telemetry.rejected
 *              published-shares)      └▶ pool-shares ─▶ sum-pools ─┬▶ capacity.summaries (pools)
 *                                        by pool         (shares)  └▶ pools ─▶ sum-scopes ─▶ capacity.summaries
 * telemetry.centres ─▶ check-centres ─┬▶ telemetry.rejected          one       (pools, published-summaries)
 *                         (sites)     └▶ centres.profiles (mended) partition
 * centres.profiles, capacity.summaries ─▶ on every instance (profiles, summaries)
 * </pre>
 *
 * <p>Everything is bytes until a task decodes it, so that no record can stop a stream. All stores are in memory, with a
 * changelog. The DSL is used where it is needed, for the two internal topics that Streams creates and cleans by itself;
 * every node has a name of its own all the same.
 */
public final class IngestTopology {
    /** Nodes by id, as {@code NodeState}; partitioned like telemetry.reports. */
    public static final String NODES = "nodes";

    /** Latest report of each centre by id, as {@code CentreReport}; partitioned like telemetry.centres. */
    public static final String SITES = "sites";

    /** Summaries by key, as {@code CapacitySummary}; all of them on every instance. */
    public static final String SUMMARIES = "summaries";

    static final String PROFILES = "profiles";
    static final String PUBLISHED_SHARES = "published-shares";
    static final String SHARES = "shares";
    static final String POOLS = "pools";
    static final String PUBLISHED_SUMMARIES = "published-summaries";

    static final String CAPACITY_OUT = "capacity-nodes";
    static final String REJECTED_REPORTS_OUT = "rejected-reports";
    static final String REJECTED_CENTRES_OUT = "rejected-centres";
    static final String SITES_OUT = "centre-sites";
    static final String PROFILES_OUT = "mended-profiles";
    static final String POOL_SUMMARIES_OUT = "pool-summaries";
    static final String SCOPE_SUMMARIES_OUT = "scope-summaries";
    static final String SHARES_OUT = "pool-shares-repartition-filter";
    static final String POOLS_OUT = "pools-repartition-filter";

    private static final String CHECK_REPORTS = "check-reports";
    private static final String CHECK_CENTRES = "check-centres";
    private static final String SUM_POOLS = "sum-pools";
    private static final String SUM_SCOPES = "sum-scopes";

    private final Parts parts;

    private IngestTopology(Parts parts) {
        this.parts = parts;
    }

    /**
     * Builds the topology.
     *
     * @param settings what an operator set
     * @param codecs of the process
     * @param partitions of the topics in {@link #coPartitioned}
     * @param patience with the registry
     * @param profiles filled by this topology, and by nobody else
     * @param metrics of this instance
     * @param audible whether a partition of telemetry.reports can be heard at all; asked once a tick by each task
     */
    public static Topology build(
            StreamSettings settings,
            Codecs codecs,
            Partitions partitions,
            Patience patience,
            Profiles profiles,
            IngestMetrics metrics,
            IntPredicate audible) {
        return new IngestTopology(Parts.of(settings, codecs, partitions, patience, profiles, metrics, audible)).build();
    }

    /** Topics whose partitions must correspond, so that a task finds the keys it expects. */
    public static List<List<Topic<?>>> coPartitioned() {
        return List.of(
                List.of(Topics.TELEMETRY_REPORTS, Topics.CAPACITY_NODES),
                List.of(Topics.TELEMETRY_CENTRES, Topics.CENTRES_PROFILES));
    }

    /** Pools and scopes are looked at more often than reports, so that the way up does not add a tick per level. */
    static long rollUpMillis(StreamSettings settings) {
        return Math.max(1, settings.tickMillis() / 4);
    }

    private Topology build() {
        StreamsBuilder builder = new StreamsBuilder();
        KStream<byte[], byte[]> reports = builder.stream(
                Topics.TELEMETRY_REPORTS.name(),
                Consumed.with(Serdes.ByteArray(), Serdes.ByteArray())
                        .withName("telemetry-reports")
                        .withTimestampExtractor(new Arrival())
                        .withOffsetResetPolicy(AutoOffsetReset.earliest()));
        KStream<String, byte[]> shares = onlyNamedChildren(reports.process(
                        supplier(ReportTask::new, store(NODES), store(PUBLISHED_SHARES)), Named.as(CHECK_REPORTS)))
                .repartition(internal("pool-shares"));
        KStream<String, byte[]> pools = onlyNamedChildren(
                        shares.process(supplier(PoolTask::new, store(SHARES)), Named.as(SUM_POOLS)))
                .repartition(internal("pools").withNumberOfPartitions(1));
        pools.process(supplier(ScopeTask::new, store(POOLS), store(PUBLISHED_SUMMARIES)), Named.as(SUM_SCOPES));

        Topology topology = builder.build();
        topology.addSource(
                AutoOffsetReset.earliest(),
                "telemetry-centres",
                new Arrival(),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                Topics.TELEMETRY_CENTRES.name());
        topology.addProcessor(CHECK_CENTRES, supplier(SiteTask::new, store(SITES)), "telemetry-centres");
        everywhere(topology, PROFILES, Topics.CENTRES_PROFILES, ProfileTask::new);
        everywhere(topology, SUMMARIES, Topics.CAPACITY_SUMMARIES, SummaryTask::new);
        sink(topology, CAPACITY_OUT, Topics.CAPACITY_NODES, CHECK_REPORTS);
        sink(topology, SITES_OUT, Topics.CENTRES_SITES, CHECK_CENTRES);
        sink(topology, PROFILES_OUT, Topics.CENTRES_PROFILES, CHECK_CENTRES);
        sink(topology, POOL_SUMMARIES_OUT, Topics.CAPACITY_SUMMARIES, SUM_POOLS);
        sink(topology, SCOPE_SUMMARIES_OUT, Topics.CAPACITY_SUMMARIES, SUM_SCOPES);
        deadLetters(topology, REJECTED_REPORTS_OUT, CHECK_REPORTS);
        deadLetters(topology, REJECTED_CENTRES_OUT, CHECK_CENTRES);
        return topology;
    }

    private <K, V> ProcessorSupplier<K, V, Object, Object> supplier(
            BiFunction<ProcessorContext<Object, Object>, Parts, TaskProcessor.Task<K, V>> task,
            StoreBuilder<?>... stores) {
        return new ProcessorSupplier<>() {
            @Override
            public Processor<K, V, Object, Object> get() {
                return new TaskProcessor<>(context -> task.apply(context, parts));
            }

            @Override
            public Set<StoreBuilder<?>> stores() {
                return new LinkedHashSet<>(Arrays.asList(stores));
            }
        };
    }

    /** A task forwards to children by name, to each what it takes; the stream that is its child by default takes this. */
    @SuppressWarnings("unchecked")
    private static KStream<String, byte[]> onlyNamedChildren(KStream<Object, Object> stream) {
        return (KStream<String, byte[]>) (KStream<?, ?>) stream;
    }

    private static Repartitioned<String, byte[]> internal(String name) {
        return Repartitioned.with(Serdes.String(), Serdes.ByteArray()).withName(name);
    }

    private static StoreBuilder<KeyValueStore<String, byte[]>> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(Map.of());
    }

    private void everywhere(
            Topology topology,
            String name,
            Topic<?> topic,
            BiFunction<ProcessorContext<Void, Void>, Parts, TaskProcessor.Task<byte[], byte[]>> task) {
        topology.addGlobalStore(
                store(name).withLoggingDisabled(),
                name + "-source",
                new Arrival(),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                topic.name(),
                name + "-table",
                () -> new TaskProcessor<>(context -> task.apply(context, parts)));
    }

    private static void sink(Topology topology, String name, Topic<?> topic, String parent) {
        topology.addSink(name, topic.name(), new StringSerializer(), new ByteArraySerializer(), parent);
    }

    private static void deadLetters(Topology topology, String name, String parent) {
        topology.addSink(
                name, Topics.TELEMETRY_REJECTED.name(), new ByteArraySerializer(), new ByteArraySerializer(), parent);
    }
}
