package io.millrace.broker.routing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One-way network latency between hubs, by a plain model of distance: the great circle between their positions (haversine,
 * radius 6,371 km), light in fibre at 200 km per millisecond, and a route half as long again as the circle. The factor is
 * what the Action Plan for High-Quality Development of Computing Infrastructure (MIIT and others, October 2023) asks of
 * direct links between hub clusters: not above 1.5 times the theoretical latency. Inside a hub it is that plan's class of a
 * region, 5 ms. What is measured may differ: it is a model, and the same on every instance. Immutable.
 */
public final class Distances {
    /** No such hub has a position. */
    public static final long UNKNOWN = -1;

    static final long IN_A_HUB_MICROS = 5_000;
    private static final double EARTH_KM = 6_371;
    private static final double MICROS_PER_KM = 1_000.0 / 200;
    private static final double ROUTE_FACTOR = 1.5;

    private final Map<String, Integer> indexes = new HashMap<>();
    private final long[][] micros;

    /**
     * Where a hub is.
     *
     * @param hubId the hub
     * @param latitudeDegrees north is positive
     * @param longitudeDegrees east is positive
     */
    public record Position(String hubId, double latitudeDegrees, double longitudeDegrees) {}

    /** Works out the latency of every pair. Each hub once. */
    public Distances(List<Position> positions) {
        micros = new long[positions.size()][positions.size()];
        for (int a = 0; a < positions.size(); a++) {
            indexes.put(positions.get(a).hubId(), a);
            for (int b = 0; b < positions.size(); b++) {
                micros[a][b] = between(positions.get(a), positions.get(b));
            }
        }
    }

    /** True if this hub has a position. */
    public boolean knows(String hubId) {
        return indexes.containsKey(hubId);
    }

    /** One-way latency from one hub to another, in microseconds; {@link #UNKNOWN} if one of them has no position. */
    public long micros(String from, String to) {
        Integer a = indexes.get(from);
        Integer b = indexes.get(to);
        if (a == null || b == null) {
            return from.equals(to) ? IN_A_HUB_MICROS : UNKNOWN;
        }
        return micros[a][b];
    }

    private static long between(Position a, Position b) {
        double latitude = StrictMath.toRadians(b.latitudeDegrees() - a.latitudeDegrees());
        double longitude = StrictMath.toRadians(b.longitudeDegrees() - a.longitudeDegrees());
        double h = square(StrictMath.sin(latitude / 2))
                + StrictMath.cos(StrictMath.toRadians(a.latitudeDegrees()))
                        * StrictMath.cos(StrictMath.toRadians(b.latitudeDegrees()))
                        * square(StrictMath.sin(longitude / 2));
        double km = 2 * EARTH_KM * StrictMath.asin(StrictMath.sqrt(StrictMath.min(1, h)));
        return StrictMath.max(IN_A_HUB_MICROS, StrictMath.round(km * ROUTE_FACTOR * MICROS_PER_KM));
    }

    private static double square(double value) {
        return value * value;
    }
}
