package io.millrace.broker.placement;

import java.util.List;

/**
 * What a demand leaves open.
 *
 * @param leastReplicas replicas that will do at least, as many as fit are granted; 0 if it must be all of them
 * @param spread how far apart replicas may be; they are put as near as possible
 * @param alternatives ways to serve it, in the order of preference, each with its own replicas and no model in two of
 *     them; empty if models and replicas of the demand say all
 */
public record Latitude(int leastReplicas, Spread spread, List<Alternative> alternatives) {
    /** Nothing is left open: all replicas in one pool, of any of the models. */
    public static final Latitude NONE = new Latitude(0, Spread.POOL, List.of());

    private static final Latitude IN_CENTRE = new Latitude(0, Spread.CENTRE, List.of());
    private static final Latitude IN_MARKET = new Latitude(0, Spread.MARKET, List.of());

    /** Copies the list. */
    public Latitude {
        alternatives = List.copyOf(alternatives);
    }

    /** Nothing is left open but this. */
    static Latitude of(Spread spread) {
        return switch (spread) {
            case POOL -> NONE;
            case CENTRE -> IN_CENTRE;
            case MARKET -> IN_MARKET;
        };
    }
}
