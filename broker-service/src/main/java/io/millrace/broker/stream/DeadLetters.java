package io.millrace.broker.stream;

import io.millrace.runtime.DeadLetter;
import io.millrace.schemas.RejectReason;
import io.millrace.schemas.RejectedRecord;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts aside what cannot be processed, with everything it was received with. */
final class DeadLetters {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

    private final ProcessorContext<Object, Object> context;
    private final String sink;
    private final BrokerMeters meters;

    DeadLetters(ProcessorContext<Object, Object> context, String sink, BrokerMeters meters) {
        this.context = context;
        this.sink = sink;
        this.meters = meters;
    }

    void put(Record<byte[], byte[]> record, RejectReason reason, String detail) {
        RecordMetadata from = context.recordMetadata()
                .orElseThrow(() -> new IllegalStateException("a record without topic, partition and offset"));
        RejectedRecord rejected = DeadLetter.of(record, from, reason, detail);
        meters.rejected(reason);
        LOG.warn(
                "record rejected reason={} at={}-{}@{} detail=\"{}\"",
                reason,
                from.topic(),
                from.partition(),
                from.offset(),
                detail);
        context.forward(new Record<Object, Object>(record.key(), rejected, record.timestamp()), sink);
    }
}
