package io.millrace.broker.stream;

import io.millrace.broker.market.Abandoned;
import io.millrace.broker.market.PartId;
import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.Explanation;
import io.millrace.schemas.Grant;
import io.millrace.schemas.Outcome;
import io.millrace.schemas.PartDecision;
import io.millrace.schemas.PartPhase;
import io.millrace.schemas.PartState;
import io.millrace.schemas.Reason;
import io.millrace.schemas.Together;
import java.util.ArrayList;
import java.util.List;

/** Tells tenants what no market can: what became of requests in parts, and that what they spoke of is forgotten. */
final class IntakeAnswers {
    private static final String SOURCE = "/millrace/intake";

    private final Outlet outlet;
    private final DecisionSink sink;

    IntakeAnswers(Outlet outlet, String sink, BrokerMeters meters) {
        this.outlet = outlet;
        this.sink = new DecisionSink(outlet, sink, meters);
    }

    /** The answer to the record that brought it about, whose time it bears. */
    void decided(String id, Together together) {
        put(decision(id, together), together.getSubmittedAtMillis());
    }

    /** The answer again, to a record of this time. */
    void repeat(String id, Together together, long timestamp) {
        AllocationDecision decision = decision(id, together);
        decision.setRepeated(true);
        put(decision, timestamp);
    }

    /** What was asked contradicts itself. */
    void invalid(String id, String account, String problem, long now, long timestamp) {
        put(empty(id, account, Outcome.REFUSED, Reason.INVALID, problem, now), timestamp);
    }

    /** What was said of it could not be followed. */
    void refusedCommand(String id, String account, Reason reason, String detail, long now, long timestamp) {
        put(empty(id, account, Outcome.COMMAND_REFUSED, reason, detail, now), timestamp);
    }

    private void put(AllocationDecision decision, long timestamp) {
        long decidedAtMillis = decision.getDecidedAtMillis();
        sink.put(decision.getRequestId(), decision, SOURCE, decidedAtMillis, timestamp);
    }

    private AllocationDecision empty(
            String id, String account, Outcome outcome, Reason reason, String detail, long now) {
        return decision(outlet.position(), id, account, now, outcome, reason, words(detail));
    }

    private static Explanation words(String summary) {
        return ExplanationCodec.write(io.millrace.broker.market.Explanation.of(summary));
    }

    private static AllocationDecision decision(
            String decisionId,
            String id,
            String account,
            long decidedAtMillis,
            Outcome outcome,
            Reason reason,
            Explanation explanation) {
        return DecisionSink.ofNothing(decisionId, id, account, "", 0, decidedAtMillis, outcome, reason, explanation);
    }

    private static AllocationDecision decision(String id, Together together) {
        boolean granted = switch (together.getPhase()) {
            case CONFIRMED, RELEASED -> true;
            case UNKNOWN, HOLDING, ABANDONED, CANCELLED -> false;
        };
        Outcome outcome = switch (together.getPhase()) {
            case CONFIRMED -> TogetherCodec.isOver(together) ? Outcome.EXPIRED : Outcome.ALLOCATED;
            case ABANDONED -> Outcome.REFUSED;
            case CANCELLED -> Outcome.CANCELLED;
            case RELEASED -> Outcome.RELEASED;
            case UNKNOWN, HOLDING -> Outcome.UNKNOWN;
        };
        Reason reason = Reason.NONE;
        String summary = granted ? "all " + together.getParts().size() + " parts were kept, and begun" : "";
        if (outcome == Outcome.REFUSED) {
            Abandoned why = TogetherCodec.whyAbandoned(together);
            reason = ExplanationCodec.reason(why.reason());
            summary = why.words(id, together.getParts().size());
        }
        AllocationDecision decision = decision(
                together.getDecisionId(),
                id,
                together.getAccountId(),
                together.getDecidedAtMillis(),
                outcome,
                reason,
                words(summary));
        List<PartDecision> parts = new ArrayList<>();
        List<Grant> grants = new ArrayList<>();
        long price = 0;
        for (int i = 0; i < together.getParts().size(); i++) {
            PartState part = together.getParts().get(i);
            List<Grant> of = granted ? part.getGrants() : List.of();
            grants.addAll(of);
            for (Grant grant : of) {
                price += grant.getPriceMicroCnyPerHour();
            }
            parts.add(new PartDecision(
                    PartId.of(id, i + 1),
                    TogetherCodec.market(part),
                    part.getPhase() == PartPhase.FAILED
                            ? ExplanationCodec.reason(Abandoned.closest(TogetherCodec.answers(part)))
                            : Reason.NONE,
                    of,
                    part.getDeflections(),
                    part.getScores(),
                    part.getExclusions()));
        }
        decision.setParts(parts);
        decision.setGrants(grants);
        decision.setPriceMicroCnyPerHour(price);
        decision.setAllocationNumber(granted ? 1 : 0);
        return decision;
    }
}
