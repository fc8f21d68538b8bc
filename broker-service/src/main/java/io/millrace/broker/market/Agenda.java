package io.millrace.broker.market;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What falls due when: ends of terms and waits, and when ended requests may be forgotten. */
final class Agenda {

    /** A request and a moment. */
    record Due(long atMillis, String requestId) {
        static final Comparator<Due> ORDER =
                Comparator.comparingLong(Due::atMillis).thenComparing(Due::requestId);
    }

    private final TreeSet<Due> due = new TreeSet<>(Due.ORDER);
    /** In the order in which they ended, which is the order of the market's time. */
    private final ArrayDeque<Due> ended = new ArrayDeque<>();

    void add(Request request) {
        if (request.status().isFinal()) {
            ended.addLast(new Due(request.decidedAtMillis(), request.requestId()));
        } else {
            due.add(new Due(request.untilMillis(), request.requestId()));
        }
    }

    void remove(Request request) {
        if (!request.status().isFinal()) {
            due.remove(new Due(request.untilMillis(), request.requestId()));
        }
    }

    /** Takes over ended requests from a snapshot, which has them in no order. */
    void restoreEnded(List<Request> requests) {
        requests.stream()
                .map(request -> new Due(request.decidedAtMillis(), request.requestId()))
                .sorted(Due.ORDER)
                .forEach(ended::addLast);
    }

    /** The next end of a term or wait; Long.MAX_VALUE if none is planned. */
    long nextDueMillis() {
        return due.isEmpty() ? Long.MAX_VALUE : due.first().atMillis();
    }

    /** What falls due up to and including this time, in the order of time, then of ids. */
    Iterable<Due> dueUntil(long timeMillis) {
        return due.headSet(new Due(timeMillis + 1, ""), false);
    }

    /** When the request that ended first ended; Long.MAX_VALUE if there is none. */
    long firstEndedMillis() {
        Due first = ended.peekFirst();
        return first == null ? Long.MAX_VALUE : first.atMillis();
    }

    /** Takes out the next request that ended before this time, or null. */
    @Nullable Due pollEndedBefore(long timeMillis) {
        return firstEndedMillis() < timeMillis ? ended.pollFirst() : null;
    }
}
