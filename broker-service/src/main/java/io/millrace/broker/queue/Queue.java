package io.millrace.broker.queue;

import io.millrace.broker.placement.Demand;
import io.millrace.broker.placement.Figure;
import io.millrace.broker.placement.NodeOffer;
import io.millrace.broker.placement.Placement;
import io.millrace.broker.placement.Relaxation;
import io.millrace.broker.placement.SuppliedNode;
import io.millrace.broker.placement.Supply;
import io.millrace.broker.queue.QueueSettings.Discipline;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
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
    /** Jobs that fit and must stand back, which are looked at for one that is short enough to pass. */
    private static final int MOST_HELD_BACK = 1_000;

    private final QueueSettings settings;
    private final Supply supply;
    private final Iterable<? extends Job> running;
    /** As long as nothing starts, ends or is offered anew, the same again; null if it has to be worked out. */
    private @Nullable Reservation reserved;
    /** Likewise. */
    private @Nullable StillNeeded stillNeeded;

    /** Of those that were given notice, whom the first, at its level, does not do without. */
    private record StillNeeded(String firstId, int level, List<Job> jobs) {}

    private final Accounts accounts;
    private final Victims victims;
    private final Prospects prospects;
    private final Retries retries;
    private final Line line = new Line();
    /** By request: what runs, may be stopped and was not given notice. */
    private final TreeMap<String, Job> preemptible = new TreeMap<>();
    /** By request: what runs and was given notice. */
    private final TreeMap<String, Job> noticed = new TreeMap<>();
    /** Whether a demand would fit if nothing ran; true of all nodes as they are now. */
    private final Map<Demand, Boolean> possible = new HashMap<>();

    /** End of the budgets' window in which those who wait were tried last. */
    private long lastWindowEndMillis;

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
    public Queue(QueueSettings settings, Supply supply, Iterable<? extends Job> running) {
        this.settings = settings;
        this.supply = supply;
        this.running = running;
        this.accounts = new Accounts(settings);
        this.victims = new Victims(settings, supply);
        this.prospects = new Prospects(settings, accounts, supply, running);
        this.retries = new Retries(supply);
    }

    // What it is told

    /** A job waits, because {@link #admit} said so or because it lost what it had. */
    public void add(Job job) {
        line.add(job);
        retries.joined(job.demand());
    }

    /** A job waits no longer. */
    public void remove(Job job) {
        line.remove(job);
    }

    /** A job runs. */
    public void started(Job job, long nowMillis) {
        accounts.started(job, nowMillis);
        mark(job);
        changed();
        // What it holds comes free at its end: what must stay free until then may be less, or elsewhere.
        retries.stir();
    }

    /** A job runs, as what is remembered of its account knows already. */
    public void resumed(Job job) {
        accounts.resumed(job);
        mark(job);
        changed();
    }

    /** The end of a job that runs was moved. */
    public void moved(Job job) {
        accounts.moved(job);
        mark(job);
        changed();
        retries.stir();
    }

    /** A job runs no longer. */
    public void stopped(Job job, long nowMillis) {
        accounts.stopped(job, nowMillis);
        changed();
        preemptible.remove(job.requestId());
        noticed.remove(job.requestId());
        retries.stir();
    }

    /** Something starts, ends or is offered anew. */
    private void changed() {
        reserved = null;
        stillNeeded = null;
    }

    private void mark(Job job) {
        preemptible.remove(job.requestId());
        noticed.remove(job.requestId());
        if (job.preemptible()) {
            (job.remainingMillis() == 0 ? preemptible : noticed).put(job.requestId(), job);
        }
    }

    /** What a node offers is another than before. */
    public void offered(@Nullable NodeOffer before, SuppliedNode node) {
        accounts.offered(before, node.offer());
        possible.keySet().removeIf(demand -> demand.suits(node.offer()) || (before != null && demand.suits(before)));
        changed();
        retries.stir();
        grew(node);
    }

    /** A node that was lost is there no more. */
    public void forgot(NodeOffer lost) {
        accounts.offered(lost, null);
        possible.keySet().removeIf(demand -> demand.suits(lost));
        changed();
        retries.stir();
    }

    /** Something became free on a node. */
    public void grew(SuppliedNode node) {
        if (!line.isEmpty()) {
            retries.grew(node);
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

    /** Of how many accounts something is remembered. */
    public int accounts() {
        return accounts.size();
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
        return prospects.fitsAtMillis(demand);
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
        Placement.Placed inTurn = turnOf(job, nowMillis).take(job, placed, placer);
        return inTurn == null ? Admission.NotNow.NOT_ITS_TURN : new Admission.Now(inTurn);
    }

    private Placement.@Nullable Placed roomFor(Demand demand, Placer placer) {
        if (line.hasWaiting(demand) && retries.isHopeless(demand)) {
            return null;
        }
        return placer.place(demand) instanceof Placement.Placed placed ? placed : null;
    }

    private Turn turnOf(Job job, long nowMillis) {
        Job first = null;
        if (!line.isEmpty()) {
            Order order = new Order(settings, accounts, nowMillis);
            Job candidate = first(order, nowMillis);
            first = candidate == null || order.compare(job, candidate) < 0 ? null : candidate;
        }
        Job before = first;
        return new Turn(
                before,
                () -> reservationFor(Objects.requireNonNull(before)),
                settings.discipline() == Discipline.FIFO,
                nowMillis);
    }

    /** True if the budget of its account pays for a job that runs to end later. */
    public boolean affordsUntil(Job running, long untilMillis, long nowMillis) {
        return accounts.affordsUntil(running, untilMillis, nowMillis);
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
        return prospects.easier(job, why, turnOf(job, nowMillis), nowMillis, placer);
    }

    /**
     * What to do next; null if nothing. To be asked again after what it said was done, until it says null.
     *
     * @param placer places on the supply as it stands
     */
    public @Nullable Step next(long nowMillis, Placer placer) {
        Order order = new Order(settings, accounts, nowMillis);
        Job first = line.isEmpty() ? null : first(order, nowMillis);
        if (!noticed.isEmpty()) {
            List<Job> needed = first == null ? List.of() : stillNeeded(first, nowMillis);
            List<Job> spared = victims.spared(noticed.values(), first, needed, line.in(order), accounts, nowMillis);
            if (!spared.isEmpty()) {
                return new Step.Withdrawal(spared);
            }
        }
        if (line.isEmpty()) {
            endRound(null, nowMillis);
            return null;
        }
        Set<Demand> untried = retries.untried();
        if (untried == null) {
            if (!hasReason(first, nowMillis)) {
                return first == null ? null : notice(first, nowMillis);
            }
            untried = retries.begin(line);
        }
        Step step = first == null ? null : serve(first, untried, order, nowMillis, placer);
        if (step == null) {
            endRound(first, nowMillis);
        }
        return step;
    }

    /** The first that could start at some time and can be paid for; the others do not hold anybody up. */
    private @Nullable Job first(Order order, long nowMillis) {
        return line.first(
                order,
                job -> accounts.affords(job, nowMillis)
                        && possible.computeIfAbsent(job.demand(), d -> Outlook.fitsWhenAllIsFree(supply, d)));
    }

    private boolean hasReason(@Nullable Job first, long nowMillis) {
        return retries.hasReason(first) || (reserved != null && reserved.isCutShort()) || hasNewBudgets(nowMillis);
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
        if (first.untilMillis() <= endsAtMillis || reservationFor(first).shadowMillis() <= endsAtMillis) {
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
                    Placement.Placed passing = Turn.passing(job, now, reservation, nowMillis, placer);
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
        if (jobs.hasNext()) {
            retries.passedOver();
        }
        return null;
    }

    private List<Job> stillNeeded(Job first, long nowMillis) {
        StillNeeded known = stillNeeded;
        int level = Order.level(settings, first, nowMillis);
        if (known == null || known.level() != level || !known.firstId().equals(first.requestId())) {
            List<Job> jobs = victims.stillNeeded(noticed.values(), first, running, nowMillis);
            known = new StillNeeded(first.requestId(), level, jobs);
            stillNeeded = known;
        }
        return known.jobs();
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
        retries.end(line, first);
        lastWindowEndMillis = settings.windowEndMillis(nowMillis);
    }
}
