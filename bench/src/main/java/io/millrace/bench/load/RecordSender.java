package io.millrace.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends records as a tenant's or a centre's producer would: idempotent, all replicas, compressed. Thread-safe.
 *
 * <p>A record that cannot be written fails the next call.
 */
public final class RecordSender implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    /** Sends to this Kafka. */
    public RecordSender(String bootstrapServers) {
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4",
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        64 << 10,
                        // Half of Kafka's default wait would be a third of the latency that is to be measured.
                        ProducerConfig.LINGER_MS_CONFIG,
                        1,
                        ProducerConfig.CLIENT_ID_CONFIG,
                        "bench-sender"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Sends a record, to the partition of its key; blocks while the producer's buffer is full. */
    @SuppressWarnings("FutureReturnValueIgnored") // the callback hears the same
    public void send(String topic, String key, byte[] value) {
        Exception failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException(
                    "a record for " + topic + " was not written: " + failed.getMessage(), failed);
        }
        producer.send(
                new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value), (metadata, exception) -> {
                    if (exception != null) {
                        failure.compareAndSet(null, exception);
                    }
                });
    }

    /** Waits until all that was sent is written. */
    public void flush() {
        producer.flush();
        Exception failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("a record was not written: " + failed.getMessage(), failed);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
