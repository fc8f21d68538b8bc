package io.millrace.broker.stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * The time of a record as its producer stamped it, which is how a waiting caller recognises the answer; the clock's if there
 * is none, which Kafka allows and at which Streams would stop for good.
 */
final class RecordTime implements TimestampExtractor {
    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
        return record.timestamp() < 0 ? System.currentTimeMillis() : record.timestamp();
    }
}
