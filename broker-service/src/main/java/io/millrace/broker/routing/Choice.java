package io.millrace.broker.routing;

import io.millrace.broker.market.SiteLimit;
import java.util.List;

/**
 * Which markets a request is to go to.
 *
 * @param candidates markets to ask, best first; the one that is to refuse, if none could serve
 * @param best scores of the first few of them, of what they are made of
 * @param exclusions markets that hard limits removed: kept if latency or price removed one, or if none is left
 */
public record Choice(List<String> candidates, List<MarketScore> best, List<Exclusion> exclusions) {

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

    /** Copies the lists. */
    public Choice {
        candidates = List.copyOf(candidates);
        best = List.copyOf(best);
        exclusions = List.copyOf(exclusions);
    }
}
