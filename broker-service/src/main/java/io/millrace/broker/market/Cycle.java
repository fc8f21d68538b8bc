package io.millrace.broker.market;

import io.millrace.broker.market.Event.EndCause;
import io.millrace.broker.placement.Placement;
import io.millrace.broker.placement.PlacementPolicy;
import io.millrace.broker.queue.Queue;
import io.millrace.broker.queue.Step;
import java.util.List;

/** One command's way through the market: every event is applied before the next is decided on. */
final class Cycle {
    private final MarketState state;
    private final MarketSettings settings;
    private final Queue.Placer placer;
    private final long now;
    private final Market.Sink sink;
    private boolean handingOver;

    Cycle(MarketState state, MarketSettings settings, PlacementPolicy policy, long now, Market.Sink sink) {
        this.state = state;
        this.settings = settings;
        this.placer = demand -> policy.place(state.supply(), demand);
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
            Request known = state.request(allocated.requestId());
            if (known != null && known.status() == Request.Status.HELD) {
                Invariants.requireHeld(known, allocated);
            } else {
                Invariants.requireFree(state.supply(), allocated);
            }
        } else if (event instanceof Event.Held held) {
            Invariants.requireFree(state.supply(), held);
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

    private List<Event> endOf(Request due) {
        if (due.status() == Request.Status.HELD) {
            return List.of(Holds.lost(due, Reason.HOLD_EXPIRED));
        }
        if (due.isNoticed()) {
            return Market.endedAndWaiting(
                    due, EndCause.PREEMPTED, Reason.PREEMPTED, due.untilMillis(), now, settings.revokedWaitMillis());
        }
        if (due.status() == Request.Status.ALLOCATED) {
            return List.of(Market.ended(due, EndCause.EXPIRED, due.untilMillis()));
        }
        Reason reason = due.spec().missesDeadline(due.untilMillis(), due.remainingMillis())
                ? Reason.DEADLINE_PASSED
                : Reason.WAIT_EXPIRED;
        return List.of(new Event.Refused(
                due.requestId(),
                due.accountId(),
                due.spec(),
                reason,
                due.explanation().withoutChanges()));
    }

    /** Does what the queue says, until it has nothing more to say. */
    void serveQueue() {
        for (Step step = state.queue().next(now, placer);
                step != null;
                step = state.queue().next(now, placer)) {
            switch (step) {
                case Step.Start start -> emit(servedNow(request(start.job().requestId()), start.placed()));
                case Step.Notice notice ->
                    notice.jobs().forEach(job -> emit(noticed(request(job.requestId()), notice.endsAtMillis())));
                case Step.Withdrawal withdrawal ->
                    withdrawal.jobs().forEach(job -> emit(withdrawn(request(job.requestId()))));
            }
        }
    }

    private Request request(String requestId) {
        Request request = state.request(requestId);
        if (request == null) {
            throw new IllegalStateException("the queue names the request " + requestId + ", which is not known");
        }
        return request;
    }

    private static Event noticed(Request request, long endsAtMillis) {
        return new Event.PreemptionNoticed(
                request.requestId(), request.accountId(), endsAtMillis, request.untilMillis() - endsAtMillis);
    }

    private static Event withdrawn(Request request) {
        return new Event.Extended(
                request.requestId(), request.accountId(), request.untilMillis() + request.remainingMillis());
    }

    private Event servedNow(Request request, Placement.Placed placed) {
        return new Event.Allocated(
                request.requestId(),
                request.accountId(),
                request.spec(),
                placed.grants(),
                request.allocationNumber() + 1,
                now,
                now + request.spec().termMillis(placed.grants(), request.remainingMillis()),
                Explanation.of(request.spec(), placed));
    }

    /** Stops the market: a rule that must always hold was broken, or the code that keeps it is at fault. */
    void halt(RuntimeException fault) {
        Event halted = new Event.MarketHalted(
                fault instanceof IllegalStateException broken ? String.valueOf(broken.getMessage()) : fault.toString());
        state.apply(halted, now);
        handOver(halted);
    }
}
