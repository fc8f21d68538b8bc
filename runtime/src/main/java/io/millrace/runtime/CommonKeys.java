package io.millrace.runtime;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.LambdaValidator;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;

/** The keys that every service has, and how keys are read from a file and shown to people. */
final class CommonKeys {

    private CommonKeys() {}

    static ConfigDef define(String applicationId, int httpPort, long commitIntervalMs) {
        ConfigDef keys = new ConfigDef();
        connections(keys);
        http(keys, httpPort);
        streams(keys, applicationId, commitIntervalMs);
        return keys;
    }

    private static void connections(ConfigDef keys) {
        keys.define(
                        ServiceConfig.BOOTSTRAP_SERVERS,
                        ConfigDef.Type.LIST,
                        "127.0.0.1:" + DefaultPorts.KAFKA,
                        Importance.HIGH,
                        "Kafka brokers to begin with, as host:port, separated by commas.")
                .define(
                        ServiceConfig.SCHEMA_REGISTRY_URL,
                        ConfigDef.Type.STRING,
                        "http://127.0.0.1:" + DefaultPorts.REGISTRY + "/apis/ccompat/v7",
                        new ConfigDef.NonEmptyString(),
                        Importance.HIGH,
                        "Address of the schema registry's Confluent-compatible API.")
                .define(
                        ServiceConfig.PRODUCER_COMPRESSION,
                        ConfigDef.Type.STRING,
                        "lz4",
                        ValidString.in("none", "gzip", "snappy", "lz4", "zstd"),
                        Importance.LOW,
                        "How records are compressed.");
    }

    private static void http(ConfigDef keys, int httpPort) {
        keys.define(
                        ServiceConfig.HTTP_HOST,
                        ConfigDef.Type.STRING,
                        "127.0.0.1",
                        new ConfigDef.NonEmptyString(),
                        Importance.MEDIUM,
                        "Address to listen at; 0.0.0.0 for all.")
                .define(
                        ServiceConfig.HTTP_PORT,
                        ConfigDef.Type.INT,
                        httpPort,
                        Range.between(0, 65_535),
                        Importance.HIGH,
                        "Port to listen at; 0 for any that is free.")
                .define(
                        ServiceConfig.HTTP_ADVERTISED_HOST,
                        ConfigDef.Type.STRING,
                        "",
                        Importance.MEDIUM,
                        "Name or address at which other instances reach this one; empty for http.host.")
                .define(
                        ServiceConfig.HTTP_MAX_BODY_BYTES,
                        ConfigDef.Type.INT,
                        1 << 20,
                        Range.between(1_024, 256 << 20),
                        Importance.LOW,
                        "Largest request body that is read; a larger one is answered with 413.");
    }

    private static void streams(ConfigDef keys, String applicationId, long commitIntervalMs) {
        keys.define(
                        ServiceConfig.APPLICATION_ID,
                        ConfigDef.Type.STRING,
                        applicationId,
                        LambdaValidator.with(CommonKeys::requireApplicationId, () -> "letters, digits, . _ -"),
                        Importance.HIGH,
                        "Consumer group of the service and prefix of its internal topics; instances with the same id share"
                                + " the work.")
                .define(
                        ServiceConfig.STREAMS_THREADS,
                        ConfigDef.Type.INT,
                        2,
                        Range.between(1, 256),
                        Importance.MEDIUM,
                        "Threads that process records; more than there are partitions stand idle.")
                .define(
                        ServiceConfig.STREAMS_COMMIT_INTERVAL_MS,
                        ConfigDef.Type.LONG,
                        commitIntervalMs,
                        // Kafka gives up a transaction after ten seconds.
                        Range.between(1, 5_000),
                        Importance.MEDIUM,
                        "Milliseconds between two commits: what was read becomes visible to others so much later at most.")
                .define(
                        ServiceConfig.STREAMS_STATE_DIR,
                        ConfigDef.Type.STRING,
                        "data/streams",
                        new ConfigDef.NonEmptyString(),
                        Importance.MEDIUM,
                        "Folder for stores; what is lost in it is read again from Kafka.")
                .define(
                        ServiceConfig.STREAMS_REPLICATION_FACTOR,
                        ConfigDef.Type.INT,
                        -1,
                        LambdaValidator.with(CommonKeys::requireReplication, () -> "-1, or from 1 to 32767"),
                        Importance.MEDIUM,
                        "Copies of internal topics; -1 for the brokers' default.")
                .define(
                        ServiceConfig.STREAMS_STANDBY_REPLICAS,
                        ConfigDef.Type.INT,
                        0,
                        Range.between(0, 16),
                        Importance.MEDIUM,
                        "Instances that keep a warm copy of each store, to take over faster.")
                .define(
                        ServiceConfig.STREAMS_SESSION_TIMEOUT_MS,
                        ConfigDef.Type.INT,
                        10_000,
                        Range.between(1_000, 600_000),
                        Importance.LOW,
                        "Milliseconds of silence after which an instance counts as dead and others take over its work.");
    }

    private static void requireApplicationId(String key, Object value) {
        if (!value.toString().matches("[A-Za-z0-9._-]{1,100}")) {
            throw new ConfigException(key, value, "expected 1 to 100 letters, digits, dots, dashes and underscores");
        }
    }

    private static void requireReplication(String key, Object value) {
        int copies = (Integer) value;
        if (copies != -1 && (copies < 1 || copies > Short.MAX_VALUE)) {
            throw new ConfigException(key, value, "expected -1, or from 1 to 32767");
        }
    }

    static Map<String, String> properties(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigException("configuration file " + file + " cannot be read: " + e);
        }
        Map<String, String> values = new HashMap<>();
        properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
        return values;
    }

    static String markdown(ConfigDef definition) {
        StringBuilder table = new StringBuilder("| key | default | unit | meaning |\n|---|---|---|---|\n");
        definition.configKeys().values().stream()
                .sorted(Comparator.comparing((ConfigKey key) -> key.name))
                .forEach(key -> table.append("| `")
                        .append(key.name)
                        .append("` | ")
                        .append(defaultOf(key))
                        .append(" | ")
                        .append(unit(key.name))
                        .append(" | ")
                        .append(key.documentation.replace("|", "\\|"))
                        .append(" |\n"));
        return table.toString();
    }

    private static String defaultOf(ConfigKey key) {
        if (!key.hasDefault()) {
            return "(required)";
        }
        Object value = ConfigDef.parseType(key.name, key.defaultValue, key.type);
        String text = ConfigDef.convertToString(value, key.type);
        return text == null || text.isEmpty() ? "" : "`" + text + "`";
    }

    /** The last word of a key is its unit, if it has one. */
    private static String unit(String key) {
        return switch (key.substring(key.lastIndexOf('.') + 1)) {
            case "ms" -> "ms";
            case "seconds" -> "s";
            case "bytes" -> "bytes";
            case "events" -> "events";
            case "max" -> "count";
            case "threads", "replicas" -> "count";
            default -> "";
        };
    }
}
