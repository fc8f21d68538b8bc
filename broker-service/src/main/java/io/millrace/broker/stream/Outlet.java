package io.millrace.broker.stream;

import io.millrace.schemas.MarketCommand;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Where a processor puts its output, and where its input stands in the log. */
final class Outlet {
    private final ProcessorContext<Object, Object> context;

    Outlet(ProcessorContext<Object, Object> context) {
        this.context = context;
    }

    /** "topic-partition@offset" of the record in process: names what follows from it, the same after a crash. */
    String position() {
        return context.recordMetadata()
                .map(at -> at.topic() + "-" + at.partition() + "@" + at.offset())
                .orElseThrow(() -> new IllegalStateException("no record in process"));
    }

    /** Puts a command to a market into its log. */
    void command(String marketId, SpecificRecord body, long nowMillis, long timestamp, String sink) {
        MarketCommand command = new MarketCommand(position(), marketId, nowMillis, body);
        forward(marketId, command, timestamp, sink);
    }

    /** Offset of the record in process. */
    long offset() {
        return context.recordMetadata()
                .map(RecordMetadata::offset)
                .orElseThrow(() -> new IllegalStateException("no record in process"));
    }

    void forward(String key, SpecificRecord value, long timestamp, String sink) {
        // Headers of the input stay behind: they are the sender's, not ours.
        forward(key, value, timestamp, sink, new RecordHeaders());
    }

    void forward(String key, SpecificRecord value, long timestamp, String sink, Headers headers) {
        context.forward(new Record<Object, Object>(key, value, timestamp, headers), sink);
    }
}
