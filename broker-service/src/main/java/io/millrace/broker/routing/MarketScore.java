package io.millrace.broker.routing;

import java.util.List;

/**
 * A market that was considered.
 *
 * @param marketId the market
 * @param terms what its score is made of; what contributed nothing is left out
 */
public record MarketScore(String marketId, List<Term> terms) {

    /**
     * One term of a score.
     *
     * @param kind what it is about
     * @param contribution what it adds, in CNY per hour of the whole request: a cost is negative
     */
    public record Term(TermKind kind, double contribution) {}

    /** What a term is about. */
    public enum TermKind {
        /**
         * The market seems to have no room for the request: more than all other terms differ by. Or none for all of it, where
         * less would do: what is missing, as a share of the lowest price.
         */
        ROOM,
        /** Its lowest ask. */
        PRICE,
        /** The share of it that is taken. */
        FREE,
        /** How many of the request's alternatives, of those that other markets have, come before its own. */
        ALTERNATIVE,
        /** A small figure from the ids, which keeps alike requests from all going to one market. */
        SPREAD,
        /** Moving the data to it, spread over the term. */
        EGRESS,
        /** Its distance to the users. */
        LATENCY,
        /** Energy that does not reach the computing equipment. */
        ENERGY,
        /** Carbon emissions. */
        CARBON,
        /** What is paid for and may not be there, because its telemetry is old or nodes are lost. */
        CONFIDENCE
    }

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
