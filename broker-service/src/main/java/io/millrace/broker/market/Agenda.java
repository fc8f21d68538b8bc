package io.millrace.broker.market;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What falls due when: ends of terms and waits, and when ended requests may be forgotten. */
final class Agenda {
    private final Ends terms = new Ends();
    private final Ends waits = new Ends();

    /**
     * In the order in which they ended, which is the order of the market's time: add them in that order. A request that
     * was deflected and came back stays behind here, and is passed over because it is no longer known as it was then.
     */
    private final ArrayDeque<Request> ended = new ArrayDeque<>();

    /** How many of them came back: while none did, nobody needs to look up which. */
    private int cameBack;

    private final RequestTable known;
    /** What {@link #nextDue} answers, asked for at every command, while that is known. */
    private @Nullable Request due;

    private boolean dueIsKnown;

    /** An agenda of these requests; reads them. */
    Agenda(RequestTable known) {
        this.known = known;
    }

    void add(Request request) {
        switch (request.status()) {
            case ALLOCATED, HELD -> enter(terms, request);
            case QUEUED -> enter(waits, request);
            default -> ended.addLast(request);
        }
    }

    private void enter(Ends ends, Request request) {
        ends.add(request);
        dueIsKnown = dueIsKnown && due != null && Ends.compare(due, request) < 0;
    }

    void remove(Request request) {
        switch (request.status()) {
            case ALLOCATED, HELD -> leave(terms, request);
            case QUEUED -> leave(waits, request);
            default -> cameBack++;
        }
    }

    private void leave(Ends ends, Request request) {
        ends.remove(request);
        dueIsKnown = dueIsKnown && due != null && Ends.compare(due, request) < 0;
    }

    /** The request whose term or wait ends next, the smaller id first; null if none does. */
    @Nullable Request nextDue() {
        if (!dueIsKnown) {
            due = first();
            dueIsKnown = true;
        }
        return due;
    }

    private @Nullable Request first() {
        if (terms.isEmpty() || waits.isEmpty()) {
            return !terms.isEmpty() ? terms.first() : waits.isEmpty() ? null : waits.first();
        }
        return Ends.compare(terms.first(), waits.first()) < 0 ? terms.first() : waits.first();
    }

    /** What runs, by its end; for reading. */
    Iterable<Request> terms() {
        return terms;
    }

    /** The known request that ended first, or null. */
    @Nullable Request firstEnded() {
        while (cameBack > 0 && !ended.isEmpty() && !isKnownAsItWas(ended.getFirst())) {
            ended.removeFirst();
            cameBack--;
        }
        return ended.peekFirst();
    }

    private boolean isKnownAsItWas(Request request) {
        Request now = known.get(request.requestId());
        return now != null && now.decisionSequence() == request.decisionSequence();
    }

    /** The one that ended first is known no more. */
    void forgetFirstEnded() {
        ended.removeFirst();
    }
}
