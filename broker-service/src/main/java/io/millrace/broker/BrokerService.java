package io.millrace.broker;

import io.micrometer.core.instrument.Counter;
import io.millrace.broker.api.BrokerServer;
import io.millrace.broker.stream.BrokerTopology;
import io.millrace.runtime.Health;
import io.millrace.runtime.Metrics;
import io.millrace.runtime.Opened;
import io.millrace.runtime.Patience;
import io.millrace.runtime.ServiceConfig;
import io.millrace.runtime.StreamsApp;
import io.millrace.schemas.Codecs;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The demand side as a process: streams, HTTP and what they share. Any number of instances may run: they share the work by
 * partitions, and any of them answers any call. Thread-safe.
 */
public final class BrokerService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerService.class);
    private static final String NAME = "broker-service";
    private static final int WRONG_CONFIGURATION = 2;
    private static final int START_FAILED = 1;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final Opened opened;
    private final BrokerServer server;
    private final StreamsApp streams;

    private BrokerService(BrokerConfig config, Opened opened) {
        this.opened = opened;
        Codecs codecs = opened.add(Codecs.connect(config.registryUrl()));
        Metrics metrics = opened.add(new Metrics(NAME));
        Health health = new Health();
        Counter waits = Counter.builder("millrace.registry.waits")
                .description("Times a stream thread waited for the schema registry")
                .register(metrics.registry());
        Patience patience = new Patience(waits::increment);
        server = opened.add(BrokerServer.start(config, codecs, metrics, health));
        streams = opened.add(StreamsApp.start(
                NAME,
                partitions -> BrokerTopology.build(config, codecs, partitions, metrics.registry(), patience),
                config,
                metrics,
                health,
                BrokerTopology.CO_PARTITIONED,
                server.port()));
        // Closed before the streams: a thread that waits for the registry must stop waiting to stop.
        opened.add(patience);
        server.attach(streams.streams());
    }

    /**
     * Starts an instance. Returns when it listens; see {@link #awaitReady}.
     *
     * @throws IllegalStateException if the port is taken, a topic is missing, or topics do not have the partitions that
     *     they must have: says which. Nothing is left running
     * @throws org.apache.kafka.common.KafkaException if Kafka cannot be asked
     */
    public static BrokerService start(BrokerConfig config) {
        Opened opened = new Opened();
        try {
            return new BrokerService(config, opened);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** The port at which it answers HTTP. */
    public int httpPort() {
        return server.port();
    }

    /** Why it cannot answer everything now; empty if it can. What {@code /health/ready} says, in a line. */
    public Optional<String> notReady() {
        KafkaStreams.State state = streams.streams().state();
        return state == KafkaStreams.State.RUNNING ? server.notReady() : Optional.of("streams are " + state);
    }

    /** Waits until it is ready; false if it is not after this time. */
    public boolean awaitReady(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (notReady().isPresent()) {
            if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
        return true;
    }

    /** Stops it: callers are let go first, then what is in process is committed, and others take over. */
    @Override
    public void close() {
        server.close();
        opened.close();
    }

    /**
     * Runs an instance until the process is told to stop.
     *
     * @param arguments {@code [FILE] [key=value ...]}: a properties file, and keys that win over it and over the environment
     *     (MILLRACE_HTTP_PORT for http.port)
     */
    public static void main(String[] arguments) {
        System.exit(run(arguments, System.getenv(), System.err));
    }

    /** What main does, without the end of the process: returns its exit code. */
    static int run(String[] arguments, Map<String, String> environment, PrintStream complaints) {
        BrokerConfig config;
        try {
            config = configured(arguments, environment);
        } catch (ConfigException e) {
            complaints.println(NAME + ": " + e.getMessage());
            return WRONG_CONFIGURATION;
        }
        BrokerService service;
        try {
            service = start(config);
        } catch (RuntimeException e) {
            LOG.debug("not started", e);
            complaints.println(NAME + ": cannot start: " + e.getMessage());
            return START_FAILED;
        }
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            LOG.info("stopping");
                            service.close();
                            stopped.countDown();
                        },
                        "stop"));
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private static BrokerConfig configured(String[] arguments, Map<String, String> environment) {
        @Nullable Path file = null;
        Map<String, String> overrides = new HashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals > 0) {
                overrides.put(argument.substring(0, equals), argument.substring(equals + 1));
            } else if (file == null) {
                file = Path.of(argument);
            } else {
                throw new ConfigException(
                        "expected [FILE] [key=value ...], got two files: " + file + " and " + argument);
            }
        }
        return new BrokerConfig(ServiceConfig.gather(BrokerConfig.definition(), file, environment, overrides));
    }
}
