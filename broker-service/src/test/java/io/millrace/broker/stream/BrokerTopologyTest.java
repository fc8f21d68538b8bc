package io.millrace.broker.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.runtime.DeadLetter;
import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.BillingEntry;
import io.millrace.schemas.CancelCommand;
import io.millrace.schemas.ComputeRequest;
import io.millrace.schemas.ComputeSpec;
import io.millrace.schemas.Deflection;
import io.millrace.schemas.ExtendCommand;
import io.millrace.schemas.MarketCapacity;
import io.millrace.schemas.MarketCommand;
import io.millrace.schemas.MarketEvent;
import io.millrace.schemas.NodeStatus;
import io.millrace.schemas.Outcome;
import io.millrace.schemas.Reason;
import io.millrace.schemas.RejectReason;
import io.millrace.schemas.RejectedRecord;
import io.millrace.schemas.ReleaseCommand;
import io.millrace.schemas.Submit;
import io.millrace.schemas.SubmitCommand;
import io.millrace.schemas.TickCommand;
import io.millrace.schemas.Topics;
import io.millrace.schemas.UsageRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BrokerTopologyTest {
    private final BrokerDriver broker = new BrokerDriver("broker-topology", "guizhou", "gansu");

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void aRequestIsGrantedMeteredAndBilled() {
        broker.node("guizhou", "n1", 8);
        broker.letMarketsSpeak();

        ComputeSpec spec = BrokerDriver.spec(2);
        spec.setStorageGib(500);
        spec.setStorageMibPerSecond(200);
        broker.submit("r1", spec);

        TestRecord<String, AllocationDecision> record =
                broker.readRecords(Topics.ALLOCATION_DECISIONS).getFirst();
        AllocationDecision decision = record.value();
        assertThat(record.key()).isEqualTo("r1");
        assertThat(decision.getOutcome()).isEqualTo(Outcome.ALLOCATED);
        assertThat(decision.getGrants().getFirst().getNodeId()).isEqualTo("centre-guizhou/n1");
        assertThat(decision.getGrants().getFirst().getDeviceIndexes()).containsExactly(0, 1);
        assertThat(decision.getPriceMicroCnyPerHour()).isEqualTo(2 * 36_000_000 + 500 * 100);
        assertThat(decision.getScores()).hasSize(1);
        assertThat(new String(record.headers().lastHeader("ce_id").value(), UTF_8))
                .isEqualTo(decision.getDecisionId())
                .isEqualTo("guizhou-" + decision.getSequence());

        // From a little after 10:30: half an hour to the full hour, then a quarter.
        broker.advance(Duration.ofMinutes(30));
        assertThat(broker.read(Topics.USAGE_RECORDS)).singleElement().satisfies(usage -> {
            assertThat(usage.getToMillis()).isEqualTo(BrokerDriver.START_MILLIS + 1800_000);
            assertThat(usage.getLast()).isFalse();
        });
        broker.advance(Duration.ofMinutes(15));
        broker.release("r1");

        assertThat(broker.decisions()).containsExactly("r1 RELEASED");
        List<UsageRecord> usage = broker.read(Topics.USAGE_RECORDS);
        assertThat(usage).singleElement().satisfies(last -> {
            assertThat(last.getLast()).isTrue();
            assertThat(last.getUsageId()).startsWith("guizhou/r1/1/centre-guizhou/n1/");
            assertThat(last.getMilliDevices()).isEqualTo(2_000);
            assertThat(last.getStorageGib()).isEqualTo(500);
            assertThat(last.getStorageMibPerSecond()).isEqualTo(200);
        });
        List<BillingEntry> entries = broker.read(Topics.BILLING_ENTRIES);
        assertThat(entries).hasSize(4);
        assertThat(entries.stream().mapToLong(BillingEntry::getAmountMicroCny).sum())
                .isZero();
        // 45 minutes at 72.05 CNY an hour, and not a millionth lost where the hour cut it.
        assertThat(entries.stream()
                        .filter(entry -> entry.getAccountId().equals("centre:centre-guizhou"))
                        .mapToLong(BillingEntry::getAmountMicroCny)
                        .sum())
                .isEqualTo(72_050_000L * (45 * 60) / 3600);
    }

    @Test
    void theSameRequestGetsTheSameAnswerAndAnotherPayloadIsRefused() {
        broker.node("guizhou", "n1", 8);
        broker.letMarketsSpeak();
        broker.submit("r1", BrokerDriver.spec(1));
        AllocationDecision first = broker.read(Topics.ALLOCATION_DECISIONS).getFirst();

        broker.submit("r1", BrokerDriver.spec(1));
        AllocationDecision again = broker.read(Topics.ALLOCATION_DECISIONS).getFirst();
        assertThat(again.getRepeated()).isTrue();
        assertThat(again.getDecisionId()).isEqualTo(first.getDecisionId());
        assertThat(again.getGrants()).isEqualTo(first.getGrants());

        broker.submit("r1", BrokerDriver.spec(2));
        assertThat(broker.decisions()).containsExactly("r1 COMMAND_REFUSED ID_CONFLICT");
    }

    @Test
    void aRequestGoesFromMarketToMarketAndIsRefusedWithTheReasonsOfAll() {
        broker.node("guizhou", "n1", 2);
        broker.node("gansu", "n1", 4);
        broker.letMarketsSpeak();

        broker.submit("big", BrokerDriver.spec(8));

        AllocationDecision refused = broker.read(Topics.ALLOCATION_DECISIONS).getFirst();
        assertThat(refused.getOutcome()).isEqualTo(Outcome.REFUSED);
        assertThat(refused.getReason()).isEqualTo(Reason.NEVER_FITS);
        assertThat(refused.getDeflections().stream().map(Deflection::getMarketId))
                .containsExactlyInAnyOrder("guizhou", "gansu");
        assertThat(refused.getDeflections().stream()
                        .map(deflection -> deflection.getExplanation().getWouldFit()))
                .containsExactlyInAnyOrder("now: at most 2 devices per replica", "now: at most 4 devices per replica");
        // Whichever market spoke last, what is told first is the smallest change that would do in any.
        assertThat(refused.getExplanation().getWouldFit()).isEqualTo("now: at most 4 devices per replica");
    }

    /** Fills both markets, with a and b; c waits in one of them and was deflected by the other. */
    private void fillBothMarkets() {
        broker.node("guizhou", "n1", 8);
        broker.node("gansu", "n1", 8);
        broker.letMarketsSpeak();
        // Both summaries now say 8 free; the second and third request find that out one after the other.
        broker.submit("a", BrokerDriver.spec(8));
        broker.submit("b", BrokerDriver.spec(8));
        broker.submit("c", waiting(8));
    }

    @Test
    void aFullMarketDeflectsToOneWithRoom() {
        fillBothMarkets();
        assertThat(broker.decisions()).containsExactly("a ALLOCATED", "b ALLOCATED", "c QUEUED NO_CAPACITY");
        broker.release("a");
        broker.release("b");
        assertThat(broker.decisions()).containsOnlyOnce("a RELEASED", "b RELEASED", "c ALLOCATED");
    }

    /** They were sent to the first market before intake heard that it had deflected the request. */
    @Test
    void whatIsSaidMeanwhileFollowsARequestToTheNextMarket() {
        fillBothMarkets();
        String waitsIn = broker.read(Topics.ALLOCATION_DECISIONS).getLast().getMarketId();
        String other = waitsIn.equals("gansu") ? "guizhou" : "gansu";

        long later = BrokerDriver.START_MILLIS + Duration.ofHours(3).toMillis();
        broker.command(other, new ExtendCommand("c", "acme", later));
        broker.release("a");
        broker.release("b");
        assertThat(broker.decisions())
                .startsWith("c COMMAND_REFUSED NOT_ALLOCATED")
                .contains("c ALLOCATED");

        broker.command(other, new ExtendCommand("c", "acme", later));
        broker.command(other, new ReleaseCommand("c", "acme"));
        broker.command(other, new CancelCommand("c", "acme"));
        broker.command(other, new CancelCommand("c", "somebody-else"));
        assertThat(broker.decisions())
                .containsExactly(
                        "c EXTENDED",
                        "c RELEASED",
                        "c COMMAND_REFUSED ALREADY_ENDED",
                        "c COMMAND_REFUSED UNKNOWN_REQUEST");
    }

    /** Where it went is forgotten, and the market that deflected it is the last that knows it. */
    @Test
    void whatIsSaidOfARequestThatIsForgottenElsewhereIsAnswered() {
        broker.node("guizhou", "n1", 1);
        broker.command(
                "guizhou",
                new SubmitCommand("r", "acme", BrokerDriver.spec(8), 0, false, List.of(), List.of(), List.of(), null));
        broker.command("guizhou", new ReleaseCommand("r", "acme"));
        broker.command("guizhou", new CancelCommand("r", "acme"));
        assertThat(broker.decisions())
                .containsExactly("r COMMAND_REFUSED UNKNOWN_REQUEST", "r COMMAND_REFUSED UNKNOWN_REQUEST");
    }

    @Test
    void aCancelFindsTheRequestWhereverItIs() {
        broker.node("guizhou", "n1", 2);
        broker.letMarketsSpeak();
        broker.submit("runs", BrokerDriver.spec(2));
        broker.submit("waits", waiting(2));
        broker.decisions();

        broker.cancel("waits", "somebody-else");
        broker.cancel("waits", "acme");
        broker.cancel("runs", "acme");
        broker.cancel("runs", "acme");
        broker.cancel("never-seen", "acme");

        assertThat(broker.decisions())
                .containsExactly(
                        "waits COMMAND_REFUSED UNKNOWN_REQUEST",
                        "waits CANCELLED",
                        "runs RELEASED",
                        "runs COMMAND_REFUSED ALREADY_ENDED",
                        "never-seen COMMAND_REFUSED UNKNOWN_REQUEST");
    }

    @Test
    void aLostNodeIsReplaced() {
        broker.node("guizhou", "n1", 2);
        broker.node("guizhou", "n2", 4);
        broker.letMarketsSpeak();
        broker.submit("r1", BrokerDriver.spec(2));
        assertThat(broker.decisions()).containsExactly("r1 ALLOCATED");

        broker.node("guizhou", "n1", NodeStatus.LOST, BrokerDriver.milli(0, 0));

        List<AllocationDecision> decisions = broker.read(Topics.ALLOCATION_DECISIONS);
        assertThat(decisions.stream().map(AllocationDecision::getOutcome))
                .containsExactly(Outcome.REVOKED, Outcome.QUEUED, Outcome.ALLOCATED);
        assertThat(decisions.getLast().getGrants().getFirst().getNodeId()).isEqualTo("centre-guizhou/n2");
        assertThat(decisions.getLast().getAllocationNumber()).isEqualTo(2);
    }

    @Test
    void theClockComesInByTheLogAndEndsTerms() {
        broker.node("guizhou", "n1", 2);
        broker.letMarketsSpeak();
        broker.submit("r1", BrokerDriver.spec(2));
        broker.submit("waits", waiting(2));
        broker.decisions();

        broker.extend("r1", BrokerDriver.START_MILLIS + 5_000_000);
        broker.advance(Duration.ofMinutes(62));
        assertThat(broker.decisions()).containsExactly("r1 EXTENDED", "waits REFUSED WAIT_EXPIRED");
        broker.advance(Duration.ofMinutes(25));
        assertThat(broker.decisions()).containsExactly("r1 EXPIRED");
    }

    @Test
    void whatCannotBeReadIsPutAsideAndTheStreamGoesOn() {
        broker.node("guizhou", "n1", 2);
        broker.letMarketsSpeak();
        byte[] key = "r1".getBytes(UTF_8);

        broker.raw(Topics.COMPUTE_REQUESTS, key, "{\"json\":true}".getBytes(UTF_8));
        broker.raw(Topics.COMPUTE_REQUESTS, key, new byte[] {0, 0, 0, 99, 99, 1, 2});
        broker.raw(Topics.COMPUTE_REQUESTS, null, null);
        broker.pipe(
                Topics.COMPUTE_REQUESTS,
                "another-key",
                new ComputeRequest(
                        "r1", "acme", BrokerDriver.START_MILLIS, new Submit(BrokerDriver.spec(1), List.of())));
        broker.submit("r1", BrokerDriver.spec(1));

        List<RejectedRecord> rejected = broker.read(Topics.COMPUTE_REJECTED);
        assertThat(rejected.stream().map(RejectedRecord::getReason))
                .containsExactly(
                        RejectReason.MALFORMED,
                        RejectReason.UNKNOWN_SCHEMA,
                        RejectReason.NO_VALUE,
                        RejectReason.KEY_MISMATCH);
        assertThat(rejected.getFirst().getValue()).isEqualTo(ByteBuffer.wrap("{\"json\":true}".getBytes(UTF_8)));
        assertThat(broker.decisions()).containsExactly("r1 ALLOCATED");
    }

    @Test
    void aRefusalSaysInASentenceWhyAndWhatWouldFit() {
        broker.node("guizhou", "n1", 2);
        broker.node("gansu", "n1", 1);
        broker.letMarketsSpeak();

        broker.submit("r1", BrokerDriver.spec(4));

        AllocationDecision decision = broker.read(Topics.ALLOCATION_DECISIONS).getFirst();
        assertThat(decision.getReason()).isEqualTo(Reason.NEVER_FITS);
        assertThat(decision.getExplanation().getSummary())
                .isEqualTo(
                        "would not fit on the market's 1 node even if nothing else ran there; what would fit: now: at most 2 devices per replica");
        assertThat(decision.getDeflections())
                .isNotEmpty()
                .allSatisfy(
                        deflection -> assertThat(deflection.getExplanation().getSummary())
                                .startsWith(
                                        "would not fit on the market's 1 node even if nothing else ran there; what would fit: "));
        // The log keeps the data; words may change.
        assertThat(broker.read(Topics.MARKET_EVENTS))
                .noneMatch(event -> event.toString().contains("would not fit"));
    }

    @Test
    void rejectionsAreCountedFromTheStart() {
        for (RejectReason reason : RejectReason.values()) {
            assertThat(rejections(reason)).as("%s", reason).isZero();
        }
        broker.raw(Topics.COMPUTE_REQUESTS, null, null);
        assertThat(rejections(RejectReason.NO_VALUE)).isEqualTo(1);
    }

    private double rejections(RejectReason reason) {
        return broker.meters
                .get("millrace.records.rejected")
                .tag("reason", reason.name())
                .counter()
                .count();
    }

    /** Markets answer intake in the partition of the request's id: who is not there would never hear of a deflection. */
    @Test
    void aRequestInAnotherPartitionThanThatOfItsIdIsPutAside() {
        try (BrokerDriver four = new BrokerDriver(4, "wrong-partition", "guizhou")) {
            four.node("guizhou", "n1", 2);
            four.letMarketsSpeak();
            // By murmur2 of 4 partitions r1 belongs to the first, where everything is piped in here; r3 does not.
            four.submit("r3", BrokerDriver.spec(1));
            four.submit("r1", BrokerDriver.spec(1));

            List<RejectedRecord> rejected = four.read(Topics.COMPUTE_REJECTED);
            assertThat(rejected).hasSize(1);
            assertThat(rejected.getFirst().getReason()).isEqualTo(RejectReason.WRONG_PARTITION);
            assertThat(rejected.getFirst().getDetail())
                    .contains("is in partition 0", "of 4 by murmur2", "partitioner=murmur2_random");
            assertThat(rejected.getFirst().getKey()).isEqualTo(ByteBuffer.wrap("r3".getBytes(UTF_8)));
            assertThat(four.decisions()).containsExactly("r1 ALLOCATED");
            assertThat(four.routes()).containsExactly("r1");
        }
    }

    /** A market has one writer: what would open it a second time, or one that nobody configured, is put aside. */
    @Test
    void aCommandThatIsNotInThePlaceOfItsMarketIsPutAside() {
        try (BrokerDriver four = new BrokerDriver(4, "forged-commands", "guizhou", "gansu")) {
            MarketCommand forged = new MarketCommand("forged@1", "gansu", BrokerDriver.START_MILLIS, new TickCommand());
            // By murmur2 of 4 partitions guizhou belongs to the first, where everything is piped in here; gansu does
            // not.
            four.command("gansu", new TickCommand());
            four.command("atlantis", new TickCommand());
            four.pipe(Topics.MARKET_COMMANDS, "guizhou", forged);
            four.raw(Topics.MARKET_COMMANDS, null, four.bytes(Topics.MARKET_COMMANDS, forged));
            four.node("guizhou", "n1", 2);
            four.letMarketsSpeak();

            List<RejectedRecord> rejected = four.read(Topics.COMPUTE_REJECTED);
            assertThat(rejected.stream().map(RejectedRecord::getReason))
                    .containsExactly(
                            RejectReason.WRONG_PARTITION,
                            RejectReason.INVALID_ID,
                            RejectReason.KEY_MISMATCH,
                            RejectReason.KEY_MISMATCH);
            assertThat(rejected.get(1).getDetail())
                    .isEqualTo("marketId is not one of guizhou, gansu, which markets names");
            assertThat(rejected.get(2).getValue())
                    .isEqualTo(ByteBuffer.wrap(four.bytes(Topics.MARKET_COMMANDS, forged)));
            assertThat(four.read(Topics.MARKET_CAPACITY))
                    .extracting(MarketCapacity::getMarketId)
                    .containsOnly("guizhou");
            assertThat(four.read(Topics.MARKET_EVENTS))
                    .isNotEmpty()
                    .extracting(MarketEvent::getMarketId)
                    .containsOnly("guizhou");
        }
    }

    @Test
    void whatIsTooLargeForADeadLetterIsCutAndTheStreamGoesOn() {
        broker.raw(Topics.COMPUTE_REQUESTS, "r1".getBytes(UTF_8), Arrays.copyOf(new byte[] {7}, 5 << 20));

        RejectedRecord letter = broker.read(Topics.COMPUTE_REJECTED).getFirst();
        assertThat(letter.getValue().remaining()).isEqualTo(DeadLetter.MAX_KEPT_BYTES);
        assertThat(letter.getDetail()).contains("of the 5242880 bytes of the value the first 524288 are kept");
    }

    @Test
    void anAbsurdRequestIsRefusedWithTheFieldNamed() {
        broker.node("guizhou", "n1", 2);
        broker.letMarketsSpeak();
        ComputeSpec spec = BrokerDriver.spec(1);
        spec.setDevices(-3);

        broker.submit("r1", spec);

        AllocationDecision decision = broker.read(Topics.ALLOCATION_DECISIONS).getFirst();
        assertThat(decision.getReason()).isEqualTo(Reason.INVALID);
        assertThat(decision.getExplanation().getSummary()).isEqualTo("devices is -3, must be 0 to 1024");
    }

    @Test
    void theEventsOfAMarketAreCountedWithoutGaps() {
        broker.node("guizhou", "n1", 2);
        broker.letMarketsSpeak();
        broker.submit("r1", BrokerDriver.spec(1));
        broker.release("r1");

        assertThat(broker.read(Topics.MARKET_EVENTS).stream().map(MarketEvent::getSequence))
                .containsExactly(1L, 2L, 3L);
    }

    @Test
    void whatAMarketForgetsIntakeForgets() {
        broker.node("guizhou", "n1", 2);
        broker.letMarketsSpeak();
        broker.submit("r1", BrokerDriver.spec(1));
        broker.release("r1");
        assertThat(broker.routes()).containsExactly("r1");

        broker.advance(Duration.ofDays(1).plusMinutes(2));

        assertThat(broker.routes()).isEmpty();
        broker.submit("r1", BrokerDriver.spec(2));
        assertThat(broker.decisions()).containsExactly("r1 ALLOCATED", "r1 RELEASED", "r1 ALLOCATED");
    }

    private static ComputeSpec waiting(int devices) {
        ComputeSpec spec = BrokerDriver.spec(devices);
        spec.setMaxWaitSeconds(3_600);
        return spec;
    }
}
