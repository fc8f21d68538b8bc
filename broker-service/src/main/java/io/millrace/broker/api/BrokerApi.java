package io.millrace.broker.api;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.broker.BrokerConfig;
import io.millrace.runtime.AvroJson;
import io.millrace.runtime.Json;
import io.millrace.runtime.OpenApi;
import io.millrace.runtime.Routes;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;

/**
 * The HTTP interface of the broker service: puts its parts together. What it is told to listen to ({@link #listeners}) has to
 * be fed by a {@link DecisionTail}.
 */
final class BrokerApi implements AutoCloseable {
    private final WaitingCalls calls;
    private final DecisionStream stream;
    private final TenantRoutes tenants;
    private final QueryRoutes queries;
    private final StreamRoute streaming;

    BrokerApi(
            BrokerConfig config,
            RequestLog log,
            Stores stores,
            Instances instances,
            Clock clock,
            MeterRegistry meters) {
        calls = new WaitingCalls(config.waitingMax());
        stream = new DecisionStream(
                config.streamClientsMax(),
                config.streamBufferEvents(),
                decision -> new String(Json.bytes(AvroJson.write(decision)), StandardCharsets.UTF_8));
        RecentRequests recent = new RecentRequests(clock);
        tenants = new TenantRoutes(new RequestDesk(log, calls, clock), recent);
        queries = new QueryRoutes(stores, instances, recent, config.markets());
        streaming = new StreamRoute(stream, config.markets(), config.streamHeartbeat(), meters);
        Gauge.builder("millrace.http.waiting", calls, WaitingCalls::count)
                .description("HTTP calls that wait for their decision")
                .register(meters);
        Gauge.builder("millrace.stream.clients", stream, DecisionStream::count)
                .description("Clients that listen to the stream")
                .register(meters);
    }

    /** Those who want to know of every decision. */
    List<DecisionListener> listeners() {
        return List.of(calls, stream);
    }

    void addTo(Routes routes) {
        tenants.addTo(routes);
        queries.addTo(routes);
        streaming.addTo(routes);
    }

    static OpenApi document() {
        return ApiDocument.make();
    }

    /** Lets those go that wait or listen, which would otherwise keep the server from stopping. */
    @Override
    public void close() {
        calls.close();
        stream.close();
    }
}
