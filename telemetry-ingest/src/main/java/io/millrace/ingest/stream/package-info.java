/**
 * The supply side around Kafka: {@link io.millrace.ingest.stream.IngestTopology} shows the whole, a {@code …Task} is the
 * living part of each processor, {@link io.millrace.ingest.stream.FromContract} and
 * {@link io.millrace.ingest.stream.ToContract} stand between Avro and the rules.
 *
 * <p>Tasks are single-threaded, each its task's. What they share ({@link io.millrace.ingest.stream.Profiles}, metrics,
 * codecs) is thread-safe. Exactly once: what a task stores and what it sends belong to one transaction.
 */
@NullMarked
package io.millrace.ingest.stream;

import org.jspecify.annotations.NullMarked;
