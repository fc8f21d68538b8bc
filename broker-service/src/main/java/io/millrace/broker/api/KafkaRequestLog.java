package io.millrace.broker.api;

import io.millrace.schemas.Codec;
import io.millrace.schemas.ComputeRequest;
import io.millrace.schemas.Topics;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** The topic compute.requests. The producer must be idempotent, so that its own retries write nothing twice. Thread-safe. */
final class KafkaRequestLog implements RequestLog {
    private final Producer<String, byte[]> producer;
    private final Codec<ComputeRequest> codec;

    KafkaRequestLog(Producer<String, byte[]> producer, Codec<ComputeRequest> codec) {
        this.producer = producer;
        this.codec = codec;
    }

    @Override
    public CompletableFuture<Long> append(ComputeRequest request) {
        CompletableFuture<Long> written = new CompletableFuture<>();
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(
                Topics.COMPUTE_REQUESTS.name(),
                null,
                request.getCreatedAtMillis(),
                request.getRequestId(),
                codec.encode(request));
        try {
            producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    written.complete(metadata.offset());
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
