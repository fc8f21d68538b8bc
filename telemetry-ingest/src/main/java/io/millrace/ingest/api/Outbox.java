package io.millrace.ingest.api;

import java.util.concurrent.CompletableFuture;

/** Writes records to Kafka. Thread-safe. */
@FunctionalInterface
public interface Outbox {
    /** Writes one record; done when all replicas have it, failed when that is not known in time. */
    CompletableFuture<Void> send(String topic, String key, byte[] value);
}
