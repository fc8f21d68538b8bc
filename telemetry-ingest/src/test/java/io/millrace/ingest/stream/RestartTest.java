package io.millrace.ingest.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.ingest.Records;
import io.millrace.ingest.Rig;
import io.millrace.runtime.Patience;
import io.millrace.schemas.AdmissionStatus;
import io.millrace.schemas.CapacitySummary;
import io.millrace.schemas.Codec;
import io.millrace.schemas.Decoded;
import io.millrace.schemas.NodeCapacity;
import io.millrace.schemas.PoolShare;
import io.millrace.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that come to life with stores that another task has left behind. */
class RestartTest {
    @TempDir
    java.io.File folder;

    private final Rig rig = new Rig();
    private final Profiles profiles = new Profiles();
    private final Parts parts = Parts.of(
            Rig.SETTINGS,
            rig.codecs,
            Rig.partitions(1),
            new Patience(() -> {}),
            profiles,
            new IngestMetrics(new SimpleMeterRegistry()),
            partition -> true);

    @AfterEach
    void close() {
        rig.close();
    }

    /** A context with copies of stores, as they come back from changelogs. */
    private MockProcessorContext<Object, Object> context(int partition, String... stores) {
        MockProcessorContext<Object, Object> context =
                new MockProcessorContext<>(new Properties(), new TaskId(0, partition), folder);
        context.setCurrentSystemTimeMs(rig.now());
        for (String name : stores) {
            KeyValueStore<String, byte[]> copy = Stores.keyValueStoreBuilder(
                            Stores.inMemoryKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
                    .withLoggingDisabled()
                    .build();
            copy.init(context.getStateStoreContext(), copy);
            try (KeyValueIterator<String, byte[]> all = rig.store(name).all()) {
                while (all.hasNext()) {
                    KeyValue<String, byte[]> entry = all.next();
                    copy.put(entry.key, entry.value);
                }
            }
        }
        return context;
    }

    private static void tick(MockProcessorContext<Object, Object> context, long now) {
        context.setCurrentSystemTimeMs(now);
        context.scheduledPunctuators().forEach(each -> {
            assertThat(each.getType()).isEqualTo(PunctuationType.WALL_CLOCK_TIME);
            each.getPunctuator().punctuate(now);
        });
    }

    private static <V extends SpecificRecord> List<@Nullable V> forwarded(
            MockProcessorContext<Object, Object> context, String child, Codec<V> codec) {
        List<@Nullable V> values = new ArrayList<>();
        for (MockProcessorContext.CapturedForward<?, ?> forward : context.forwarded(child)) {
            Record<?, ?> record = forward.record();
            values.add(record.value() instanceof byte[] bytes ? read(codec, bytes) : null);
        }
        return values;
    }

    private static <V extends SpecificRecord> V read(Codec<V> codec, byte[] bytes) {
        if (codec.decode(bytes) instanceof Decoded.Value<V> decoded) {
            return decoded.value();
        }
        throw new AssertionError("unreadable " + codec.subject());
    }

    private List<@Nullable NodeCapacity> announced(MockProcessorContext<Object, Object> context) {
        return forwarded(context, IngestTopology.CAPACITY_OUT, rig.codecs.of(Topics.CAPACITY_NODES));
    }

    private List<@Nullable PoolShare> shares(MockProcessorContext<Object, Object> context) {
        return forwarded(context, IngestTopology.SHARES_OUT, rig.codecs.state(PoolShare.class));
    }

    private void fill() {
        rig.profile(Records.profile());
        profiles.put(Records.profile());
        rig.report(Records.report("c1/n1", 5, rig.now()));
        rig.report(Records.report("c1/n2", 5, rig.now()));
        rig.seconds(4);
    }

    @Test
    void aTaskThatComesBackTellsNothingTwiceAndKnowsSequencesAndLeases() {
        fill();
        rig.jump(Duration.ofHours(1));
        MockProcessorContext<Object, Object> context =
                context(0, IngestTopology.NODES, IngestTopology.PUBLISHED_SHARES);
        ReportTask task = new ReportTask(context, parts);
        tick(context, rig.now());
        assertThat(announced(context)).isEmpty();
        assertThat(shares(context)).isEmpty();

        context.setRecordMetadata("telemetry.reports", 0, 1);
        byte[] again = rig.codecs.of(Topics.TELEMETRY_REPORTS).encode(Records.report("c1/n1", 5, rig.now()));
        task.process(new Record<>("c1/n1".getBytes(java.nio.charset.StandardCharsets.UTF_8), again, rig.now()));
        assertThat(context.forwarded(IngestTopology.REJECTED_REPORTS_OUT)).hasSize(1);

        for (int second = 1; second < 30; second++) {
            tick(context, rig.now() + second * 1_000L);
        }
        assertThat(announced(context)).isEmpty();
        tick(context, rig.now() + 30_000);
        assertThat(announced(context)).hasSize(2);
        task.close();
    }

    @Test
    void whatChangedInTheProfileMeanwhileIsToldAtTheFirstTick() {
        fill();
        profiles.put(Records.profile("c1", "gansu", AdmissionStatus.ADMITTED));
        MockProcessorContext<Object, Object> context =
                context(0, IngestTopology.NODES, IngestTopology.PUBLISHED_SHARES);
        try (ReportTask task = new ReportTask(context, parts)) {
            tick(context, rig.now());
            assertThat(announced(context))
                    .extracting(capacity -> capacity == null ? "" : capacity.getStatus() + " " + capacity.getMarketId())
                    .containsExactly("LOST guizhou", "SELLABLE gansu", "LOST guizhou", "SELLABLE gansu");
            assertThat(shares(context))
                    .extracting(share -> share == null ? "" : share.getHubId())
                    .containsExactly("gansu");
            assertThat(task).isNotNull();
        }
    }

    @Test
    void aShareWhoseNodesAreGoneIsWithdrawn() {
        fill();
        // A crash came after the nodes were forgotten and before their pool was published again.
        rig.store(IngestTopology.NODES).delete("c1/n1");
        rig.store(IngestTopology.NODES).delete("c1/n2");
        MockProcessorContext<Object, Object> context =
                context(0, IngestTopology.NODES, IngestTopology.PUBLISHED_SHARES);
        try (ReportTask task = new ReportTask(context, parts)) {
            tick(context, rig.now());
            assertThat(shares(context)).singleElement().satisfies(share -> {
                assertThat(share).isNotNull();
                assertThat(share.getPoolScopeId()).isEqualTo("c1/ai");
                assertThat(share.getRow().getNodes()).isZero();
            });
            assertThat(task).isNotNull();
        }
    }

    @Test
    void poolsAndScopesComeBackFromTheirStores() {
        fill();
        Codec<CapacitySummary> codec = rig.codecs.of(Topics.CAPACITY_SUMMARIES);
        MockProcessorContext<Object, Object> pools = context(0, IngestTopology.SHARES);
        MockProcessorContext<Object, Object> scopes =
                context(0, IngestTopology.POOLS, IngestTopology.PUBLISHED_SUMMARIES);
        KeyValueStore<String, byte[]> published = scopes.getStateStore(IngestTopology.PUBLISHED_SUMMARIES);
        byte[] hub = published.get("hub:guizhou");
        assertThat(hub).isNotNull();
        CapacitySummary ghost = read(codec, hub);
        ghost.setScopeId("gansu");
        published.put("hub:gansu", codec.encode(ghost));
        try (PoolTask pool = new PoolTask(pools, parts);
                ScopeTask scope = new ScopeTask(scopes, parts)) {
            tick(pools, rig.now());
            tick(scopes, rig.now());
            assertThat(forwarded(pools, IngestTopology.POOL_SUMMARIES_OUT, codec))
                    .singleElement()
                    .satisfies(summary -> {
                        assertThat(summary).isNotNull();
                        assertThat(summary.getRows().getFirst().getNodes()).isEqualTo(2);
                    });
            assertThat(scopes.forwarded(IngestTopology.SCOPE_SUMMARIES_OUT))
                    .extracting(forward ->
                            forward.record().key() + (forward.record().value() == null ? " gone" : ""))
                    .containsExactly("centre:c1", "hub:gansu gone", "hub:guizhou", "nation:nation");
            assertThat(pool).isNotNull();
            assertThat(scope).isNotNull();
        }
    }

    @Test
    void sharesOfSeveralPartitionsMakeOnePool() {
        fill();
        MockProcessorContext<Object, Object> context = context(0, IngestTopology.SHARES);
        try (PoolTask task = new PoolTask(context, parts)) {
            byte[] bytes = rig.store(IngestTopology.PUBLISHED_SHARES).get("c1/ai");
            assertThat(bytes).isNotNull();
            PoolShare other = parts.shares().own(bytes);
            other.setPartition(3);
            task.process(new Record<>("c1/ai", parts.shares().encode(other), rig.now()));
            tick(context, rig.now());
            assertThat(forwarded(context, IngestTopology.POOL_SUMMARIES_OUT, rig.codecs.of(Topics.CAPACITY_SUMMARIES)))
                    .singleElement()
                    .satisfies(summary -> {
                        assertThat(summary).isNotNull();
                        assertThat(summary.getRows().getFirst().getNodes()).isEqualTo(4);
                    });
        }
    }
}
