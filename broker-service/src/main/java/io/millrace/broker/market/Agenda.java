package io.millrace.broker.market;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What falls due when: ends of terms and waits, and when ended requests may be forgotten. */
final class Agenda {
    private final TreeSet<Request> due = new TreeSet<>(Agenda::byEnd);

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
        if (request.status().isFinal()) {
            ended.addLast(request);
        } else {
            due.add(request);
        }
    }

    void remove(Request request) {
        if (!request.status().isFinal()) {
            due.remove(request);
        }
    }

    /** The request whose term or wait ends next, the smaller id first; null if none does. */
    @Nullable Request nextDue() {
        return due.isEmpty() ? null : due.first();
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
