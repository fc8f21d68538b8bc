package io.millrace.ingest.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.millrace.runtime.Peers;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** The tables of all instances, as one of them sees them. Thread-safe. */
public interface Tables {
    /**
     * The part of a store that this instance holds.
     *
     * @throws io.millrace.runtime.ProblemException 503 while there is none, because partitions move or the service starts
     */
    ReadOnlyKeyValueStore<String, byte[]> here(String store);

    /**
     * What the instance that holds a key has of it: this one, or another that is asked for {@code path}.
     *
     * @throws io.millrace.runtime.ProblemException 503 while it cannot be known
     */
    Optional<JsonNode> ask(Context call, String store, String key, String path, Supplier<Optional<JsonNode>> local);

    /** What every instance answers to this same call. */
    Peers.Answers scatter(Context call, Supplier<JsonNode> local);

    /**
     * Asks nothing.
     *
     * @throws io.millrace.runtime.ProblemException 503 as long as the service starts: not even the profiles may be read yet
     */
    void requireStarted();
}
