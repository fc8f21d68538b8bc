package io.millrace.runtime;

import io.millrace.schemas.RecordHeader;
import io.millrace.schemas.RejectReason;
import io.millrace.schemas.RejectedRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Puts a refused record into an envelope, with everything it was received with. Stateless. */
public final class DeadLetter {
    /**
     * Most bytes kept of a key, of a value, and of all headers together. Records are far smaller; but what compresses well
     * can be larger than any topic takes once it is unpacked, and a dead letter that cannot be written would stop the stream.
     */
    public static final int MAX_KEPT_BYTES = 512 * 1024;

    private static final int HEADER_OVERHEAD_BYTES = 8;

    private DeadLetter() {}

    /**
     * The envelope of a record.
     *
     * @param source where the record was read
     * @param detail what is wrong, for people; if bytes are left out, that is added
     */
    public static RejectedRecord of(
            Record<byte @Nullable [], byte @Nullable []> record,
            RecordMetadata source,
            RejectReason reason,
            String detail) {
        RejectedRecord letter = new RejectedRecord();
        letter.setReason(reason);
        letter.setTopic(source.topic());
        letter.setPartition(source.partition());
        letter.setOffset(source.offset());
        letter.setRecordedAtMillis(record.timestamp());
        StringBuilder said = new StringBuilder(detail);
        letter.setKey(kept("key", record.key(), MAX_KEPT_BYTES, said));
        letter.setValue(kept("value", record.value(), MAX_KEPT_BYTES, said));
        List<RecordHeader> headers = new ArrayList<>();
        int left = MAX_KEPT_BYTES;
        for (Header header : record.headers()) {
            byte[] value = header.value();
            int size = HEADER_OVERHEAD_BYTES + header.key().length() + (value == null ? 0 : value.length);
            if (size > left) {
                said.append("; headers from \"")
                        .append(header.key(), 0, Math.min(header.key().length(), 80))
                        .append("\" on are left out, as they are larger than a dead letter holds");
                break;
            }
            left -= size;
            headers.add(new RecordHeader(header.key(), value == null ? null : ByteBuffer.wrap(value)));
        }
        letter.setHeaders(headers);
        letter.setDetail(said.toString());
        return letter;
    }

    private static @Nullable ByteBuffer kept(String what, byte @Nullable [] bytes, int most, StringBuilder said) {
        if (bytes == null) {
            return null;
        }
        if (bytes.length > most) {
            said.append("; of the ")
                    .append(bytes.length)
                    .append(" bytes of the ")
                    .append(what)
                    .append(" the first ")
                    .append(most)
                    .append(" are kept");
        }
        return ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, most));
    }
}
