package io.millrace.local.up;

import io.millrace.schemas.Topic;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * How many records were ever written to topics. Asking does not wait for the answer: what is told is the newest that has come,
 * and never less than before. Thread-safe.
 */
final class LogLengths {
    private final Admin admin;
    private final Map<Topic<?>, List<TopicPartition>> partitions;
    private final Map<Topic<?>, Long> lengths = new ConcurrentHashMap<>();

    LogLengths(Admin admin, Map<Topic<?>, List<TopicPartition>> partitions) {
        this.admin = admin;
        this.partitions = Map.copyOf(partitions);
    }

    /** Asks for all of them. */
    void ask() {
        partitions.forEach((topic, parts) -> admin.listOffsets(
                        parts.stream().collect(Collectors.toMap(part -> part, part -> OffsetSpec.latest())))
                .all()
                .whenComplete((offsets, e) -> {
                    if (offsets != null) {
                        // Answers may overtake each other, and a log never gets shorter: of two the longer is the
                        // newer.
                        lengths.merge(
                                topic,
                                offsets.values().stream()
                                        .mapToLong(end -> end.offset())
                                        .sum(),
                                Math::max);
                    }
                }));
    }

    /** Records of a topic; empty before the first answer. */
    OptionalLong of(Topic<?> topic) {
        Long length = lengths.get(topic);
        return length == null ? OptionalLong.empty() : OptionalLong.of(length);
    }
}
