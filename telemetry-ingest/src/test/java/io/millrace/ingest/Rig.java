package io.millrace.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.ingest.capacity.TimeWindow;
import io.millrace.ingest.stream.IngestMetrics;
import io.millrace.ingest.stream.IngestTopology;
import io.millrace.ingest.stream.Profiles;
import io.millrace.ingest.stream.StreamSettings;
import io.millrace.runtime.Partitions;
import io.millrace.runtime.Patience;
import io.millrace.schemas.CapacitySummary;
import io.millrace.schemas.CentreProfile;
import io.millrace.schemas.CentreReport;
import io.millrace.schemas.CentreSite;
import io.millrace.schemas.Codec;
import io.millrace.schemas.Codecs;
import io.millrace.schemas.Decoded;
import io.millrace.schemas.NodeCapacity;
import io.millrace.schemas.NodeReport;
import io.millrace.schemas.RejectedRecord;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The whole topology without a broker, with a clock of its own, and a registry that knows whatever is written. */
public final class Rig implements AutoCloseable {
    public static final StreamSettings SETTINGS = new StreamSettings(
            Set.of("guizhou", "gansu"),
            new TimeWindow(30_000, 600_000),
            1_000,
            10_000,
            Duration.ofDays(7).toMillis(),
            10_000);

    private static final AtomicInteger SCOPES = new AtomicInteger();

    public final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    public final IngestMetrics metrics = new IngestMetrics(meters);
    public final Profiles profiles = new Profiles();
    public final Codecs codecs = Codecs.connect("mock://ingest-" + SCOPES.incrementAndGet());
    public final TopologyTestDriver driver;
    public boolean audible = true;

    private final Patience patience = new Patience(metrics::registryWaited);
    // Yesterday: no record the tests send comes from the future of the machine they run on.
    private long now =
            System.currentTimeMillis() / 1_000 * 1_000 - Duration.ofDays(30).toMillis();

    public Rig() {
        this(1);
    }

    /** As if the topics from outside had so many partitions; what is sent here always is in the first. */
    public Rig(int partitions) {
        Topology topology = IngestTopology.build(
                SETTINGS, codecs, partitions(partitions), patience, profiles, metrics, partition -> audible);
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "ingest");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        driver = new TopologyTestDriver(topology, properties, Instant.ofEpochMilli(now));
    }

    /** As Kafka would tell them. */
    public static Partitions partitions(int each) {
        return Partitions.of(
                Map.of(Topics.TELEMETRY_REPORTS, each, Topics.TELEMETRY_CENTRES, each, Topics.CENTRES_PROFILES, each));
    }

    public long now() {
        return now;
    }

    /** Lets the clock run, tick by tick. */
    public void seconds(int seconds) {
        for (int second = 0; second < seconds; second++) {
            now += 1_000;
            driver.advanceWallClockTime(Duration.ofSeconds(1));
        }
    }

    /** Lets the clock jump: nobody listens in between. */
    public void jump(Duration far) {
        now += far.toMillis();
        driver.advanceWallClockTime(far);
    }

    public void profile(CentreProfile profile) {
        send(
                Topics.CENTRES_PROFILES,
                profile.getCentreId(),
                codecs.of(Topics.CENTRES_PROFILES).encode(profile));
    }

    public void report(NodeReport report) {
        send(
                Topics.TELEMETRY_REPORTS,
                report.getNodeId(),
                codecs.of(Topics.TELEMETRY_REPORTS).encode(report));
    }

    public void site(CentreReport report) {
        send(
                Topics.TELEMETRY_CENTRES,
                report.getCentreId(),
                codecs.of(Topics.TELEMETRY_CENTRES).encode(report));
    }

    public void send(Topic<?> topic, @Nullable String key, byte @Nullable [] value) {
        send(topic, key == null ? null : key.getBytes(UTF_8), value, new RecordHeaders(), now);
    }

    public void send(
            Topic<?> topic, byte @Nullable [] key, byte @Nullable [] value, Headers headers, long stampedMillis) {
        TestInputTopic<byte[], byte[]> input =
                driver.createInputTopic(topic.name(), new ByteArraySerializer(), new ByteArraySerializer());
        input.pipeInput(new TestRecord<>(key, value, headers, stampedMillis));
    }

    /** What was announced since the last call, as "node status market" or "node gone". */
    public List<String> announced() {
        List<String> lines = new ArrayList<>();
        capacities().forEach(record -> {
            NodeCapacity capacity = record.value();
            lines.add(
                    capacity == null
                            ? record.key() + " gone"
                            : record.key() + " " + capacity.getStatus() + " " + capacity.getMarketId());
        });
        return lines;
    }

    /** A record that was written; its value is null for a tombstone. */
    public record Written<V>(String key, @Nullable V value) {}

    public List<Written<NodeCapacity>> capacities() {
        return written(Topics.CAPACITY_NODES);
    }

    public List<Written<CapacitySummary>> summaries() {
        return written(Topics.CAPACITY_SUMMARIES);
    }

    public List<Written<CentreSite>> sites() {
        return written(Topics.CENTRES_SITES);
    }

    /** Profiles that were written behind what is none. */
    public List<CentreProfile> mended() {
        return written(Topics.CENTRES_PROFILES).stream().map(Written::value).toList();
    }

    public List<Written<RejectedRecord>> rejected() {
        return written(Topics.TELEMETRY_REJECTED);
    }

    /** The summaries as a reader of the topic has them: the latest of each key. */
    public Map<String, CapacitySummary> latestSummaries() {
        Map<String, CapacitySummary> latest = new TreeMap<>();
        summaries().forEach(record -> {
            CapacitySummary summary = record.value();
            if (summary == null) {
                latest.remove(record.key());
            } else {
                latest.put(record.key(), summary);
            }
        });
        return latest;
    }

    public KeyValueStore<String, byte[]> store(String name) {
        KeyValueStore<String, byte[]> store = driver.getKeyValueStore(name);
        if (store == null) {
            throw new IllegalArgumentException("no store " + name);
        }
        return store;
    }

    public double counted(String result, String reason) {
        return meters.get("millrace.reports")
                .tag("result", result)
                .tag("reason", reason)
                .tag("reporter", "node")
                .counter()
                .count();
    }

    private <V extends SpecificRecord> List<Written<V>> written(Topic<V> topic) {
        Codec<V> codec = codecs.of(topic);
        List<Written<V>> records = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : driver.createOutputTopic(
                        topic.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList()) {
            byte[] key = record.key();
            byte[] value = record.value();
            records.add(new Written<>(
                    key == null ? "" : new String(key, UTF_8), value == null ? null : read(codec, value)));
        }
        return records;
    }

    private static <V extends SpecificRecord> V read(Codec<V> codec, byte[] value) {
        if (codec.decode(value) instanceof Decoded.Value<V> decoded) {
            return decoded.value();
        }
        throw new AssertionError("unreadable " + codec.subject());
    }

    @Override
    public void close() {
        patience.close();
        driver.close();
        codecs.close();
    }
}
