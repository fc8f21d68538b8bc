package io.millrace.broker.audit;

import io.millrace.schemas.Codec;
import io.millrace.schemas.Codecs;
import io.millrace.schemas.Decoded;
import io.millrace.schemas.MarketSnapshot;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The logs of the markets in Kafka, as far as they are committed when they are opened. Belongs to no consumer group and
 * commits nothing. Not thread-safe.
 */
public final class MarketLogs implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Properties properties;
    private final Codecs codecs;

    private MarketLogs(Properties properties, Codecs codecs) {
        this.properties = properties;
        this.codecs = codecs;
    }

    /**
     * Reads from this cluster.
     *
     * @param kafka further settings of the clients, e.g. {@code security.protocol}
     */
    public static MarketLogs of(String bootstrapServers, String registryUrl, Map<String, String> kafka) {
        Properties properties = new Properties();
        properties.putAll(kafka);
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Long.toString(PATIENCE.toMillis()));
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "5000");
        return new MarketLogs(properties, Codecs.connect(registryUrl));
    }

    /**
     * What is recorded, by market.
     *
     * @throws RecordingException if the topics are not there, or a snapshot was written by a release that this one does not
     *     understand
     */
    public Map<String, Recording> recordings() {
        Map<String, Recording> recordings = new TreeMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            List<PartitionInfo> partitions = consumer.partitionsFor(Topics.MARKET_SNAPSHOTS.name());
            if (partitions == null || partitions.isEmpty()) {
                throw new RecordingException("there is no topic " + Topics.MARKET_SNAPSHOTS.name()
                        + ": is this Millrace's" + " cluster, and has a release that writes snapshots run there?");
            }
            for (PartitionInfo each : partitions) {
                byMarket(each.partition()).forEach((market, checkpoints) -> {
                    long firstCommand = beginning(consumer, Topics.MARKET_COMMANDS, each.partition());
                    recordings.put(
                            market,
                            new KafkaRecording(
                                    this,
                                    market,
                                    each.partition(),
                                    checkpoints.stream()
                                            .filter(checkpoint -> checkpoint.nextCommandOffset() >= firstCommand)
                                            .toList()));
                });
            }
        }
        return recordings;
    }

    private Map<String, List<Checkpoint>> byMarket(int partition) {
        Map<String, List<Checkpoint>> whole = new HashMap<>();
        Map<String, Checkpoint> begun = new HashMap<>();
        try (TopicReader<MarketSnapshot> snapshots = reader(Topics.MARKET_SNAPSHOTS, partition)) {
            snapshots.fromBeginning();
            for (ConsumerRecord<byte[], byte[]> record = snapshots.next(); record != null; record = snapshots.next()) {
                MarketSnapshot part = required(snapshots.decode(record), record);
                if (part.getPart() == 0) {
                    begun.put(part.getMarketId(), Checkpoint.of(part, record.offset(), record.timestamp()));
                }
                // Of the oldest one, retention may have taken the first parts.
                Checkpoint checkpoint = part.getLast() ? begun.remove(part.getMarketId()) : null;
                if (checkpoint != null) {
                    whole.computeIfAbsent(part.getMarketId(), m -> new ArrayList<>())
                            .add(checkpoint);
                }
            }
        }
        return whole;
    }

    /** Of what markets alone write. */
    static <V> V required(Decoded<V> decoded, ConsumerRecord<byte[], byte[]> record) {
        return switch (decoded) {
            case Decoded.Value<V> value -> value.value();
            case Decoded.Refused<V> refused ->
                throw new RecordingException("%s-%d@%d cannot be read: %s"
                        .formatted(record.topic(), record.partition(), record.offset(), refused.detail()));
        };
    }

    private static long beginning(KafkaConsumer<byte[], byte[]> consumer, Topic<?> topic, int partition) {
        TopicPartition at = new TopicPartition(topic.name(), partition);
        return consumer.beginningOffsets(List.of(at)).getOrDefault(at, 0L);
    }

    KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    <V extends SpecificRecord> TopicReader<V> reader(Topic<V> topic, int partition) {
        Codec<V> codec = codecs.of(topic);
        return new TopicReader<>(consumer(), new TopicPartition(topic.name(), partition), codec);
    }

    @Override
    public void close() {
        codecs.close();
    }
}
