package io.millrace.broker.api;

import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.Outcome;
import io.millrace.schemas.Reason;
import java.util.List;

/** Decisions for tests. */
final class Decisions {
    private Decisions() {}

    static AllocationDecision of(String requestId, Outcome outcome) {
        return new AllocationDecision(
                "guizhou-7",
                requestId,
                "acme",
                "guizhou",
                7L,
                1_000L,
                outcome,
                Reason.NONE,
                List.of(),
                0,
                null,
                null,
                null,
                0L,
                null,
                List.of(),
                List.of(),
                false,
                List.of(),
                List.of());
    }

    static AllocationDecision repeated(String requestId, Outcome outcome) {
        AllocationDecision decision = of(requestId, outcome);
        decision.setRepeated(true);
        return decision;
    }

    static AllocationDecision refusedCommand(String requestId, Reason reason) {
        AllocationDecision decision = of(requestId, Outcome.COMMAND_REFUSED);
        decision.setReason(reason);
        return decision;
    }
}
