package io.millrace.broker.market;

import io.millrace.broker.placement.Forecast;
import io.millrace.broker.placement.Forecaster;
import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.NodeOffer;
import io.millrace.broker.placement.SuppliedNode;
import io.millrace.broker.placement.Supply;
import io.millrace.broker.queue.AccountUsage;
import io.millrace.broker.queue.Queue;
import io.millrace.broker.queue.QueueSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a market knows: what is offered, every request it has answered and not yet forgotten, and what its accounts
 * have used. Everything else (what is free, the queue, what falls due) follows from these and is kept beside them as
 * indexes.
 *
 * <p>{@link #apply} is the only mutator. What it changed is remembered until {@link #takeChanges}, so that whoever
 * persists the state writes no more than that. Not thread-safe: one writer.
 */
public final class MarketState {
    static final long HOUR_MILLIS = 3_600_000;

    private final String marketId;
    private final Supply supply = new Supply();
    private final Map<String, Request> requests = new HashMap<>();
    private final Agenda agenda = new Agenda(requests);
    private final Queue queue;
    private final Holders holders = new Holders();
    private final Arrivals arrivals = new Arrivals();
    private long allocations;
    private long sequence;
    private long timeMillis;
    private long hourEndMillis;
    private @Nullable String halted;

    private final List<String> changedNodes = new ArrayList<>();
    private final List<String> changedRequests = new ArrayList<>();
    private final List<String> forgottenAnswers = new ArrayList<>();
    private boolean changedForecast;

    /** A market that knows nothing yet, with the queue's default rules. */
    public MarketState(String marketId) {
        this(marketId, QueueSettings.DEFAULT);
    }

    /** A market that knows nothing yet. */
    public MarketState(String marketId, QueueSettings settings) {
        this.marketId = marketId;
        this.queue = new Queue(settings, supply, agenda.terms());
    }

    /**
     * The few facts that are neither an offer nor a request nor of an account.
     *
     * @param sequence events applied so far
     * @param timeMillis time of the last of them
     * @param hourEndMillis end of the hour that is open, while something is allocated
     * @param halted why the market decides no more; null while it does
     * @param forecast what is expected to be asked. Made anew from time to time by {@link #apply}, from the requests
     *     that are known then and from what is idle then; that state is gone later, so the forecast is stored
     */
    public record Meta(
            long sequence,
            long timeMillis,
            long hourEndMillis,
            @Nullable String halted,
            Forecast forecast) {}

    /**
     * What {@link #apply} changed.
     *
     * @param nodeIds nodes
     * @param requestIds requests; one that is no longer known was forgotten
     * @param forgottenAnswers of these requests, those that this market had answered and forgot; one that it had only
     *     deflected is not among them, since its answer is elsewhere, unless it is a part of a request: of that, the
     *     last market to be asked may have nothing else to forget
     * @param accountIds accounts; one that is no longer known was forgotten
     * @param forecast true if there is a new forecast
     */
    public record Changes(
            List<String> nodeIds,
            List<String> requestIds,
            List<String> forgottenAnswers,
            List<String> accountIds,
            boolean forecast) {}

    /** A market as it was when these were taken from it. */
    public static MarketState restore(
            String marketId,
            QueueSettings settings,
            Meta meta,
            Collection<NodeOffer> offers,
            Collection<Request> requests,
            Collection<AccountUsage> accounts) {
        MarketState state = new MarketState(marketId, settings);
        state.sequence = meta.sequence();
        state.timeMillis = meta.timeMillis();
        state.hourEndMillis = meta.hourEndMillis();
        state.halted = meta.halted();
        offers.forEach(offer -> state.queue.offered(null, state.supply.put(offer)));
        accounts.forEach(state.queue::restore);
        // In the order of their time, which is the order in which the ended ones are forgotten.
        requests.stream()
                .sorted(Comparator.comparingLong(Request::decidedAtMillis))
                .forEach(request -> {
                    state.enter(request);
                    if (request.holdsDevices()) {
                        state.queue.resumed(request);
                    }
                });
        requests.stream()
                .filter(request -> request.queueRank() > meta.sequence() - Arrivals.WINDOW)
                .sorted(Comparator.comparingLong(Request::queueRank))
                .forEach(state.arrivals::add);
        state.supply.forecast(meta.forecast());
        return state;
    }

    /** The market's id. */
    public String marketId() {
        return marketId;
    }

    /** The few facts beside offers and requests. */
    public Meta meta() {
        return new Meta(sequence, timeMillis, hourEndMillis, halted, supply.forecast());
    }

    /** What is offered and what of it is free. For reading. */
    public Supply supply() {
        return supply;
    }

    /** The request with this id, or null if it was never here or is forgotten. */
    public @Nullable Request request(String requestId) {
        return requests.get(requestId);
    }

    /** All requests, in no order. */
    public Collection<Request> requests() {
        return Collections.unmodifiableCollection(requests.values());
    }

    /** How many allocations run. */
    public long allocations() {
        return allocations;
    }

    /** How many requests wait. */
    public int queued() {
        return queue.size();
    }

    /** What is remembered of an account, or null if nothing is. */
    public @Nullable AccountUsage account(String accountId) {
        return queue.usage(accountId);
    }

    /** What is remembered of all accounts, in no order. */
    public Collection<AccountUsage> accounts() {
        return queue.usages();
    }

    /** When the next term or wait ends, far before the end of time; some later time if none does. */
    public long nextDueMillis() {
        Request due = agenda.nextDue();
        return due == null ? Long.MAX_VALUE / 2 : due.untilMillis();
    }

    /** A market that knows the same and goes on under other rules of the queue. */
    public MarketState copy(QueueSettings settings) {
        return restore(
                marketId,
                settings,
                meta(),
                supply.nodes().stream().map(SuppliedNode::offer).toList(),
                requests.values(),
                accounts());
    }

    long timeMillis() {
        return timeMillis;
    }

    /** Up to when what runs is metered: the last full hour that was closed. */
    public long meteredToMillis() {
        return hourEndMillis - HOUR_MILLIS;
    }

    long hourEndMillis() {
        return allocations > 0 ? hourEndMillis : Long.MAX_VALUE;
    }

    boolean isHalted() {
        return halted != null;
    }

    Agenda agenda() {
        return agenda;
    }

    Queue queue() {
        return queue;
    }

    /** Requests with something granted on this node, by id. */
    List<String> allocationsOn(String nodeId) {
        return holders.on(nodeId);
    }

    /** What changed since this was last asked. */
    public Changes takeChanges() {
        Changes changes = new Changes(
                distinct(changedNodes),
                distinct(changedRequests),
                List.copyOf(forgottenAnswers),
                queue.takeChangedAccounts(),
                changedForecast);
        changedForecast = false;
        changedNodes.clear();
        changedRequests.clear();
        forgottenAnswers.clear();
        return changes;
    }

    private static List<String> distinct(List<String> ids) {
        return ids.size() > 1 ? ids.stream().distinct().toList() : List.copyOf(ids);
    }

    /** Takes in a fact. {@code nowMillis} is the market's time, which never goes back. */
    public void apply(Event event, long nowMillis) {
        change(event, sequence + 1, nowMillis);
        sequence++;
        timeMillis = nowMillis;
        if (sequence >= supply.forecast().dueAtSequence() && event instanceof Event.OfRequest) {
            learn();
        }
    }

    private void learn() {
        Forecaster forecaster = new Forecaster();
        arrivals.forEach(sequence - Arrivals.WINDOW, forecaster::saw);
        supply.forecast(forecaster.after(supply.forecast(), supply, sequence));
        changedForecast = true;
    }

    private void change(Event event, long eventSequence, long nowMillis) {
        switch (event) {
            case Event.Allocated e -> {
                Request known = requests.get(e.requestId());
                Request accepted = known == null
                                || known.status() == Request.Status.DEFLECTED
                                || known.status() == Request.Status.REFUSED
                        ? null
                        : known;
                long rank = accepted == null ? eventSequence : accepted.queueRank();
                long acceptedAtMillis = accepted == null ? nowMillis : accepted.acceptedAtMillis();
                if (allocations == 0) {
                    hourEndMillis = nowMillis - Math.floorMod(nowMillis, HOUR_MILLIS) + HOUR_MILLIS;
                }
                replace(known, Request.allocated(e, rank, acceptedAtMillis, eventSequence, nowMillis), nowMillis);
            }
            case Event.Held e ->
                replace(
                        requests.get(e.requestId()),
                        Request.held(e, eventSequence, eventSequence, nowMillis),
                        nowMillis);
            case Event.Queued e -> applyQueued(e, eventSequence, nowMillis);
            case Event.Refused e -> {
                Request known = requests.get(e.requestId());
                int number = known == null ? 0 : known.allocationNumber();
                replace(
                        known,
                        Request.refused(e, number, rank(known, eventSequence), eventSequence, nowMillis),
                        nowMillis);
            }
            case Event.Deflected e -> {
                Request known = requests.get(e.requestId());
                replace(known, Request.deflected(e, rank(known, eventSequence), eventSequence, nowMillis), nowMillis);
            }
            case Event.Ended e -> applyEnded(e, eventSequence, nowMillis);
            case Event.Cancelled e -> {
                Request known = known(e.requestId());
                replace(
                        known,
                        known.ended(Request.Status.CANCELLED, Reason.NONE, nowMillis, eventSequence, nowMillis),
                        nowMillis);
            }
            case Event.Extended e -> {
                Request known = known(e.requestId());
                moveEnd(known, known.endingAt(e.endsAtMillis(), 0, eventSequence, nowMillis));
            }
            case Event.PreemptionNoticed e -> {
                Request known = known(e.requestId());
                moveEnd(known, known.endingAt(e.endsAtMillis(), e.remainingMillis(), eventSequence, nowMillis));
            }
            case Event.NodeUpdated e -> {
                SuppliedNode before = supply.node(e.offer().nodeId());
                NodeOffer offer = before == null ? null : before.offer();
                queue.offered(offer, supply.put(e.offer()));
                changedNodes.add(e.offer().nodeId());
            }
            case Event.HourClosed e -> hourEndMillis = e.hourEndMillis() + HOUR_MILLIS;
            case Event.RequestsForgotten e -> {
                forget(e.endedBeforeMillis());
                queue.forgetIdleAccounts(nowMillis);
            }
            case Event.MarketHalted e -> halted = e.detail();
            case Event.NodeOversold e -> {}
            case Event.CommandRefused e -> {}
            case Event.AnswerRepeated e -> {}
        }
    }

    private static long rank(@Nullable Request known, long eventSequence) {
        return known == null ? eventSequence : known.queueRank();
    }

    private void applyQueued(Event.Queued event, long eventSequence, long nowMillis) {
        Request known = requests.get(event.requestId());
        if (known != null && known.status() == Request.Status.ALLOCATED) {
            // Revoked or preempted: it keeps its place and its age.
            replace(
                    known,
                    Request.queued(
                            event,
                            known.allocationNumber(),
                            known.queueRank(),
                            known.acceptedAtMillis(),
                            eventSequence,
                            nowMillis),
                    nowMillis);
        } else {
            replace(known, Request.queued(event, 0, eventSequence, nowMillis, eventSequence, nowMillis), nowMillis);
        }
    }

    private void applyEnded(Event.Ended event, long eventSequence, long nowMillis) {
        Request known = known(event.requestId());
        switch (event.cause()) {
            case RELEASED, CANCELLED ->
                replace(
                        known,
                        known.ended(
                                Request.Status.RELEASED, Reason.NONE, event.endedAtMillis(), eventSequence, nowMillis),
                        nowMillis);
            case EXPIRED ->
                replace(
                        known,
                        known.ended(
                                Request.Status.EXPIRED, Reason.NONE, event.endedAtMillis(), eventSequence, nowMillis),
                        nowMillis);
            // It stays allocated in name until the Queued that follows at once; that one gives the devices back.
            case REVOKED, PREEMPTED -> {}
        }
    }

    private Request known(String requestId) {
        Request known = requests.get(requestId);
        if (known == null) {
            throw new IllegalStateException("an event names the request " + requestId + ", which is not known");
        }
        return known;
    }

    private void replace(@Nullable Request old, Request next, long nowMillis) {
        if (old != null) {
            leave(old, nowMillis);
            if (old.queueRank() != next.queueRank()) {
                arrivals.drop(old);
            }
        }
        enter(next);
        if (next.queueRank() == next.decisionSequence()) {
            arrivals.add(next);
        }
        if (next.holdsDevices()) {
            queue.started(next, nowMillis);
        }
        changedRequests.add(next.requestId());
    }

    /** Of a request that runs, the end moves and nothing else. */
    private void moveEnd(Request old, Request next) {
        agenda.remove(old);
        agenda.add(next);
        requests.put(next.requestId(), next);
        queue.moved(next);
        changedRequests.add(next.requestId());
    }

    private void enter(Request request) {
        requests.put(request.requestId(), request);
        agenda.add(request);
        switch (request.status()) {
            case QUEUED -> queue.add(request);
            case ALLOCATED, HELD -> {
                if (request.status() == Request.Status.ALLOCATED) {
                    allocations++;
                }
                for (Grant grant : request.grants()) {
                    supply.take(grant);
                    holders.add(grant, request.requestId());
                }
            }
            default -> {}
        }
    }

    private void leave(Request request, long nowMillis) {
        agenda.remove(request);
        switch (request.status()) {
            case QUEUED -> queue.remove(request);
            case ALLOCATED, HELD -> {
                if (request.status() == Request.Status.ALLOCATED) {
                    allocations--;
                }
                for (Grant grant : request.grants()) {
                    queue.grew(supply.give(grant));
                    holders.remove(grant, request.requestId());
                }
                queue.stopped(request, nowMillis);
            }
            default -> {}
        }
    }

    private void forget(long endedBeforeMillis) {
        for (Request first = agenda.firstEnded();
                first != null && first.decidedAtMillis() < endedBeforeMillis;
                first = agenda.firstEnded()) {
            requests.remove(first.requestId());
            arrivals.drop(first);
            changedRequests.add(first.requestId());
            if (first.status() != Request.Status.DEFLECTED || PartId.isPart(first.requestId())) {
                forgottenAnswers.add(first.requestId());
            }
        }
    }

    /** A hash of all that the market knows: equal for equal histories, whatever the path through snapshots. */
    public long hash() {
        return StateHash.of(this);
    }
}
