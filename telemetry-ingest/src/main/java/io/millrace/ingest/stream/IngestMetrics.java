package io.millrace.ingest.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.millrace.ingest.capacity.NodeStatus;
import io.millrace.ingest.capacity.StatusCounts;
import io.millrace.schemas.CapacityRow;
import io.millrace.schemas.CapacitySummary;
import io.millrace.schemas.RejectReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What this instance counts. Labels are bounded by the contract's enums and the configured hubs; no id of a centre or
 * node is ever one. All meters exist from the start, so that a rate over them is right from the first event on.
 * Thread-safe.
 */
public final class IngestMetrics {
    /** Who reported. */
    public enum Reporter {
        NODE,
        CENTRE
    }

    private final Map<Reporter, Counter> accepted = new EnumMap<>(Reporter.class);
    private final Map<Reporter, Map<RejectReason, Counter>> rejected = new EnumMap<>(Reporter.class);
    private final Set<StatusCounts> tables = ConcurrentHashMap.newKeySet();
    private final Map<String, CapacitySummary> hubs = new TreeMap<>();
    private final MultiGauge sellable;
    private final Timer latency;
    private final Counter profilesRefused;
    private final Counter registryWaits;

    public IngestMetrics(MeterRegistry registry) {
        for (Reporter reporter : Reporter.values()) {
            accepted.put(reporter, reports(registry, reporter, "accepted", "NONE"));
            Map<RejectReason, Counter> byReason = new EnumMap<>(RejectReason.class);
            for (RejectReason reason : RejectReason.values()) {
                byReason.put(reason, reports(registry, reporter, "rejected", reason.name()));
            }
            rejected.put(reporter, byReason);
        }
        for (NodeStatus status : NodeStatus.values()) {
            Gauge.builder("millrace.nodes", tables, all -> nodes(all, status))
                    .description("Nodes in the partitions of this instance, by status")
                    .tag("status", status.name())
                    .register(registry);
        }
        sellable = MultiGauge.builder("millrace.sellable.millidevices")
                .description("Thousandths of devices that can be sold, by hub and kind; every instance tells the whole")
                .register(registry);
        latency = Timer.builder("millrace.report.to.capacity")
                .description("From the measurement on the node to the change of what it can sell")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(60))
                .register(registry);
        profilesRefused = Counter.builder("millrace.profiles.refused")
                .description("Records of centres.profiles that are no profile; the one before stays in force")
                .register(registry);
        registryWaits = Counter.builder("millrace.registry.waits")
                .description("Waits of a stream for the schema registry")
                .register(registry);
    }

    private static Counter reports(MeterRegistry registry, Reporter reporter, String result, String reason) {
        return Counter.builder("millrace.reports")
                .description("Reports by who reported, what became of them, and why")
                .tags(Tags.of("reporter", reporter.name().toLowerCase(Locale.ROOT), "result", result, "reason", reason))
                .register(registry);
    }

    private static double nodes(Set<StatusCounts> tables, NodeStatus status) {
        long sum = 0;
        for (StatusCounts table : tables) {
            sum += table.get(status);
        }
        return sum;
    }

    /** A report was taken. */
    public void accepted(Reporter reporter) {
        Counter counter = accepted.get(reporter);
        if (counter != null) {
            counter.increment();
        }
    }

    /** A report was refused. */
    public void rejected(Reporter reporter, RejectReason reason) {
        Counter counter = rejected.getOrDefault(reporter, Map.of()).get(reason);
        if (counter != null) {
            counter.increment();
        }
    }

    /** What a node can sell has changed this long after the node measured it. */
    void changedAfter(long millis) {
        latency.record(Duration.ofMillis(Math.max(0, millis)));
    }

    void profileRefused() {
        profilesRefused.increment();
    }

    /** A stream waits for the registry. */
    public void registryWaited() {
        registryWaits.increment();
    }

    void opened(StatusCounts table) {
        tables.add(table);
    }

    void closed(StatusCounts table) {
        tables.remove(table);
    }

    /** A hub's capacity is this now; null if there is nothing there any more. */
    synchronized void hub(String hubId, @Nullable CapacitySummary summary) {
        if (summary == null) {
            hubs.remove(hubId);
        } else {
            hubs.put(hubId, summary);
        }
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (CapacitySummary hub : hubs.values()) {
            Map<String, Long> byKind = new TreeMap<>();
            for (CapacityRow row : hub.getRows()) {
                byKind.merge(row.getKind().name(), row.getSellableMilliDevices(), Long::sum);
            }
            byKind.forEach((kind, milli) ->
                    rows.add(MultiGauge.Row.of(Tags.of("hub", hub.getScopeId(), "kind", kind), milli)));
        }
        sellable.register(rows, true);
    }
}
