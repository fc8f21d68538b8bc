package io.millrace.broker.stream;

import io.millrace.broker.placement.Demand;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * What markets could not serve a moment ago. What a market says of itself is a second old and only sums; one that has just
 * deflected a demand would most likely deflect the next one like it, so it is asked after those that did not. It is still
 * asked: nothing is refused by hearsay.
 *
 * <p>Thread-safe: what one intake task was told, all of an instance know. Kept in memory only, since a choice is recorded
 * with the request and never made twice.
 */
final class RecentDeflections {
    /** Long enough to spare most vain questions under load, short enough that what came free is found. */
    static final long FRESH_MILLIS = 1_000;
    /** Demands remembered: far more than are asked in a second of what is scarce. */
    static final int MOST_DEMANDS = 10_000;

    private final Map<Demand, Map<String, Long>> deflectedAtMillis = new ConcurrentHashMap<>();

    /** A market had no room for a demand. */
    void deflected(String marketId, Demand demand, long nowMillis) {
        if (deflectedAtMillis.size() >= MOST_DEMANDS) {
            deflectedAtMillis.clear();
        }
        deflectedAtMillis
                .computeIfAbsent(demand, d -> new ConcurrentHashMap<>())
                .put(marketId, nowMillis);
    }

    /** Tells of a market whether it had no room for this demand a moment ago. */
    Predicate<String> of(Demand demand, long nowMillis) {
        Map<String, Long> byMarket = deflectedAtMillis.getOrDefault(demand, Map.of());
        return market -> {
            Long atMillis = byMarket.get(market);
            return atMillis != null && nowMillis - atMillis <= FRESH_MILLIS;
        };
    }
}
