package io.millrace.broker.routing;

import java.util.List;

/**
 * A market that was considered.
 *
 * @param marketId the market
 * @param terms what its score is made of
 */
public record MarketScore(String marketId, List<Term> terms) {

    /**
     * One term of a score.
     *
     * @param name what it is about
     * @param contribution what it adds; larger is better
     */
    public record Term(String name, double contribution) {}

    /** Copies the list. */
    public MarketScore {
        terms = List.copyOf(terms);
    }

    /** The sum of the terms. */
    public double total() {
        double total = 0;
        for (Term term : terms) {
            total += term.contribution();
        }
        return total;
    }
}
