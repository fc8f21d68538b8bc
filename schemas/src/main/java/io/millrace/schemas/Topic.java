package io.millrace.schemas;

import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * One topic of the contract: its name, what its key means, the record its values are. Immutable.
 *
 * @param name name in Kafka
 * @param keyMeaning the field whose value is the key, as UTF-8 text
 * @param valueType generated class of the values
 * @param cleanup what Kafka removes
 * @param partitioning the group of topics with the same number of partitions
 * @param retentionMillis how long records stay, in milliseconds; {@link #FOR_EVER} for compacted topics
 * @param maxMessageBytes largest batch of records, compressed, in bytes
 * @param outside whether there are readers outside Millrace: its records carry CloudEvents headers
 * @param meaning one sentence for people
 * @param <V> the values
 */
public record Topic<V extends SpecificRecord>(
        String name,
        String keyMeaning,
        Class<V> valueType,
        Cleanup cleanup,
        Partitioning partitioning,
        long retentionMillis,
        int maxMessageBytes,
        boolean outside,
        String meaning) {

    /** Retention of a topic whose newest records per key stay for ever. */
    public static final long FOR_EVER = -1;

    /** Returns the registry's subject of the values: topic name strategy. */
    public String subject() {
        return name + "-value";
    }

    /** Returns the schema of the values as this release writes them. */
    public Schema schema() {
        return SpecificData.get().getSchema(valueType);
    }

    /** Returns the topic's configuration, sorted by key: everything that differs from what a broker would do by itself. */
    public Map<String, String> configs() {
        Map<String, String> configs = new TreeMap<>();
        configs.put("cleanup.policy", cleanup.policy());
        configs.put("max.message.bytes", Integer.toString(maxMessageBytes));
        configs.put("retention.ms", Long.toString(retentionMillis));
        if (cleanup.compacts()) {
            // The open segment is never compacted: small segments, or a table that is rewritten every few seconds
            // grows to a gigabyte before the first old value goes.
            configs.put("segment.bytes", Integer.toString(64 << 20));
            configs.put("segment.ms", Long.toString(Topics.HOUR));
            // Start again when a fifth is old: a reader that starts from nothing reads little more than the table.
            configs.put("min.cleanable.dirty.ratio", "0.2");
            // A reader that was away for a day still sees what was deleted.
            configs.put("delete.retention.ms", Long.toString(Topics.DAY));
        } else {
            // Retention counts whole segments: a quiet topic must roll them, or nothing is ever old enough.
            configs.put("segment.ms", Long.toString(Math.min(Topics.DAY, retentionMillis / 4)));
        }
        return configs;
    }

    @Override
    public String toString() {
        return name;
    }
}
