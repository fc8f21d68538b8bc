package io.millrace.bench.load;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is committed to a topic, on a thread of its own and without a consumer group. When {@link #fromEnd} returns,
 * everything written from then on will be seen.
 */
public final class TopicReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int FETCH_BYTES = 4 << 20;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Sink sink;
    private final Thread thread;
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

    /** Receives records on the reader's thread. */
    @FunctionalInterface
    public interface Sink {
        /** A record and the nanoTime at which it was read. */
        void accept(ConsumerRecord<byte[], byte[]> record, long seenNanos);
    }

    private TopicReader(KafkaConsumer<byte[], byte[]> consumer, String topic, Sink sink) {
        this.consumer = consumer;
        this.sink = sink;
        this.thread = new Thread(this::run, "reader-" + topic);
        thread.setDaemon(true);
    }

    /** Reads what is written from now on. */
    public static TopicReader fromEnd(String bootstrapServers, String topic, Sink sink) {
        return start(bootstrapServers, topic, sink, false);
    }

    /** Reads everything that the topic holds, and what is written from now on. */
    public static TopicReader fromBeginning(String bootstrapServers, String topic, Sink sink) {
        return start(bootstrapServers, topic, sink, true);
    }

    private static TopicReader start(String bootstrapServers, String topic, Sink sink, boolean beginning) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        5000,
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        FETCH_BYTES,
                        ConsumerConfig.CLIENT_ID_CONFIG,
                        "bench-reader-" + topic),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        try {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(topic, p.partition()))
                    .toList();
            consumer.assign(partitions);
            if (beginning) {
                consumer.seekToBeginning(partitions);
            } else {
                consumer.seekToEnd(partitions);
            }
            // Seeking is lazy: asking for the position does it now.
            partitions.forEach(consumer::position);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
        TopicReader reader = new TopicReader(consumer, topic, sink);
        reader.thread.start();
        return reader;
    }

    private void run() {
        try (consumer) {
            while (!Thread.currentThread().isInterrupted()) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                long seenNanos = System.nanoTime();
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    sink.accept(record, seenNanos);
                }
            }
        } catch (WakeupException e) {
            // close() asked for the end.
        } catch (RuntimeException e) {
            failure.set(e);
        }
    }

    /** Throws what ended the reading, if something did. Called by those who wait for its records. */
    public void requireAlive() {
        RuntimeException cause = failure.get();
        if (cause != null) {
            throw new IllegalStateException(thread.getName() + " stopped: " + cause.getMessage(), cause);
        }
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
