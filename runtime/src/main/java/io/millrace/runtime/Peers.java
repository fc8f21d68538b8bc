package io.millrace.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;

/**
 * The instances of a service, of which each holds some of the keys. Finds the one that holds a key and asks it, by the same
 * GET that came in, marked so that it is never sent on twice. Instances are only ever those that Kafka's group knows.
 * Thread-safe.
 */
public final class Peers implements AutoCloseable {

    /** Marks a call that comes from another instance. */
    public static final String HOP_HEADER = "X-Millrace-Hop";

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(150);

    private final KafkaStreams streams;
    private final HostInfo self;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();

    /**
     * Knows the instances of an application.
     *
     * @param self as in {@link ServiceConfig#advertised}
     */
    public Peers(KafkaStreams streams, HostInfo self) {
        this.streams = streams;
        this.self = self;
    }

    /** What the instances answered, and those (host:port) that did not. */
    public record Answers(List<JsonNode> bodies, List<String> missing) {}

    /**
     * Returns the instance that holds a key.
     *
     * @throws ProblemException 503 while partitions move
     */
    public <K> HostInfo ownerOf(String store, K key, Serializer<K> serializer) {
        try {
            KeyQueryMetadata found = streams.queryMetadataForKey(store, key, serializer);
            if (found == null || found.equals(KeyQueryMetadata.NOT_AVAILABLE)) {
                throw moving("no instance holds this key yet");
            }
            return found.activeHost();
        } catch (InvalidStateStoreException e) {
            throw moving(String.valueOf(e.getMessage()));
        } catch (IllegalStateException e) {
            throw moving("the service is starting or stopping");
        }
    }

    /**
     * Answers a GET from the instance that holds the key: this one, or another that is asked the same.
     *
     * @param local the answer if it is this one; may throw a {@link ProblemException}, and Streams' {@link
     *     InvalidStateStoreException}, which becomes 503
     */
    public <K> void answer(Context context, String store, K key, Serializer<K> serializer, Supplier<JsonNode> local) {
        if (isHop(context)) {
            Json.answer(context, 200, here(local));
            return;
        }
        HostInfo owner = ownerOf(store, key, serializer);
        if (owner.equals(self)) {
            Json.answer(context, 200, here(local));
        } else {
            HttpResponse<byte[]> answer = fetch(owner, pathAndQuery(context));
            context.status(answer.statusCode())
                    .contentType(answer.headers().firstValue("Content-Type").orElse("application/json"))
                    .result(answer.body());
        }
    }

    /**
     * Asks the instance that holds a key for something of it: this one, or another at a path of its own, so that one call
     * may be answered from what several instances hold. Once more after a moment if it cannot be known, because partitions
     * rarely move for long.
     *
     * @param context the call that is answered: one that comes from another instance is answered from here
     * @param path where another instance answers what {@code local} does here
     * @param local what there is if it is this one, empty if there is nothing; may throw Streams' {@link
     *     InvalidStateStoreException}, which becomes 503
     * @return empty if the instance that holds the key has nothing (404)
     * @throws ProblemException 503 while it cannot be known
     */
    public <K> Optional<JsonNode> ask(
            Context context,
            String store,
            K key,
            Serializer<K> serializer,
            String path,
            Supplier<Optional<JsonNode>> local) {
        if (isHop(context)) {
            return here(local);
        }
        try {
            return askOwner(store, key, serializer, path, local);
        } catch (ProblemException moving) {
            LockSupport.parkNanos(RETRY_PAUSE.toNanos());
            return askOwner(store, key, serializer, path, local);
        }
    }

    private <K> Optional<JsonNode> askOwner(
            String store, K key, Serializer<K> serializer, String path, Supplier<Optional<JsonNode>> local) {
        HostInfo owner = ownerOf(store, key, serializer);
        if (owner.equals(self)) {
            return here(local);
        }
        HttpResponse<byte[]> answer = fetch(owner, path);
        return switch (answer.statusCode()) {
            case 200 -> Optional.of(Json.parse(answer.body()));
            case 404 -> Optional.empty();
            default ->
                throw moving(
                        "the instance that holds this key, " + address(owner) + ", answered " + answer.statusCode());
        };
    }

    /** Asks every instance the same GET; a call that another instance sent is answered from here alone. */
    public Answers scatter(Context context, Supplier<JsonNode> local) {
        List<JsonNode> bodies = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        if (isHop(context)) {
            return new Answers(List.of(here(local)), missing);
        }
        Map<HostInfo, CompletableFuture<HttpResponse<byte[]>>> asked = new LinkedHashMap<>();
        for (HostInfo other : others()) {
            asked.put(
                    other,
                    http.sendAsync(request(other, pathAndQuery(context)), HttpResponse.BodyHandlers.ofByteArray()));
        }
        bodies.add(here(local));
        asked.forEach((other, future) -> {
            try {
                HttpResponse<byte[]> answer = future.join();
                if (answer.statusCode() == 200) {
                    bodies.add(Json.parse(answer.body()));
                } else {
                    missing.add(address(other));
                }
            } catch (CompletionException | ProblemException e) {
                missing.add(address(other));
            }
        });
        return new Answers(bodies, missing);
    }

    /** Returns whether a call comes from another instance. */
    public static boolean isHop(Context context) {
        return context.header(HOP_HEADER) != null;
    }

    private Iterable<HostInfo> others() {
        TreeSet<HostInfo> others =
                new TreeSet<>(Comparator.comparing(HostInfo::host).thenComparingInt(HostInfo::port));
        try {
            for (StreamsMetadata instance : streams.metadataForAllStreamsClients()) {
                if (!instance.hostInfo().equals(self)) {
                    others.add(instance.hostInfo());
                }
            }
        } catch (IllegalStateException | InvalidStateStoreException e) {
            throw moving("the service is starting or stopping");
        }
        return others;
    }

    private static <T> T here(Supplier<T> local) {
        try {
            return local.get();
        } catch (InvalidStateStoreException e) {
            throw moving(String.valueOf(e.getMessage()));
        }
    }

    private HttpResponse<byte[]> fetch(HostInfo owner, String path) {
        try {
            return http.send(request(owner, path), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw moving("the instance that holds this key, " + address(owner) + ", does not answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw moving("interrupted");
        }
    }

    private static String pathAndQuery(Context context) {
        String query = context.queryString();
        return context.path() + (query == null ? "" : "?" + query);
    }

    private static HttpRequest request(HostInfo to, String path) {
        return HttpRequest.newBuilder(URI.create("http://" + address(to) + path))
                .timeout(ANSWER_TIMEOUT)
                .header(HOP_HEADER, "1")
                .GET()
                .build();
    }

    private static String address(HostInfo host) {
        return host.host() + ":" + host.port();
    }

    private static ProblemException moving(String detail) {
        return new ProblemException(503, "Not Available Now", detail + "; try again", Map.of("retryAfterSeconds", 1));
    }

    @Override
    public void close() {
        http.close();
    }
}
