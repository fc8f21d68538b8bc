package io.millrace.ingest.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.millrace.runtime.Peers;
import io.millrace.runtime.ProblemException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** Tables held by Kafka Streams. Until the application is started, every question is answered with 503. Thread-safe. */
public final class KafkaTables implements Tables, AutoCloseable {
    private record Started(KafkaStreams streams, Peers peers) {}

    private volatile @Nullable Started started;

    /** The application runs: questions are answered from now on. */
    public void started(KafkaStreams streams, HostInfo self) {
        started = new Started(streams, new Peers(streams, self));
    }

    @Override
    public ReadOnlyKeyValueStore<String, byte[]> here(String store) {
        try {
            return running()
                    .streams()
                    .store(StoreQueryParameters.fromNameAndType(
                            store, QueryableStoreTypes.<String, byte[]>keyValueStore()));
        } catch (InvalidStateStoreException e) {
            throw notNow(String.valueOf(e.getMessage()));
        } catch (IllegalStateException e) {
            throw notNow("the service is starting or stopping");
        }
    }

    @Override
    public Optional<JsonNode> ask(
            Context call, String store, String key, String path, Supplier<Optional<JsonNode>> local) {
        return running().peers().ask(call, store, key, new StringSerializer(), path, local);
    }

    @Override
    public Peers.Answers scatter(Context call, Supplier<JsonNode> local) {
        return running().peers().scatter(call, local);
    }

    @Override
    public void requireStarted() {
        running();
    }

    private Started running() {
        Started now = started;
        if (now == null) {
            throw notNow("the service is starting");
        }
        return now;
    }

    private static ProblemException notNow(String detail) {
        return new ProblemException(503, "Not Available Now", detail + "; try again", Map.of("retryAfterSeconds", 1));
    }

    @Override
    public void close() {
        Started last = started;
        started = null;
        if (last != null) {
            last.peers().close();
        }
    }
}
