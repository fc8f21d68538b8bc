package io.millrace.local.scenario;

import java.util.List;

/**
 * A country with its data centres and tenants, at a size, from a seed. Immutable; what it makes has state.
 *
 * @param seed same seed, same reports and requests
 * @param nodes servers, about; {@link Supply#FULL_SIZE} at full size
 * @param requestsPerSecond mean rate of requests
 */
public record Scenario(long seed, int nodes, double requestsPerSecond) {
    /** As `millrace up` plays it: a laptop copes. */
    public static final Scenario DEFAULT = new Scenario(42, Supply.FULL_SIZE, 20);

    public Scenario {
        if (nodes < 1 || nodes > 1_000_000) {
            throw new IllegalArgumentException("nodes must be between 1 and 1000000, not " + nodes);
        }
        if (!(requestsPerSecond > 0)) {
            throw new IllegalArgumentException("requests per second must be above 0, not " + requestsPerSecond);
        }
    }

    /** Hubs and centres. */
    public Supply supply() {
        return Supply.ofSize(nodes);
    }

    /** The centres, about to report. */
    List<SimulatedCentre> centres() {
        return supply().centres().stream()
                .map(centre -> new SimulatedCentre(seed, centre))
                .toList();
    }

    /** The tenants, about to ask. */
    public Demand demand(String idPrefix) {
        return new Demand(seed, supply(), requestsPerSecond, idPrefix);
    }
}
