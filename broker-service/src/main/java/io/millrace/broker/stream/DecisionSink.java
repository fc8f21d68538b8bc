package io.millrace.broker.stream;

import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.CloudEvents;
import io.millrace.schemas.Explanation;
import io.millrace.schemas.Outcome;
import io.millrace.schemas.Reason;
import java.util.List;

/** Where a processor's decisions go out: each is counted and bears the attributes of its event. */
final class DecisionSink {
    private static final String TYPE = "io.millrace.AllocationDecision";

    private final Outlet outlet;
    private final String sink;
    private final BrokerMeters meters;

    DecisionSink(Outlet outlet, String sink, BrokerMeters meters) {
        this.outlet = outlet;
        this.sink = sink;
        this.meters = meters;
    }

    /**
     * Writes a decision.
     *
     * @param key id of the request that its tenant knows
     * @param source who decided, as a URI reference
     * @param saidAtMillis when it was decided, or said again, milliseconds since 1970-01-01T00:00:00Z
     * @param timestamp of the record
     */
    void put(String key, AllocationDecision decision, String source, long saidAtMillis, long timestamp) {
        meters.decision(decision.getOutcome(), decision.getReason());
        outlet.forward(
                key,
                decision,
                timestamp,
                sink,
                CloudEvents.headers(decision.getDecisionId(), source, TYPE, decision.getRequestId(), saidAtMillis));
    }

    /** A decision that grants nothing and lets nobody wait. */
    static AllocationDecision ofNothing(
            String decisionId,
            String requestId,
            String accountId,
            String marketId,
            long sequence,
            long decidedAtMillis,
            Outcome outcome,
            Reason reason,
            Explanation explanation) {
        return new AllocationDecision(
                decisionId,
                requestId,
                accountId,
                marketId,
                sequence,
                decidedAtMillis,
                outcome,
                reason,
                List.of(),
                0,
                null,
                null,
                null,
                0L,
                explanation,
                List.of(),
                List.of(),
                false,
                List.of(),
                List.of());
    }
}
