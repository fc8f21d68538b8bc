package io.millrace.broker.market;

import io.millrace.broker.placement.Demand;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait, first come first served among those that fit.
 *
 * <p>Kept by demand: requests with equal demands fit or do not fit together, so serving the queue costs the number of
 * different demands and not the number of requests.
 */
final class WaitingLine {
    private final Map<Demand, TreeMap<Long, String>> lines = new LinkedHashMap<>();
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** True if a request with this demand waits: another one cannot fit either. */
    boolean hasWaiting(Demand demand) {
        return size > 0 && lines.containsKey(demand);
    }

    void add(Demand demand, long rank, String requestId) {
        lines.computeIfAbsent(demand, d -> new TreeMap<>()).put(rank, requestId);
        size++;
    }

    void remove(Demand demand, long rank) {
        TreeMap<Long, String> line = lines.get(demand);
        if (line == null || line.remove(rank) == null) {
            throw new IllegalStateException("nothing waits at rank " + rank + " for " + demand);
        }
        size--;
        if (line.isEmpty()) {
            lines.remove(demand);
        }
    }

    /** The demands that pass the test, each with a request waiting. */
    List<Demand> demands(Predicate<Demand> test) {
        List<Demand> demands = new ArrayList<>();
        for (Demand demand : lines.keySet()) {
            if (test.test(demand)) {
                demands.add(demand);
            }
        }
        return demands;
    }

    /** Of these demands, the one whose first request has waited longest; null if none has a request waiting. */
    @Nullable Head first(Collection<Demand> demands) {
        Head first = null;
        for (Demand demand : demands) {
            TreeMap<Long, String> line = lines.get(demand);
            if (line != null && (first == null || line.firstKey() < first.rank())) {
                Map.Entry<Long, String> entry = line.firstEntry();
                first = new Head(demand, entry.getKey(), entry.getValue());
            }
        }
        return first;
    }

    /** The request that is first in line for its demand. */
    record Head(Demand demand, long rank, String requestId) {}
}
