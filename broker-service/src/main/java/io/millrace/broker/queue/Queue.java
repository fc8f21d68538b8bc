package io.millrace.broker.queue;

import io.millrace.broker.placement.BestFit;
import io.millrace.broker.placement.Demand;
import io.millrace.broker.placement.Figure;
import io.millrace.broker.placement.Flexible;
import io.millrace.broker.placement.NodeOffer;
import io.millrace.broker.placement.Placement;
import io.millrace.broker.placement.PlacementPolicy;
import io.millrace.broker.placement.Relaxation;
import io.millrace.broker.placement.SuppliedNode;
import io.millrace.broker.placement.Supply;
import io.millrace.broker.queue.QueueSettings.Discipline;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The queue of a market. Told who waits, what runs and what became free, it says what to do next.
 *
 * <p>Who comes first is looked up at every question. Everybody else is tried again only if it could make a difference: if
 * something that they fit on became free, or if they fitted before and had to stand back, and what they stood back for has
 * changed.
 */
public final class Queue {
    /** With more grown nodes than this, trying a demand costs less than asking each of them. */
    private static final int MANY = 64;
    /** Jobs that fit and must stand back, which are looked at for one that is short enough to pass. */
    private static final int MOST_HELD_BACK = 1_000;
    /** Answers whether there is room. */
    private static final PlacementPolicy TRIAL = new Flexible(new BestFit());
    /** Ends that are looked at to tell somebody when there will be room. */
    private static final int MOST_ENDS_TO_TELL = 1_024;

    private final QueueSettings settings;
    private final Supply supply;
    private final NavigableSet<? extends Job> running;
    /** As long as nothing starts, ends or is offered anew, the same again; null if it has to be worked out. */
    private @Nullable Reservation reserved;

    private final Accounts accounts;
    private final Victims victims;
    private final Line line = new Line();
    /** By request: what runs, may be stopped and was not given notice. */
    private final TreeMap<String, Job> preemptible = new TreeMap<>();
    /** Whether a demand would fit if nothing ran; true of all nodes as they are now. */
    private final Map<Demand, Boolean> possible = new HashMap<>();

    /** Nodes on which something became free since those who wait were tried. */
    private final List<SuppliedNode> grown = new ArrayList<>();
    /** Demands that may fit, as far as is known, and stood back for the first or for their budget. */
    private final Set<Demand> standingBack = new HashSet<>();
    /** Something happened that may move the reservation. */
    private boolean stirred = true;
    /** Not all who fit were looked at; who is looked at changes with time alone. */
    private boolean passedOver;
    /** For whom the others stood back last. */
    private @Nullable String lastFirst;

    private long lastWindowEndMillis;
    /** Demands that are still to be tried, while a round goes on. */
    private @Nullable Set<Demand> round;

    /** Where a demand goes now. */
    @FunctionalInterface
    public interface Placer {
        /** Asks the policy of the market, on its supply. */
        Placement place(Demand demand);
    }

    /**
     * A queue without anybody in it.
     *
     * @param supply of the market, for reading
     * @param running what runs, by its end; kept by the market
     */
    public Queue(QueueSettings settings, Supply supply, NavigableSet<? extends Job> running) {
        this.settings = settings;
        this.supply = supply;
        this.running = running;
        this.accounts = new Accounts(settings);
        this.victims = new Victims(settings, supply);
    }

    // What it is told

    /** A job waits, because {@link #admit} said so or because it lost what it had. */
    public void add(Job job) {
        line.add(job);
        standingBack.add(job.demand());
    }

    /** A job waits no longer. */
    public void remove(Job job) {
        line.remove(job);
    }

    /** A job runs. */
    public void started(Job job, long nowMillis) {
        accounts.started(job, nowMillis);
        mark(job);
        reserved = null;
        // What it holds comes free at its end: what must stay free until then may be less, or elsewhere.
        stirred = true;
    }

    /** A job runs, as what is remembered of its account knows already. */
    public void resumed(Job job) {
        accounts.resumed(job);
        mark(job);
        reserved = null;
    }

    /** The end of a job that runs was moved. */
    public void moved(Job job) {
        accounts.moved(job);
        mark(job);
        reserved = null;
        stirred = true;
    }

    /** A job runs no longer. */
    public void stopped(Job job, long nowMillis) {
        accounts.stopped(job, nowMillis);
        reserved = null;
        preemptible.remove(job.requestId());
        stirred = true;
    }

    private void mark(Job job) {
        if (job.preemptible() && job.remainingMillis() == 0) {
            preemptible.put(job.requestId(), job);
        } else {
            preemptible.remove(job.requestId());
        }
    }

    /** What a node offers is another than before. */
    public void offered(@Nullable NodeOffer before, SuppliedNode node) {
        accounts.offered(before, node.offer());
        possible.clear();
        reserved = null;
        stirred = true;
        grew(node);
    }

    /** Something became free on a node. */
    public void grew(SuppliedNode node) {
        if (!line.isEmpty()) {
            grown.add(node);
        }
    }

    /** Takes over what was remembered of an account. */
    public void restore(AccountUsage usage) {
        accounts.restore(usage);
    }

    // What it is asked

    /** How many wait. */
    public int size() {
        return line.size();
    }

    /** What is remembered of an account, or null. */
    public @Nullable AccountUsage usage(String accountId) {
        return accounts.usage(accountId);
    }

    /** What is remembered of all accounts, in no order. */
    public Collection<AccountUsage> usages() {
        return accounts.usages();
    }

    /** Forgets accounts of which nothing is left to remember. */
    public void forgetIdleAccounts(long nowMillis) {
        accounts.forgetIdle(nowMillis);
    }

    /** Accounts of which something else is remembered than when this was last asked. */
    public List<String> takeChangedAccounts() {
        return accounts.takeChanged();
    }

    /** True if somebody waits who could not be paid for in the last window and may be in this one. */
    public boolean hasNewBudgets(long nowMillis) {
        return !line.isEmpty()
                && !settings.budgetDeviceHours().isEmpty()
                && settings.windowEndMillis(nowMillis) != lastWindowEndMillis;
    }

    /**
     * When a demand that does not fit now fits by the known ends of what runs, if nobody comes before it and no term is
     * extended.
     *
     * @return milliseconds since 1970; Long.MAX_VALUE if it does not within the next 1,024 ends
     */
    public long fitsAtMillis(Demand demand) {
        Reservation ahead = Reservation.of(supply, demand, running, MOST_ENDS_TO_TELL);
        return ahead.isPossible() ? ahead.shadowMillis() : Long.MAX_VALUE;
    }

    /** Whether a job that has just come may start at once. Changes nothing. */
    public Admission admit(Job job, long nowMillis, Placer placer) {
        if (!accounts.affords(job, nowMillis)) {
            return accounts.everAffords(job) ? Admission.NotNow.OVER_BUDGET : Admission.NotNow.NEVER_IN_BUDGET;
        }
        Placement.Placed placed = roomFor(job.demand(), placer);
        if (placed == null) {
            return Admission.NotNow.NO_ROOM;
        }
        Placement.Placed inTurn = inTurn(job, placed, firstBefore(job, nowMillis), nowMillis, placer);
        return inTurn == null ? Admission.NotNow.NOT_ITS_TURN : new Admission.Now(inTurn);
    }

    private Placement.@Nullable Placed roomFor(Demand demand, Placer placer) {
        if (line.hasWaiting(demand) && !standingBack.contains(demand)) {
            return null;
        }
        return placer.place(demand) instanceof Placement.Placed placed ? placed : null;
    }

    /** The first, if it comes before this job. */
    private @Nullable Job firstBefore(Job job, long nowMillis) {
        if (line.isEmpty()) {
            return null;
        }
        Order order = new Order(settings, accounts, nowMillis);
        Job first = first(order, nowMillis);
        return first == null || order.compare(job, first) < 0 ? null : first;
    }

    /** Where a job goes that fits, if what is kept for the first is left to it; null if nowhere. */
    private Placement.@Nullable Placed inTurn(
            Job job, Placement.Placed placed, @Nullable Job first, long nowMillis, Placer placer) {
        if (first == null) {
            return placed;
        }
        return settings.discipline() == Discipline.FIFO
                ? null
                : passing(job, placed, reservationFor(first), nowMillis, placer);
    }

    /** The budget of the account of a job, what is left of it now, and what the job counts for in it. */
    public List<Figure> budgetFor(Job job, long nowMillis) {
        return new Affording(settings, accounts, job, nowMillis).figures();
    }

    /**
     * Changes of one thing under which a job would start that {@link #admit} did not let start for its budget or its turn,
     * though all of it would fit if nothing ran; the smallest first. That of its start holds if nobody else comes before it.
     */
    public List<Relaxation> easier(Job job, Admission.NotNow why, long nowMillis, Placer placer) {
        Job first = firstBefore(job, nowMillis);
        // Whether there is room is the same for every policy: what a policy learns of a shape is not spent on trials.
        Placer trial = demand -> TRIAL.place(supply, demand);
        Easing easing = new Easing(
                job,
                changed -> starts(changed, first, nowMillis, trial),
                changed -> starts(changed, first, nowMillis, placer));
        Affording affording = new Affording(settings, accounts, job, nowMillis);
        long passingMillis = first == null
                ? Long.MAX_VALUE
                : Math.max(nowMillis, reservationFor(first).shadowMillis()) - nowMillis;
        switch (why) {
            case OVER_BUDGET -> {
                easing.later(nowMillis, startsAtMillis(job, first, affording.fromMillis(), nowMillis, placer));
                easing.less(affording::affordsNow);
                long longest = affording.longestMillis();
                easing.shorter(affording::affordsNow, longest, Math.min(longest, passingMillis));
            }
            case NEVER_IN_BUDGET -> {
                easing.most(accounts::everAffords);
                easing.shorter(accounts::everAffords, affording.longestEverMillis());
            }
            case NOT_ITS_TURN -> {
                easing.later(nowMillis, startsAtMillis(job, first, nowMillis, nowMillis, placer));
                easing.less(changed -> false);
                easing.shorter(changed -> false, passingMillis);
            }
            case NO_ROOM -> {}
        }
        return easing.found();
    }

    private boolean starts(Job job, @Nullable Job first, long nowMillis, Placer placer) {
        if (!accounts.affords(job, nowMillis)) {
            return false;
        }
        Placement.Placed placed = roomFor(job.demand(), placer);
        return placed != null && inTurn(job, placed, first, nowMillis, placer) != null;
    }

    /** When a job that can be paid for from some time on starts, after the first; Long.MAX_VALUE if it is not known. */
    private long startsAtMillis(Job job, @Nullable Job first, long notBeforeMillis, long nowMillis, Placer placer) {
        long at = Long.MAX_VALUE;
        if (notBeforeMillis == Long.MAX_VALUE) {
            return at;
        }
        if (first == null) {
            boolean fits = placer.place(job.demand()) instanceof Placement.Placed;
            at = fits ? notBeforeMillis : Math.max(notBeforeMillis, fitsAtMillis(job.demand()));
        } else if (reservationFor(first).isPossible()) {
            long starts = Math.max(nowMillis, reservationFor(first).shadowMillis());
            at = Ahead.fitsAtMillis(supply, running, first, starts, job.demand(), notBeforeMillis, placer);
        }
        return at == Long.MAX_VALUE || new Affording(settings, accounts, job, at).affordsAfter(first)
                ? at
                : Long.MAX_VALUE;
    }

    /**
     * What to do next; null if nothing. To be asked again after what it said was done, until it says null.
     *
     * @param placer places on the supply as it stands
     */
    public @Nullable Step next(long nowMillis, Placer placer) {
        if (line.isEmpty()) {
            endRound(null, nowMillis);
            return null;
        }
        Order order = new Order(settings, accounts, nowMillis);
        Job first = first(order, nowMillis);
        Set<Demand> untried = round;
        if (untried == null) {
            if (hasReason(first, nowMillis)) {
                untried = line.demands(this::mayFit);
                round = untried;
                passedOver = false;
            } else {
                return first == null ? null : notice(first, nowMillis);
            }
        }
        Step step = first == null ? null : serve(first, untried, order, nowMillis, placer);
        if (step == null) {
            endRound(first, nowMillis);
        }
        return step;
    }

    /** The first that could start at some time and can be paid for; the others do not hold anybody up. */
    private @Nullable Job first(Order order, long nowMillis) {
        Iterator<Job> jobs = line.in(order);
        while (jobs.hasNext()) {
            Job job = jobs.next();
            if (accounts.affords(job, nowMillis)
                    && possible.computeIfAbsent(job.demand(), d -> Forecast.fitsWhenAllIsFree(supply, d))) {
                return job;
            }
        }
        return null;
    }

    private boolean hasReason(@Nullable Job first, long nowMillis) {
        return stirred
                || passedOver
                || (reserved != null && reserved.isCutShort())
                || !grown.isEmpty()
                || !Objects.equals(first == null ? null : first.requestId(), lastFirst)
                || hasNewBudgets(nowMillis);
    }

    private boolean mayFit(Demand demand) {
        if (grown.size() > MANY || standingBack.contains(demand)) {
            return true;
        }
        for (SuppliedNode node : grown) {
            if (supply.fits(node, demand)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Step serve(Job first, Set<Demand> untried, Order order, long nowMillis, Placer placer) {
        if (untried.contains(first.demand())) {
            if (placer.place(first.demand()) instanceof Placement.Placed placed) {
                return new Step.Start(first, placed);
            }
            untried.remove(first.demand());
        }
        if (settings.discipline() == Discipline.FIFO) {
            return null;
        }
        Step notice = notice(first, nowMillis);
        return notice != null || untried.isEmpty() ? notice : pass(first, untried, order, nowMillis, placer);
    }

    /** Notice to those who must give way to the first, if that lets it start sooner. */
    private @Nullable Step notice(Job first, long nowMillis) {
        if (settings.discipline() != Discipline.FAIR
                || preemptible.isEmpty()
                || first.priority() == PriorityClass.LOW) {
            return null;
        }
        long endsAtMillis = nowMillis + settings.noticeMillis();
        if (reservationFor(first).shadowMillis() <= endsAtMillis) {
            return null;
        }
        List<Job> giveWay = victims.of(first, running, preemptible.values(), nowMillis);
        return giveWay.isEmpty() ? null : new Step.Notice(giveWay, endsAtMillis);
    }

    /** The next that may pass the first. */
    private @Nullable Step pass(Job first, Set<Demand> untried, Order order, long nowMillis, Placer placer) {
        Reservation reservation = reservationFor(first);
        Map<Demand, Placement.Placed> fitting = new HashMap<>();
        int heldBack = 0;
        Set<Demand> open = new HashSet<>(untried);
        Iterator<Job> jobs = line.in(order, open);
        while (jobs.hasNext() && heldBack < MOST_HELD_BACK) {
            Job job = jobs.next();
            if (accounts.affords(job, nowMillis)) {
                Placement.Placed placed = fitting.get(job.demand());
                if (placed != null) {
                    // Another one with this demand stood back: this one passes if it is short.
                    if (nowMillis + job.remainingMillis() <= reservation.shadowMillis()) {
                        return new Step.Start(job, placed);
                    }
                    heldBack++;
                } else if (placer.place(job.demand()) instanceof Placement.Placed now) {
                    Placement.Placed passing = passing(job, now, reservation, nowMillis, placer);
                    if (passing != null) {
                        return new Step.Start(job, passing);
                    }
                    fitting.put(job.demand(), now);
                    heldBack++;
                    if (nowMillis + line.shortestMillis(job.demand()) > reservation.shadowMillis()) {
                        // None of those behind it is short enough either.
                        open.remove(job.demand());
                    }
                } else {
                    untried.remove(job.demand());
                    open.remove(job.demand());
                }
            }
        }
        passedOver |= jobs.hasNext();
        return null;
    }

    /** Where a job may go that fits: around what is kept for the first, or anywhere if it ends in time; null if it may not. */
    private static Placement.@Nullable Placed passing(
            Job job, Placement.Placed placed, Reservation reservation, long nowMillis, Placer placer) {
        Placement.Placed around = reservation.aroundIt(job.demand(), placer);
        if (around != null) {
            return around;
        }
        return nowMillis + job.remainingMillis() <= reservation.shadowMillis() ? placed : null;
    }

    private Reservation reservationFor(Job first) {
        Reservation kept = reserved;
        if (kept == null || !kept.isFor(first.demand())) {
            kept = Reservation.of(supply, first.demand(), running, Reservation.MOST_ENDS);
            reserved = kept;
        }
        return kept;
    }

    private void endRound(@Nullable Job first, long nowMillis) {
        if (round != null || line.isEmpty()) {
            standingBack.clear();
            if (round != null) {
                round.stream().filter(line::hasWaiting).forEach(standingBack::add);
            }
        }
        round = null;
        grown.clear();
        stirred = false;
        lastFirst = first == null ? null : first.requestId();
        lastWindowEndMillis = settings.windowEndMillis(nowMillis);
    }
}
