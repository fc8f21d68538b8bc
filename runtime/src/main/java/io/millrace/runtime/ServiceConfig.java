package io.millrace.runtime;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/**
 * What an operator can set on any service; a service adds its own keys in a subclass. Immutable.
 *
 * <p>A wrong value or an unknown key stops the start with one line that names the key, the value and what is allowed.
 * Keys that begin with {@code kafka.} are handed to every Kafka client without the prefix (security, mostly).
 */
public abstract class ServiceConfig extends AbstractConfig {

    /** Kafka, to begin with. */
    public static final String BOOTSTRAP_SERVERS = "bootstrap.servers";
    /** The schema registry. */
    public static final String SCHEMA_REGISTRY_URL = "schema.registry.url";
    /** Address to listen at. */
    public static final String HTTP_HOST = "http.host";
    /** Port to listen at. */
    public static final String HTTP_PORT = "http.port";
    /** Name under which others reach this instance. */
    public static final String HTTP_ADVERTISED_HOST = "http.advertised.host";
    /** Largest request body. */
    public static final String HTTP_MAX_BODY_BYTES = "http.max.body.bytes";
    /** Consumer group, and prefix of internal topics. */
    public static final String APPLICATION_ID = "application.id";
    /** Stream threads. */
    public static final String STREAMS_THREADS = "streams.threads";
    /** Time between two commits. */
    public static final String STREAMS_COMMIT_INTERVAL_MS = "streams.commit.interval.ms";
    /** Where stores are kept. */
    public static final String STREAMS_STATE_DIR = "streams.state.dir";
    /** Copies of internal topics. */
    public static final String STREAMS_REPLICATION_FACTOR = "streams.replication.factor";
    /** Warm copies of stores on other instances. */
    public static final String STREAMS_STANDBY_REPLICAS = "streams.standby.replicas";
    /** Silence after which an instance counts as dead. */
    public static final String STREAMS_SESSION_TIMEOUT_MS = "streams.session.timeout.ms";
    /** How producers compress. */
    public static final String PRODUCER_COMPRESSION = "producer.compression";

    private static final String KAFKA_PREFIX = "kafka.";
    private static final String ENVIRONMENT_PREFIX = "MILLRACE_";
    private static final int MAX_POLL_MS = 100;
    private static final int MAX_POLL_INTERVAL_MS = 90_000;
    private static final int MAX_HEARTBEAT_MS = 500;
    // Room for a dead letter that holds a record of the largest size with its headers, uncompressed.
    private static final int MAX_REQUEST_BYTES = 4 << 20;

    /**
     * Reads a configuration.
     *
     * @param definition of all keys, from {@link #common} and the service's own
     * @param values by key; a key that is missing has its default
     * @throws ConfigException if a key is unknown or a value is not allowed; one line
     */
    protected ServiceConfig(ConfigDef definition, Map<String, String> values) {
        super(known(definition, values), values, false);
    }

    private static ConfigDef known(ConfigDef definition, Map<String, String> values) {
        for (String key : new TreeSet<>(values.keySet())) {
            if (!definition.names().contains(key) && !key.startsWith(KAFKA_PREFIX)) {
                throw new ConfigException("unknown key \"" + key + "\" (value \"" + values.get(key) + "\")"
                        + Nearest.hint(key, definition.names()));
            }
        }
        return definition;
    }

    /**
     * Returns the keys that every service has.
     *
     * @param applicationId default of {@link #APPLICATION_ID}
     * @param httpPort default of {@link #HTTP_PORT}
     * @param commitIntervalMs default of {@link #STREAMS_COMMIT_INTERVAL_MS}, in milliseconds
     */
    protected static ConfigDef common(String applicationId, int httpPort, long commitIntervalMs) {
        return CommonKeys.define(applicationId, httpPort, commitIntervalMs);
    }

    /**
     * Gathers values from a file, the environment ({@code MILLRACE_HTTP_PORT} for {@code http.port}) and overrides; the
     * later wins. Variables that are no key of the definition are left out: an orchestrator sets many of its own.
     *
     * @param file in the format of {@link java.util.Properties}; null for none
     * @throws ConfigException if the file cannot be read
     */
    public static Map<String, String> gather(
            ConfigDef definition, @Nullable Path file, Map<String, String> environment, Map<String, String> overrides) {
        Map<String, String> values = new HashMap<>();
        if (file != null) {
            values.putAll(CommonKeys.properties(file));
        }
        environment.forEach((variable, value) -> {
            if (variable.startsWith(ENVIRONMENT_PREFIX)) {
                String key = variable.substring(ENVIRONMENT_PREFIX.length())
                        .toLowerCase(java.util.Locale.ROOT)
                        .replace('_', '.');
                if (definition.names().contains(key) || key.startsWith(KAFKA_PREFIX)) {
                    values.put(key, value);
                }
            }
        });
        values.putAll(overrides);
        return values;
    }

    /** Returns the keys as a Markdown table: key, default, unit, meaning. */
    public static String markdown(ConfigDef definition) {
        return CommonKeys.markdown(definition);
    }

    /** Returns the address of the schema registry's Confluent-compatible API. */
    public String registryUrl() {
        return getString(SCHEMA_REGISTRY_URL);
    }

    /** Returns the address to listen at. */
    public String httpHost() {
        return getString(HTTP_HOST);
    }

    /** Returns the port to listen at; 0 for any free one. */
    public int httpPort() {
        return getInt(HTTP_PORT);
    }

    /** Returns the largest request body that is read, in bytes. */
    public int httpMaxBodyBytes() {
        return getInt(HTTP_MAX_BODY_BYTES);
    }

    /** Returns the consumer group of the service's topology. */
    public String applicationId() {
        return getString(APPLICATION_ID);
    }

    /** Returns where other instances reach this one, given the port it listens at. */
    public HostInfo advertised(int boundPort) {
        String advertised = getString(HTTP_ADVERTISED_HOST);
        return new HostInfo(advertised.isEmpty() ? httpHost() : advertised, boundPort);
    }

    /**
     * Returns the properties of the service's Kafka Streams application, exactly once.
     *
     * @param boundPort port at which other instances reach this one
     */
    public Map<String, Object> streamsProperties(int boundPort) {
        HostInfo self = advertised(boundPort);
        Map<String, Object> properties = clientProperties(clientId(self));
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId());
        properties.put(StreamsConfig.APPLICATION_SERVER_CONFIG, self.host() + ":" + self.port());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, getLong(STREAMS_COMMIT_INTERVAL_MS));
        // A thread that waits for records does not commit. By default it waits 100 ms, and whoever asked last waits
        // with it.
        properties.put(StreamsConfig.POLL_MS_CONFIG, Math.clamp(shortestCommitMillis() / 2, 1, MAX_POLL_MS));
        // By default a task that reads several topics waits until it has something of each that is known to hold more,
        // to take records in the order of their times. No task here needs that order, and almost half of the time
        // went into waiting.
        properties.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, getInt(STREAMS_THREADS));
        properties.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, getInt(STREAMS_STANDBY_REPLICAS));
        properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, getInt(STREAMS_REPLICATION_FACTOR));
        properties.put(StreamsConfig.STATE_DIR_CONFIG, getString(STREAMS_STATE_DIR));
        // Of no use without a broker that collects them, and noise in the log.
        properties.put(StreamsConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        // A failure in a global table is one like any other. Kafka warns at each start until this is said, and has
        // already deprecated the constant for its name.
        properties.put("processing.exception.handler.global.enabled", true);
        int session = getInt(STREAMS_SESSION_TIMEOUT_MS);
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), session);
        // Members hear of a rebalance with their next heartbeat, and a start takes several: seconds, not a minute.
        properties.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
                Math.min(session / 3, MAX_HEARTBEAT_MS));
        // So long a rebalance waits for members that do not come any more, such as those of a process that was killed
        // while
        // it joined; Kafka's default is five minutes.
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG), MAX_POLL_INTERVAL_MS);
        producing().forEach((key, value) -> properties.put(StreamsConfig.producerPrefix(key), value));
        // A new transaction's first batches race with the markers of the one before, and a batch that overtakes another
        // is refused and sent again after a pause (OUT_OF_ORDER_SEQUENCE_NUMBER, CONCURRENT_TRANSACTIONS): several
        // times
        // the latency of a commit. One at a time never waits for that.
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION), 1);
        return properties;
    }

    /** Returns how soon after a commit the next may come, in milliseconds. */
    protected long shortestCommitMillis() {
        return getLong(STREAMS_COMMIT_INTERVAL_MS);
    }

    /** Returns the properties of a producer, without serialisers: idempotent, acknowledged by all replicas. */
    public Map<String, Object> producerProperties(String clientId) {
        Map<String, Object> properties = clientProperties(clientId);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.putAll(producing());
        return properties;
    }

    /** Returns the properties of a consumer, without deserialisers and group: reads what is committed, commits nothing by itself. */
    public Map<String, Object> consumerProperties(String clientId) {
        Map<String, Object> properties = clientProperties(clientId);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return properties;
    }

    /** Returns the properties of an admin client. */
    public Map<String, Object> adminProperties(String clientId) {
        return clientProperties(clientId);
    }

    private Map<String, Object> clientProperties(String clientId) {
        Map<String, Object> properties = new HashMap<>(originalsWithPrefix(KAFKA_PREFIX));
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, getList(BOOTSTRAP_SERVERS));
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        return properties;
    }

    private Map<String, Object> producing() {
        return Map.of(
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                getString(PRODUCER_COMPRESSION),
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                MAX_REQUEST_BYTES);
    }

    /** The same for every run of this instance: client ids become labels of metrics, and labels must be few. */
    private String clientId(HostInfo self) {
        return (applicationId() + "-" + self.host() + "-" + self.port()).replaceAll("[^A-Za-z0-9._-]", "-");
    }

    static ConfigDef.Validator oneOf(Collection<String> allowed) {
        return ConfigDef.ValidString.in(allowed.toArray(new String[0]));
    }
}
