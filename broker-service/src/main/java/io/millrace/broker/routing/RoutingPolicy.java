package io.millrace.broker.routing;

import io.millrace.broker.market.Siting;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What things cost that no ask names, and what counts how much. Policy: the same on every instance.
 *
 * @param distances between hubs
 * @param weightsPermille what terms count; a term that is not in it counts 1000
 * @param tenantWeightsPermille by account: terms that count otherwise for it
 * @param leastWeightPermille lower bound of what a request may say
 * @param mostWeightPermille upper bound of what a request may say
 * @param carbonMicroCnyPerTonne price of a tonne of CO2 equivalent
 * @param egressMicroCnyPerGib price of moving a GiB from one hub to another
 * @param latencyMicroCnyPerMilliHour what a millisecond to the users costs for an hour
 * @param deviceWatts power of a device in use
 * @param coreWatts power of a core in use
 * @param freePermille what a market that is full costs more than an empty one, as a share of the lowest price
 * @param alternativePermille what a market costs more for each alternative of the request that comes before its own and that
 *     another market has, as a share of the lowest price
 * @param spreadPermille most that chance may move, as a share of the lowest price
 * @param staleMillis age at which telemetry is believed no more
 * @param assumed energy of a market of which nothing is known
 */
public record RoutingPolicy(
        Distances distances,
        Map<Siting.Term, Integer> weightsPermille,
        Map<String, Map<Siting.Term, Integer>> tenantWeightsPermille,
        int leastWeightPermille,
        int mostWeightPermille,
        long carbonMicroCnyPerTonne,
        long egressMicroCnyPerGib,
        long latencyMicroCnyPerMilliHour,
        int deviceWatts,
        int coreWatts,
        int freePermille,
        int alternativePermille,
        int spreadPermille,
        long staleMillis,
        Energy assumed) {

    /** The policy when nothing is configured, between hubs without positions. */
    public static final RoutingPolicy DEFAULT = new RoutingPolicy(
            new Distances(List.of()),
            Map.of(),
            Map.of(),
            0,
            10_000,
            100_000_000,
            500_000,
            10_000,
            500,
            8,
            500,
            2_000,
            25,
            600_000,
            new Energy(1_500, 650_000, 560));

    private static final int AS_IT_IS = 1000;
    private static final Siting.Term[] TERMS = Siting.Term.values();

    /** Copies the maps. */
    public RoutingPolicy {
        weightsPermille = Map.copyOf(weightsPermille);
        tenantWeightsPermille = Map.copyOf(tenantWeightsPermille);
    }

    /** What terms count for a request, as factors: its own word, within bounds, before its tenant's before all others'. */
    Map<Siting.Term, Double> weights(String accountId, List<Siting.Weight> asked) {
        Map<Siting.Term, Double> factors = new EnumMap<>(Siting.Term.class);
        Map<Siting.Term, Integer> tenant = tenantWeightsPermille.getOrDefault(accountId, Map.of());
        for (Siting.Term term : TERMS) {
            Integer permille = tenant.getOrDefault(term, weightsPermille.getOrDefault(term, AS_IT_IS));
            factors.put(term, permille / 1000.0);
        }
        for (Siting.Weight weight : asked) {
            int permille = Math.clamp(weight.permille(), leastWeightPermille, mostWeightPermille);
            for (Siting.Term term : TERMS) {
                // A name that is no term is for the market to refuse.
                if (term.name().equals(weight.term())) {
                    factors.put(term, permille / 1000.0);
                }
            }
        }
        return factors;
    }
}
