package io.millrace.broker.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.broker.BrokerConfig;
import io.millrace.runtime.Health;
import io.millrace.runtime.HttpServer;
import io.millrace.runtime.Json;
import io.millrace.runtime.Metrics;
import io.millrace.runtime.Peers;
import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.ComputeRequest;
import io.millrace.schemas.MarketCapacity;
import io.millrace.schemas.RequestState;
import io.millrace.schemas.Route;
import io.millrace.schemas.Together;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.jspecify.annotations.Nullable;

/** The real routes on a real server on the loopback address, over a log and stores that the test writes itself. */
final class LoopbackApi implements AutoCloseable {
    final FakeLog log = new FakeLog();
    final FakeStores stores = new FakeStores();
    final FakeInstances instances = new FakeInstances();
    final Metrics metrics = new Metrics("test");
    final BrokerApi api;
    private final HttpServer server;
    private final HttpClient http = HttpClient.newHttpClient();

    LoopbackApi(Map<String, String> overrides) {
        Map<String, String> values = new HashMap<>(overrides);
        values.put("http.port", "0");
        values.put("markets", "gansu,guizhou,ningxia");
        BrokerConfig config = new BrokerConfig(values);
        MeterRegistry meters = metrics.registry();
        api = new BrokerApi(config, log, stores, instances, Clock.systemUTC(), meters);
        server = HttpServer.start(config, metrics, new Health(), BrokerApi.document(), api::addTo);
    }

    /** A status, headers and JSON. */
    record Answer(int status, JsonNode json, HttpResponse<byte[]> response) {
        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    Answer get(String path, String... headers) {
        return send(request(path, headers).GET());
    }

    Answer delete(String path) {
        return send(request(path).DELETE());
    }

    Answer post(String path, String body) {
        return send(request(path, "Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    Answer postAs(String type, String path, String body) {
        return send(request(path, "Content-Type", type).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    CompletableFuture<HttpResponse<InputStream>> listen(String path) {
        return http.sendAsync(request(path).GET().build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    HttpResponse<Void> head(String path) {
        return http.sendAsync(request(path).HEAD().build(), HttpResponse.BodyHandlers.discarding())
                .join();
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(URI.create(server.url() + path)).timeout(Duration.ofSeconds(60));
        return headers.length == 0 ? builder : builder.headers(headers);
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), Json.parse(response.body()), response);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** As the tail would, once it is committed. */
    void decide(AllocationDecision decision, long recordTimeMillis) {
        for (DecisionListener listener : api.listeners()) {
            if (listener.wants(decision.getRequestId())) {
                listener.accept(decision, recordTimeMillis);
            }
        }
    }

    /** As the service does: lets go who waits, then ends. */
    void stop() {
        api.close();
        server.close();
    }

    @Override
    public void close() {
        stop();
        http.close();
        metrics.close();
    }

    /** Answers each request that is written with what the test says. */
    final class FakeLog implements RequestLog {
        final List<ComputeRequest> written = new CopyOnWriteArrayList<>();
        volatile Function<ComputeRequest, @Nullable AllocationDecision> market = request -> null;
        volatile @Nullable RuntimeException failure;

        @Override
        public CompletableFuture<Long> append(ComputeRequest request) {
            RuntimeException failing = failure;
            if (failing != null) {
                return CompletableFuture.failedFuture(failing);
            }
            written.add(request);
            AllocationDecision decision = market.apply(request);
            if (decision != null) {
                decide(decision, request.getCreatedAtMillis());
            }
            return CompletableFuture.completedFuture(written.size() - 1L);
        }
    }

    static final class FakeStores implements Stores {
        final Map<String, Route> routes = new TreeMap<>();
        final Map<String, Together> togethers = new TreeMap<>();
        final List<RequestState> requests = new ArrayList<>();
        final List<MarketCapacity> markets = new ArrayList<>();
        final AtomicInteger failures = new AtomicInteger();

        private void mayMove() {
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new InvalidStateStoreException("partitions move");
            }
        }

        @Override
        public Optional<Route> route(String requestId) {
            mayMove();
            return Optional.ofNullable(routes.get(requestId));
        }

        @Override
        public Optional<Together> together(String requestId) {
            mayMove();
            return Optional.ofNullable(togethers.get(requestId));
        }

        @Override
        public Optional<RequestState> request(String marketId, String requestId) {
            mayMove();
            return requests.stream()
                    .filter(request -> request.getMarketId().equals(marketId)
                            && request.getRequestId().equals(requestId))
                    .findFirst();
        }

        @Override
        public List<Integer> eachRequest(@Nullable String marketId, Consumer<RequestState> visitor) {
            mayMove();
            requests.stream()
                    .filter(request -> marketId == null || marketId.equals(request.getMarketId()))
                    .forEach(visitor);
            return List.of(0);
        }

        @Override
        public int partitions() {
            return 2;
        }

        @Override
        public List<MarketCapacity> markets() {
            mayMove();
            return List.copyOf(markets);
        }
    }

    /** This instance has every key; others, if the test wants any, have allocations. */
    static final class FakeInstances implements Instances {
        final List<JsonNode> others = new ArrayList<>();
        final List<String> missing = new ArrayList<>();
        final List<String> asked = new CopyOnWriteArrayList<>();

        @Override
        public Optional<JsonNode> ask(
                Context call, String store, String key, String path, Supplier<Optional<JsonNode>> local) {
            asked.add(store + " " + key + " " + path);
            return local.get();
        }

        @Override
        public Peers.Answers askAll(Context call, Supplier<JsonNode> local) {
            List<JsonNode> bodies = new ArrayList<>();
            bodies.add(local.get());
            if (!Peers.isHop(call)) {
                bodies.addAll(others);
            }
            return new Peers.Answers(bodies, List.copyOf(missing));
        }
    }
}
