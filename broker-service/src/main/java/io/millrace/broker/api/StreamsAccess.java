package io.millrace.broker.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.millrace.runtime.Peers;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsNotStartedException;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/**
 * The Streams application and its other instances, once there is one: HTTP listens first, because the application tells its
 * others the port, and whoever asks before that is told to try again. Thread-safe.
 */
final class StreamsAccess implements Instances, AutoCloseable {
    private static final Serializer<String> KEYS = new StringSerializer();

    private volatile @Nullable Attached attached;

    private record Attached(KafkaStreams streams, HostInfo self, Peers peers) {}

    /** From here on there is an application; it is closed by whoever made it. */
    void attach(KafkaStreams streams, HostInfo self) {
        attached = new Attached(streams, self, new Peers(streams, self));
    }

    /**
     * The application.
     *
     * @throws InvalidStateStoreException if there is none yet
     */
    KafkaStreams streams() {
        return attached().streams();
    }

    /** This instance, as the application's others know it. */
    HostInfo self() {
        return attached().self();
    }

    private Attached attached() {
        Attached now = attached;
        if (now == null) {
            throw new StreamsNotStartedException("the service is starting");
        }
        return now;
    }

    @Override
    public Optional<JsonNode> ask(
            Context call, String store, String key, String path, Supplier<Optional<JsonNode>> local) {
        return attached().peers().ask(call, store, key, KEYS, path, local);
    }

    @Override
    public Peers.Answers askAll(Context call, Supplier<JsonNode> local) {
        return attached().peers().scatter(call, local);
    }

    @Override
    public void close() {
        Attached last = attached;
        if (last != null) {
            last.peers().close();
        }
    }
}
