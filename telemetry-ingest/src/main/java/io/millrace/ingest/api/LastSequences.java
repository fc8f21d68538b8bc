package io.millrace.ingest.api;

import io.millrace.ingest.capacity.Rejection;
import io.millrace.ingest.capacity.ReportCheck;
import io.millrace.ingest.stream.IngestTopology;
import io.millrace.runtime.ProblemException;
import io.millrace.schemas.CentreReport;
import io.millrace.schemas.Codec;
import io.millrace.schemas.Decoded;
import io.millrace.schemas.NodeState;
import io.millrace.schemas.RegistryUnavailableException;
import io.millrace.schemas.Topics;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The highest sequence of each reporter, as far as it is known here: from what this instance holds, and from the same
 * batch. What another instance holds is not asked for: the stream checks again anyway, and a thousand questions over the
 * network would cost more than they find. One call, one thread.
 */
final class LastSequences {
    private static final long NONE = Long.MIN_VALUE;

    private final @Nullable ReadOnlyKeyValueStore<String, byte[]> store;
    private final ToLongFunction<byte[]> sequenceOf;
    private final Map<String, Long> inBatch = new HashMap<>();

    private LastSequences(@Nullable ReadOnlyKeyValueStore<String, byte[]> store, ToLongFunction<byte[]> sequenceOf) {
        this.store = store;
        this.sequenceOf = sequenceOf;
    }

    static LastSequences ofNodes(Services services) {
        Codec<NodeState> codec = services.codecs().state(NodeState.class);
        return new LastSequences(
                store(services, IngestTopology.NODES),
                bytes -> read(codec, bytes, state -> state.getCapacity().getSequence()));
    }

    static LastSequences ofCentres(Services services) {
        Codec<CentreReport> codec = services.codecs().of(Topics.TELEMETRY_CENTRES);
        return new LastSequences(
                store(services, IngestTopology.SITES), bytes -> read(codec, bytes, CentreReport::getSequence));
    }

    private static @Nullable ReadOnlyKeyValueStore<String, byte[]> store(Services services, String name) {
        try {
            return services.tables().here(name);
        } catch (ProblemException notNow) {
            return null;
        }
    }

    private static <V extends SpecificRecord> long read(Codec<V> codec, byte[] bytes, ToLongFunction<V> sequence) {
        try {
            return codec.decode(bytes) instanceof Decoded.Value<V> value ? sequence.applyAsLong(value.value()) : NONE;
        } catch (RegistryUnavailableException notNow) {
            return NONE;
        }
    }

    /** Null if the sequence is higher than the last one known, which it is then. */
    @Nullable Rejection check(String id, long sequence) {
        Long last = inBatch.get(id);
        Rejection rejection = ReportCheck.sequence(sequence, last == null ? stored(id) : last);
        if (rejection == null) {
            inBatch.put(id, sequence);
        }
        return rejection;
    }

    private long stored(String id) {
        if (store == null) {
            return NONE;
        }
        try {
            byte[] bytes = store.get(id);
            return bytes == null ? NONE : sequenceOf.applyAsLong(bytes);
        } catch (InvalidStateStoreException moved) {
            return NONE;
        }
    }
}
