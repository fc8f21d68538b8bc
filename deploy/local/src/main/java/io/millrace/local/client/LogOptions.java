package io.millrace.local.client;

import io.millrace.broker.audit.MarketLogs;
import io.millrace.broker.audit.Recording;
import io.millrace.broker.audit.RecordingException;
import io.millrace.broker.audit.Span;
import io.millrace.local.UserError;
import io.millrace.runtime.DefaultPorts;
import io.millrace.schemas.RegistryUnavailableException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Where the logs of the markets are, and which stretch of them is meant. */
final class LogOptions {
    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:MILLRACE_BOOTSTRAP_SERVERS:-127.0.0.1:" + DefaultPorts.KAFKA + "}",
            description = "Kafka (default: ${DEFAULT-VALUE}; or MILLRACE_BOOTSTRAP_SERVERS).")
    private String bootstrapServers;

    @Option(
            names = "--registry",
            paramLabel = "URL",
            defaultValue =
                    "${env:MILLRACE_REGISTRY_URL:-http://127.0.0.1:" + DefaultPorts.REGISTRY + "/apis/ccompat/v7}",
            description = "Schema registry (default: ${DEFAULT-VALUE}; or MILLRACE_REGISTRY_URL).")
    private String registry;

    @Option(
            names = "--kafka",
            paramLabel = "KEY=VALUE",
            description = "A further setting of the Kafka client, e.g. security.protocol=SASL_SSL; can be repeated.")
    private Map<String, String> kafka = new LinkedHashMap<>();

    @Option(
            names = "--market",
            paramLabel = "MARKET",
            defaultValue = "all",
            description = "The market, or all of them (default: ${DEFAULT-VALUE}).")
    private String market;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = Moment.class,
            description =
                    "From this time of the log on: 2026-11-22T05:00:00Z, 2026-11-22T13:00 (here), or 2h for two hours"
                            + " ago (default: the beginning of the record).")
    private @Nullable Long fromMillis;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            converter = Moment.class,
            description = "Up to this time (default: the end of the record).")
    private @Nullable Long toMillis;

    /** What is done with one recording. */
    @FunctionalInterface
    interface Work<R> {
        R on(Recording recording, Span span);
    }

    /** A time as people type it, in milliseconds since 1970. */
    static final class Moment implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            try {
                return text.endsWith("Z") || text.matches(".*[+-]\\d\\d:?\\d\\d")
                        ? OffsetDateTime.parse(text).toInstant().toEpochMilli()
                        : text.contains("T")
                                ? LocalDateTime.parse(text)
                                        .atZone(ZoneId.systemDefault())
                                        .toInstant()
                                        .toEpochMilli()
                                : Instant.now().toEpochMilli() - 1_000 * new Amounts.Seconds().convert(text);
            } catch (DateTimeException e) {
                throw new TypeConversionException(
                        "'" + text + "' is not a time such as 2026-11-22T05:00:00Z, 2026-11-22T13:00 or 2h (ago)");
            }
        }
    }

    /**
     * Does the work on every recording that is asked for, market by market.
     *
     * @throws UserError if there is none, or what is recorded cannot be replayed, or Kafka or the registry does not answer
     */
    <R> List<R> forEach(Work<R> work) {
        Span span = span();
        try (MarketLogs logs = MarketLogs.of(bootstrapServers, registry, kafka)) {
            List<R> results = new ArrayList<>();
            for (Recording recording : wanted(logs.recordings())) {
                results.add(work.on(recording, span));
            }
            return results;
        } catch (RecordingException e) {
            throw new UserError(String.valueOf(e.getMessage()));
        } catch (RegistryUnavailableException e) {
            throw new UserError(
                    "the schema registry at " + registry + " does not answer (--registry): " + e.getMessage());
        } catch (KafkaException e) {
            throw new UserError(
                    "Kafka at " + bootstrapServers + " does not answer (--bootstrap-servers): " + e.getMessage());
        }
    }

    private Span span() {
        try {
            return new Span(
                    fromMillis == null ? Long.MIN_VALUE : fromMillis, toMillis == null ? Long.MAX_VALUE : toMillis);
        } catch (IllegalArgumentException e) {
            throw UserError.ofUsage("--to is before --from");
        }
    }

    private List<Recording> wanted(Map<String, Recording> recordings) {
        if (recordings.isEmpty()) {
            throw new UserError("nothing is recorded yet: no market has written a snapshot");
        }
        if (market.equals("all")) {
            return List.copyOf(recordings.values());
        }
        Recording one = recordings.get(market);
        if (one == null) {
            throw new UserError(
                    "no market '" + market + "' is recorded; there are " + String.join(", ", recordings.keySet()));
        }
        return List.of(one);
    }
}
