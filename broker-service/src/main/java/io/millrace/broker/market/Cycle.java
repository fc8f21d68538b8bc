package io.millrace.broker.market;

import io.millrace.broker.market.Event.EndCause;
import io.millrace.broker.placement.Demand;
import io.millrace.broker.placement.Placement;
import io.millrace.broker.placement.PlacementPolicy;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** One command's way through the market: every event is applied before the next is decided on. */
final class Cycle {
    private final MarketState state;
    private final PlacementPolicy policy;
    private final long now;
    private final Market.Sink sink;
    private boolean handingOver;

    Cycle(MarketState state, PlacementPolicy policy, long now, Market.Sink sink) {
        this.state = state;
        this.policy = policy;
        this.now = now;
        this.sink = sink;
    }

    void emit(List<Event> events) {
        for (Event event : events) {
            emit(event);
        }
    }

    private void emit(Event event) {
        if (event instanceof Event.Allocated allocated) {
            Invariants.requireFree(state.supply(), allocated);
        }
        state.apply(event, now);
        handOver(event);
    }

    private void handOver(Event event) {
        handingOver = true;
        sink.accept(event, now);
        handingOver = false;
    }

    /** True after a fault if it was not the market's but that of whoever receives the events. */
    boolean isHandingOver() {
        return handingOver;
    }

    /** Ends terms and waits and closes hours, in the order of their time, up to now. */
    void settle() {
        while (true) {
            Request due = state.agenda().nextDue();
            long hourEndMillis = state.hourEndMillis();
            if (due != null && due.untilMillis() <= Math.min(now, hourEndMillis)) {
                emit(endOf(due));
            } else if (hourEndMillis <= now) {
                emit(new Event.HourClosed(hourEndMillis));
            } else {
                return;
            }
        }
    }

    private static Event endOf(Request due) {
        return due.status() == Request.Status.ALLOCATED
                ? Market.ended(due, EndCause.EXPIRED, due.untilMillis())
                : new Event.Refused(
                        due.requestId(), due.accountId(), due.spec(), Reason.WAIT_EXPIRED, due.explanation());
    }

    /**
     * Grants what fits now to those who wait, longest wait first. A demand that failed once is not tried again: nothing
     * becomes free on the way.
     */
    void serveQueue() {
        if (state.chances().isAny()) {
            PriorityQueue<Request> heads = new PriorityQueue<>(Comparator.comparingLong(Request::queueRank));
            state.chances().demands().forEach(demand -> addFirst(heads, demand));
            while (!heads.isEmpty()) {
                Request request = heads.remove();
                Demand demand = request.spec().demand();
                if (policy.place(state.supply(), demand) instanceof Placement.Placed placed) {
                    emit(servedNow(request, placed));
                    addFirst(heads, demand);
                }
            }
        }
        state.chances().clear();
    }

    private void addFirst(PriorityQueue<Request> heads, Demand demand) {
        Request first = state.line().first(demand);
        if (first != null) {
            heads.add(first);
        }
    }

    private Event servedNow(Request request, Placement.Placed placed) {
        return new Event.Allocated(
                request.requestId(),
                request.accountId(),
                request.spec(),
                placed.grants(),
                request.allocationNumber() + 1,
                now,
                now + request.remainingMillis(),
                Explanation.considered(placed.nodesConsidered()));
    }

    /** Stops the market: a rule that must always hold was broken, or the code that keeps it is at fault. */
    void halt(RuntimeException fault) {
        Event halted = new Event.MarketHalted(
                fault instanceof IllegalStateException broken ? String.valueOf(broken.getMessage()) : fault.toString());
        state.apply(halted, now);
        handOver(halted);
    }
}
