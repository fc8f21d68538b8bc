package io.millrace.broker.routing;

import io.millrace.broker.market.ComputeSpec;
import io.millrace.broker.market.SiteLimit;
import io.millrace.broker.market.Siting;
import io.millrace.broker.placement.Demand;
import io.millrace.broker.routing.MarketScore.TermKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Chooses markets for a request by what is known of them: hard limits filter, the cost of what is left ranks, ties go by
 * id. What is known may be a second old: a market that cannot serve after all deflects, and the next is asked. Immutable.
 */
public final class MarketChoice {
    /** Scores that are kept for the decision. */
    private static final int SCORES_KEPT = 3;
    /** A millionth of a CNY: shares of a price still tell markets apart where everything is free of charge. */
    private static final double LEAST_BASE = 1e-6;

    private static final TermKind[] TERMS = TermKind.values();
    /** Where among these the first one stands. */
    private static final int ROOM = 0;

    private static final SiteLimit[] LIMITS = SiteLimit.values();

    private final List<String> markets;
    private final Set<String> known;
    private final RoutingPolicy policy;

    /** Chooses among these markets, by this policy. At least one. */
    public MarketChoice(List<String> markets, RoutingPolicy policy) {
        if (markets.isEmpty()) {
            throw new IllegalArgumentException("no markets to choose from");
        }
        this.markets = List.copyOf(markets);
        this.known = new HashSet<>(markets);
        this.policy = policy;
    }

    /** A market that meets all limits, with what it would cost. */
    private static final class Candidate {
        private final Board.Entry market;
        private final Offer offer;
        private final boolean hasRoom;
        private double[] terms = new double[TERMS.length];
        private double total;

        Candidate(Board.Entry market, Offer offer, boolean hasRoom) {
            this.market = market;
            this.offer = offer;
            this.hasRoom = hasRoom;
        }

        String marketId() {
            return market.marketId();
        }

        double total() {
            return total;
        }

        private void sumUp() {
            double sum = 0;
            for (double term : terms) {
                sum += term;
            }
            total = sum;
        }

        private MarketScore score() {
            List<MarketScore.Term> told = new ArrayList<>(TERMS.length);
            for (int i = 0; i < TERMS.length; i++) {
                if (terms[i] != 0) {
                    told.add(new MarketScore.Term(TERMS[i], terms[i]));
                }
            }
            return new MarketScore(marketId(), told);
        }
    }

    /**
     * The markets to ask, best first; if none meets the limits, the one that is to say so: of those that came closest.
     *
     * @param inFlight what is on its way to markets: it counts as taken
     * @param hadNoRoom markets that could not serve such a request a moment ago, which the board need not show
     */
    public Choice choose(
            String requestId,
            String accountId,
            ComputeSpec spec,
            Board board,
            InFlight inFlight,
            Predicate<String> hadNoRoom) {
        Demand demand = spec.demand();
        Costs costs = new Costs(policy, accountId, spec);
        List<Candidate> candidates = new ArrayList<>();
        Map<SiteLimit, List<String>> excluded = new EnumMap<>(SiteLimit.class);
        boolean knowsPlaces = knowsPlaces(spec.siting());
        for (Board.Entry market : board.entries()) {
            if (!known.contains(market.marketId())) {
                continue;
            }
            Offer offer = Offer.of(spec, demand, market.rows());
            offer = offer.less(inFlight.to(market.marketId(), spec), asked(spec, demand, offer));
            SiteLimit limit = knowsPlaces ? limit(spec, demand, market, offer, costs) : SiteLimit.PLACE;
            if (limit == null) {
                candidates.add(new Candidate(market, offer, offer.hasRoom() && !hadNoRoom.test(market.marketId())));
            } else {
                excluded.computeIfAbsent(limit, l -> new ArrayList<>()).add(market.marketId());
            }
        }
        if (candidates.isEmpty()) {
            return new Choice(List.of(refuser(requestId, spec, excluded)), 0, List.of(), told(excluded));
        }
        rank(requestId, candidates, costs);
        boolean telling = excluded.containsKey(SiteLimit.LATENCY) || excluded.containsKey(SiteLimit.PRICE);
        return new Choice(
                candidates.stream().map(Candidate::marketId).toList(),
                candidates.getFirst().hasRoom ? candidates.getFirst().offer.replicas() : 0,
                candidates.stream().limit(SCORES_KEPT).map(Candidate::score).toList(),
                telling ? told(excluded) : List.of());
    }

    /** The least that will do of what a market offers: thousandths of devices, or of cores without devices. */
    private static long asked(ComputeSpec spec, Demand demand, Offer offer) {
        return demand.leastReplicasOf(offer.alternative())
                * (spec.devices() > 0 ? spec.milliPerReplica() : spec.cpuMillicores());
    }

    private boolean knowsPlaces(@Nullable Siting siting) {
        return siting == null || (knows(siting.usersHub()) && knows(siting.dataHub()));
    }

    private boolean knows(@Nullable String hub) {
        return hub == null || known.contains(hub) || policy.distances().knows(hub);
    }

    /** The first limit that a market does not meet, or null. */
    private static @Nullable SiteLimit limit(
            ComputeSpec spec, Demand demand, Board.Entry market, Offer offer, Costs costs) {
        if (!spec.hubs().isEmpty() && !spec.hubs().contains(market.marketId())) {
            return SiteLimit.HUB;
        }
        if (offer.nodes() == 0 || spec.isUnmet()) {
            return SiteLimit.MODEL;
        }
        Long limitMicros = spec.siting() == null ? null : spec.siting().latencyLimitMicros();
        if (limitMicros != null) {
            long latency = costs.latencyMicros(market.marketId());
            if (latency == Distances.UNKNOWN || latency > limitMicros) {
                return SiteLimit.LATENCY;
            }
        }
        return offer.askMicroCnyPerHour() <= demand.maxPriceMicroCnyPerHour() ? null : SiteLimit.PRICE;
    }

    private static void rank(String requestId, List<Candidate> candidates, Costs costs) {
        double base = Double.MAX_VALUE;
        for (Candidate candidate : candidates) {
            base = Math.min(base, costs.priceCnyPerHour(candidate.offer));
        }
        base = Math.max(LEAST_BASE, base);
        double best = -Double.MAX_VALUE;
        double worst = Double.MAX_VALUE;
        for (Candidate candidate : candidates) {
            candidate.terms = costs.terms(
                    candidate.market,
                    candidate.offer,
                    before(candidate, candidates),
                    base,
                    spread(requestId, candidate.marketId()));
            candidate.sumUp();
            best = Math.max(best, candidate.total);
            worst = Math.min(worst, candidate.total);
        }
        for (Candidate candidate : candidates) {
            if (!candidate.hasRoom) {
                // Dearer than any with room, and among themselves in the order of the rest.
                candidate.terms[ROOM] = -(best - worst + base);
                candidate.sumUp();
            }
        }
        candidates.sort(Comparator.comparingDouble(Candidate::total).reversed().thenComparing(Candidate::marketId));
    }

    /** Alternatives that come before a candidate's, of those that other candidates have. */
    private static int before(Candidate own, List<Candidate> all) {
        return own.offer.alternative() == 0
                ? 0
                : (int) all.stream()
                        .mapToInt(other -> other.offer.alternative())
                        .filter(alternative -> alternative < own.offer.alternative())
                        .distinct()
                        .count();
    }

    private static List<Choice.Exclusion> told(Map<SiteLimit, List<String>> excluded) {
        List<Choice.Exclusion> told = new ArrayList<>(excluded.size());
        excluded.forEach((limit, marketIds) -> told.add(new Choice.Exclusion(limit, marketIds)));
        return told;
    }

    /** Of the markets that came closest, one; where nobody has spoken yet, a hub that the request names, or any. */
    private String refuser(String requestId, ComputeSpec spec, Map<SiteLimit, List<String>> excluded) {
        for (int i = LIMITS.length - 1; i >= 0; i--) {
            List<String> closest = excluded.get(LIMITS[i]);
            if (closest != null
                    && (LIMITS[i] != SiteLimit.HUB || spec.hubs().stream().noneMatch(known::contains))) {
                return closest.get(Math.floorMod(requestId.hashCode(), closest.size()));
            }
        }
        for (String hub : spec.hubs()) {
            if (known.contains(hub)) {
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
}
