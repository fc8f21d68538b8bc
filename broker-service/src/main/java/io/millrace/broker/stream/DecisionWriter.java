package io.millrace.broker.stream;

import io.millrace.broker.market.Event;
import io.millrace.broker.market.Explanation;
import io.millrace.broker.market.MarketState;
import io.millrace.broker.market.PartId;
import io.millrace.broker.market.Request;
import io.millrace.runtime.Partitions;
import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.DeflectedNotice;
import io.millrace.schemas.Deflection;
import io.millrace.schemas.ForgottenNotice;
import io.millrace.schemas.MarketCommand;
import io.millrace.schemas.MarketNotice;
import io.millrace.schemas.Outcome;
import io.millrace.schemas.Reason;
import io.millrace.schemas.SubmitCommand;
import io.millrace.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Tells tenants what was decided, and intake what it has to do: one record for each event that concerns a request. */
final class DecisionWriter {
    /** Ids in one notice: far below the largest record. */
    private static final int MOST_FORGOTTEN = 1_000;

    private final Outlet outlet;
    private final Partitions partitions;
    private final BrokerMeters meters;
    private final PartNotices parts;
    private final DecisionSink sink;

    DecisionWriter(Outlet outlet, Partitions partitions, BrokerMeters meters) {
        this.outlet = outlet;
        this.partitions = partitions;
        this.meters = meters;
        this.parts = new PartNotices(outlet);
        this.sink = new DecisionSink(outlet, BrokerTopology.DECISIONS_SINK, meters);
    }

    /**
     * Writes the decision, or the notice, that follows from an event which is applied already.
     *
     * @param command what it follows from: the deflections and scores of a submit go with its answer, and what is said of a
     *     request that went on is passed on
     */
    void put(
            MarketState state,
            Event.OfRequest event,
            MarketCommand command,
            long now,
            long timestamp,
            long wallClockMillis) {
        if (PartId.isPart(event.requestId())) {
            if (parts.put(state, event, timestamp)) {
                put(state, PartId.whole(event.requestId()), decision(state, event, now), now, timestamp);
            }
            return;
        }
        if (event instanceof Event.Deflected deflected) {
            notice(state.marketId(), deflected, timestamp);
            return;
        }
        if (event instanceof Event.CommandRefused refused
                && refused.reason() == io.millrace.broker.market.Reason.PASSED_ON) {
            passOn(state.marketId(), event.requestId(), command, timestamp);
            return;
        }
        AllocationDecision decision = decision(state, event, now);
        if (command.getBody() instanceof SubmitCommand submit
                && submit.getRequestId().equals(event.requestId())) {
            decision.setDeflections(submit.getDeflections());
            if (decision.getGrants().isEmpty()) {
                ExplanationWords.addThoseOf(
                        submit.getDeflections(), decision.getReason().name(), decision.getExplanation());
            }
            decision.setScores(submit.getScores());
            decision.setExclusions(submit.getExclusions());
            meters.answeredAfter(wallClockMillis - timestamp);
        }
        put(state, event.requestId(), decision, now, timestamp);
    }

    private void put(MarketState state, String key, AllocationDecision decision, long now, long timestamp) {
        sink.put(key, decision, "/millrace/markets/" + state.marketId(), now, timestamp);
    }

    /** Hands back what was said of a request that went on to another market. */
    private void passOn(String marketId, String requestId, MarketCommand command, long timestamp) {
        ForgottenNotice nothing = new ForgottenNotice(List.of());
        MarketNotice notice = new MarketNotice("", marketId, nothing, null, command.getBody());
        outlet.forward(requestId, notice, timestamp, BrokerTopology.NOTICES_SINK);
    }

    /** Tells intake that these requests are forgotten here: one notice for all that one of its tasks remembers. */
    void forgotten(String marketId, List<String> requestIds, long timestamp) {
        TreeMap<Integer, List<String>> byPartition = new TreeMap<>();
        for (String requestId : requestIds) {
            if (PartId.isPart(requestId)) {
                parts.forgotten(marketId, requestId, timestamp);
                continue;
            }
            List<String> together = byPartition.computeIfAbsent(
                    partitions.of(Topics.MARKET_NOTICES, requestId), partition -> new ArrayList<>());
            together.add(requestId);
            if (together.size() == MOST_FORGOTTEN) {
                forgottenTogether(marketId, together, timestamp);
                together.clear();
            }
        }
        byPartition.values().forEach(together -> forgottenTogether(marketId, together, timestamp));
    }

    private void forgottenTogether(String marketId, List<String> requestIds, long timestamp) {
        if (!requestIds.isEmpty()) {
            String first = requestIds.getFirst();
            List<String> others = List.copyOf(requestIds.subList(1, requestIds.size()));
            outlet.forward(
                    first,
                    new MarketNotice(first, marketId, new ForgottenNotice(others), null, null),
                    timestamp,
                    BrokerTopology.NOTICES_SINK);
        }
    }

    private void notice(String marketId, Event.Deflected e, long timestamp) {
        Deflection deflection = new Deflection(
                marketId, ExplanationCodec.reason(e.reason()), ExplanationCodec.tell(e.reason(), e.explanation()));
        MarketNotice notice = new MarketNotice(
                e.requestId(),
                marketId,
                new DeflectedNotice(e.accountId(), SpecCodec.write(e.spec()), e.attempt(), deflection),
                null,
                null);
        outlet.forward(e.requestId(), notice, timestamp, BrokerTopology.NOTICES_SINK);
    }

    private static AllocationDecision decision(MarketState state, Event.OfRequest event, long now) {
        Request request = state.request(event.requestId());
        if (event instanceof Event.CommandRefused refused) {
            return refusedCommand(state, refused, now);
        }
        if (request == null) {
            throw new IllegalStateException("an event about " + event.requestId() + ", which is not known");
        }
        AllocationDecision decision = standing(state, request);
        switch (event) {
            case Event.AnswerRepeated e -> decision.setRepeated(true);
            case Event.Ended e -> {
                decision.setOutcome(outcome(e.cause()));
                decision.setReason(ExplanationCodec.reason(e.reason()));
                decision.setExplanation(ExplanationCodec.tell(e.reason(), request.explanation()));
                decision.setEndsAtMillis(e.endedAtMillis());
            }
            case Event.Extended e -> decision.setOutcome(Outcome.EXTENDED);
            case Event.PreemptionNoticed e -> {
                decision.setOutcome(Outcome.PREEMPTION_NOTICED);
                decision.setReason(Reason.PREEMPTED);
            }
            default -> {}
        }
        if (!(event instanceof Event.AnswerRepeated)) {
            decision.setSequence(state.meta().sequence());
            decision.setDecisionId(state.marketId() + "-" + state.meta().sequence());
            decision.setDecidedAtMillis(now);
        }
        return decision;
    }

    private static Outcome outcome(Event.EndCause cause) {
        return switch (cause) {
            case RELEASED, CANCELLED -> Outcome.RELEASED;
            case EXPIRED -> Outcome.EXPIRED;
            case REVOKED -> Outcome.REVOKED;
            case PREEMPTED -> Outcome.PREEMPTED;
        };
    }

    /** What a request stands at, as its last answer said it. */
    private static AllocationDecision standing(MarketState state, Request request) {
        boolean granted = !request.grants().isEmpty();
        long price = 0;
        for (var grant : request.grants()) {
            price += grant.priceMicroCnyPerHour();
        }
        Outcome outcome = switch (request.status()) {
            case QUEUED, HELD -> Outcome.QUEUED;
            case ALLOCATED -> Outcome.ALLOCATED;
            case REFUSED, DEFLECTED -> Outcome.REFUSED;
            case CANCELLED -> Outcome.CANCELLED;
            case RELEASED -> Outcome.RELEASED;
            case EXPIRED -> Outcome.EXPIRED;
        };
        return new AllocationDecision(
                state.marketId() + "-" + request.decisionSequence(),
                request.requestId(),
                request.accountId(),
                state.marketId(),
                request.decisionSequence(),
                request.decidedAtMillis(),
                outcome,
                ExplanationCodec.reason(request.reason()),
                GrantCodec.write(request.grants()),
                request.allocationNumber(),
                granted ? request.sinceMillis() : null,
                granted ? request.untilMillis() : null,
                outcome == Outcome.QUEUED ? request.untilMillis() : null,
                price,
                ExplanationCodec.tell(request.reason(), request.explanation()),
                List.of(),
                List.of(),
                false,
                List.of(),
                List.of());
    }

    private static AllocationDecision refusedCommand(MarketState state, Event.CommandRefused e, long now) {
        long sequence = state.meta().sequence();
        Reason reason = ExplanationCodec.reason(e.reason());
        return DecisionSink.ofNothing(
                state.marketId() + "-" + sequence,
                e.requestId(),
                e.accountId(),
                state.marketId(),
                sequence,
                now,
                Outcome.COMMAND_REFUSED,
                reason,
                ExplanationCodec.write(
                        Explanation.of(e.detail().isEmpty() ? e.action() : e.action() + ": " + e.detail())));
    }
}
