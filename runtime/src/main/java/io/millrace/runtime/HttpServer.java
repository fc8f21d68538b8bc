package io.millrace.runtime;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.router.Endpoint;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTP of a service: its routes, and beside them {@code /metrics}, {@code /health/live}, {@code /health/ready} and {@code
 * /openapi.json}. Every error is a problem ({@code application/problem+json}). Each call has a virtual thread, so handlers
 * may block. Thread-safe.
 */
public final class HttpServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final String NO_ROUTE = "(none)";
    /** How long calls in progress may take when the service stops. */
    private static final long STOP_MILLIS = 5_000;
    /** How long a connection on which nothing happens stays when the service stops. */
    private static final long IDLE_AT_STOP_MILLIS = 20;

    private final Javalin javalin;
    private final GracefulHandler calls;
    private final String host;

    private HttpServer(Javalin javalin, GracefulHandler calls, String host) {
        this.javalin = javalin;
        this.calls = calls;
        this.host = host;
    }

    /**
     * Starts to listen.
     *
     * @param openApi describes exactly the routes that are added
     * @param routes adds the service's routes
     * @throws IllegalStateException if routes and description differ, or the port is taken: says which
     */
    public static HttpServer start(
            ServiceConfig config, Metrics metrics, Health health, OpenApi openApi, Consumer<Routes> routes) {
        GracefulHandler calls = new GracefulHandler();
        Javalin javalin = Javalin.create(javalinConfig -> {
            limits(javalinConfig, config, calls);
            Problems.install(javalinConfig, config.httpMaxBodyBytes());
            Routes added = new Routes(javalinConfig.routes, openApi);
            routes.accept(added);
            requireDescribed(added.added(), openApi.described());
            addOperational(javalinConfig, metrics, health, openApi);
            javalinConfig.requestLogger.http((context, millis) -> record(metrics, context, millis));
        });
        try {
            javalin.start(config.httpHost(), config.httpPort());
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "cannot listen at " + config.httpHost() + ":" + config.httpPort() + ": " + e.getMessage(), e);
        }
        HttpServer server = new HttpServer(javalin, calls, config.httpHost());
        LOG.info("listening at http://{}:{}", config.httpHost(), server.port());
        return server;
    }

    private static void limits(JavalinConfig javalin, ServiceConfig config, GracefulHandler calls) {
        javalin.startup.showJavalinBanner = false;
        javalin.startup.showOldJavalinVersionWarning = false;
        javalin.startup.startupWatcherEnabled = false;
        javalin.concurrency.useVirtualThreads = true;
        javalin.http.maxRequestSize = config.httpMaxBodyBytes();
        javalin.http.prefer405over404 = true;
        javalin.jetty.modifyServletContextHandler(context -> context.setErrorHandler(new JettyErrors()));
        javalin.jetty.modifyServer(server -> {
            server.insertHandler(calls);
            server.setErrorHandler(new JettyErrors());
            server.setStopTimeout(STOP_MILLIS);
        });
    }

    private static void addOperational(JavalinConfig javalin, Metrics metrics, Health health, OpenApi openApi) {
        byte[] document = Json.bytes(openApi.document());
        javalin.routes.get(
                "/metrics",
                context -> context.contentType("text/plain; version=0.0.4; charset=utf-8")
                        .result(metrics.scrape()));
        javalin.routes.get("/health/live", context -> answer(context, health.live()));
        javalin.routes.head("/health/live", context -> answer(context, health.live()));
        javalin.routes.get("/health/ready", context -> answer(context, health.ready()));
        javalin.routes.head("/health/ready", context -> answer(context, health.ready()));
        javalin.routes.get(
                "/openapi.json",
                context -> context.contentType("application/json").result(document));
    }

    private static void answer(Context context, Health.Report report) {
        Json.answer(context, report.well() ? 200 : 503, report.json());
    }

    /** A document that leaves out a route, or names one that is not there, is worse than none. */
    private static void requireDescribed(Set<String> routes, Set<String> described) {
        Set<String> undescribed = new TreeSet<>(routes);
        undescribed.removeAll(described);
        Set<String> absent = new TreeSet<>(described);
        absent.removeAll(routes);
        if (!undescribed.isEmpty() || !absent.isEmpty()) {
            throw new IllegalStateException(
                    "OpenAPI and routes differ: not described " + undescribed + ", described only " + absent);
        }
    }

    private static void record(Metrics metrics, Context context, float millis) {
        if ("text/event-stream".equals(context.res().getContentType())) {
            return; // lasts as long as its client likes: no latency
        }
        Endpoint endpoint = context.endpoints().lastHttpEndpoint();
        Timer.builder("millrace.http.requests")
                .description("Requests answered, and how long that took")
                .tag("method", context.method().name())
                .tag("uri", endpoint == null || endpoint.path.isEmpty() ? NO_ROUTE : endpoint.path)
                .tag("status", Integer.toString(context.statusCode()))
                .serviceLevelObjectives(
                        Duration.ofMillis(1),
                        Duration.ofMillis(5),
                        Duration.ofMillis(10),
                        Duration.ofMillis(25),
                        Duration.ofMillis(50),
                        Duration.ofMillis(100),
                        Duration.ofMillis(250),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5))
                .register(metrics.registry())
                .record(Duration.ofNanos((long) (millis * 1_000_000)));
    }

    /** Returns the port it listens at. */
    public int port() {
        return javalin.port();
    }

    /** Returns the address of its root, without a slash at the end. */
    public String url() {
        return "http://" + host + ":" + port();
    }

    /** Stops: whoever is being answered gets the answer, whoever comes now a 503, and connections are closed. */
    @Override
    public void close() {
        awaitCalls();
        // Connections that clients keep for a next call would hold up the stop for a second, Jetty's default. Not
        // before
        // the calls are done: to Jetty, a call that reads and writes nothing while it waits for Kafka is idle, too.
        for (Connector connector : javalin.jettyServer().server().getConnectors()) {
            if (connector instanceof AbstractConnector ours) {
                ours.setShutdownIdleTimeout(IDLE_AT_STOP_MILLIS);
            }
        }
        javalin.stop();
    }

    private void awaitCalls() {
        try {
            calls.shutdown().get(STOP_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("calls in progress are cut off: not answered within {} ms", STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
