package io.millrace.broker.market;

import io.millrace.broker.placement.Demand;
import java.util.ArrayList;
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
    private final Map<Demand, TreeMap<Long, Request>> lines = new LinkedHashMap<>();
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

    void add(Request request) {
        lines.computeIfAbsent(request.spec().demand(), d -> new TreeMap<>()).put(request.queueRank(), request);
        size++;
    }

    void remove(Request request) {
        Demand demand = request.spec().demand();
        TreeMap<Long, Request> line = lines.get(demand);
        if (line == null || line.remove(request.queueRank()) == null) {
            throw new IllegalStateException("the request " + request.requestId() + " does not wait for " + demand);
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

    /** Of those with this demand, the one that has waited longest; null if none waits. */
    @Nullable Request first(Demand demand) {
        TreeMap<Long, Request> line = lines.get(demand);
        return line == null ? null : line.firstEntry().getValue();
    }
}
