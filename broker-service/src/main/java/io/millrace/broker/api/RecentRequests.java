package io.millrace.broker.api;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The requests that this instance wrote a moment ago: whoever follows the address in the answer must not hear that there is
 * no such request, only because intake has not come to it yet. Thread-safe; bounded.
 */
final class RecentRequests {
    private static final int MAX = 10_000;
    private static final Duration MOMENT = Duration.ofSeconds(30);

    private final Clock clock;
    private final Map<String, Long> untilMillis = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MAX;
        }
    };

    RecentRequests(Clock clock) {
        this.clock = clock;
    }

    synchronized void add(String requestId) {
        untilMillis.remove(requestId);
        untilMillis.put(requestId, clock.millis() + MOMENT.toMillis());
    }

    synchronized boolean contains(String requestId) {
        Long until = untilMillis.get(requestId);
        return until != null && clock.millis() < until;
    }
}
