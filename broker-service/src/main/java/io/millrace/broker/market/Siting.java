package io.millrace.broker.market;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a request wants to run, beyond the hubs it names: near its users, near its data, and what counts how much. Markets
 * do not look at it; routing does.
 *
 * @param usersHub hub of the region that its users are in; null if their distance does not matter
 * @param latencyLimitMicros longest one-way network latency to the users, microseconds; null for any
 * @param dataHub hub that its data lies in; null if there is none
 * @param dataGib data to move to wherever it runs, GiB
 * @param weights other weights than those of the policy
 */
public record Siting(
        @Nullable String usersHub,
        @Nullable Long latencyLimitMicros,
        @Nullable String dataHub,
        long dataGib,
        List<Weight> weights) {

    /** What can be weighed, by the names of the contract. */
    public enum Term {
        /** What it costs. */
        PRICE,
        /** Moving its data. */
        EGRESS,
        /** Distance to its users. */
        LATENCY,
        /** Energy that does not reach the computing equipment. */
        ENERGY,
        /** Carbon emissions. */
        CARBON,
        /** Telemetry that may be wrong. */
        CONFIDENCE
    }

    /**
     * How much a term counts.
     *
     * @param term its name as the tenant gave it; one of {@link Term} or the request is refused
     * @param permille what it counts, in thousandths
     */
    public record Weight(String term, int permille) {}

    /** Copies the list. */
    public Siting {
        weights = List.copyOf(weights);
    }
}
