package io.millrace.schemas;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * CloudEvents 1.0, Kafka binding, binary mode: the attributes of an event as headers of the record, its data as the value.
 * Written on topics that readers outside Millrace read ({@link Topic#outside()}).
 */
public final class CloudEvents {

    private static final byte[] SPEC_VERSION = utf8("1.0");
    // Avro in the registry's framing; others (Debezium for one) name it so, too.
    private static final byte[] CONTENT_TYPE = utf8("application/avro");

    private CloudEvents() {}

    /**
     * Makes the headers of one event.
     *
     * @param id unique for its source: the same again only for the same event
     * @param source who says it, as a URI reference, e.g. {@code /millrace/markets/guizhou}
     * @param type what it is, e.g. {@code io.millrace.AllocationDecision}
     * @param subject what it is about, e.g. the id of a request
     * @param timeMillis when it happened, in milliseconds since 1970-01-01T00:00:00Z
     */
    public static Headers headers(String id, String source, String type, String subject, long timeMillis) {
        return new RecordHeaders()
                .add("ce_specversion", SPEC_VERSION)
                .add("ce_id", utf8(id))
                .add("ce_source", utf8(source))
                .add("ce_type", utf8(type))
                .add("ce_subject", utf8(subject))
                .add("ce_time", utf8(Instant.ofEpochMilli(timeMillis).toString()))
                .add("content-type", CONTENT_TYPE);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
