package io.millrace.ingest.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.millrace.ingest.IngestConfig;
import io.millrace.ingest.Rig;
import io.millrace.runtime.Health;
import io.millrace.runtime.HttpServer;
import io.millrace.runtime.Json;
import io.millrace.runtime.Metrics;
import io.millrace.runtime.Peers;
import io.millrace.runtime.ProblemException;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** The real HTTP server in front of the topology without a broker: what a handler writes, the topology reads at once. */
final class Api implements AutoCloseable {
    /** An answer: status and body. */
    record Answer(int status, JsonNode body) {
        String text(String name) {
            return body.path(name).asText();
        }
    }

    final Rig rig = new Rig();
    boolean kafkaAnswers = true;
    boolean tablesAnswer = true;
    boolean started = true;
    int written;

    private final Metrics metrics = new Metrics("test");
    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    Api() {
        IngestConfig config = new IngestConfig(Map.of("http.port", "0", "http.max.body.bytes", "100000"));
        IngestApi api = new IngestApi(new Services(
                Rig.SETTINGS,
                100,
                Duration.ofSeconds(5),
                rig.codecs,
                rig.profiles,
                rig.metrics,
                new RigTables(),
                this::send,
                rig::now));
        server = HttpServer.start(config, metrics, new Health(), api.describe(), api::routes);
    }

    private CompletableFuture<Void> send(String topic, String key, byte[] value) {
        if (!kafkaAnswers) {
            return CompletableFuture.failedFuture(new TimeoutException("no broker"));
        }
        Topic<?> to = Topics.all().stream()
                .filter(each -> each.name().equals(topic))
                .findAny()
                .orElseThrow();
        rig.send(to, key, value);
        written++;
        return CompletableFuture.completedFuture(null);
    }

    private final class RigTables implements Tables {
        @Override
        public ReadOnlyKeyValueStore<String, byte[]> here(String store) {
            if (!tablesAnswer) {
                throw new ProblemException(503, "Not Available Now", "partitions move");
            }
            return rig.store(store);
        }

        @Override
        public Optional<JsonNode> ask(
                Context call, String store, String key, String path, Supplier<Optional<JsonNode>> local) {
            return local.get();
        }

        @Override
        public Peers.Answers scatter(Context call, Supplier<JsonNode> local) {
            return new Peers.Answers(List.of(local.get()), List.of());
        }

        @Override
        public void requireStarted() {
            if (!started) {
                throw new ProblemException(503, "Not Available Now", "the service is starting");
            }
        }
    }

    Answer get(String path) {
        return call("GET", path, null, "application/json");
    }

    Answer post(String path, String body) {
        return call("POST", path, body, "application/json");
    }

    Answer put(String path, String body) {
        return call("PUT", path, body, "application/json");
    }

    Answer call(String method, String path, @Nullable String body, String type) {
        try {
            HttpResponse<byte[]> response = client.send(
                    HttpRequest.newBuilder(URI.create(server.url() + path))
                            .header("Content-Type", type)
                            .method(
                                    method,
                                    body == null
                                            ? HttpRequest.BodyPublishers.noBody()
                                            : HttpRequest.BodyPublishers.ofString(body, UTF_8))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), Json.parse(response.body()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
        metrics.close();
        rig.close();
    }
}
