package io.millrace.ingest;

import io.millrace.ingest.api.IngestApi;
import io.millrace.ingest.api.KafkaOutbox;
import io.millrace.ingest.api.KafkaTables;
import io.millrace.ingest.api.Services;
import io.millrace.ingest.stream.IngestMetrics;
import io.millrace.ingest.stream.IngestTopology;
import io.millrace.ingest.stream.Profiles;
import io.millrace.runtime.Health;
import io.millrace.runtime.HttpServer;
import io.millrace.runtime.Metrics;
import io.millrace.runtime.Patience;
import io.millrace.runtime.ServiceConfig;
import io.millrace.runtime.StreamsApp;
import io.millrace.schemas.Codecs;
import io.millrace.schemas.Topics;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The supply side as a service: HTTP in front, one topology behind, any number of instances. The contract's topics and
 * schemas must be there. Thread-safe.
 */
public final class TelemetryIngest implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TelemetryIngest.class);

    private final IngestConfig config;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final HttpServer http;
    private final StreamsApp streams;

    private TelemetryIngest(IngestConfig config) {
        this.config = config;
        try {
            Metrics metrics = opened(new Metrics("telemetry-ingest"));
            Health health = new Health();
            Codecs codecs = opened(Codecs.connect(config.registryUrl()));
            Profiles profiles = new Profiles();
            IngestMetrics counters = new IngestMetrics(metrics.registry());
            KafkaProducer<String, byte[]> producer = opened(
                    new KafkaProducer<>(config.writerProperties(), new StringSerializer(), new ByteArraySerializer()));
            metrics.bind(producer);
            Admin admin = opened(Admin.create(config.adminProperties(config.applicationId() + "-leaders")));
            PartitionLeaders leaders = opened(new PartitionLeaders(
                    PartitionLeaders.of(admin, Topics.TELEMETRY_REPORTS.name()), System::nanoTime));
            KafkaTables tables = opened(new KafkaTables());
            IngestApi api = new IngestApi(new Services(
                    config.streamSettings(),
                    config.batchMax(),
                    config.writeTimeout(),
                    codecs,
                    profiles,
                    counters,
                    tables,
                    new KafkaOutbox(producer),
                    System::currentTimeMillis));
            // Before the streams: other instances must be told the port.
            this.http = opened(HttpServer.start(config, metrics, health, api.describe(), api::routes));
            leaders.start();
            Patience patience = new Patience(counters::registryWaited);
            this.streams = opened(StreamsApp.start(
                    "telemetry-ingest",
                    partitions -> IngestTopology.build(
                            config.streamSettings(), codecs, partitions, patience, profiles, counters, leaders),
                    config,
                    metrics,
                    health,
                    IngestTopology.coPartitioned(),
                    http.port()));
            // Closed before the streams are: a thread that waits for the registry must not keep them from closing.
            opened(patience);
            tables.started(streams.streams(), config.advertised(http.port()));
        } catch (RuntimeException e) {
            closeAll();
            throw e;
        }
    }

    /**
     * Starts the service; returns when all profiles are read. {@code /health/ready} says when the rest is.
     *
     * @throws IllegalStateException if the port is taken, or a topic is missing or partitioned wrongly: says which
     * @throws org.apache.kafka.common.KafkaException if Kafka cannot be asked
     */
    public static TelemetryIngest start(IngestConfig config) {
        return new TelemetryIngest(config);
    }

    /** Returns the port it listens at. */
    public int httpPort() {
        return http.port();
    }

    /** Returns where it answers, without a slash at the end. */
    public String url() {
        return http.url();
    }

    /** Returns the application behind it, for tests and tools. */
    public StreamsApp streams() {
        return streams;
    }

    @Override
    public void close() {
        closeAll();
        LOG.info("{} is closed", config.applicationId());
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.push(part);
        return part;
    }

    private void closeAll() {
        while (!open.isEmpty()) {
            AutoCloseable part = open.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("closing {}: {}", part.getClass().getSimpleName(), e.toString());
            }
        }
    }

    /**
     * Runs the service until the process is told to stop.
     *
     * @param arguments a properties file, or nothing
     */
    public static void main(String... arguments) {
        if (arguments.length > 1) {
            System.err.println("telemetry-ingest takes one argument, a properties file, or none");
            System.exit(2);
        }
        try {
            Path file = arguments.length == 0 ? null : Path.of(arguments[0]);
            TelemetryIngest service = start(
                    new IngestConfig(ServiceConfig.gather(IngestConfig.definition(), file, System.getenv(), Map.of())));
            Runtime.getRuntime().addShutdownHook(new Thread(service::close, "close"));
        } catch (RuntimeException e) {
            LOG.debug("start", e);
            System.err.println("telemetry-ingest cannot start: " + e.getMessage());
            System.exit(1);
        }
    }
}
