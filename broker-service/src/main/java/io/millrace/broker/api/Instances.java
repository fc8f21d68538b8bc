package io.millrace.broker.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.millrace.runtime.Peers;
import java.util.Optional;
import java.util.function.Supplier;

/** The instances of this service, of which each holds some of the stores' partitions. */
interface Instances {

    /**
     * Asks the instance that holds a key.
     *
     * @param call the call to be answered: one that comes from another instance is answered from here and goes no further
     * @param store the store that has the key
     * @param path where the other instance has the answer; has to be one that this service answers itself
     * @param local the answer if it is this instance
     * @return the answer; empty if the instance has none
     * @throws io.millrace.runtime.ProblemException 503 while it cannot be known
     */
    Optional<JsonNode> ask(Context call, String store, String key, String path, Supplier<Optional<JsonNode>> local);

    /** Asks all instances the same call; one that comes from another instance is answered from here alone. */
    Peers.Answers askAll(Context call, Supplier<JsonNode> local);
}
