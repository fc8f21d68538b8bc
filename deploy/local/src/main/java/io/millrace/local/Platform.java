package io.millrace.local;

import io.millrace.broker.BrokerConfig;
import io.millrace.broker.BrokerService;
import io.millrace.ingest.IngestConfig;
import io.millrace.ingest.TelemetryIngest;
import io.millrace.schemas.Contract;
import io.millrace.schemas.Topics;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All of Millrace on this machine: Kafka, the schema registry, the topics and schemas of the contract, telemetry-ingest and
 * broker-service, everything on the loopback address. What {@code millrace up} starts, and what tests and the bench run on.
 *
 * <p>Thread-safe. Closing it stops everything in reverse order; what it stored stays.
 */
public final class Platform implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Platform.class);

    private final PlatformOptions options;
    private final Progress progress;
    /** What is to be closed, the last started first. */
    private final Deque<AutoCloseable> running = new ArrayDeque<>();

    private final CompletableFuture<String> failure = new CompletableFuture<>();

    private @Nullable EmbeddedKafka kafka;
    private @Nullable SchemaRegistryProcess registry;
    private @Nullable TelemetryIngest ingest;
    private @Nullable BrokerService broker;

    private Platform(PlatformOptions options, Progress progress) {
        this.options = options;
        this.progress = progress;
    }

    /** Starts a platform in silence; see {@link #start(PlatformOptions, Progress)}. */
    public static Platform start(PlatformOptions options) {
        return start(options, Progress.SILENT);
    }

    /**
     * Starts a platform and returns when everything in it is ready.
     *
     * @throws UserError if a port or the data folder is in use, the data are of another format, or a setting is wrong;
     *     nothing is left running
     */
    public static Platform start(PlatformOptions options, Progress progress) {
        Platform platform = new Platform(options, progress);
        // Nothing is logged, and so no file written, before the folder is known to be ours.
        DataFolder folder = platform.push(DataFolder.open(options.dataFolder(), options.fresh()));
        try {
            platform.start(folder);
            return platform;
        } catch (RuntimeException e) {
            LOG.error("The platform did not start", e);
            platform.close();
            throw asUserError(e);
        }
    }

    private void start(DataFolder folder) {
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            // The registry needs twice as long as Kafka, so topics are made while it starts.
            CompletableFuture<Void> kafkaAndTopics = CompletableFuture.runAsync(() -> startKafka(folder), threads);
            CompletableFuture<Void> registryAndSchemas =
                    CompletableFuture.runAsync(() -> startRegistry(folder), threads);
            awaitBoth(kafkaAndTopics, registryAndSchemas);
            if (options.services()) {
                awaitBoth(
                        CompletableFuture.runAsync(() -> startIngest(folder), threads),
                        CompletableFuture.runAsync(() -> startBroker(folder), threads));
            }
        }
    }

    private void startKafka(DataFolder folder) {
        EmbeddedKafka started = timed(
                "Kafka",
                EmbeddedKafka::bootstrapServers,
                () -> push(
                        EmbeddedKafka.start(folder.kafka(), options.listenAt().kafka())));
        kafka = started;
        started.failure().thenAccept(failure::complete);
        timed("topics", done -> Topics.all().size() + " of the contract", () -> {
            try (Admin admin =
                    Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, started.bootstrapServers()))) {
                Contract.topics(admin, options.sizing());
            }
            return true;
        });
    }

    private void startRegistry(DataFolder folder) {
        SchemaRegistryProcess started = timed(
                "schema registry",
                SchemaRegistryProcess::url,
                () -> push(SchemaRegistryProcess.start(
                        RegistryHome.find(),
                        folder.registry(),
                        options.listenAt().registry())));
        registry = started;
        started.failure().thenAccept(failure::complete);
        timed("schemas", done -> "registered, BACKWARD_TRANSITIVE", () -> {
            Contract.schemas(started.url());
            return true;
        });
    }

    private void startIngest(DataFolder folder) {
        ingest = timed("telemetry-ingest", service -> url(service.httpPort()).toString(), () -> {
            int port = Ports.claim(options.listenAt().ingest(), "telemetry-ingest", "--ingest-port");
            TelemetryIngest started =
                    push(TelemetryIngest.start(new IngestConfig(config(folder, port, options.ingestConfig()))));
            Readiness.await("telemetry-ingest", url(port));
            return started;
        });
    }

    private void startBroker(DataFolder folder) {
        broker = timed("broker-service", service -> url(service.httpPort()).toString(), () -> {
            int port = Ports.claim(options.listenAt().broker(), "broker-service", "--broker-port");
            BrokerService started =
                    push(BrokerService.start(new BrokerConfig(config(folder, port, options.brokerConfig()))));
            Readiness.await("broker-service", url(port));
            return started;
        });
    }

    private Map<String, String> config(DataFolder folder, int port, Map<String, String> more) {
        Map<String, String> config = new HashMap<>(more);
        config.put("bootstrap.servers", bootstrapServers());
        config.put("schema.registry.url", registryUrl());
        config.put("http.host", Ports.HOST);
        config.put("http.port", Integer.toString(port));
        config.put("http.advertised.host", Ports.HOST);
        config.put("streams.state.dir", folder.streams().toString());
        config.put("streams.replication.factor", "1");
        return config;
    }

    /** What Kafka clients take as {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return started(kafka).bootstrapServers();
    }

    /** What Confluent clients take as {@code schema.registry.url}. */
    public String registryUrl() {
        return started(registry).url();
    }

    /** Where telemetry-ingest answers; empty without services. */
    public Optional<URI> ingestUrl() {
        return Optional.ofNullable(ingest).map(service -> url(service.httpPort()));
    }

    /** Where broker-service answers; empty without services. */
    public Optional<URI> brokerUrl() {
        return Optional.ofNullable(broker).map(service -> url(service.httpPort()));
    }

    /** What it keeps between runs. */
    public Path dataFolder() {
        return options.dataFolder();
    }

    /** Completed with the reason if Kafka or the registry gives up by itself: the platform is of no use from then on. */
    public CompletableFuture<String> failure() {
        return failure.copy();
    }

    /** Stops everything, the last started first. Does nothing the second time. */
    @Override
    public void close() {
        while (true) {
            AutoCloseable last;
            synchronized (running) {
                last = running.poll();
            }
            if (last == null) {
                return;
            }
            try {
                last.close();
            } catch (Exception e) {
                // The others must be stopped all the same.
                LOG.error("{} did not stop cleanly", last.getClass().getSimpleName(), e);
            }
        }
    }

    private <T extends AutoCloseable> T push(T started) {
        synchronized (running) {
            running.push(started);
        }
        return started;
    }

    private <T> T timed(String what, Function<T, String> detail, Supplier<T> step) {
        long begin = System.nanoTime();
        T result = step.get();
        progress.done(what, detail.apply(result), (System.nanoTime() - begin) / 1_000_000);
        return result;
    }

    /** Waits for both even if one fails: what the other started must be known before everything is stopped. */
    private static void awaitBoth(CompletableFuture<?> one, CompletableFuture<?> other) {
        CompletableFuture.allOf(one, other).exceptionally(e -> null).join();
        one.join();
        other.join();
    }

    private static URI url(int port) {
        return URI.create("http://" + Ports.HOST + ":" + port);
    }

    private static <T> T started(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("not started yet");
        }
        return part;
    }

    private static RuntimeException asUserError(RuntimeException e) {
        Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
        if (cause instanceof UserError user) {
            return user;
        }
        if (cause instanceof ConfigException || cause instanceof IllegalStateException) {
            return new UserError(String.valueOf(cause.getMessage()), cause);
        }
        return e;
    }
}
