package io.millrace.broker.routing;

import io.millrace.broker.market.MarketSummary;
import io.millrace.broker.market.MarketSummary.Row;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of all markets at a moment, worked out as far as it does not depend on a request: a choice is made
 * thousands of times between two summaries. Immutable.
 */
public final class Board {
    /** Nothing is known of any market. */
    public static final Board EMPTY = new Board(List.of());

    private static final double MICRO = 1e6;
    private static final double GRAMS_PER_TONNE = 1e6;

    private final List<Entry> entries;

    /**
     * A market.
     *
     * @param marketId the market
     * @param rows what it has free
     * @param overheadCnyPerKwh what the energy costs that does not reach the computing equipment, for each kWh that does
     * @param carbonCnyPerKwh what the emissions cost, for each kWh that reaches the computing equipment
     * @param doubt share of what is paid for that may not be there, 0 to 1
     */
    record Entry(String marketId, List<Row> rows, double overheadCnyPerKwh, double carbonCnyPerKwh, double doubt) {}

    private Board(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /**
     * Works it out.
     *
     * @param summaries what markets said of themselves, by market
     * @param sites what their centres said of theirs; too old ones do not count
     * @param telemetry how well markets are heard; where nothing is known of a market, it is believed
     * @param nowMillis the clock
     */
    public static Board of(
            RoutingPolicy policy,
            Map<String, MarketSummary> summaries,
            Collection<Energy.Site> sites,
            Map<String, Telemetry> telemetry,
            long nowMillis) {
        Map<String, List<Energy.Site>> byHub = new HashMap<>();
        for (Energy.Site site : sites) {
            if (nowMillis - site.observedAtMillis() < policy.staleMillis()) {
                byHub.computeIfAbsent(site.hubId(), hub -> new ArrayList<>()).add(site);
            }
        }
        List<Entry> entries = new ArrayList<>();
        new TreeMap<>(summaries).forEach((market, summary) -> {
            Energy known = Energy.of(byHub.getOrDefault(market, List.of()));
            entries.add(entry(
                    policy,
                    market,
                    summary,
                    known == null ? policy.assumed() : known,
                    telemetry.get(market),
                    nowMillis));
        });
        return new Board(entries);
    }

    private static Entry entry(
            RoutingPolicy policy,
            String market,
            MarketSummary summary,
            Energy energy,
            @Nullable Telemetry telemetry,
            long nowMillis) {
        double pue = Math.max(1000, energy.puePermille()) / 1000.0;
        int confidence = telemetry == null ? 1000 : telemetry.confidencePermille(nowMillis, policy.staleMillis());
        return new Entry(
                market,
                summary.rows(),
                (pue - 1) * energy.priceMicroCnyPerKwh() / MICRO,
                pue * energy.carbonGramsPerKwh() / GRAMS_PER_TONNE * policy.carbonMicroCnyPerTonne() / MICRO,
                (1000 - confidence) / 1000.0);
    }

    /** By market. */
    List<Entry> entries() {
        return entries;
    }
}
