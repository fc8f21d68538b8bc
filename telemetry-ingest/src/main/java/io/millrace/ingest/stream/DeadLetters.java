package io.millrace.ingest.stream;

import io.millrace.runtime.DeadLetter;
import io.millrace.schemas.RejectReason;
import io.millrace.schemas.RejectedRecord;
import io.millrace.schemas.Topics;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Sends refused telemetry to the dead letters. Stateless. */
final class DeadLetters {
    private DeadLetters() {}

    /** Sends the record that is being processed to the dead letters, under its own key. */
    static void send(
            ProcessorContext<Object, Object> context,
            Parts parts,
            Record<byte @Nullable [], byte @Nullable []> record,
            RejectReason reason,
            String detail) {
        RecordMetadata source = context.recordMetadata()
                .orElseThrow(() -> new IllegalStateException("a record from nowhere is refused: " + detail));
        byte[] bytes = parts.rejected().encode(DeadLetter.of(record, source, reason, detail));
        context.forward(new Record<>(record.key(), bytes, record.timestamp()), outOf(source));
    }

    /** Sends what is said of a record that another task has read, under its own key. */
    static void send(ProcessorContext<Object, Object> context, Parts parts, RejectedRecord letter, long nowMillis) {
        ByteBuffer key = letter.getKey();
        byte[] bytes = key == null ? null : Arrays.copyOfRange(key.array(), key.arrayOffset(), key.limit());
        context.forward(
                new Record<>(bytes, parts.rejected().encode(letter), nowMillis), IngestTopology.REJECTED_CENTRES_OUT);
    }

    private static String outOf(RecordMetadata source) {
        return Topics.TELEMETRY_REPORTS.name().equals(source.topic())
                ? IngestTopology.REJECTED_REPORTS_OUT
                : IngestTopology.REJECTED_CENTRES_OUT;
    }
}
