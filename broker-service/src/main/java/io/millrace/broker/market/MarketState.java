package io.millrace.broker.market;

import io.millrace.broker.placement.Forecast;
import io.millrace.broker.placement.Forecaster;
import io.millrace.broker.placement.NodeOffer;
import io.millrace.broker.placement.SuppliedNode;
import io.millrace.broker.placement.Supply;
import io.millrace.broker.queue.AccountUsage;
import io.millrace.broker.queue.Queue;
import io.millrace.broker.queue.QueueSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
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
    private final LostNodes lostNodes = new LostNodes();
    private final Register register;
    private long sequence;
    private long timeMillis;
    private long hourEndMillis;
    private @Nullable String halted;

    private final List<String> changedNodes = new ArrayList<>();
    private boolean changedForecast;

    /** A market that knows nothing yet, with the queue's default rules. */
    public MarketState(String marketId) {
        this(marketId, QueueSettings.DEFAULT);
    }

    /** A market that knows nothing yet. */
    public MarketState(String marketId, QueueSettings settings) {
        this.marketId = marketId;
        this.register = new Register(supply, settings);
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
     * @param nodeIds nodes; one that is no longer known was forgotten
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
        offers.forEach(offer -> {
            state.queue().offered(null, state.supply.put(offer));
            state.lostNodes.offered(null, offer);
        });
        accounts.forEach(state.queue()::restore);
        state.register.restore(requests, meta.sequence());
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
        return register.find(requestId);
    }

    /** All requests, in no order. */
    public Collection<Request> requests() {
        return register.all();
    }

    /** How many allocations run. */
    public long allocations() {
        return register.allocations();
    }

    /** How many requests wait. */
    public int queued() {
        return queue().size();
    }

    /** What is remembered of an account, or null if nothing is. */
    public @Nullable AccountUsage account(String accountId) {
        return queue().usage(accountId);
    }

    /** Of how many accounts something is remembered. */
    public int accountCount() {
        return queue().accounts();
    }

    /** What is remembered of all accounts, in no order. */
    public Collection<AccountUsage> accounts() {
        return queue().usages();
    }

    /** When the next term or wait ends, far before the end of time; some later time if none does. */
    public long nextDueMillis() {
        Request due = agenda().nextDue();
        return due == null ? Long.MAX_VALUE / 2 : due.untilMillis();
    }

    /** A market that knows the same and goes on under other rules of the queue. */
    public MarketState copy(QueueSettings settings) {
        return restore(
                marketId,
                settings,
                meta(),
                supply.nodes().stream().map(SuppliedNode::offer).toList(),
                requests(),
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
        return allocations() > 0 ? hourEndMillis : Long.MAX_VALUE;
    }

    boolean isHalted() {
        return halted != null;
    }

    LostNodes lostNodes() {
        return lostNodes;
    }

    Agenda agenda() {
        return register.agenda();
    }

    Queue queue() {
        return register.queue();
    }

    /** Requests with something granted on this node, by id. */
    List<String> allocationsOn(String nodeId) {
        return register.allocationsOn(nodeId);
    }

    /** What changed since this was last asked. */
    public Changes takeChanges() {
        Changes changes = new Changes(
                distinct(changedNodes),
                register.takeChanged(),
                register.takeForgottenAnswers(),
                queue().takeChangedAccounts(),
                changedForecast);
        changedForecast = false;
        changedNodes.clear();
        return changes;
    }

    static List<String> distinct(List<String> ids) {
        return switch (ids.size()) {
            case 0 -> List.of();
            case 1 -> List.of(ids.getFirst());
            default -> ids.stream().distinct().toList();
        };
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
        register.show(forecaster, sequence);
        supply.forecast(forecaster.after(supply.forecast(), supply, sequence));
        changedForecast = true;
    }

    private void change(Event event, long eventSequence, long nowMillis) {
        switch (event) {
            case Event.Allocated e -> {
                Request known = register.find(e.requestId());
                Request accepted = known == null
                                || known.status() == Request.Status.DEFLECTED
                                || known.status() == Request.Status.REFUSED
                        ? null
                        : known;
                long rank = accepted == null ? eventSequence : accepted.queueRank();
                long acceptedAtMillis = accepted == null ? nowMillis : accepted.acceptedAtMillis();
                if (allocations() == 0) {
                    hourEndMillis = nowMillis - Math.floorMod(nowMillis, HOUR_MILLIS) + HOUR_MILLIS;
                }
                register.replace(
                        known, Request.allocated(e, rank, acceptedAtMillis, eventSequence, nowMillis), nowMillis);
            }
            case Event.Held e ->
                register.replace(
                        register.find(e.requestId()),
                        Request.held(e, eventSequence, eventSequence, nowMillis),
                        nowMillis);
            case Event.Queued e -> applyQueued(e, eventSequence, nowMillis);
            case Event.Refused e -> {
                Request known = register.find(e.requestId());
                int number = known == null ? 0 : known.allocationNumber();
                register.replace(
                        known,
                        Request.refused(e, number, rank(known, eventSequence), eventSequence, nowMillis),
                        nowMillis);
            }
            case Event.Deflected e -> {
                Request known = register.find(e.requestId());
                register.replace(
                        known, Request.deflected(e, rank(known, eventSequence), eventSequence, nowMillis), nowMillis);
            }
            case Event.Ended e -> applyEnded(e, eventSequence, nowMillis);
            case Event.Cancelled e -> {
                Request known = register.get(e.requestId());
                register.replace(
                        known,
                        known.ended(Request.Status.CANCELLED, Reason.NONE, nowMillis, eventSequence, nowMillis),
                        nowMillis);
            }
            case Event.Extended e -> {
                Request known = register.get(e.requestId());
                register.moveEnd(known, known.endingAt(e.endsAtMillis(), 0, eventSequence, nowMillis));
            }
            case Event.PreemptionNoticed e -> {
                Request known = register.get(e.requestId());
                register.moveEnd(
                        known, known.endingAt(e.endsAtMillis(), e.remainingMillis(), eventSequence, nowMillis));
            }
            case Event.NodeUpdated e -> {
                SuppliedNode before = supply.node(e.offer().nodeId());
                NodeOffer offer = before == null ? null : before.offer();
                queue().offered(offer, supply.put(e.offer()));
                lostNodes.offered(offer, e.offer());
                changedNodes.add(e.offer().nodeId());
            }
            case Event.HourClosed e -> hourEndMillis = e.hourEndMillis() + HOUR_MILLIS;
            case Event.Forgotten e -> {
                register.forget(e.endedBeforeMillis());
                queue().forgetIdleAccounts(nowMillis);
                lostNodes.takeObservedBefore(e.nodesObservedBeforeMillis()).forEach(this::forget);
            }
            case Event.MarketHalted e -> halted = e.detail();
            case Event.NodeOversold e -> {}
            case Event.CommandRefused e -> {}
            case Event.AnswerRepeated e -> {}
        }
    }

    private void forget(NodeOffer lost) {
        supply.remove(lost.nodeId());
        queue().forgot(lost);
        changedNodes.add(lost.nodeId());
    }

    private static long rank(@Nullable Request known, long eventSequence) {
        return known == null ? eventSequence : known.queueRank();
    }

    private void applyQueued(Event.Queued event, long eventSequence, long nowMillis) {
        Request known = register.find(event.requestId());
        if (known != null && known.status() == Request.Status.ALLOCATED) {
            // Revoked or preempted: it keeps its place and its age.
            register.replace(
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
            register.replace(
                    known, Request.queued(event, 0, eventSequence, nowMillis, eventSequence, nowMillis), nowMillis);
        }
    }

    private void applyEnded(Event.Ended event, long eventSequence, long nowMillis) {
        Request known = register.get(event.requestId());
        switch (event.cause()) {
            case RELEASED, CANCELLED ->
                register.replace(
                        known,
                        known.ended(
                                Request.Status.RELEASED, Reason.NONE, event.endedAtMillis(), eventSequence, nowMillis),
                        nowMillis);
            case EXPIRED ->
                register.replace(
                        known,
                        known.ended(
                                Request.Status.EXPIRED, Reason.NONE, event.endedAtMillis(), eventSequence, nowMillis),
                        nowMillis);
            // It stays allocated in name until the Queued that follows at once; that one gives the devices back.
            case REVOKED, PREEMPTED -> {}
        }
    }

    /** A hash of all that the market knows: equal for equal histories, whatever the path through snapshots. */
    public long hash() {
        return StateHash.of(this);
    }
}
