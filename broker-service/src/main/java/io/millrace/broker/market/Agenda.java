package io.millrace.broker.market;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What falls due when: ends of terms and waits, and when ended requests may be forgotten. */
final class Agenda {
    private final TreeSet<Request> terms = new TreeSet<>(Agenda::byEnd);
    private final TreeSet<Request> waits = new TreeSet<>(Agenda::byEnd);

    /**
     * In the order in which they ended, which is the order of the market's time: add them in that order. A request that
     * was deflected and came back stays behind here, and is passed over because it is no longer known as it was then.
     */
    private final ArrayDeque<Request> ended = new ArrayDeque<>();

    private final Map<String, Request> known;

    /** An agenda of these requests; reads them. */
    Agenda(Map<String, Request> known) {
        this.known = known;
    }

    private static int byEnd(Request a, Request b) {
        int byTime = Long.compare(a.untilMillis(), b.untilMillis());
        return byTime != 0 ? byTime : a.requestId().compareTo(b.requestId());
    }

    void add(Request request) {
        switch (request.status()) {
            case ALLOCATED, HELD -> terms.add(request);
            case QUEUED -> waits.add(request);
            default -> ended.addLast(request);
        }
    }

    void remove(Request request) {
        switch (request.status()) {
            case ALLOCATED, HELD -> terms.remove(request);
            case QUEUED -> waits.remove(request);
            default -> {}
        }
    }

    /** The request whose term or wait ends next, the smaller id first; null if none does. */
    @Nullable Request nextDue() {
        if (terms.isEmpty() || waits.isEmpty()) {
            return !terms.isEmpty() ? terms.first() : waits.isEmpty() ? null : waits.first();
        }
        return byEnd(terms.first(), waits.first()) < 0 ? terms.first() : waits.first();
    }

    /** What runs, by its end; a view. */
    NavigableSet<Request> terms() {
        return Collections.unmodifiableNavigableSet(terms);
    }

    /** The known request that ended first, or null. */
    @Nullable Request firstEnded() {
        while (!ended.isEmpty()
                && !ended.getFirst().equals(known.get(ended.getFirst().requestId()))) {
            ended.removeFirst();
        }
        return ended.peekFirst();
    }
}
