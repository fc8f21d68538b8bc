package io.millrace.broker.routing;

import io.millrace.broker.market.ComputeSpec;
import io.millrace.broker.market.Siting;
import java.util.List;
import java.util.Map;

/** What a request would cost in a market, term by term, in CNY per hour of the whole request. For one request. */
final class Costs {
    private static final double MICRO = 1e6;
    private static final double MILLI = 1e3;
    private static final double WATTS_PER_KILOWATT = 1e3;
    private static final double SECONDS_PER_HOUR = 3_600;
    /** Where there is no telling how far users are: as far as one hub may be from another. */
    private static final long FAR_MICROS = 20_000;

    private static final Siting ANYWHERE = new Siting(null, null, null, 0, List.of());

    private final RoutingPolicy policy;
    private final ComputeSpec spec;
    private final Siting siting;
    private final Map<Siting.Term, Double> weights;
    /** What a replica draws. */
    private final double kilowatts;

    private final double egressCnyPerHour;

    Costs(RoutingPolicy policy, String accountId, ComputeSpec spec) {
        this.policy = policy;
        this.spec = spec;
        siting = spec.siting() == null ? ANYWHERE : spec.siting();
        weights = policy.weights(accountId, siting.weights());
        double cores = spec.cpuMillicores() / MILLI;
        double devices = spec.milliPerReplica() / MILLI;
        kilowatts = (devices * policy.deviceWatts() + cores * policy.coreWatts()) / WATTS_PER_KILOWATT;
        egressCnyPerHour = siting.dataGib()
                * (policy.egressMicroCnyPerGib() / MICRO)
                / (Math.max(1, spec.durationSeconds()) / SECONDS_PER_HOUR);
    }

    /** One-way latency to the users, microseconds; 0 if there are none, {@link Distances#UNKNOWN} if it is not known. */
    long latencyMicros(String market) {
        return siting.usersHub() == null ? 0 : policy.distances().micros(siting.usersHub(), market);
    }

    double priceCnyPerHour(Offer offer) {
        return offer.priceMicroCnyPerHour(spec) / MICRO;
    }

    /**
     * All terms in the order of {@link MarketScore.TermKind}; costs are negative. {@code ROOM} is that of who has room: what is
     * missing of a request that could do with less.
     *
     * @param before alternatives of other markets that come before this one's
     * @param base the lowest price among the candidates, CNY per hour
     * @param spread 0 to 1
     */
    double[] terms(Board.Entry market, Offer offer, int before, double base, double spread) {
        double price = priceCnyPerHour(offer);
        long latency = latencyMicros(market.marketId());
        double latencyMillis = (latency == Distances.UNKNOWN ? FAR_MICROS : latency) / MILLI;
        boolean moves = siting.dataHub() != null && !siting.dataHub().equals(market.marketId());
        double drawn = kilowatts * offer.replicas();
        // In the order of TermKind.
        return new double[] {
            offer.missing() == 0 ? 0 : -base * offer.missing() / offer.replicas(),
            -weight(Siting.Term.PRICE) * price,
            -policy.freePermille() / 1000.0 * base * offer.taken(),
            -policy.alternativePermille() / 1000.0 * base * before,
            -policy.spreadPermille() / 1000.0 * base * spread,
            moves ? -weight(Siting.Term.EGRESS) * egressCnyPerHour : 0,
            -weight(Siting.Term.LATENCY) * latencyMillis * (policy.latencyMicroCnyPerMilliHour() / MICRO),
            -weight(Siting.Term.ENERGY) * drawn * market.overheadCnyPerKwh(),
            -weight(Siting.Term.CARBON) * drawn * market.carbonCnyPerKwh(),
            -weight(Siting.Term.CONFIDENCE) * market.doubt() * price
        };
    }

    private double weight(Siting.Term term) {
        return weights.getOrDefault(term, 1.0);
    }
}
