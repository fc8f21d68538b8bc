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
     * @param kind what it is about
     * @param contribution what it adds; larger is better
     */
    public record Term(TermKind kind, double contribution) {}

    /** What a term is about. */
    public enum TermKind {
        /** The market seems to have room for the request. */
        ROOM,
        /** Its lowest ask against the lowest of all. */
        PRICE,
        /** The share of it that is free. */
        FREE,
        /** How far up in the order stands the first of the request's alternatives that the market has. */
        ALTERNATIVE,
        /** A small figure from the ids, which keeps alike requests from all going to one market. */
        SPREAD
    }

    /** Copies the list. */
    public MarketScore {
        terms = List.copyOf(terms);
    }

    /** True if the market seems to have room for the request. */
    public boolean hasRoom() {
        for (Term term : terms) {
            if (term.kind() == TermKind.ROOM) {
                return term.contribution() > 0;
            }
        }
        return false;
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
