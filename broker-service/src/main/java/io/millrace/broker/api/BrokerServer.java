package io.millrace.broker.api;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.broker.BrokerConfig;
import io.millrace.runtime.Health;
import io.millrace.runtime.HttpServer;
import io.millrace.runtime.Metrics;
import io.millrace.runtime.Opened;
import io.millrace.schemas.Codecs;
import io.millrace.schemas.Topics;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;

/**
 * The HTTP interface at work: the server and its clients of Kafka. Listens before the Streams application exists, because the
 * application has to tell its other instances the port; until {@link #attach} it is not ready. Thread-safe.
 */
public final class BrokerServer implements AutoCloseable {
    /** How long a caller is kept waiting while Kafka does not answer, before it hears 503. */
    private static final int GIVE_UP_MILLIS = 15_000;

    private static final int TRY_MILLIS = 5_000;

    private final StreamsAccess access = new StreamsAccess();
    private final BrokerConfig config;
    private final Opened opened;
    private final DecisionTail tail;
    private final ClusterCheck cluster;
    private final HttpServer http;
    private volatile boolean attached;

    private BrokerServer(BrokerConfig config, Codecs codecs, Metrics metrics, Health health, Opened opened) {
        this.config = config;
        this.opened = opened;
        String clientId = config.applicationId() + "-api";
        Producer<String, byte[]> producer = opened.add(producer(config, clientId));
        metrics.bind(producer);
        cluster = opened.add(
                new ClusterCheck(Admin.create(config.adminProperties(clientId)), Topics.COMPUTE_REQUESTS.name()));
        MeterRegistry meters = metrics.registry();
        BrokerApi api = new BrokerApi(
                config,
                new KafkaRequestLog(producer, codecs.of(Topics.COMPUTE_REQUESTS)),
                new KafkaStores(
                        access,
                        codecs.of(Topics.MARKET_CAPACITY),
                        () -> producer.partitionsFor(Topics.MARKET_COMMANDS.name())
                                .size()),
                access,
                Clock.systemUTC(),
                meters);
        tail = opened.add(DecisionTail.start(
                () -> consumer(config, clientId), codecs.of(Topics.ALLOCATION_DECISIONS), api.listeners(), meters));
        health.live("decisions", tail::problem);
        health.ready("decisions", tail::notFollowing);
        health.ready("kafka", cluster::problem);
        health.ready("start", this::notAttached);
        http = opened.add(HttpServer.start(config, metrics, health, BrokerApi.document(), api::addTo));
        opened.add(access);
        opened.add(api);
    }

    /**
     * Starts to listen, and to follow the decisions.
     *
     * @throws IllegalStateException if the port is taken: says which
     */
    public static BrokerServer start(BrokerConfig config, Codecs codecs, Metrics metrics, Health health) {
        Opened opened = new Opened();
        try {
            return new BrokerServer(config, codecs, metrics, health, opened);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** The port it listens at. */
    public int port() {
        return http.port();
    }

    /** From here on requests and allocations can be looked up. */
    public void attach(KafkaStreams streams) {
        access.attach(streams, config.advertised(port()));
        attached = true;
    }

    /** Why it cannot answer now; empty if it can. */
    public Optional<String> notReady() {
        return notAttached().or(tail::notFollowing).or(cluster::problem);
    }

    private Optional<String> notAttached() {
        return attached ? Optional.empty() : Optional.of("the service is starting");
    }

    private static Producer<String, byte[]> producer(BrokerConfig config, String clientId) {
        Map<String, Object> properties = config.producerProperties(clientId);
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // Callers wait for each record: what comes together in a millisecond goes together.
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 1);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TRY_MILLIS);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, TRY_MILLIS);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, GIVE_UP_MILLIS);
        return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    private static Consumer<String, byte[]> consumer(BrokerConfig config, String clientId) {
        Map<String, Object> properties = config.consumerProperties(clientId);
        // Only for what Kafka has deleted while the tail was away.
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, GIVE_UP_MILLIS);
        return new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public void close() {
        opened.close();
    }
}
