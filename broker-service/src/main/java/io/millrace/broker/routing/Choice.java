package io.millrace.broker.routing;

import io.millrace.broker.market.SiteLimit;
import java.util.List;

/**
 * Which markets a request is to go to.
 *
 * @param candidates markets to ask, best first; the one that is to refuse, if none could serve
 * @param replicas replicas that the first of them is likely to grant; 0 if it seems to have no room
 * @param best scores of the first few of them, of what they are made of
 * @param exclusions markets that hard limits removed: kept if latency or price removed one, or if none is left
 */
public record Choice(List<String> candidates, int replicas, List<MarketScore> best, List<Exclusion> exclusions) {

    /**
     * Markets that met all limits before this one, and not this one.
     *
     * @param limit the limit
     * @param marketIds the markets, by id
     */
    public record Exclusion(SiteLimit limit, List<String> marketIds) {
        /** Copies the list. */
        public Exclusion {
            marketIds = List.copyOf(marketIds);
        }
    }

    /** A single market that nothing is expected of. */
    public static Choice of(String marketId) {
        return new Choice(List.of(marketId), 0, List.of(), List.of());
    }

    /** Copies the lists. */
    public Choice {
        candidates = List.copyOf(candidates);
        best = List.copyOf(best);
        exclusions = List.copyOf(exclusions);
    }
}
