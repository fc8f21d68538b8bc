package io.millrace.local.up;

import io.millrace.schemas.CapacitySummary;
import io.millrace.schemas.MarketCapacity;
import io.millrace.schemas.Outcome;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What went on in the platform up to a moment. Immutable.
 *
 * @param nation capacity of the nation; null before the first summary
 * @param centres centres with capacity
 * @param markets what each market has free, by id
 * @param reportsPerSecond telemetry of the last seconds
 * @param rejected records refused since the platform holds them
 * @param requestsPerSecond what tenants said in the last seconds
 * @param decisions decisions since this was started, by outcome
 * @param latencies how many latencies the percentiles are made of
 * @param latencyP50Millis from a request's time to its first decision being readable, in milliseconds; the next alike
 * @param latencyP99Millis 99 of 100 are not longer
 */
record Activity(
        @Nullable CapacitySummary nation,
        int centres,
        SortedMap<String, MarketCapacity> markets,
        double reportsPerSecond,
        long rejected,
        double requestsPerSecond,
        Map<Outcome, Long> decisions,
        long latencies,
        long latencyP50Millis,
        long latencyP99Millis) {

    long decisions(Outcome outcome) {
        return decisions.getOrDefault(outcome, 0L);
    }

    long allocations() {
        return markets.values().stream()
                .mapToLong(MarketCapacity::getAllocations)
                .sum();
    }

    long queued() {
        return markets.values().stream().mapToLong(MarketCapacity::getQueued).sum();
    }
}
