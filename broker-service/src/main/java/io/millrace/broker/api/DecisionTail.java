package io.millrace.broker.api;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.Codec;
import io.millrace.schemas.Decoded;
import io.millrace.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the decisions of all markets as they are committed, from the moment it starts: one consumer per process, in no
 * group, on all partitions, so that every instance can answer those who wait on it, wherever the decision was made.
 *
 * <p>A failure (the broker out of reach, the registry down) makes it start again where it stopped; nothing between is
 * missed unless Kafka has deleted it. One thread of its own; the methods here are for any thread.
 */
final class DecisionTail implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DecisionTail.class);
    private static final String TOPIC = Topics.ALLOCATION_DECISIONS.name();
    private static final Duration POLL = Duration.ofMillis(500);
    /** Longer than every time-out of the consumer: a thread that is silent for so long hangs. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(90);

    private static final long NEW_PARTITIONS_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long MAX_PAUSE_MILLIS = 5_000;

    private final Supplier<Consumer<String, byte[]>> consumers;
    private final Codec<AllocationDecision> codec;
    private final List<DecisionListener> listeners;
    private final Counter restarts;
    private final Counter undelivered;
    /** Where to go on, by partition; empty until the first assignment. Its own thread's. */
    private final Map<TopicPartition, Long> next = new HashMap<>();

    private final Thread thread = new Thread(this::run, "decision-tail");
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Object current = new Object();
    private @Nullable Consumer<String, byte[]> consumer;
    private volatile boolean following;
    private volatile long lastTurnNanos = System.nanoTime();
    private volatile long lag;

    private DecisionTail(
            Supplier<Consumer<String, byte[]>> consumers,
            Codec<AllocationDecision> codec,
            List<DecisionListener> listeners,
            MeterRegistry meters) {
        this.consumers = consumers;
        this.codec = codec;
        this.listeners = List.copyOf(listeners);
        restarts = Counter.builder("millrace.decision.tail.restarts")
                .description("Times that following the decisions failed and began again")
                .register(meters);
        undelivered = Counter.builder("millrace.decision.tail.undelivered")
                .description("Decisions that could not be decoded or handed on")
                .register(meters);
        Gauge.builder("millrace.decision.tail.lag", this, tail -> tail.lag)
                .description("Decisions that are committed and not yet read by this instance")
                .baseUnit("records")
                .register(meters);
        Gauge.builder("millrace.decision.tail.following", this, tail -> tail.following ? 1 : 0)
                .description("1 while decisions are followed")
                .register(meters);
    }

    /**
     * Starts to follow.
     *
     * @param consumers makes a consumer: read committed, in no group, no automatic commits
     */
    static DecisionTail start(
            Supplier<Consumer<String, byte[]>> consumers,
            Codec<AllocationDecision> codec,
            List<DecisionListener> listeners,
            MeterRegistry meters) {
        DecisionTail tail = new DecisionTail(consumers, codec, listeners, meters);
        tail.thread.setDaemon(true);
        tail.thread.start();
        return tail;
    }

    /** Why it is beyond help; empty while it lives. */
    Optional<String> problem() {
        if (!thread.isAlive()) {
            return Optional.of("the thread that follows the decisions has ended");
        }
        long silent = System.nanoTime() - lastTurnNanos;
        return silent > SILENCE_NANOS
                ? Optional.of("the thread that follows the decisions hangs since "
                        + TimeUnit.NANOSECONDS.toSeconds(silent) + " s")
                : Optional.empty();
    }

    /** Why no answer would be seen now; empty while decisions are followed. */
    Optional<String> notFollowing() {
        return following ? Optional.empty() : Optional.of("decisions are not followed");
    }

    private void run() {
        long pauseMillis = 100;
        while (!isClosing()) {
            try {
                follow();
                pauseMillis = 100;
            } catch (KafkaException e) {
                if (!isClosing()) {
                    restarts.increment();
                    LOG.warn("decisions are not followed, will try again: {}", e.toString());
                    pauseMillis = following ? 100 : Math.min(MAX_PAUSE_MILLIS, 2 * pauseMillis);
                }
            }
            following = false;
            lastTurnNanos = System.nanoTime();
            pause(pauseMillis);
        }
    }

    private void pause(long millis) {
        try {
            if (closing.await(millis, TimeUnit.MILLISECONDS)) {
                LOG.debug("decisions are followed no more");
            }
        } catch (InterruptedException e) {
            // Nobody interrupts this thread but the end of the process.
            closing.countDown();
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    /** One consumer's life: until it fails, is closed, or the topic has got more partitions. */
    private void follow() {
        try (Consumer<String, byte[]> opened = consumers.get()) {
            synchronized (current) {
                consumer = opened;
                if (isClosing()) {
                    // Nobody will wake this one up.
                    return;
                }
            }
            List<TopicPartition> partitions = partitions(opened);
            assign(opened, partitions);
            following = true;
            LOG.info("following decisions partitions={}", partitions.size());
            long checkedNanos = System.nanoTime();
            while (!isClosing()) {
                hand(opened.poll(POLL));
                lag = lag(opened, partitions);
                lastTurnNanos = System.nanoTime();
                if (lastTurnNanos - checkedNanos > NEW_PARTITIONS_NANOS) {
                    checkedNanos = lastTurnNanos;
                    if (partitions(opened).size() > partitions.size()) {
                        return;
                    }
                }
            }
        } finally {
            synchronized (current) {
                consumer = null;
            }
        }
    }

    private static List<TopicPartition> partitions(Consumer<String, byte[]> consumer) {
        List<PartitionInfo> infos = consumer.partitionsFor(TOPIC);
        if (infos == null || infos.isEmpty()) {
            throw new KafkaException("there is no topic " + TOPIC);
        }
        return infos.stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    /** At first from the end; later from where it stopped, and partitions that are new from their beginning. */
    private void assign(Consumer<String, byte[]> consumer, List<TopicPartition> partitions) {
        consumer.assign(partitions);
        List<TopicPartition> unknown =
                partitions.stream().filter(p -> !next.containsKey(p)).toList();
        if (next.isEmpty()) {
            consumer.seekToEnd(unknown);
        } else {
            consumer.seekToBeginning(unknown);
        }
        next.forEach(consumer::seek);
        // Asking for the position makes the consumer find it now: what is written from here on is seen.
        Map<TopicPartition, Long> positions = new HashMap<>();
        partitions.forEach(partition -> positions.put(partition, consumer.position(partition)));
        next.putAll(positions);
    }

    private void hand(ConsumerRecords<String, byte[]> records) {
        for (TopicPartition partition : records.partitions()) {
            for (ConsumerRecord<String, byte[]> record : records.records(partition)) {
                if (record.key() != null && isWanted(record.key())) {
                    hand(record);
                }
                next.put(partition, record.offset() + 1);
            }
        }
    }

    private boolean isWanted(String requestId) {
        for (DecisionListener listener : listeners) {
            if (listener.wants(requestId)) {
                return true;
            }
        }
        return false;
    }

    private void hand(ConsumerRecord<String, byte[]> record) {
        switch (codec.decode(record.value())) {
            case Decoded.Value<AllocationDecision> decoded -> {
                for (DecisionListener listener : listeners) {
                    if (listener.wants(record.key())) {
                        hand(decoded.value(), record, listener);
                    }
                }
            }
            case Decoded.Refused<AllocationDecision> refused -> {
                undelivered.increment();
                LOG.warn(
                        "a decision cannot be read partition={} offset={} reason={} detail=\"{}\"",
                        record.partition(),
                        record.offset(),
                        refused.reason(),
                        refused.detail());
            }
        }
    }

    private void hand(AllocationDecision decision, ConsumerRecord<String, byte[]> record, DecisionListener listener) {
        try {
            listener.accept(decision, record.timestamp());
        } catch (RuntimeException e) {
            // One listener's mistake must not stop the answers to all others.
            undelivered.increment();
            LOG.error("a decision was not handed on decisionId={}", decision.getDecisionId(), e);
        }
    }

    private static long lag(Consumer<String, byte[]> consumer, List<TopicPartition> partitions) {
        long sum = 0;
        for (TopicPartition partition : partitions) {
            sum += consumer.currentLag(partition).orElse(0);
        }
        return sum;
    }

    @Override
    public void close() {
        closing.countDown();
        synchronized (current) {
            if (consumer != null) {
                consumer.wakeup();
            }
        }
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
