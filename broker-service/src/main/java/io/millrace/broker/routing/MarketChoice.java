package io.millrace.broker.routing;

import io.millrace.broker.market.ComputeSpec;
import io.millrace.broker.market.MarketSummary;
import io.millrace.broker.placement.Demand;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Ranks markets for a request by what they last said of themselves. Their word may be a second old: a market that
 * cannot serve after all deflects, and the next is asked. Immutable.
 */
public final class MarketChoice {
    /** Larger than all other terms together: a market that seems to have room comes before any that has none. */
    private static final double ROOM_WEIGHT = 10;

    private static final double PRICE_WEIGHT = 2;
    private static final double FREE_WEIGHT = 1;
    /** More than price: a tenant's or a workload's order of alternatives is about more than money. */
    private static final double ALTERNATIVE_WEIGHT = 4;
    /** Keeps requests that see the same summaries from all going to the same market. */
    private static final double SPREAD_WEIGHT = 0.25;

    private final List<String> markets;

    /** Chooses among these markets. At least one. */
    public MarketChoice(List<String> markets) {
        if (markets.isEmpty()) {
            throw new IllegalArgumentException("no markets to choose from");
        }
        this.markets = List.copyOf(markets);
    }

    /**
     * The markets that could serve, best first: those of the hubs asked that have nodes of a kind and model asked. If
     * there are none, the one market that is to say so.
     *
     * @param inFlight what is on its way to markets: it counts as taken
     * @param hadNoRoom markets that could not serve such a request a moment ago, which their summaries need not show
     */
    public List<MarketScore> rank(
            String requestId,
            ComputeSpec spec,
            Map<String, MarketSummary> summaries,
            InFlight inFlight,
            Predicate<String> hadNoRoom) {
        TreeMap<String, Offer> offers = new TreeMap<>();
        long asked =
                spec.demand().leastReplicas() * (spec.devices() > 0 ? spec.milliPerReplica() : spec.cpuMillicores());
        for (String market : markets) {
            MarketSummary summary = spec.isUnmet() ? null : summaries.get(market);
            if (summary != null && (spec.hubs().isEmpty() || spec.hubs().contains(market))) {
                Offer offer = Offer.of(spec, summary).less(inFlight.to(market, spec), asked);
                if (offer.nodes > 0) {
                    offers.put(market, offer);
                }
            }
        }
        if (offers.isEmpty()) {
            return List.of(new MarketScore(fallback(requestId, spec), List.of()));
        }
        long lowest = offers.values().stream().mapToLong(o -> o.price).min().orElse(0);
        List<MarketScore> scores = new ArrayList<>();
        int alternatives = spec.latitude().alternatives().size();
        offers.forEach((market, offer) -> scores.add(
                score(requestId, market, offer, offer.hasRoom && !hadNoRoom.test(market), lowest, alternatives)));
        scores.sort(Comparator.comparingDouble(MarketScore::total).reversed().thenComparing(MarketScore::marketId));
        return scores;
    }

    private static MarketScore score(
            String requestId, String market, Offer offer, boolean hasRoom, long lowestPrice, int alternatives) {
        double dearer = Math.min(1, (double) (offer.price - lowestPrice) / Math.max(1, lowestPrice));
        double free = offer.sellable == 0 ? 0 : (double) offer.free / offer.sellable;
        List<MarketScore.Term> terms = new ArrayList<>(List.of(
                new MarketScore.Term(MarketScore.TermKind.ROOM, hasRoom ? ROOM_WEIGHT : 0),
                new MarketScore.Term(MarketScore.TermKind.PRICE, -PRICE_WEIGHT * dearer),
                new MarketScore.Term(MarketScore.TermKind.FREE, FREE_WEIGHT * free)));
        if (alternatives > 1) {
            double first = 1 - (double) offer.alternative / alternatives;
            terms.add(new MarketScore.Term(MarketScore.TermKind.ALTERNATIVE, ALTERNATIVE_WEIGHT * first));
        }
        terms.add(new MarketScore.Term(MarketScore.TermKind.SPREAD, SPREAD_WEIGHT * spread(requestId, market)));
        return new MarketScore(market, terms);
    }

    /** A hub that the request names and that is a market, else any market: the same for the same request. */
    private String fallback(String requestId, ComputeSpec spec) {
        for (String hub : spec.hubs()) {
            if (markets.contains(hub)) {
                return hub;
            }
        }
        return any(requestId);
    }

    /** A market that can say that it does not know this request: the same for the same request. */
    public String any(String requestId) {
        return markets.get(Math.floorMod(requestId.hashCode(), markets.size()));
    }

    /** 0 to 1, the same for the same request and market, independent between markets. */
    private static double spread(String requestId, String market) {
        int h = 31 * requestId.hashCode() + market.hashCode();
        h *= 0x9E3779B9;
        h ^= h >>> 15;
        h *= 0x85EBCA6B;
        h ^= h >>> 13;
        return (h & 0xFFFF) / 65536.0;
    }

    /** What a market has of what is asked; {@code alternative} is the first that it has room for, or has at all. */
    private record Offer(int nodes, boolean hasRoom, long sellable, long free, long price, int alternative) {

        static Offer of(ComputeSpec spec, MarketSummary summary) {
            Demand demand = spec.demand();
            boolean devices = spec.devices() > 0;
            int firstWithRoom = Integer.MAX_VALUE;
            int first = Integer.MAX_VALUE;
            int nodes = 0;
            boolean hasRoom = false;
            long sellable = 0;
            long free = 0;
            long price = Long.MAX_VALUE;
            for (MarketSummary.Row row : summary.rows()) {
                if (!demand.suits(row.kind(), row.model(), 0)) {
                    continue;
                }
                nodes += row.nodes();
                sellable += devices ? row.sellableMilliDevices() : row.freeCpuMillicores();
                free += devices ? row.freeMilliDevices() : row.freeCpuMillicores();
                long ask = devices ? row.lowestPriceMicroCnyPerDeviceHour() : row.lowestPriceMicroCnyPerCoreHour();
                price = Math.min(price, ask);
                int alternative = demand.alternativeOf(row.model());
                first = Math.min(first, alternative);
                if (demand.suits(row.kind(), row.model(), ask)
                        && roomFor(spec, demand.leastReplicasOf(alternative), row)) {
                    hasRoom = true;
                    firstWithRoom = Math.min(firstWithRoom, alternative);
                }
            }
            return new Offer(nodes, hasRoom, sellable, free, price, hasRoom ? firstWithRoom : first);
        }

        /** With so much less free, if so much is asked. */
        Offer less(long taken, long asked) {
            long left = Math.max(0, free - taken);
            return taken == 0 ? this : new Offer(nodes, hasRoom && left >= asked, sellable, left, price, alternative);
        }

        /** As far as sums over nodes can tell. */
        private static boolean roomFor(ComputeSpec spec, int replicas, MarketSummary.Row row) {
            long milliAsked = spec.milliPerReplica() * replicas;
            if (spec.devices() == 0) {
                return row.freeCpuMillicores() >= spec.cpuMillicores() * replicas;
            }
            return spec.milliPerDevice() < 1000
                    ? row.freeMilliDevices() >= milliAsked
                    : row.largestFreeDevices() >= spec.devices() && row.freeDevices() * 1000 >= milliAsked;
        }
    }
}
