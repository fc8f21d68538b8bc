package io.millrace.bench.replay;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.bench.load.Environment;
import io.millrace.bench.load.Figures;
import io.millrace.bench.load.Percentiles;
import io.millrace.bench.trace.Trace;
import java.util.Formatter;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a replay reports. Immutable.
 *
 * @param trace the workload
 * @param settings how it was replayed
 * @param atLastArrival what it looked like when the last arrival was answered
 * @param atEnd what it looked like at the end
 * @param latencies from the intended time of a submit to its first answer being read
 * @param decidingSeconds from the first intended time to the last first answer
 * @param elapsedSeconds from the first intended time to the end
 * @param environment where it ran
 */
record ReplayReport(
        Trace trace,
        Settings settings,
        Tally atLastArrival,
        Tally atEnd,
        Percentiles latencies,
        double decidingSeconds,
        double elapsedSeconds,
        Environment environment) {

    /**
     * How a trace is replayed.
     *
     * @param arrivalsOnly whether jobs never leave
     * @param requestsPerSecond mean rate of arrivals; null for as fast as it goes
     * @param seed seed of the shuffle; null for the trace's order
     * @param traceSecondsPerSecond how much faster the clock of the trace runs; 0 where there is no such factor
     */
    record Settings(
            boolean arrivalsOnly,
            @Nullable Double requestsPerSecond,
            @Nullable Long seed,
            double traceSecondsPerSecond) {}

    /** True if every request has its answer. */
    boolean isComplete() {
        return atEnd.unanswered() == 0;
    }

    private double decisionsPerSecond() {
        return decidingSeconds > 0 ? atEnd.decided() / decidingSeconds : 0;
    }

    private static double percent(long part, long whole) {
        return whole == 0 ? 0 : 100.0 * part / whole;
    }

    private long capacityMilliDevices() {
        return trace.milliDevicesByModel().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** One object with everything. */
    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("nodes", trace.nodes().size());
        json.put("jobs", trace.jobs().size());
        json.put("jobsSkipped", trace.skipped());
        json.put("arrivalsOnly", settings.arrivalsOnly());
        json.put("requestsPerSecond", settings.requestsPerSecond());
        json.put("seed", settings.seed());
        json.put("traceSecondsPerSecond", Figures.rounded(settings.traceSecondsPerSecond()));
        json.put("sent", atEnd.sent());
        json.put("decided", atEnd.decided());
        json.put("unanswered", atEnd.unanswered());
        json.put("allocated", atEnd.allocatedAtOnce());
        json.put("queued", atEnd.queued());
        json.put("refused", atEnd.refused());
        ObjectNode reasons = json.putObject("refusedByReason");
        new TreeMap<>(atEnd.refusedByReason()).forEach((reason, count) -> reasons.put(reason.name(), count));
        json.put("servedAfterWaiting", atEnd.servedAfterWaiting());
        json.put("gaveUpWaiting", atEnd.gaveUp());
        json.put("waitingAtEnd", atEnd.waiting());
        json.put("left", atEnd.left());
        json.put("allocatedPercent", Figures.rounded(percent(atLastArrival.milliDevices(), capacityMilliDevices())));
        json.put("peakAllocatedPercent", Figures.rounded(percent(atEnd.peakMilliDevices(), capacityMilliDevices())));
        ObjectNode models = json.putObject("models");
        trace.milliDevicesByModel().forEach((model, capacity) -> {
            long allocated = atLastArrival.milliByModel().getOrDefault(model, 0L);
            models.putObject(model)
                    .put("capacityMilliDevices", capacity)
                    .put("allocatedMilliDevices", allocated)
                    .put("allocatedPercent", Figures.rounded(percent(allocated, capacity)));
        });
        json.put("cpuAllocatedPercent", Figures.rounded(percent(atLastArrival.cpuMillicores(), trace.cpuMillicores())));
        json.put("peakCpuAllocatedPercent", Figures.rounded(percent(atEnd.peakCpuMillicores(), trace.cpuMillicores())));
        json.put("decisionsPerSecond", Figures.rounded(decisionsPerSecond()));
        json.set("latencyMillis", Figures.json(latencies));
        json.put("elapsedSeconds", Figures.rounded(elapsedSeconds));
        environment.addTo(json);
        return json;
    }

    /** The same for people. */
    String text() {
        Formatter out = new Formatter(Locale.ROOT);
        out.format(
                "trace       %,d nodes, %,d devices, %,d jobs; %,d rows skipped%n",
                trace.nodes().size(),
                capacityMilliDevices() / 1000,
                trace.jobs().size(),
                trace.skipped());
        out.format(
                "sent        %s, %s, %s%n", settings.arrivalsOnly() ? "arrivals only" : "departures", rate(), order());
        out.format(
                "answers     %,d of %,d: %,d allocated, %,d queued, %,d refused%s%n",
                atEnd.decided(), atEnd.sent(), atEnd.allocatedAtOnce(), atEnd.queued(), atEnd.refused(), reasons());
        if (!settings.arrivalsOnly()) {
            out.format(
                    "afterwards  %,d served after waiting, %,d gave up, %,d still wait; %,d left%n",
                    atEnd.servedAfterWaiting(), atEnd.gaveUp(), atEnd.waiting(), atEnd.left());
        }
        if (capacityMilliDevices() > 0) {
            out.format(
                    "devices     %.2f %% allocated at the last arrival, %.2f %% at most%n",
                    percent(atLastArrival.milliDevices(), capacityMilliDevices()),
                    percent(atEnd.peakMilliDevices(), capacityMilliDevices()));
            trace.milliDevicesByModel()
                    .forEach((model, capacity) -> out.format(
                            "  %-10s%6.2f %% of %,d%n",
                            model,
                            percent(atLastArrival.milliByModel().getOrDefault(model, 0L), capacity),
                            capacity / 1000));
        }
        out.format(
                "CPU         %.2f %% allocated at the last arrival, %.2f %% at most%n",
                percent(atLastArrival.cpuMillicores(), trace.cpuMillicores()),
                percent(atEnd.peakCpuMillicores(), trace.cpuMillicores()));
        out.format("decisions   %,.0f/s%n", decisionsPerSecond());
        out.format(
                "latency     p50 %.1f ms, p99 %.1f ms, max %.1f ms, from %s to the committed decision being read%n",
                latencies.p50(),
                latencies.p99(),
                latencies.max(),
                settings.requestsPerSecond() == null ? "sending" : "the time at which it should have been sent");
        out.format("elapsed     %.1f s%n", elapsedSeconds);
        if (!isComplete()) {
            out.format("MISSING     %,d requests were never answered%n", atEnd.unanswered());
        }
        return out + environment.text();
    }

    private String rate() {
        Double perSecond = settings.requestsPerSecond();
        if (perSecond == null) {
            return "as fast as it goes with at most " + Replay.MAX_UNANSWERED + " unanswered";
        }
        return settings.traceSecondsPerSecond() == 0
                ? String.format(Locale.ROOT, "%,.0f/s", perSecond)
                : String.format(
                        Locale.ROOT,
                        "%,.0f/s (%,.0f s of the trace in each second)",
                        perSecond,
                        settings.traceSecondsPerSecond());
    }

    private String order() {
        return settings.seed() == null ? "in the order of the trace" : "shuffled with seed " + settings.seed();
    }

    private String reasons() {
        return atEnd.refusedByReason().isEmpty()
                ? ""
                : new TreeMap<>(atEnd.refusedByReason())
                        .entrySet().stream()
                                .map(entry -> entry.getKey() + " " + entry.getValue())
                                .collect(Collectors.joining(", ", " (", ")"));
    }
}
