package io.millrace.ingest.stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * Time of a record as its producer or broker stamped it, never in the future and never missing: what Streams writes bears
 * this time, and a broker that refuses a time refuses the stream. What a report says of its own time is checked elsewhere.
 */
final class Arrival implements TimestampExtractor {
    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
        long now = System.currentTimeMillis();
        long stamped = record.timestamp();
        return stamped < 0 ? now : Math.min(stamped, now);
    }
}
