package io.millrace.broker.market;

import io.millrace.broker.placement.Demand;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The latest requests in the order of their first answer, for whoever wants to know what is asked. An index: it follows
 * from the requests that are known, and a request that was forgotten does not count any more.
 */
final class Arrivals {
    /** How many events it looks back; what is older has decayed. */
    static final long WINDOW = 8192;

    private final ArrayDeque<Arrival> latest = new ArrayDeque<>();

    private record Arrival(long sequence, String requestId) {}

    void add(Request request) {
        latest.addLast(new Arrival(request.queueRank(), request.requestId()));
        while (latest.getFirst().sequence() <= request.queueRank() - WINDOW) {
            latest.removeFirst();
        }
    }

    /**
     * The demands of those that came after an event and are still known. What contradicts itself is no demand: whoever
     * reckons with these may rely on what {@link SpecCheck} asks.
     */
    void forEach(long afterSequence, Map<String, Request> known, Consumer<Demand> visitor) {
        for (Arrival arrival : latest) {
            Request request = known.get(arrival.requestId());
            if (arrival.sequence() > afterSequence
                    && request != null
                    && request.queueRank() == arrival.sequence()
                    && request.reason() != Reason.INVALID) {
                visitor.accept(request.spec().demand());
            }
        }
    }
}
