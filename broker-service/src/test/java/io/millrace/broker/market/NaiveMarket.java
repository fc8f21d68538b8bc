package io.millrace.broker.market;

import io.millrace.broker.catalogue.Catalogue;
import io.millrace.broker.market.Event.EndCause;
import io.millrace.broker.market.Request.Status;
import io.millrace.broker.placement.Alternative;
import io.millrace.broker.placement.Demand;
import io.millrace.broker.placement.Figure;
import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.Misfit;
import io.millrace.broker.placement.NaiveSupply;
import io.millrace.broker.placement.NodeOffer;
import io.millrace.broker.placement.NodeOffer.NodeStatus;
import io.millrace.broker.placement.Shortfall;
import io.millrace.broker.placement.Storage;
import io.millrace.broker.queue.NaiveShares;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The simple equivalent of {@link Market}, {@link MarketState} and all behind them: one list of requests, looked through
 * from the beginning for every question. Shares nothing with them but records and {@link SpecCheck}. It gives no hints
 * of what would fit.
 */
final class NaiveMarket {
    private static final long HOUR = 3_600_000;
    private static final long SECOND = 1_000;

    /** A request, with fields that change. */
    static final class Entry {
        final String id;
        final String account;
        final ComputeSpec spec;
        Status status = Status.QUEUED;
        List<Grant> grants = List.of();
        int number;
        long since;
        long until;
        long remaining;
        long rank;
        long accepted;
        /** What is left of its term at its end, because it must give way then. */
        long noticed;

        long answeredAt;
        int attempt;
        Explanation explanation = Explanation.NONE;

        Entry(String id, String account, ComputeSpec spec) {
            this.id = id;
            this.account = account;
            this.spec = spec;
        }

        boolean isLive() {
            return status == Status.QUEUED || status == Status.ALLOCATED;
        }
    }

    private final String marketId;
    private final MarketSettings settings;
    private final NaiveSupply supply = new NaiveSupply();
    private final List<Entry> entries = new ArrayList<>();
    private final NaiveShares shares;
    private final NaiveQueue queue;
    private long time;
    private long eventCount;
    private long hourEnd;
    private List<Event> events = new ArrayList<>();
    private long now;

    NaiveMarket(String marketId, MarketSettings settings) {
        this.marketId = marketId;
        this.settings = settings;
        this.shares = new NaiveShares(settings.queue());
        this.queue = new NaiveQueue(settings.queue(), supply, shares, entries);
    }

    List<Event> execute(Command command) {
        events = new ArrayList<>();
        now = Math.max(time, command.timeMillis());
        settle();
        serveQueue();
        switch (command) {
            case Command.Submit c -> submit(c);
            case Command.Hold c -> throw new AssertionError("the naive market knows no parts");
            case Command.Confirm c -> throw new AssertionError("the naive market knows no parts");
            case Command.Cancel c -> cancel(c);
            case Command.Extend c -> extend(c);
            case Command.Release c -> release(c);
            case Command.UpdateNode c -> update(c.offer());
            case Command.Tick c -> forget();
        }
        serveQueue();
        return events;
    }

    private void emit(Event event) {
        events.add(event);
        eventCount++;
        time = now;
    }

    private @Nullable Entry entry(String id) {
        return entries.stream().filter(e -> e.id.equals(id)).findFirst().orElse(null);
    }

    private List<Entry> with(Status status, Comparator<Entry> order) {
        return entries.stream().filter(e -> e.status == status).sorted(order).toList();
    }

    // What falls due

    private void settle() {
        while (true) {
            Entry due = entries.stream()
                    .filter(Entry::isLive)
                    .min(Comparator.<Entry>comparingLong(e -> e.until).thenComparing(e -> e.id))
                    .orElse(null);
            boolean metering = entries.stream().anyMatch(e -> e.status == Status.ALLOCATED);
            if (due != null && due.until <= now && !(metering && hourEnd < due.until)) {
                fallDue(due);
            } else if (metering && hourEnd <= now) {
                emit(new Event.HourClosed(hourEnd));
                hourEnd += HOUR;
            } else {
                return;
            }
        }
    }

    private void fallDue(Entry due) {
        if (due.status == Status.ALLOCATED && due.noticed > 0) {
            revoke(due, EndCause.PREEMPTED, Reason.PREEMPTED, due.until);
        } else if (due.status == Status.ALLOCATED) {
            end(due, EndCause.EXPIRED, due.until);
        } else {
            Long deadline = due.spec.deadlineMillis();
            boolean late = deadline != null && due.until + due.remaining > deadline;
            refuse(due, late ? Reason.DEADLINE_PASSED : Reason.WAIT_EXPIRED, due.explanation.withoutChanges());
        }
    }

    private void forget() {
        long before = Math.floorDiv(now - settings.answerRetentionMillis(), SECOND) * SECOND;
        boolean requests = entries.removeIf(e -> !e.isLive() && e.answeredAt < before);
        boolean nodes = supply.forgetLost(before);
        if (requests || nodes) {
            emit(new Event.Forgotten(before, nodes ? before : 0));
            shares.forget(now);
        }
    }

    // The queue

    private void serveQueue() {
        for (List<NaiveQueue.Move> moves = queue.next(now); !moves.isEmpty(); moves = queue.next(now)) {
            for (NaiveQueue.Move move : moves) {
                if (move.grants() != null) {
                    allocate(move.entry(), move.grants(), move.entry().remaining);
                } else if (move.entry().noticed > 0) {
                    withdrawNotice(move.entry());
                } else {
                    giveNotice(move.entry());
                }
            }
        }
    }

    private void giveNotice(Entry entry) {
        long end = now + settings.queue().noticeMillis();
        entry.noticed = entry.until - end;
        entry.until = end;
        shares.move(entry.account, entry.id, end);
        emit(new Event.PreemptionNoticed(entry.id, entry.account, end, entry.noticed));
    }

    private void withdrawNotice(Entry entry) {
        entry.until += entry.noticed;
        entry.noticed = 0;
        shares.move(entry.account, entry.id, entry.until);
        emit(new Event.Extended(entry.id, entry.account, entry.until));
    }

    private void allocate(Entry entry, List<Grant> grants, long forMillis) {
        Demand demand = entry.spec.demand();
        String model = grants.get(0).model();
        if (entries.stream().noneMatch(e -> e.status == Status.ALLOCATED)) {
            hourEnd = (now / HOUR + 1) * HOUR;
        }
        supply.take(grants);
        entry.status = Status.ALLOCATED;
        entry.grants = grants;
        entry.number++;
        entry.since = now;
        entry.until = now + term(entry.spec.quantum(), entry.spec.durationMillis(), forMillis, grants);
        entry.answeredAt = now;
        emit(new Event.Allocated(
                entry.id,
                entry.account,
                entry.spec,
                grants,
                entry.number,
                now,
                entry.until,
                new Explanation(
                        why(demand, model),
                        supply.considered(demand, model),
                        List.of(),
                        "",
                        Shortfall.NONE,
                        replicas(demand, grants))));
        if (entry.rank == 0) {
            entry.rank = eventCount;
            entry.accepted = now;
        }
        shares.start(entry.account, entry.id, grants, now, entry.until);
    }

    // Commands

    private void submit(Command.Submit c) {
        Entry known = entry(c.requestId());
        if (known != null) {
            if (!known.account.equals(c.accountId()) || !sameWish(known.spec, c.spec())) {
                String detail = "the id was used before with another payload";
                emit(new Event.CommandRefused(c.requestId(), c.accountId(), "submit", Reason.ID_CONFLICT, detail));
                return;
            }
            if (known.status != Status.DEFLECTED) {
                emit(new Event.AnswerRepeated(c.requestId(), c.accountId()));
                return;
            }
            if (c.attempt() <= known.attempt) {
                return;
            }
            entries.remove(known);
        }
        Entry entry = new Entry(c.requestId(), c.accountId(), c.spec());
        entries.add(entry);
        String problem = SpecCheck.problem(c.requestId(), c.accountId(), c.spec());
        if (problem != null) {
            refuse(entry, Reason.INVALID, Explanation.of(problem));
        } else if (c.spec().priority().compareTo(settings.classLimits().of(c.accountId())) > 0) {
            refuse(
                    entry,
                    Reason.CLASS_NOT_ALLOWED,
                    Explanation.of("the account " + c.accountId() + " may not ask for a class above "
                            + settings.classLimits().of(c.accountId())));
        } else if (!c.spec().hubs().isEmpty() && !c.spec().hubs().contains(marketId)) {
            refuse(
                    entry,
                    Reason.UNKNOWN_HUB,
                    Explanation.of("no market serves the hubs " + c.spec().hubs()));
        } else if (c.spec().need() != null && c.spec().latitude().alternatives().isEmpty()) {
            String none = "no device model of the catalogue does what is needed"
                    + (c.spec().need().gigaOpsInTotal() == 0 ? "" : " with 10000 replicas or fewer");
            refuse(entry, Reason.NO_SUCH_MODEL, Explanation.of(none));
        } else {
            entry.status = Status.DEFLECTED;
            entry.remaining = c.spec().durationSeconds() * 1000;
            entry.accepted = now;
            Long deadline = c.spec().deadlineMillis();
            if (deadline != null && now + entry.remaining > deadline) {
                refuse(entry, Reason.DEADLINE_PASSED, Explanation.NONE);
                return;
            }
            List<Grant> grants = queue.affords(entry, now) ? queue.admit(entry, now) : null;
            if (grants != null) {
                allocate(entry, grants, entry.remaining);
            } else {
                turnAway(entry, c);
            }
        }
    }

    /** A tenant says needs and not what they are resolved to. */
    private static boolean sameWish(ComputeSpec a, ComputeSpec b) {
        return a.need() == null ? a.equals(b) : withoutAlternatives(a).equals(withoutAlternatives(b));
    }

    private static ComputeSpec withoutAlternatives(ComputeSpec spec) {
        return spec.resolvedBy(Catalogue.EMPTY);
    }

    private static List<Figure> replicas(Demand demand, List<Grant> grants) {
        String model = grants.get(0).model();
        int asked = demand.latitude().alternatives().stream()
                .filter(alternative -> alternative.models().contains(model))
                .mapToInt(Alternative::replicas)
                .findFirst()
                .orElse(demand.replicas());
        long granted = grants.stream().mapToLong(Grant::replicas).sum();
        return demand.latitude().leastReplicas() == 0
                ? List.of()
                : List.of(
                        Figure.of(Figure.What.REPLICAS_ASKED, asked), Figure.of(Figure.What.REPLICAS_GRANTED, granted));
    }

    private static String why(Demand demand, String model) {
        return demand.latitude().alternatives().stream()
                .filter(alternative -> alternative.models().contains(model))
                .map(Alternative::why)
                .findFirst()
                .orElse("");
    }

    private void turnAway(Entry entry, Command.Submit c) {
        Demand demand = entry.spec.demand();
        Explanation explanation = new Explanation("", supply.offers().size(), supply.removed(demand), "");
        Misfit.Cause cause = supply.cause(demand);
        Reason reason = Reason.valueOf(cause.name());
        if (!queue.affords(entry, now) && cause == Misfit.Cause.NO_CAPACITY) {
            reason = Reason.BUDGET_EXCEEDED;
            explanation = new Explanation("", 0, List.of(), "", Shortfall.NONE, queue.budget(entry, now));
        } else if (queue.affords(entry, now) && supply.place(demand) != null) {
            explanation = Explanation.of("it would fit, but the room is kept for requests that come first");
        }
        long waiting = entries.stream().filter(e -> e.status == Status.QUEUED).count();
        if (!c.finalAttempt()) {
            entry.attempt = c.attempt();
            entry.answeredAt = now;
            emit(new Event.Deflected(entry.id, entry.account, entry.spec, c.attempt(), reason, explanation));
        } else if (cause != Misfit.Cause.NO_CAPACITY
                || entry.spec.maxWaitSeconds() == 0
                || (!queue.affords(entry, now) && !queue.everAffords(entry))) {
            List<Reason> hopes = List.of(
                    Reason.NO_CAPACITY,
                    Reason.BUDGET_EXCEEDED,
                    Reason.NEVER_FITS,
                    Reason.PRICE_TOO_LOW,
                    Reason.NO_SUCH_MODEL);
            Reason own = reason;
            Reason best = hopes.stream()
                    .filter(hope -> hope == own || c.deflected().contains(hope))
                    .findFirst()
                    .orElseThrow();
            refuse(entry, best, explanation);
        } else if (waiting >= settings.maxQueued()) {
            refuse(entry, Reason.QUEUE_FULL, explanation);
        } else {
            queue(entry, reason, entry.spec.maxWaitSeconds() * 1000, entry.spec.durationSeconds() * 1000, explanation);
            entry.rank = eventCount;
        }
    }

    private void queue(Entry entry, Reason reason, long waitMillis, long remaining, Explanation explanation) {
        entry.status = Status.QUEUED;
        entry.grants = List.of();
        entry.noticed = 0;
        entry.until = now + waitMillis;
        if (entry.spec.deadlineMillis() != null) {
            long latest = Math.max(now, entry.spec.deadlineMillis() - remaining);
            entry.until = Math.min(entry.until, latest + 1);
        }
        entry.remaining = remaining;
        entry.explanation = explanation;
        emit(new Event.Queued(entry.id, entry.account, entry.spec, reason, entry.until, remaining, explanation));
    }

    private void refuse(Entry entry, Reason reason, Explanation explanation) {
        entry.status = Status.REFUSED;
        entry.answeredAt = now;
        emit(new Event.Refused(entry.id, entry.account, entry.spec, reason, explanation));
    }

    private void end(Entry entry, EndCause cause, long at) {
        supply.give(entry.grants);
        shares.stop(entry.account, entry.id, entry.grants, now, at);
        entry.noticed = 0;
        entry.status = cause == EndCause.EXPIRED ? Status.EXPIRED : Status.RELEASED;
        entry.answeredAt = now;
        emit(new Event.Ended(entry.id, entry.account, entry.number, cause, Reason.NONE, at));
    }

    private void cancel(Command.Cancel c) {
        Entry known = entry(c.requestId());
        if (known == null || !known.account.equals(c.accountId())) {
            refuseCommand(c.requestId(), c.accountId(), "cancel", Reason.UNKNOWN_REQUEST);
        } else if (known.status == Status.QUEUED) {
            known.status = Status.CANCELLED;
            known.answeredAt = now;
            emit(new Event.Cancelled(known.id, known.account));
        } else if (known.status == Status.ALLOCATED) {
            end(known, EndCause.CANCELLED, now);
        } else {
            boolean wentOn = known.status == Status.DEFLECTED;
            refuseCommand(c.requestId(), c.accountId(), "cancel", wentOn ? Reason.PASSED_ON : Reason.ALREADY_ENDED);
        }
    }

    private void release(Command.Release c) {
        Entry known = allocatedOrRefuse(c.requestId(), c.accountId(), "release");
        if (known != null) {
            end(known, EndCause.RELEASED, now);
        }
    }

    private void extend(Command.Extend c) {
        Entry known = allocatedOrRefuse(c.requestId(), c.accountId(), "extend");
        if (known == null) {
            return;
        }
        if (known.noticed > 0) {
            String detail = "it gives way at " + known.until;
            emit(new Event.CommandRefused(known.id, known.account, "extend", Reason.PREEMPTED, detail));
            return;
        }
        long longest = known.since + SpecCheck.MAX_DURATION_SECONDS * 1000;
        if (c.endsAtMillis() >= known.until
                && c.endsAtMillis() <= longest
                && !shares.affordsUntil(known.account, known.id, known.until, c.endsAtMillis(), now)) {
            String detail = "its account's budget has less left in this window";
            emit(new Event.CommandRefused(known.id, known.account, "extend", Reason.BUDGET_EXCEEDED, detail));
        } else if (c.endsAtMillis() >= known.until && c.endsAtMillis() <= longest) {
            known.until = c.endsAtMillis();
            shares.move(known.account, known.id, known.until);
            emit(new Event.Extended(known.id, known.account, known.until));
        } else {
            String detail = "endsAtMillis is %d, must be %d to %d".formatted(c.endsAtMillis(), known.until, longest);
            emit(new Event.CommandRefused(known.id, known.account, "extend", Reason.INVALID, detail));
        }
    }

    private @Nullable Entry allocatedOrRefuse(String id, String account, String action) {
        Entry known = entry(id);
        if (known == null || !known.account.equals(account)) {
            refuseCommand(id, account, action, Reason.UNKNOWN_REQUEST);
        } else if (known.status == Status.QUEUED) {
            refuseCommand(id, account, action, Reason.NOT_ALLOCATED);
        } else if (known.status == Status.DEFLECTED) {
            refuseCommand(id, account, action, Reason.PASSED_ON);
        } else if (known.status != Status.ALLOCATED) {
            refuseCommand(id, account, action, Reason.ALREADY_ENDED);
        } else {
            return known;
        }
        return null;
    }

    private void refuseCommand(String id, String account, String action, Reason reason) {
        emit(new Event.CommandRefused(id, account, action, reason, ""));
    }

    // Nodes

    private void update(NodeOffer offer) {
        NodeOffer old = supply.offer(offer.nodeId());
        if (old != null && old.sellsTheSameAs(offer)) {
            return;
        }
        supply.put(offer);
        emit(new Event.NodeUpdated(offer));
        if (offer.status() == NodeStatus.LOST) {
            for (Entry holder : with(Status.ALLOCATED, Comparator.comparing(e -> e.id))) {
                if (holds(holder, offer)) {
                    revoke(holder, EndCause.REVOKED, Reason.NODE_LOST, now);
                }
            }
        } else {
            shrink(offer);
        }
    }

    private void shrink(NodeOffer offer) {
        NaiveSupply.Free free = supply.free(offer);
        if (excess(free) == 0) {
            return;
        }
        long milli = excessMilli(free);
        long cpu = Math.max(0, -free.cpu);
        long memory = Math.max(0, -free.memory);
        Storage storage = new Storage(Math.max(0, -free.gib), Math.max(0, -free.mibPerSecond));
        Comparator<Entry> youngestFirst =
                Comparator.<Entry>comparingLong(e -> -e.since).thenComparingLong(e -> -e.rank);
        List<Entry> victims = new ArrayList<>();
        for (Entry holder : with(Status.ALLOCATED, youngestFirst)) {
            long before = excess(supply.free(offer));
            supply.give(holder.grants);
            if (before > 0 && excess(supply.free(offer)) < before) {
                victims.add(holder);
            } else {
                supply.take(holder.grants);
            }
        }
        if (excess(supply.free(offer)) == 0) {
            for (Entry victim : List.copyOf(victims.reversed())) {
                supply.take(victim.grants);
                if (excess(supply.free(offer)) == 0) {
                    victims.remove(victim);
                } else {
                    supply.give(victim.grants);
                }
            }
        }
        List<String> ids = victims.stream().map(e -> e.id).toList();
        emit(new Event.NodeOversold(offer.nodeId(), milli, cpu, memory, storage, ids));
        for (Entry victim : victims) {
            supply.take(victim.grants);
            revoke(victim, EndCause.REVOKED, Reason.NODE_SHRUNK, now);
        }
    }

    private static long excess(NaiveSupply.Free free) {
        return excessMilli(free)
                + Math.max(0, -free.cpu)
                + Math.max(0, -free.memory)
                + Math.max(0, -free.gib)
                + Math.max(0, -free.mibPerSecond);
    }

    private static long excessMilli(NaiveSupply.Free free) {
        long excess = 0;
        for (int milli : free.milli) {
            excess += Math.max(0, -milli);
        }
        return excess;
    }

    private static boolean holds(Entry entry, NodeOffer offer) {
        return entry.grants.stream().anyMatch(grant -> grant.nodeId().equals(offer.nodeId()));
    }

    private void revoke(Entry entry, EndCause cause, Reason reason, long at) {
        supply.give(entry.grants);
        shares.stop(entry.account, entry.id, entry.grants, now, at);
        emit(new Event.Ended(entry.id, entry.account, entry.number, cause, reason, at));
        long wait = Math.max(settings.revokedWaitMillis(), entry.spec.maxWaitSeconds() * 1000);
        queue(entry, reason, wait, left(entry, entry.until - at + entry.noticed), Explanation.NONE);
    }

    private static long term(@Nullable Shots job, long longest, long ofLongest, List<Grant> grants) {
        if (job == null) {
            return ofLongest;
        }
        BigDecimal shots = up(BigDecimal.valueOf(job.shots()).multiply(BigDecimal.valueOf(ofLongest)), longest);
        long perHour = grants.get(0).shotsPerHour();
        return Math.max(1, up(shots.multiply(BigDecimal.valueOf(HOUR)), perHour).longValueExact());
    }

    private static long left(Entry entry, long millis) {
        Shots job = entry.spec.quantum();
        if (job == null) {
            return millis;
        }
        long perHour = entry.grants.get(0).shotsPerHour();
        BigDecimal shots = up(BigDecimal.valueOf(millis).multiply(BigDecimal.valueOf(perHour)), HOUR);
        BigDecimal some = shots.min(BigDecimal.valueOf(job.shots()));
        return up(some.multiply(BigDecimal.valueOf(entry.spec.durationMillis())), job.shots())
                .longValueExact();
    }

    private static BigDecimal up(BigDecimal dividend, long divisor) {
        return dividend.divide(BigDecimal.valueOf(divisor), 0, RoundingMode.CEILING);
    }
}
