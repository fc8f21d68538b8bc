package io.millrace.ingest;

import io.millrace.ingest.capacity.Ids;
import io.millrace.ingest.capacity.TimeWindow;
import io.millrace.ingest.stream.StreamSettings;
import io.millrace.runtime.DefaultPorts;
import io.millrace.runtime.ServiceConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.LambdaValidator;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigException;

/** What an operator can set on telemetry-ingest. Immutable. */
public final class IngestConfig extends ServiceConfig {
    /** The hubs that there are. */
    public static final String MARKETS = "markets";
    /** How far ahead the clock of a sender may be. */
    public static final String REPORT_FUTURE_MS = "report.future.ms";
    /** How old a report may be. */
    public static final String REPORT_AGE_MS = "report.age.ms";
    /** How often silence is looked for and changed pools are summed up. */
    public static final String TICK_INTERVAL_MS = "tick.interval.ms";
    /** How often the time of unchanged sums is refreshed. */
    public static final String SUMMARY_REFRESH_MS = "summary.refresh.ms";
    /** When a lost node is forgotten. */
    public static final String NODE_FORGET_SECONDS = "node.forget.seconds";
    /** When what is read is too old for silence to mean anything. */
    public static final String SILENCE_DELAY_MS = "silence.delay.ms";
    /** How many reports one call may carry. */
    public static final String BATCH_MAX = "telemetry.batch.max";
    /** How long a call waits for Kafka. */
    public static final String WRITE_TIMEOUT_MS = "telemetry.write.timeout.ms";

    private static final String HUBS = "beijing-tianjin-hebei,yangtze-delta,greater-bay-area,chengdu-chongqing,"
            + "inner-mongolia,guizhou,gansu,ningxia";
    /** The tables are summed up every second: a commit a tenth of that is soon enough, and larger batches are cheaper. */
    private static final long COMMIT_INTERVAL_MS = 100;

    private static final long HOUR_MS = 3_600_000;
    private static final long DAY_SECONDS = 86_400;

    /**
     * Reads a configuration.
     *
     * @param values by key; a key that is missing has its default
     * @throws ConfigException if a key is unknown or a value is not allowed; its message is one line that names key,
     *     value and what is allowed
     */
    public IngestConfig(Map<String, String> values) {
        super(definition(), values);
    }

    /** Every key with its default, unit and meaning. */
    public static ConfigDef definition() {
        ConfigDef keys = common("telemetry-ingest", DefaultPorts.TELEMETRY_INGEST, COMMIT_INTERVAL_MS);
        checks(keys);
        tables(keys);
        interfaces(keys);
        return keys;
    }

    private static void checks(ConfigDef keys) {
        keys.define(
                        MARKETS,
                        ConfigDef.Type.LIST,
                        HUBS,
                        LambdaValidator.with(IngestConfig::requireMarkets, () -> "1 to 1000 different ids"),
                        Importance.HIGH,
                        "Ids of the hubs; a hub is a market. The same on every instance and in broker-service.")
                .define(
                        REPORT_FUTURE_MS,
                        ConfigDef.Type.LONG,
                        30_000L,
                        Range.between(0, HOUR_MS),
                        Importance.MEDIUM,
                        "Milliseconds that a report's time may lie ahead of the clock here.")
                .define(
                        REPORT_AGE_MS,
                        ConfigDef.Type.LONG,
                        600_000L,
                        Range.between(1_000, 24 * HOUR_MS),
                        Importance.MEDIUM,
                        "Milliseconds that a report's time may lie behind the clock here.");
    }

    private static void tables(ConfigDef keys) {
        keys.define(
                        TICK_INTERVAL_MS,
                        ConfigDef.Type.LONG,
                        1_000L,
                        Range.between(100, 60_000),
                        Importance.LOW,
                        "Milliseconds between two looks for silent nodes, and between two sums of a pool that changes.")
                .define(
                        SUMMARY_REFRESH_MS,
                        ConfigDef.Type.LONG,
                        10_000L,
                        Range.between(100, HOUR_MS),
                        Importance.LOW,
                        "Milliseconds between two sums of a pool of which only the time of its newest report changes.")
                .define(
                        NODE_FORGET_SECONDS,
                        ConfigDef.Type.LONG,
                        7 * DAY_SECONDS,
                        Range.between(60, 366 * DAY_SECONDS),
                        Importance.LOW,
                        "Seconds of silence after which a lost node is forgotten and counted no more.")
                .define(
                        SILENCE_DELAY_MS,
                        ConfigDef.Type.LONG,
                        10_000L,
                        Range.between(1_000, HOUR_MS),
                        Importance.LOW,
                        "Milliseconds of delay in reading reports from which on nobody counts as silent: whoever reads late"
                                + " must not blame the nodes.");
    }

    private static void interfaces(ConfigDef keys) {
        keys.define(
                        BATCH_MAX,
                        ConfigDef.Type.INT,
                        1_000,
                        Range.between(1, 100_000),
                        Importance.LOW,
                        "Most reports in one POST /v1/telemetry.")
                .define(
                        WRITE_TIMEOUT_MS,
                        ConfigDef.Type.INT,
                        10_000,
                        Range.between(500, 120_000),
                        Importance.LOW,
                        "Milliseconds that a call waits for Kafka to acknowledge what it brought; then it is answered with 503.");
    }

    private static void requireMarkets(String key, Object value) {
        List<?> markets = (List<?>) value;
        Set<Object> different = new HashSet<>(markets);
        if (markets.isEmpty() || markets.size() > 1_000 || different.size() < markets.size()) {
            throw new ConfigException(key, value, "expected 1 to 1000 different ids");
        }
        for (Object market : markets) {
            if (!(market instanceof String id) || !Ids.valid(id)) {
                throw new ConfigException(key, value, "\"" + market + "\" is no id: " + Ids.RULE);
            }
        }
    }

    /** Returns what the topology is to keep to. */
    public StreamSettings streamSettings() {
        return new StreamSettings(
                markets(),
                new TimeWindow(getLong(REPORT_FUTURE_MS), getLong(REPORT_AGE_MS)),
                getLong(TICK_INTERVAL_MS),
                getLong(SUMMARY_REFRESH_MS),
                Duration.ofSeconds(getLong(NODE_FORGET_SECONDS)).toMillis(),
                getLong(SILENCE_DELAY_MS));
    }

    /** Returns the hubs that there are. */
    public Set<String> markets() {
        return Set.copyOf(getList(MARKETS));
    }

    /** Returns the most reports that one call may carry. */
    public int batchMax() {
        return getInt(BATCH_MAX);
    }

    /** Returns how long a call waits for Kafka. */
    public Duration writeTimeout() {
        return Duration.ofMillis(getInt(WRITE_TIMEOUT_MS));
    }

    /** Returns the properties of the producer behind HTTP: it gives up when the call does. */
    Map<String, Object> writerProperties() {
        int timeoutMs = getInt(WRITE_TIMEOUT_MS);
        Map<String, Object> properties = new HashMap<>(producerProperties(applicationId() + "-http"));
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 2);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMs / 2);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeoutMs);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeoutMs);
        return properties;
    }
}
