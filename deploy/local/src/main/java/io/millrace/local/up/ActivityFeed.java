package io.millrace.local.up;

import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.CapacitySummary;
import io.millrace.schemas.Codec;
import io.millrace.schemas.Codecs;
import io.millrace.schemas.Decoded;
import io.millrace.schemas.MarketCapacity;
import io.millrace.schemas.Outcome;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the platform's topics, as any reader outside could, and keeps the latest {@link Activity}. One thread of its own
 * reads; {@link #activity} may be called from any.
 */
final class ActivityFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ActivityFeed.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long TURN_NANOS = 1_000_000_000L;
    /** Tables are read from so many records before their end, per partition: enough for the newest of every row. */
    private static final long TABLE_TAIL = 2_000;
    /** Requests that may be waiting for their first decision before the oldest are given up. */
    private static final int OPEN_REQUESTS = 100_000;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Admin admin;
    private final Consumer<AllocationDecision> listener;
    private final Codec<AllocationDecision> decisionCodec;
    private final Codec<MarketCapacity> marketCodec;
    private final Codec<CapacitySummary> summaryCodec;
    private final Thread thread;
    private volatile boolean closing;
    private volatile Activity activity = new Activity(null, 0, new TreeMap<>(), 0, 0, 0, Map.of(), 0, 0, 0);

    // Below: the reading thread's alone.
    private final Map<Outcome, Long> decisions = new EnumMap<>(Outcome.class);
    private final TreeMap<String, MarketCapacity> markets = new TreeMap<>();
    private final Set<String> centres = new HashSet<>();
    private final RollingRate reports = new RollingRate();
    private final RollingRate requests = new RollingRate();
    private final RollingLatency latency = new RollingLatency();
    private final Map<String, Long> openRequests = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > OPEN_REQUESTS;
        }
    };
    private @Nullable CapacitySummary nation;

    private ActivityFeed(String bootstrapServers, Codecs codecs, Consumer<AllocationDecision> listener) {
        this.listener = listener;
        decisionCodec = codecs.of(Topics.ALLOCATION_DECISIONS);
        marketCodec = codecs.of(Topics.MARKET_CAPACITY);
        summaryCodec = codecs.of(Topics.CAPACITY_SUMMARIES);
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.CLIENT_ID_CONFIG,
                        "millrace-up",
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        5_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
        thread = Thread.ofPlatform().name("activity").daemon().unstarted(this::run);
    }

    /**
     * Starts to follow.
     *
     * @param listener hears every decision, on the reading thread
     */
    static ActivityFeed start(String bootstrapServers, Codecs codecs, Consumer<AllocationDecision> listener) {
        ActivityFeed feed = new ActivityFeed(bootstrapServers, codecs, listener);
        feed.position();
        feed.thread.start();
        return feed;
    }

    /** What went on up to now. */
    Activity activity() {
        return activity;
    }

    /** Stops following. */
    @Override
    public void close() {
        closing = true;
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Logs from their end, tables from a little before it. */
    private void position() {
        List<TopicPartition> logs = new ArrayList<>(partitions(Topics.ALLOCATION_DECISIONS));
        logs.addAll(partitions(Topics.COMPUTE_REQUESTS));
        List<TopicPartition> tables = new ArrayList<>(partitions(Topics.MARKET_CAPACITY));
        tables.addAll(partitions(Topics.CAPACITY_SUMMARIES));
        List<TopicPartition> all = new ArrayList<>(logs);
        all.addAll(tables);
        consumer.assign(all);
        consumer.seekToEnd(logs);
        // Fixed now: what is written after this call is followed, not skipped.
        logs.forEach(consumer::position);
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(tables);
        consumer.endOffsets(tables)
                .forEach((partition, end) ->
                        consumer.seek(partition, Math.max(begins.getOrDefault(partition, 0L), end - TABLE_TAIL)));
    }

    private List<TopicPartition> partitions(Topic<?> topic) {
        return consumer.partitionsFor(topic.name()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    private void run() {
        long turnedAt = System.nanoTime() - TURN_NANOS;
        try (consumer;
                admin) {
            LogLengths lengths = new LogLengths(
                    admin,
                    Map.of(
                            Topics.TELEMETRY_REPORTS, partitions(Topics.TELEMETRY_REPORTS),
                            Topics.COMPUTE_REQUESTS, partitions(Topics.COMPUTE_REQUESTS),
                            Topics.TELEMETRY_REJECTED, partitions(Topics.TELEMETRY_REJECTED)));
            while (!closing) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    take(record);
                }
                long now = System.nanoTime();
                if (now - turnedAt >= TURN_NANOS) {
                    turnedAt = now;
                    lengths.ask();
                    lengths.of(Topics.TELEMETRY_REPORTS).ifPresent(length -> reports.sample(now, length));
                    lengths.of(Topics.COMPUTE_REQUESTS).ifPresent(length -> requests.sample(now, length));
                    publish(lengths.of(Topics.TELEMETRY_REJECTED).orElse(0));
                    latency.turn();
                }
            }
        } catch (WakeupException e) {
            // That is close().
        } catch (RuntimeException e) {
            LOG.error("The status is no longer brought up to date", e);
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        String topic = record.topic();
        String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
        if (topic.equals(Topics.COMPUTE_REQUESTS.name())) {
            // The first that is said of a request is that it is wanted.
            openRequests.putIfAbsent(key, record.timestamp());
        } else if (topic.equals(Topics.ALLOCATION_DECISIONS.name())) {
            if (decisionCodec.decode(record.value()) instanceof Decoded.Value<AllocationDecision> decoded) {
                decided(decoded.value());
            }
        } else if (topic.equals(Topics.MARKET_CAPACITY.name())) {
            if (marketCodec.decode(record.value()) instanceof Decoded.Value<MarketCapacity> decoded) {
                markets.put(key, decoded.value());
            }
        } else if (key.startsWith("centre:")) {
            if (record.value() == null) {
                centres.remove(key);
            } else {
                centres.add(key);
            }
        } else if (key.startsWith("nation:")
                && summaryCodec.decode(record.value()) instanceof Decoded.Value<CapacitySummary> decoded) {
            nation = decoded.value();
        }
    }

    private void decided(AllocationDecision decision) {
        if (!decision.getRepeated()) {
            decisions.merge(decision.getOutcome(), 1L, Long::sum);
        }
        Long asked = openRequests.remove(decision.getRequestId());
        if (asked != null && decision.getOutcome() != Outcome.COMMAND_REFUSED) {
            latency.record(System.currentTimeMillis() - asked);
        }
        listener.accept(decision);
    }

    private void publish(long rejected) {
        Histogram window = latency.window();
        activity = new Activity(
                nation,
                centres.size(),
                new TreeMap<>(markets),
                reports.perSecond(),
                rejected,
                requests.perSecond(),
                Map.copyOf(decisions),
                window.getTotalCount(),
                window.getValueAtPercentile(50),
                window.getValueAtPercentile(99));
    }
}
