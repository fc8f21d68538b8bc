package io.millrace.broker.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.Alternative;
import io.millrace.schemas.ComputeNeed;
import io.millrace.schemas.ComputeSpec;
import io.millrace.schemas.Grant;
import io.millrace.schemas.MarketCommand;
import io.millrace.schemas.Outcome;
import io.millrace.schemas.Precision;
import io.millrace.schemas.QuantumNeed;
import io.millrace.schemas.Reason;
import io.millrace.schemas.ScoreTermKind;
import io.millrace.schemas.SubmitCommand;
import io.millrace.schemas.Topics;
import io.millrace.schemas.Workload;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests by need, from a tenant's record to the decision, with the built-in catalogue. */
class NeedTest {
    private final BrokerDriver broker = new BrokerDriver("need", "guizhou", "gansu");

    @AfterEach
    void close() {
        broker.close();
    }

    private static ComputeSpec spec(int devices, ComputeNeed.Builder need) {
        return ComputeSpec.newBuilder()
                .setDevices(devices)
                .setDurationSeconds(3_600)
                .setNeed(need.build())
                .build();
    }

    private AllocationDecision decision() {
        return broker.read(Topics.ALLOCATION_DECISIONS).getFirst();
    }

    private List<Alternative> recorded() {
        for (MarketCommand command : broker.read(Topics.MARKET_COMMANDS)) {
            if (command.getBody() instanceof SubmitCommand submit) {
                return submit.getSpec().getAlternatives();
            }
        }
        throw new AssertionError("no submit was sent to a market");
    }

    @Test
    void throughputInTotalTakesAsManyReplicasAsTheModelNeeds() {
        broker.nodeOf("A100-80G", "guizhou", "n1", 8);
        broker.nodeOf("A100-80G", "guizhou", "n2", 8);
        broker.letMarketsSpeak();

        // 4 PFLOPS at BF16: 12.8 devices of 312 TFLOPS, so two replicas of eight.
        broker.submit(
                "r1",
                spec(8, ComputeNeed.newBuilder().setPrecision(Precision.BF16).setGigaOpsInTotal(4_000_000)));

        assertThat(recorded()).anySatisfy(alternative -> {
            assertThat(alternative.getModels()).contains("A100-80G");
            assertThat(alternative.getReplicas()).isEqualTo(2);
        });
        AllocationDecision decision = decision();
        assertThat(decision.getOutcome()).isEqualTo(Outcome.ALLOCATED);
        assertThat(decision.getGrants()).extracting(Grant::getReplicas).containsExactly(1, 1);
        assertThat(decision.getPriceMicroCnyPerHour()).as("of what was granted").isEqualTo(16 * 36_000_000L);
        assertThat(decision.getExplanation().getSummary())
                .isEqualTo("the fewest devices come first: 2 replicas give the throughput asked");
    }

    @Test
    void inferenceGoesToTheOlderDeviceInWhicheverMarketItStands() {
        broker.nodeOf("H800", "guizhou", "n1", 8);
        broker.nodeOf("T4", "gansu", "n2", 8);
        broker.letMarketsSpeak();

        broker.submit(
                "r1",
                spec(1, ComputeNeed.newBuilder().setPrecision(Precision.INT8).setWorkload(Workload.INFERENCE)));

        AllocationDecision decision = decision();
        assertThat(decision.getGrants()).extracting(Grant::getModel).containsExactly("T4");
        assertThat(decision.getMarketId()).isEqualTo("gansu");
        assertThat(decision.getExplanation().getSummary())
                .isEqualTo("for inference older devices come first: released in 2018");
        assertThat(decision.getScores().getFirst().getTerms())
                .noneSatisfy(term -> assertThat(term.getTerm()).isEqualTo(ScoreTermKind.ALTERNATIVE));
        assertThat(decision.getScores().get(1).getTerms())
                .anySatisfy(term -> assertThat(term.getTerm()).isEqualTo(ScoreTermKind.ALTERNATIVE));
    }

    @Test
    void doublePrecisionIsNotServedByWhatDoesNotHaveIt() {
        broker.nodeOf("910B", "guizhou", "n1", 8);
        broker.letMarketsSpeak();
        broker.submit("r1", spec(1, ComputeNeed.newBuilder().setPrecision(Precision.FP64)));
        assertThat(broker.decisions()).containsExactly("r1 REFUSED NO_SUCH_MODEL");

        broker.nodeOf("K100", "guizhou", "n2", 8);
        broker.letMarketsSpeak();
        broker.submit("r2", spec(1, ComputeNeed.newBuilder().setPrecision(Precision.FP64)));
        assertThat(decision().getGrants()).extracting(Grant::getModel).containsExactly("K100");
    }

    @Test
    void whatNoDeviceOfTheCatalogueCanDoIsRefusedWithThatReason() {
        broker.nodeOf("A100-80G", "guizhou", "n1", 8);
        broker.letMarketsSpeak();
        broker.submit("r1", spec(1, ComputeNeed.newBuilder().setDeviceMemoryGib(10_000)));
        AllocationDecision decision = decision();
        assertThat(decision.getReason()).isEqualTo(Reason.NO_SUCH_MODEL);
        assertThat(decision.getExplanation().getSummary())
                .isEqualTo("no device model of the catalogue does what is needed");
    }

    @Test
    void whatNoDeviceReachesWithAllReplicasThereMayBeIsSaidSo() {
        broker.nodeOf("A100-80G", "guizhou", "n1", 8);
        broker.letMarketsSpeak();
        broker.submit(
                "r1",
                spec(
                        1,
                        ComputeNeed.newBuilder()
                                .setPrecision(Precision.BF16)
                                .setGigaOpsInTotal(1_000_000_000_000_000L)));
        assertThat(decision().getExplanation().getSummary())
                .isEqualTo("no device model of the catalogue does what is needed with 10000 replicas or fewer");
    }

    @Test
    void theSameNeedAgainGetsTheSameAnswer() {
        broker.nodeOf("A100-80G", "guizhou", "n1", 8);
        broker.letMarketsSpeak();
        ComputeNeed.Builder need = ComputeNeed.newBuilder().setPrecision(Precision.BF16);
        broker.submit("r1", spec(1, need));
        broker.submit("r1", spec(1, need));
        broker.submit("r1", spec(1, ComputeNeed.newBuilder().setPrecision(Precision.TF32)));
        assertThat(broker.decisions())
                .containsExactly("r1 ALLOCATED", "r1 ALLOCATED repeated", "r1 COMMAND_REFUSED ID_CONFLICT");
    }

    @Test
    void aNeedThatContradictsItselfIsRefusedInWords() {
        broker.submit("r1", spec(1, ComputeNeed.newBuilder().setGigaOpsPerDevice(5)));
        AllocationDecision decision = decision();
        assertThat(decision.getReason()).isEqualTo(Reason.INVALID);
        assertThat(decision.getExplanation().getSummary()).isEqualTo("need asks for throughput and names no precision");
    }

    /** Whoever writes to the topic is not checked by the API. */
    @Test
    void aJobOfShotsThatNobodyCanReckonWithIsRefusedInWords() {
        ComputeSpec.Builder job = ComputeSpec.newBuilder().setDevices(1);
        broker.submit(
                "r1",
                job.setDurationSeconds(0)
                        .setQuantum(new QuantumNeed(5, 0, 1_000L))
                        .build());
        AllocationDecision decision = decision();
        assertThat(decision.getReason()).isEqualTo(Reason.INVALID);
        assertThat(decision.getExplanation().getSummary()).startsWith("durationSeconds is 0");
    }

    @Test
    void theNeedsOfPartsAreResolvedEachForItself() {
        broker.nodeOf("H800", "guizhou", "n1", 8);
        broker.nodeOf("T4", "gansu", "n2", 8);
        broker.letMarketsSpeak();
        ComputeSpec training = spec(8, ComputeNeed.newBuilder().setPrecision(Precision.FP8));
        ComputeSpec inference =
                spec(1, ComputeNeed.newBuilder().setPrecision(Precision.INT8).setWorkload(Workload.INFERENCE));
        broker.submitTogether("r1", training, inference);
        assertThat(decision().getGrants()).extracting(Grant::getModel).containsExactly("H800", "T4");

        broker.submitTogether("r1", training, inference);
        broker.submitTogether("r1", inference, training);
        assertThat(broker.decisions()).containsExactly("r1 ALLOCATED repeated", "r1 COMMAND_REFUSED ID_CONFLICT");
    }
}
