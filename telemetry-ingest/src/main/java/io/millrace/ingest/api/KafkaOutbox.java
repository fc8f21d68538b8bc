package io.millrace.ingest.api;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** Writes with a producer, which must be idempotent: so its own retries write nothing twice and change no order. Thread-safe. */
public final class KafkaOutbox implements Outbox {
    private final Producer<String, byte[]> producer;

    public KafkaOutbox(Producer<String, byte[]> producer) {
        this.producer = producer;
    }

    @Override
    public CompletableFuture<Void> send(String topic, String key, byte[] value) {
        CompletableFuture<Void> written = new CompletableFuture<>();
        try {
            // The callback says all that the future would.
            var unused = producer.send(new ProducerRecord<>(topic, key, value), (metadata, failure) -> {
                if (failure == null) {
                    written.complete(null);
                } else {
                    written.completeExceptionally(failure);
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            // No metadata in time, or the producer is closed because the service stops.
            written.completeExceptionally(e);
        }
        return written;
    }
}
