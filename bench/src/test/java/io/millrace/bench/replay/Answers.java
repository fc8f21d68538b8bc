package io.millrace.bench.replay;

import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.Codecs;
import io.millrace.schemas.Grant;
import io.millrace.schemas.Outcome;
import io.millrace.schemas.Reason;
import java.util.List;
import java.util.stream.IntStream;

/** Decisions as a market writes them. */
final class Answers {
    static {
        // Avro makes default values only of classes that a connection has vouched for.
        Codecs.connect("mock://answers").close();
    }

    private Answers() {}

    static AllocationDecision allocated(String model, int devices, int milliPerDevice, long cpuMillicores) {
        Grant grant = Grant.newBuilder()
                .setNodeId("replay/n")
                .setCentreId("replay")
                .setModel(model)
                .setReplicas(1)
                .setDeviceIndexes(IntStream.range(0, devices).boxed().toList())
                .setMilliPerDevice(milliPerDevice)
                .setCpuMillicores(cpuMillicores)
                .setMemoryMib(0)
                .setPriceMicroCnyPerHour(0)
                .build();
        return decision(Outcome.ALLOCATED, Reason.NONE, List.of(grant), false);
    }

    static AllocationDecision at(long sequence, AllocationDecision decision) {
        decision.setSequence(sequence);
        return decision;
    }

    static AllocationDecision of(Outcome outcome) {
        return decision(outcome, Reason.NONE, List.of(), false);
    }

    static AllocationDecision refused(Reason reason) {
        return decision(Outcome.REFUSED, reason, List.of(), false);
    }

    static AllocationDecision repeated() {
        return decision(Outcome.ALLOCATED, Reason.NONE, List.of(), true);
    }

    private static AllocationDecision decision(Outcome outcome, Reason reason, List<Grant> grants, boolean repeated) {
        return AllocationDecision.newBuilder()
                .setDecisionId("guizhou-1")
                .setRequestId("r")
                .setAccountId("replay")
                .setMarketId("guizhou")
                .setSequence(1)
                .setDecidedAtMillis(0)
                .setOutcome(outcome)
                .setReason(reason)
                .setGrants(grants)
                .setRepeated(repeated)
                .build();
    }
}
