package io.millrace.broker.placement;

import java.util.List;

/**
 * Why a demand does not fit, and what would: worked out by a second look when somebody is to be told, so that demands
 * which fit pay nothing for it.
 *
 * @param cause the first thing that stands in the way
 * @param nodesConsidered nodes of the market
 * @param removed nodes that each filter removed, in the order of the filters
 * @param wouldFit the smallest change found that would fit now, or that could ever fit; empty if none was found
 */
public record Misfit(Cause cause, int nodesConsidered, List<Removed> removed, String wouldFit) {

    /** What stands in the way, in order of precedence. */
    public enum Cause {
        /** No node is of this kind or model. */
        NO_SUCH_MODEL,
        /** All such nodes cost more. */
        PRICE_TOO_LOW,
        /** Would not fit even if nothing else ran. */
        NEVER_FITS,
        /** Does not fit now. */
        NO_CAPACITY
    }

    /**
     * Nodes that a filter removed.
     *
     * @param filter its name
     * @param nodes nodes that passed all filters before and not this one
     */
    public record Removed(String filter, int nodes) {}

    /** Copies the list. */
    public Misfit {
        removed = List.copyOf(removed);
    }

    /**
     * Explains why this demand, which a policy could not place, does not fit. Of several alternatives, cause and hint are those
     * of the one that came closest, at its fewest replicas; a node is removed if it suits none.
     */
    public static Misfit explain(Supply supply, Demand demand) {
        Misfit closest = explainFixed(supply, demand.atLeast(0));
        for (int i = 1; i < demand.alternatives(); i++) {
            Misfit other = explainFixed(supply, demand.atLeast(i));
            if (other.cause.compareTo(closest.cause) > 0) {
                closest = other;
            }
        }
        return demand.alternatives() == 1 ? closest : closest.with(explainFixed(supply, demand).removed);
    }

    /** Without a word of what would fit. */
    public Misfit withoutHint() {
        return new Misfit(cause, nodesConsidered, removed, "");
    }

    private Misfit with(List<Removed> others) {
        return new Misfit(cause, nodesConsidered, others, wouldFit);
    }

    private static Misfit explainFixed(Supply supply, Demand demand) {
        Funnel funnel = new Funnel(demand);
        supply.domains(demand.latitude().spread()).forEach(funnel::pour);
        return new Misfit(funnel.cause(), supply.size(), funnel.removed(), funnel.wouldFit());
    }
}
