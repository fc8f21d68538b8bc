package io.millrace.broker.audit;

import io.millrace.broker.market.Command;
import io.millrace.broker.market.Event;
import io.millrace.broker.market.MarketState;
import io.millrace.broker.market.Request;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * How long tenants kept what they had before they gave it back themselves. Under other rules a request may start at another
 * time: its tenant then keeps it as long as in the record. Told everything twice: first of the record, then, after {@link
 * #replay}, of the other course of things, for which it says who releases what and when.
 */
final class Stays {
    private final Map<String, Long> stayMillis = new HashMap<>();
    private final Map<String, Long> startedAtMillis = new HashMap<>();
    private final Map<String, Long> ranMillis = new HashMap<>();
    private final PriorityQueue<Due> due = new PriorityQueue<>();
    private boolean replaying;

    private record Due(long atMillis, String requestId, String accountId, int allocationNumber)
            implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(atMillis, other.atMillis);
            return byTime != 0 ? byTime : requestId.compareTo(other.requestId);
        }
    }

    /** From what runs in this state. */
    Stays(MarketState state) {
        begin(state);
    }

    private void begin(MarketState state) {
        for (Request request : state.requests()) {
            if (request.status() == Request.Status.ALLOCATED) {
                started(request.requestId(), request.accountId(), request.allocationNumber(), request.sinceMillis());
            }
        }
    }

    /** The record is over; now the other course of things, from the same state. */
    void replay(MarketState state) {
        replaying = true;
        startedAtMillis.clear();
        ranMillis.clear();
        begin(state);
    }

    void on(List<Event> events) {
        for (Event event : events) {
            switch (event) {
                case Event.Allocated e ->
                    started(e.requestId(), e.accountId(), e.allocationNumber(), e.startsAtMillis());
                case Event.Ended e -> ended(e);
                default -> {}
            }
        }
    }

    private void started(String requestId, String accountId, int allocationNumber, long atMillis) {
        startedAtMillis.put(requestId, atMillis);
        Long stay = stayMillis.get(requestId);
        if (replaying && stay != null) {
            long left = Math.max(0, stay - ranMillis.getOrDefault(requestId, 0L));
            due.add(new Due(atMillis + left, requestId, accountId, allocationNumber));
        }
    }

    private void ended(Event.Ended e) {
        Long since = startedAtMillis.remove(e.requestId());
        long ran = since == null ? 0 : e.endedAtMillis() - since;
        switch (e.cause()) {
            case REVOKED, PREEMPTED -> ranMillis.merge(e.requestId(), ran, Long::sum);
            case RELEASED, CANCELLED -> {
                Long before = ranMillis.remove(e.requestId());
                if (!replaying) {
                    stayMillis.put(e.requestId(), ran + (before == null ? 0 : before));
                }
            }
            case EXPIRED -> ranMillis.remove(e.requestId());
        }
    }

    /** True if this command gave something back in the record: in its place stands a release at its own time. */
    boolean replaces(Command command) {
        return switch (command) {
            case Command.Release c -> stayMillis.containsKey(c.requestId());
            case Command.Cancel c -> stayMillis.containsKey(c.requestId());
            default -> false;
        };
    }

    /** The next release that is due, or null if none is by then. */
    Command.@Nullable Release next(MarketState state, long nowMillis) {
        while (!due.isEmpty() && due.peek().atMillis() <= nowMillis) {
            Due next = due.remove();
            Request request = state.request(next.requestId());
            if (request != null
                    && request.status() == Request.Status.ALLOCATED
                    && request.allocationNumber() == next.allocationNumber()) {
                return new Command.Release(next.atMillis(), next.requestId(), next.accountId());
            }
        }
        return null;
    }
}
