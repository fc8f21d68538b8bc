package io.millrace.broker.market;

import io.millrace.broker.market.Event.EndCause;
import io.millrace.broker.market.Request.Status;
import io.millrace.broker.placement.Flexible;
import io.millrace.broker.placement.Placement;
import io.millrace.broker.placement.PlacementPolicy;
import io.millrace.broker.queue.Admission;
import io.millrace.broker.queue.PriorityClass;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides. {@link #execute} is the whole cycle for one command: settle what fell due and serve the queue from it, as if
 * the clock had come first; decide; serve the queue from what that freed. Each step reads the state and puts out events,
 * and these are applied before the next: nothing is decided on a state that its own events do not show.
 *
 * <p>Holds no state of its own: one instance serves any number of markets.
 */
public final class Market {
    /** So that what is due is forgotten a little at a time: nobody waits for a minute's worth of it. */
    private static final long FORGET_GRAIN_MILLIS = 1_000;

    private final MarketSettings settings;
    private final PlacementPolicy policy;

    /** A market under these rules, placing by this policy. */
    public Market(MarketSettings settings, PlacementPolicy policy) {
        this.settings = settings;
        this.policy = new Flexible(policy);
    }

    /** The rules it decides by. */
    public MarketSettings settings() {
        return settings;
    }

    /** Receives the events of a command in their order, each already applied. */
    @FunctionalInterface
    public interface Sink {
        /** An event and the market's time. */
        void accept(Event event, long nowMillis);
    }

    /**
     * Carries out a command. A broken invariant, or a fault of the code, puts out {@link Event.MarketHalted}; from then on
     * every request is refused and nothing else happens. What the sink throws is passed on: the state is then further
     * than what was handed over, and must be restored.
     */
    public void execute(MarketState state, Command command, Sink sink) {
        long now = Math.max(state.timeMillis(), command.timeMillis());
        Cycle cycle = new Cycle(state, settings, policy, now, sink);
        if (state.isHalted()) {
            cycle.emit(whenHalted(command));
            return;
        }
        try {
            cycle.settle();
            cycle.serveQueue();
            cycle.emit(decide(state, command, now));
            cycle.serveQueue();
        } catch (RuntimeException fault) {
            if (cycle.isHandingOver()) {
                throw fault;
            }
            cycle.halt(fault);
        }
    }

    /** True if a tick at this time would have something to do. */
    public boolean needsTick(MarketState state, long nowMillis) {
        if (state.isHalted()) {
            return false;
        }
        Request due = state.agenda().nextDue();
        return (due != null && due.untilMillis() <= nowMillis)
                || state.hourEndMillis() <= nowMillis
                || state.queue().hasNewBudgets(nowMillis)
                || hasToForget(state, nowMillis);
    }

    /** The events that follow from a command alone, given a state in which nothing is overdue. Reads only. */
    List<Event> decide(MarketState state, Command command, long now) {
        return switch (command) {
            case Command.Submit c -> submit(state, c, now);
            case Command.Hold c -> hold(state, c, now);
            case Command.Confirm c -> new Holds(state, settings, policy, now).confirm(c);
            case Command.Cancel c -> cancel(state, c, now);
            case Command.Extend c -> extend(state, c, now);
            case Command.Release c -> release(state, c, now);
            case Command.UpdateNode c -> new NodeUpdate(state, settings, now).decide(c.offer());
            case Command.Tick c -> forgetOld(state, now);
        };
    }

    private static List<Event> whenHalted(Command command) {
        Reason reason = Reason.MARKET_HALTED;
        return switch (command) {
            case Command.Submit c -> refusedCommand(c.requestId(), c.accountId(), "submit", reason, "");
            case Command.Hold c ->
                refusedCommand(c.asked().requestId(), c.asked().accountId(), "hold", reason, "");
            case Command.Confirm c ->
                refusedCommand(c.asked().requestId(), c.asked().accountId(), "confirm", reason, "");
            case Command.Cancel c -> refusedCommand(c.requestId(), c.accountId(), "cancel", reason, "");
            case Command.Extend c -> refusedCommand(c.requestId(), c.accountId(), "extend", reason, "");
            case Command.Release c -> refusedCommand(c.requestId(), c.accountId(), "release", reason, "");
            case Command.UpdateNode c -> List.of();
            case Command.Tick c -> List.of();
        };
    }

    private List<Event> submit(MarketState state, Command.Submit c, long now) {
        Request known = state.request(c.requestId());
        if (known != null) {
            if (!known.accountId().equals(c.accountId()) || !known.spec().asksTheSameAs(c.spec())) {
                return refusedCommand(
                        c.requestId(),
                        c.accountId(),
                        "submit",
                        Reason.ID_CONFLICT,
                        "the id was used before with another payload");
            }
            if (known.status() != Status.DEFLECTED) {
                return List.of(new Event.AnswerRepeated(c.requestId(), c.accountId()));
            }
            if (c.attempt() <= known.attempt()) {
                // It is on its way to another market, which will answer.
                return List.of();
            }
        }
        return answer(state, c, now);
    }

    private List<Event> hold(MarketState state, Command.Hold c, long now) {
        Holds holds = new Holds(state, settings, policy, now);
        List<Event> known = holds.known(c);
        return known != null ? known : holds.hold(c, answer(state, c.asked(), now));
    }

    private List<Event> answer(MarketState state, Command.Submit c, long now) {
        String id = PartId.isPart(c.requestId()) ? PartId.whole(c.requestId()) : c.requestId();
        String problem = SpecCheck.problem(id, c.accountId(), c.spec());
        if (problem != null) {
            return refused(c, Reason.INVALID, Explanation.of(problem));
        }
        PriorityClass highest = settings.classLimits().of(c.accountId());
        if (c.spec().priority().compareTo(highest) > 0) {
            return refused(c, Reason.CLASS_NOT_ALLOWED, Explanation.ofClass(c.accountId(), highest));
        }
        if (!c.spec().hubs().isEmpty() && !c.spec().hubs().contains(state.marketId())) {
            return refused(
                    c,
                    Reason.UNKNOWN_HUB,
                    Explanation.of("no market serves the hubs " + c.spec().hubs()));
        }
        if (c.excludedBy() == SiteLimit.PLACE) {
            return refused(c, Reason.UNKNOWN_HUB, Explanation.of("the hub of its users or of its data is not known"));
        }
        if (c.spec().isUnmet()) {
            return refused(c, Reason.NO_SUCH_MODEL, Explanation.unmet(c.spec()));
        }
        if (c.excludedBy() == SiteLimit.LATENCY) {
            return refused(c, Reason.TOO_FAR, Explanation.NONE);
        }
        if (c.spec().missesDeadline(now, c.spec().durationMillis())) {
            return refused(c, Reason.DEADLINE_PASSED, Explanation.NONE);
        }
        Applicant applicant = Applicant.of(c, now);
        return switch (state.queue().admit(applicant, now, d -> policy.place(state.supply(), d))) {
            case Admission.Now admitted -> List.of(allocated(c, admitted.placed(), now));
            case Admission.NotNow why ->
                List.of(new TurnedAway(state, settings, policy, c, applicant, now).answer(why));
        };
    }

    private static Event allocated(Command.Submit c, Placement.Placed placed, long now) {
        return new Event.Allocated(
                c.requestId(),
                c.accountId(),
                c.spec(),
                placed.grants(),
                1,
                now,
                now + c.spec().termMillis(placed.grants(), c.spec().durationMillis()),
                Explanation.of(c.spec(), placed));
    }

    private static List<Event> refused(Command.Submit c, Reason reason, Explanation explanation) {
        return List.of(new Event.Refused(c.requestId(), c.accountId(), c.spec(), reason, explanation));
    }

    private static List<Event> refusedCommand(
            String requestId, String accountId, String action, Reason reason, String detail) {
        if (reason == Reason.PASSED_ON && PartId.isPart(requestId)) {
            // Intake, which speaks for parts, has heard already that this market did not take it.
            return List.of();
        }
        return List.of(new Event.CommandRefused(requestId, accountId, action, reason, detail));
    }

    private static List<Event> cancel(MarketState state, Command.Cancel c, long now) {
        Request known = owned(state, c.requestId(), c.accountId());
        if (known == null) {
            return refusedCommand(c.requestId(), c.accountId(), "cancel", Reason.UNKNOWN_REQUEST, "");
        }
        return switch (known.status()) {
            case QUEUED, HELD -> List.of(new Event.Cancelled(known.requestId(), known.accountId()));
            case ALLOCATED -> List.of(ended(known, EndCause.CANCELLED, now));
            case DEFLECTED -> refusedCommand(c.requestId(), c.accountId(), "cancel", Reason.PASSED_ON, "");
            case REFUSED, CANCELLED, RELEASED, EXPIRED ->
                refusedCommand(c.requestId(), c.accountId(), "cancel", Reason.ALREADY_ENDED, "");
        };
    }

    private static List<Event> release(MarketState state, Command.Release c, long now) {
        Request known = owned(state, c.requestId(), c.accountId());
        Reason refusal = allocatedOrWhyNot(known);
        return refusal != Reason.NONE || known == null
                ? refusedCommand(c.requestId(), c.accountId(), "release", refusal, "")
                : List.of(ended(known, EndCause.RELEASED, now));
    }

    private static List<Event> extend(MarketState state, Command.Extend c, long now) {
        Request known = owned(state, c.requestId(), c.accountId());
        Reason refusal = allocatedOrWhyNot(known);
        if (refusal != Reason.NONE || known == null) {
            return refusedCommand(c.requestId(), c.accountId(), "extend", refusal, "");
        }
        if (known.isNoticed()) {
            return refusedCommand(
                    c.requestId(), c.accountId(), "extend", Reason.PREEMPTED, "it gives way at " + known.untilMillis());
        }
        long longest = known.sinceMillis() + SpecCheck.MAX_DURATION_SECONDS * 1000;
        if (c.endsAtMillis() < known.untilMillis() || c.endsAtMillis() > longest) {
            return refusedCommand(
                    c.requestId(),
                    c.accountId(),
                    "extend",
                    Reason.INVALID,
                    "endsAtMillis is " + c.endsAtMillis() + ", must be " + known.untilMillis() + " to " + longest);
        }
        if (!state.queue().affordsUntil(known, c.endsAtMillis(), now)) {
            return refusedCommand(
                    c.requestId(),
                    c.accountId(),
                    "extend",
                    Reason.BUDGET_EXCEEDED,
                    "its account's budget has less left in this window");
        }
        return List.of(new Event.Extended(c.requestId(), c.accountId(), c.endsAtMillis()));
    }

    private static @Nullable Request owned(MarketState state, String requestId, String accountId) {
        Request known = state.request(requestId);
        return known != null && known.accountId().equals(accountId) ? known : null;
    }

    private static Reason allocatedOrWhyNot(@Nullable Request known) {
        if (known == null) {
            return Reason.UNKNOWN_REQUEST;
        }
        return switch (known.status()) {
            case ALLOCATED -> Reason.NONE;
            case QUEUED, HELD -> Reason.NOT_ALLOCATED;
            // It was said before intake had heard that this market did not take the request.
            case DEFLECTED -> Reason.PASSED_ON;
            case REFUSED, CANCELLED, RELEASED, EXPIRED -> Reason.ALREADY_ENDED;
        };
    }

    static Event.Ended ended(Request request, EndCause cause, long endedAtMillis) {
        return new Event.Ended(
                request.requestId(),
                request.accountId(),
                request.allocationNumber(),
                cause,
                Reason.NONE,
                endedAtMillis);
    }

    /** The allocation ends, and the request waits for the rest of its term. */
    static List<Event> endedAndWaiting(
            Request request, EndCause cause, Reason reason, long endedAtMillis, long now, long leastWaitMillis) {
        ComputeSpec spec = request.spec();
        long wait = Math.max(leastWaitMillis, spec.maxWaitSeconds() * 1000);
        long left = request.untilMillis() - endedAtMillis + request.remainingMillis();
        long remaining = spec.remainingMillis(request.grants(), left);
        return List.of(
                new Event.Ended(
                        request.requestId(),
                        request.accountId(),
                        request.allocationNumber(),
                        cause,
                        reason,
                        endedAtMillis),
                new Event.Queued(
                        request.requestId(),
                        request.accountId(),
                        spec,
                        reason,
                        spec.waitsUntilMillis(now, wait, remaining),
                        remaining,
                        Explanation.NONE));
    }

    private List<Event> forgetOld(MarketState state, long now) {
        if (!hasToForget(state, now)) {
            return List.of();
        }
        long before = forgetBefore(now);
        return List.of(new Event.Forgotten(before, state.lostNodes().anyObservedBefore(before) ? before : 0));
    }

    private boolean hasToForget(MarketState state, long now) {
        Request first = state.agenda().firstEnded();
        long before = forgetBefore(now);
        return (first != null && first.decidedAtMillis() < before)
                || state.lostNodes().anyObservedBefore(before);
    }

    private long forgetBefore(long now) {
        long cutoff = now - settings.answerRetentionMillis();
        return cutoff - Math.floorMod(cutoff, FORGET_GRAIN_MILLIS);
    }
}
