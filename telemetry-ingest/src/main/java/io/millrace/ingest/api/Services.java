package io.millrace.ingest.api;

import io.millrace.ingest.stream.IngestMetrics;
import io.millrace.ingest.stream.Profiles;
import io.millrace.ingest.stream.StreamSettings;
import io.millrace.schemas.Codecs;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * What handlers work with. Everything in it is thread-safe.
 *
 * @param settings as the topology has them
 * @param batchMax most reports in one call
 * @param writeTimeout how long a call waits for Kafka
 * @param codecs of the process
 * @param profiles as the topology reads them
 * @param metrics of this instance
 * @param tables of all instances
 * @param outbox to Kafka
 * @param clock the time, in milliseconds since 1970-01-01T00:00:00Z
 */
public record Services(
        StreamSettings settings,
        int batchMax,
        Duration writeTimeout,
        Codecs codecs,
        Profiles profiles,
        IngestMetrics metrics,
        Tables tables,
        Outbox outbox,
        LongSupplier clock) {}
