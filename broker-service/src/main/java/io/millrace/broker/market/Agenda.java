package io.millrace.broker.market;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What falls due when: ends of terms and waits, and when ended requests may be forgotten. */
final class Agenda {
    private static final Comparator<Request> BY_END =
            Comparator.comparingLong(Request::untilMillis).thenComparing(Request::requestId);

    private final TreeSet<Request> due = new TreeSet<>(BY_END);
    /** By id; in the order in which they ended, which is the order of the market's time: add them in that order. */
    private final Map<String, Request> ended = new LinkedHashMap<>();

    void add(Request request) {
        if (request.status().isFinal()) {
            ended.put(request.requestId(), request);
        } else {
            due.add(request);
        }
    }

    void remove(Request request) {
        if (request.status().isFinal()) {
            ended.remove(request.requestId());
        } else {
            due.remove(request);
        }
    }

    /** The request whose term or wait ends next, the smaller id first; null if none does. */
    @Nullable Request nextDue() {
        return due.isEmpty() ? null : due.first();
    }

    /** The request that ended first, or null. */
    @Nullable Request firstEnded() {
        return ended.isEmpty() ? null : ended.values().iterator().next();
    }
}
