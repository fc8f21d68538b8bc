package io.millrace.runtime;

import io.millrace.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.jspecify.annotations.Nullable;

/**
 * How many partitions topics have, and so where a key belongs: where murmur2 puts it, as Kafka's own producers and Streams
 * do. What is kept of a key is kept in the task of that partition, so a record elsewhere would be heard by a task that
 * knows nothing of its past, and what is said of it later would go to one that never heard it. Immutable.
 */
public final class Partitions {
    private final Map<String, Integer> counts;

    private Partitions(Map<String, Integer> counts) {
        this.counts = Map.copyOf(counts);
    }

    /** Topics by name with their numbers of partitions, as Kafka tells them. */
    static Partitions counted(Map<String, Integer> counts) {
        return new Partitions(counts);
    }

    /** Topics with these numbers of partitions, at least one each. */
    public static Partitions of(Map<Topic<?>, Integer> counts) {
        Map<String, Integer> byName = new TreeMap<>();
        counts.forEach((topic, count) -> byName.put(topic.name(), count));
        return new Partitions(byName);
    }

    /**
     * The partition that a key belongs to.
     *
     * @throws IllegalArgumentException if the topic was not counted
     */
    public int of(Topic<?> topic, String key) {
        return BuiltInPartitioner.partitionForKey(key.getBytes(StandardCharsets.UTF_8), count(topic));
    }

    /**
     * How many a topic has.
     *
     * @throws IllegalArgumentException if the topic was not counted
     */
    public int count(Topic<?> topic) {
        Integer count = counts.get(topic.name());
        if (count == null) {
            throw new IllegalArgumentException("nobody counted the partitions of " + topic);
        }
        return count;
    }

    /**
     * What is wrong with the partition of a record, for people; empty if it is that of its key. A record without a key
     * belongs nowhere in particular.
     *
     * @throws IllegalArgumentException if the topic was not counted
     */
    public Optional<String> problem(Topic<?> topic, int partition, byte @Nullable [] key) {
        int count = count(topic);
        if (key == null) {
            return Optional.empty();
        }
        int right = BuiltInPartitioner.partitionForKey(key, count);
        if (partition == right) {
            return Optional.empty();
        }
        return Optional.of("the record is in partition " + partition + "; its key belongs to partition " + right
                + " of " + count + " by murmur2, which librdkafka has as partitioner=murmur2_random");
    }
}
