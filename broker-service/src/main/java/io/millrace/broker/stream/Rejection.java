package io.millrace.broker.stream;

import io.millrace.runtime.Partitions;
import io.millrace.schemas.RejectReason;
import io.millrace.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a record is not followed.
 *
 * @param reason for programs
 * @param detail for people
 */
record Rejection(RejectReason reason, String detail) {
    /**
     * What is wrong with where a record stands: its key must be the id inside it, and it must be in the partition of that
     * key. Empty if nothing is.
     */
    static Optional<Rejection> ofPlace(
            Partitions partitions, Topic<?> topic, int partition, byte @Nullable [] key, String idName, String id) {
        Optional<String> misplaced = partitions.problem(topic, partition, key);
        if (misplaced.isPresent()) {
            return Optional.of(new Rejection(RejectReason.WRONG_PARTITION, misplaced.get()));
        }
        if (!Arrays.equals(key, id.getBytes(StandardCharsets.UTF_8))) {
            return Optional.of(new Rejection(RejectReason.KEY_MISMATCH, "the key is not the " + idName));
        }
        return Optional.empty();
    }
}
