package io.millrace.broker.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.ComputeRequest;
import io.millrace.schemas.ComputeSpec;
import io.millrace.schemas.Grant;
import io.millrace.schemas.NodeStatus;
import io.millrace.schemas.Outcome;
import io.millrace.schemas.PartDecision;
import io.millrace.schemas.Reason;
import io.millrace.schemas.RejectReason;
import io.millrace.schemas.RejectedRecord;
import io.millrace.schemas.Release;
import io.millrace.schemas.Topics;
import io.millrace.schemas.UsageRecord;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests in parts, from the log to the decisions. */
class TogetherTopologyTest {
    private final BrokerDriver broker = new BrokerDriver("together-topology", "guizhou", "gansu");

    @BeforeEach
    void supply() {
        broker.node("guizhou", "n1", 8);
        broker.node("gansu", "n1", 8);
        broker.letMarketsSpeak();
    }

    @AfterEach
    void close() {
        broker.close();
    }

    private static ComputeSpec in(String hub, int devices) {
        ComputeSpec spec = BrokerDriver.spec(devices);
        spec.setHubs(List.of(hub));
        return spec;
    }

    @Test
    void allPartsAreGrantedAndMeteredEach() {
        broker.submitTogether("r1", in("guizhou", 8), in("gansu", 4));

        List<TestRecord<String, AllocationDecision>> records = broker.readRecords(Topics.ALLOCATION_DECISIONS);
        assertThat(records).extracting(TestRecord::key).containsOnly("r1");
        AllocationDecision whole = records.getFirst().value();
        assertThat(whole.getRequestId()).isEqualTo("r1");
        assertThat(whole.getOutcome()).isEqualTo(Outcome.ALLOCATED);
        assertThat(whole.getParts()).extracting(PartDecision::getPartId).containsExactly("r1~1", "r1~2");
        assertThat(whole.getParts()).extracting(PartDecision::getMarketId).containsExactly("guizhou", "gansu");
        assertThat(whole.getGrants())
                .extracting(Grant::getNodeId)
                .containsExactly("centre-guizhou/n1", "centre-gansu/n1");
        assertThat(whole.getPriceMicroCnyPerHour()).isEqualTo(12 * 36_000_000L);
        assertThat(whole.getParts().getFirst().getScores()).isNotEmpty();
        assertThat(records.stream()
                        .skip(1)
                        .map(record -> record.value().getRequestId() + " "
                                + record.value().getOutcome()))
                .containsExactlyInAnyOrder("r1~1 ALLOCATED", "r1~2 ALLOCATED");

        broker.advance(Duration.ofMinutes(30));
        assertThat(broker.read(Topics.USAGE_RECORDS))
                .extracting(UsageRecord::getRequestId)
                .containsExactlyInAnyOrder("r1~1", "r1~2");
        broker.release("r1");
        assertThat(broker.decisions()).containsExactlyInAnyOrder("r1 RELEASED", "r1~1 RELEASED", "r1~2 RELEASED");
        assertThat(broker.read(Topics.USAGE_RECORDS)).hasSize(2).allMatch(UsageRecord::getLast);
        broker.release("r1");
        assertThat(broker.decisions()).containsExactly("r1 COMMAND_REFUSED ALREADY_ENDED");
    }

    @Test
    void ifOnePartDoesNotFitNothingIsGrantedOrMetered() {
        broker.submit("blocks", in("gansu", 6));
        broker.decisions();
        broker.submitTogether("r1", in("guizhou", 8), in("gansu", 4));

        List<AllocationDecision> decisions = broker.read(Topics.ALLOCATION_DECISIONS);
        assertThat(decisions).hasSize(1);
        AllocationDecision whole = decisions.getFirst();
        assertThat(whole.getOutcome()).isEqualTo(Outcome.REFUSED);
        assertThat(whole.getReason()).isEqualTo(Reason.NO_CAPACITY);
        assertThat(whole.getGrants()).isEmpty();
        assertThat(whole.getExplanation().getSummary())
                .isEqualTo("part r1~2 could not be kept, so none of the 2 parts is granted");
        assertThat(whole.getParts().getLast().getDeflections()).singleElement().satisfies(deflection -> {
            assertThat(deflection.getMarketId()).isEqualTo("gansu");
            assertThat(deflection.getReason()).isEqualTo(Reason.NO_CAPACITY);
        });

        broker.submit("next", in("guizhou", 8));
        assertThat(broker.decisions()).containsExactly("next ALLOCATED");
        broker.advance(Duration.ofMinutes(30));
        assertThat(broker.read(Topics.USAGE_RECORDS))
                .extracting(UsageRecord::getRequestId)
                .containsExactlyInAnyOrder("blocks", "next");
    }

    @Test
    void aPartGoesFromMarketToMarket() {
        broker.submit("blocks", in("gansu", 6));
        broker.decisions();
        // Whichever market comes first for a part, only one of the two has room for it.
        broker.submitTogether("r1", BrokerDriver.spec(8), in("gansu", 2));
        assertThat(broker.decisions()).contains("r1 ALLOCATED", "r1~1 ALLOCATED", "r1~2 ALLOCATED");
    }

    @Test
    void theSameAgainGetsTheSameAnswerAndAnotherIsAConflict() {
        broker.submitTogether("r1", in("guizhou", 8), in("gansu", 4));
        AllocationDecision first = broker.read(Topics.ALLOCATION_DECISIONS).getFirst();
        broker.submitTogether("r1", in("guizhou", 8), in("gansu", 4));
        AllocationDecision again = broker.read(Topics.ALLOCATION_DECISIONS).getFirst();
        assertThat(again.getRepeated()).isTrue();
        assertThat(again.getDecisionId()).isEqualTo(first.getDecisionId());
        assertThat(again.getGrants()).isEqualTo(first.getGrants());
        broker.submitTogether("r1", in("guizhou", 8), in("gansu", 3));
        broker.submit("r1", in("guizhou", 8));
        assertThat(broker.decisions())
                .containsExactly("r1 COMMAND_REFUSED ID_CONFLICT", "r1 COMMAND_REFUSED ID_CONFLICT");
        broker.submit("plain", BrokerDriver.spec(1));
        broker.submitTogether("plain", BrokerDriver.spec(1), BrokerDriver.spec(1));
        assertThat(broker.decisions()).containsExactly("plain ALLOCATED", "plain COMMAND_REFUSED ID_CONFLICT");
    }

    @Test
    void whatContradictsItselfIsRefusedWithTheReason() {
        ComputeSpec waits = BrokerDriver.spec(1);
        waits.setMaxWaitSeconds(5);
        broker.submitTogether("a", BrokerDriver.spec(1), waits);
        broker.submitTogether("b", BrokerDriver.spec(1), BrokerDriver.spec(-1));
        broker.submitTogether(
                "c",
                BrokerDriver.spec(1),
                Collections.nCopies(16, BrokerDriver.spec(1)).toArray(ComputeSpec[]::new));
        assertThat(broker.read(Topics.ALLOCATION_DECISIONS))
                .allMatch(
                        decision -> decision.getOutcome() == Outcome.REFUSED && decision.getReason() == Reason.INVALID)
                .extracting(decision -> decision.getExplanation().getSummary())
                .containsExactly(
                        "part 2: maxWaitSeconds is 5, must be 0: nothing of a request in parts can wait",
                        "part 2: devices is -1, must be 0 to 1024",
                        "together has 16 entries, may have 15");
        assertThat(broker.routes()).isEmpty();
    }

    @Test
    void onlyItsOwnerSpeaksOfItAndItCannotBeExtended() {
        broker.submitTogether("r1", in("guizhou", 1), in("gansu", 1));
        broker.decisions();
        broker.cancel("r1", "somebody-else");
        broker.extend("r1", BrokerDriver.START_MILLIS + 9_000_000);
        assertThat(broker.decisions())
                .containsExactly("r1 COMMAND_REFUSED UNKNOWN_REQUEST", "r1 COMMAND_REFUSED INVALID");
    }

    @Test
    void aPartIsNotSpokenOfByItself() {
        broker.submitTogether("r1", in("guizhou", 1), in("gansu", 1));
        broker.decisions();
        broker.pipe(
                Topics.COMPUTE_REQUESTS,
                "r1~1",
                new ComputeRequest("r1~1", "acme", BrokerDriver.START_MILLIS, new Release("")));
        assertThat(broker.read(Topics.COMPUTE_REJECTED))
                .extracting(RejectedRecord::getReason)
                .containsExactly(RejectReason.INVALID_ID);
        assertThat(broker.decisions()).isEmpty();
    }

    @Test
    void aPartThatLosesItsNodeIsPlacedAgainUnderItsId() {
        broker.node("gansu", "n2", 8);
        broker.submitTogether("r1", in("guizhou", 1), in("gansu", 8));
        String used = broker.read(Topics.ALLOCATION_DECISIONS)
                .getFirst()
                .getGrants()
                .getLast()
                .getNodeId()
                .substring("centre-gansu/".length());
        broker.node("gansu", used, NodeStatus.LOST, Collections.nCopies(8, 0));
        assertThat(broker.decisions())
                .containsExactly("r1~2 REVOKED NODE_LOST", "r1~2 QUEUED NODE_LOST", "r1~2 ALLOCATED");
    }

    @Test
    void whatIsOverIsNotReleased() {
        broker.submitTogether("r1", in("guizhou", 1), in("gansu", 1));
        broker.decisions();
        broker.advance(Duration.ofHours(2));
        assertThat(broker.decisions()).containsExactlyInAnyOrder("r1~1 EXPIRED", "r1~2 EXPIRED");
        broker.release("r1");
        broker.submitTogether("r1", in("guizhou", 1), in("gansu", 1));
        assertThat(broker.decisions()).containsExactly("r1 COMMAND_REFUSED ALREADY_ENDED", "r1 EXPIRED repeated");
    }

    @Test
    void aPartThatWaitedIsToldThatItWaitsNoMore() {
        broker.submitTogether("r1", in("guizhou", 1), in("gansu", 8));
        broker.node("gansu", "n1", NodeStatus.LOST, Collections.nCopies(8, 0));
        assertThat(broker.decisions()).endsWith("r1~2 REVOKED NODE_LOST", "r1~2 QUEUED NODE_LOST");
        broker.release("r1");
        assertThat(broker.decisions()).containsExactlyInAnyOrder("r1 RELEASED", "r1~1 RELEASED", "r1~2 CANCELLED");
    }

    @Test
    void whatWaitsInVainForANodeIsOver() {
        broker.submitTogether("r1", in("guizhou", 1), in("gansu", 8));
        broker.node("gansu", "n1", NodeStatus.LOST, Collections.nCopies(8, 0));
        broker.advance(Duration.ofDays(1));
        broker.decisions();
        broker.release("r1");
        assertThat(broker.decisions()).containsExactly("r1 COMMAND_REFUSED ALREADY_ENDED");
    }

    @Test
    void whatAllMarketsForgotIntakeForgets() {
        broker.submitTogether("r1", in("guizhou", 1), in("gansu", 1));
        broker.release("r1");
        assertThat(broker.routes()).containsExactly("r1");
        broker.advance(Duration.ofDays(1).plusMinutes(2));
        assertThat(broker.routes()).isEmpty();
    }
}
