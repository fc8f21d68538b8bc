package io.millrace.local.up;

import io.millrace.local.terminal.Figures;
import io.millrace.local.terminal.Table;
import io.millrace.local.terminal.Terminal;
import io.millrace.schemas.CapacityRow;
import io.millrace.schemas.CapacitySummary;
import io.millrace.schemas.MarketCapacity;
import io.millrace.schemas.MarketRow;
import io.millrace.schemas.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Puts an {@link Activity} into words: a block of lines for a terminal, one line for a file. Stateless. */
final class StatusBoard {
    /** Outcomes in the order of a request's life, with the word for a count of them. */
    private static final List<Map.Entry<Outcome, String>> OUTCOMES = List.of(
            Map.entry(Outcome.ALLOCATED, "allocated"),
            Map.entry(Outcome.QUEUED, "queued"),
            Map.entry(Outcome.REFUSED, "refused"),
            Map.entry(Outcome.EXTENDED, "extended"),
            Map.entry(Outcome.RELEASED, "released"),
            Map.entry(Outcome.EXPIRED, "expired"),
            Map.entry(Outcome.CANCELLED, "cancelled"),
            Map.entry(Outcome.REVOKED, "revoked"),
            Map.entry(Outcome.PREEMPTION_NOTICED, "given notice"),
            Map.entry(Outcome.PREEMPTED, "preempted"),
            Map.entry(Outcome.COMMAND_REFUSED, "commands refused"));

    private StatusBoard() {}

    /** The block for a terminal with room for the markets, or without. */
    static List<String> block(Activity activity, long upMillis, Terminal terminal, boolean withMarkets) {
        List<String> lines = new ArrayList<>();
        lines.add(terminal.bold("up " + Figures.duration(upMillis))
                + terminal.faint("   Ctrl-C stops everything; data are kept"));
        lines.add("");
        lines.add(label(terminal, "supply") + supply(activity));
        lines.add(label(terminal, "telemetry") + Figures.rate(activity.reportsPerSecond()) + " reports/s, "
                + Figures.count(activity.rejected()) + " refused so far");
        lines.add(label(terminal, "demand") + Figures.rate(activity.requestsPerSecond()) + " requests/s; "
                + Figures.count(activity.allocations()) + " allocations run, " + Figures.count(activity.queued())
                + " requests wait");
        lines.add(label(terminal, "decisions") + decisions(activity));
        lines.add(label(terminal, "latency") + latency(activity));
        if (withMarkets && !activity.markets().isEmpty()) {
            lines.add("");
            List<String> table = markets(activity).lines();
            lines.add(terminal.faint(table.get(0)));
            lines.addAll(table.subList(1, table.size()));
        }
        return lines;
    }

    /** Everything in one line. */
    static String line(Activity activity, long upMillis) {
        return "up " + Figures.duration(upMillis) + ": " + supply(activity) + "; "
                + Figures.rate(activity.reportsPerSecond()) + " reports/s, "
                + Figures.rate(activity.requestsPerSecond()) + " requests/s; " + decisions(activity) + "; "
                + Figures.count(activity.allocations()) + " run, " + Figures.count(activity.queued()) + " wait; "
                + latency(activity);
    }

    private static String supply(Activity activity) {
        CapacitySummary nation = activity.nation();
        if (nation == null) {
            return "no centre has reported yet";
        }
        long lost = sum(nation, CapacityRow::getNodesLost);
        return Figures.count(activity.centres()) + " centres, " + Figures.count(sum(nation, CapacityRow::getNodes))
                + " nodes" + (lost == 0 ? "" : " (+ " + Figures.count(lost) + " lost)") + ", "
                + Figures.count(sum(nation, CapacityRow::getDevices)) + " devices: "
                + Figures.wholeFromMilli(sum(nation, CapacityRow::getSellableMilliDevices)) + " sellable, "
                + Figures.wholeFromMilli(free(activity)) + " free";
    }

    private static String decisions(Activity activity) {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<Outcome, String> outcome : OUTCOMES) {
            long count = activity.decisions(outcome.getKey());
            if (count > 0) {
                text.append(text.isEmpty() ? "" : ", ")
                        .append(Figures.count(count))
                        .append(' ')
                        .append(outcome.getValue());
            }
        }
        return text.isEmpty() ? "none yet" : text.toString();
    }

    private static String latency(Activity activity) {
        return activity.latencies() == 0
                ? "no request was decided in the last 30 s"
                : String.format(
                        Locale.ROOT,
                        "p50 %d ms, p99 %d ms from request to committed decision (last 30 s)",
                        activity.latencyP50Millis(),
                        activity.latencyP99Millis());
    }

    private static Table markets(Activity activity) {
        Table table = new Table()
                .left("market")
                .right("nodes")
                .right("devices sellable")
                .right("free")
                .right("in use")
                .right("cores free")
                .right("allocations")
                .right("waiting");
        for (MarketCapacity market : activity.markets().values()) {
            long sellable = sum(market, MarketRow::getSellableMilliDevices);
            long free = sum(market, MarketRow::getFreeMilliDevices);
            table.row(
                    market.getMarketId(),
                    Figures.count(sum(market, MarketRow::getNodes)),
                    Figures.wholeFromMilli(sellable),
                    Figures.wholeFromMilli(free),
                    sellable == 0 ? "-" : 100 * (sellable - free) / sellable + " %",
                    Figures.wholeFromMilli(sum(market, MarketRow::getFreeCpuMillicores)),
                    Figures.count(market.getAllocations()),
                    Figures.count(market.getQueued()));
        }
        return table;
    }

    private static long free(Activity activity) {
        return activity.markets().values().stream()
                .mapToLong(market -> sum(market, MarketRow::getFreeMilliDevices))
                .sum();
    }

    private static long sum(CapacitySummary summary, ToLongFunction<CapacityRow> figure) {
        return summary.getRows().stream().mapToLong(figure).sum();
    }

    private static long sum(MarketCapacity market, ToLongFunction<MarketRow> figure) {
        return market.getRows().stream().mapToLong(figure).sum();
    }

    private static String label(Terminal terminal, String word) {
        return terminal.faint(String.format("  %-11s", word));
    }
}
