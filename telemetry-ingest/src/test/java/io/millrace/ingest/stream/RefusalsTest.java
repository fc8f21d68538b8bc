package io.millrace.ingest.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.Records;
import io.millrace.ingest.Rig;
import io.millrace.ingest.capacity.Refusal;
import io.millrace.schemas.AdmissionStatus;
import io.millrace.schemas.CentreReport;
import io.millrace.schemas.CentreSite;
import io.millrace.schemas.NodeReport;
import io.millrace.schemas.RejectReason;
import io.millrace.schemas.RejectedRecord;
import io.millrace.schemas.Topics;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever comes in, it ends on the table or with the dead letters, and the next record is heard. */
class RefusalsTest {
    private final Rig rig = new Rig();

    @BeforeEach
    void admit() {
        rig.profile(Records.profile());
        rig.profile(Records.profile("waits", "gansu", AdmissionStatus.APPLIED));
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private byte[] bytes(NodeReport report) {
        return rig.codecs.of(Topics.TELEMETRY_REPORTS).encode(report);
    }

    private NodeReport report() {
        return Records.report("c1/n1", 1, rig.now());
    }

    /** The one dead letter there must be. */
    private RejectedRecord letter(RejectReason reason) {
        List<Rig.Written<RejectedRecord>> rejected = rig.rejected();
        assertThat(rejected).hasSize(1);
        RejectedRecord letter = rejected.getFirst().value();
        assertThat(letter).isNotNull();
        assertThat(letter.getReason()).as(letter.getDetail()).isEqualTo(reason);
        assertThat(letter.getDetail()).isNotBlank();
        assertThat(letter.getTopic()).isEqualTo("telemetry.reports");
        assertThat(rig.counted("rejected", reason.name())).isEqualTo(1);
        return letter;
    }

    private void theStreamGoesOn() {
        rig.report(Records.report("c1/n9", 1, rig.now()));
        assertThat(rig.announced()).containsExactly("c1/n9 SELLABLE guizhou");
        assertThat(rig.rejected()).isEmpty();
    }

    private static byte @Nullable [] array(@Nullable ByteBuffer buffer) {
        if (buffer == null) {
            return null;
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    static Stream<Arguments> badBytes() {
        byte[] unknownId = {0, 0x7f, 0, 0, 1, 2, 3};
        return Stream.of(
                Arguments.of("{\"nodeId\":\"c1/n1\"}".getBytes(UTF_8), RejectReason.MALFORMED),
                Arguments.of(new byte[] {0, 0}, RejectReason.MALFORMED),
                Arguments.of(new byte[] {1, 2, 3, 4, 5, 6}, RejectReason.MALFORMED),
                Arguments.of(unknownId, RejectReason.UNKNOWN_SCHEMA),
                Arguments.of(new byte[0], RejectReason.NO_VALUE),
                Arguments.of(null, RejectReason.NO_VALUE));
    }

    @ParameterizedTest
    @MethodSource
    void badBytes(byte @Nullable [] value, RejectReason reason) {
        Headers headers =
                new RecordHeaders().add("traceparent", new byte[] {1, 2}).add("empty", null);
        byte[] key = {(byte) 0xff, 0, 1};
        rig.send(Topics.TELEMETRY_REPORTS, key, value, headers, rig.now() - 5);

        RejectedRecord letter = letter(reason);
        assertThat(array(letter.getKey())).isEqualTo(key);
        assertThat(array(letter.getValue())).isEqualTo(value);
        assertThat(letter.getRecordedAtMillis()).isEqualTo(rig.now() - 5);
        assertThat(letter.getHeaders()).hasSize(2);
        assertThat(letter.getHeaders().getFirst().getName()).isEqualTo("traceparent");
        assertThat(array(letter.getHeaders().getFirst().getValue())).isEqualTo(new byte[] {1, 2});
        assertThat(letter.getHeaders().get(1).getValue()).isNull();
        theStreamGoesOn();
    }

    @Test
    void everyCutAndEveryFlipOfAReportIsTakenOrRefusedAndStopsNothing() {
        byte[] good = bytes(report());
        for (int length = 0; length < good.length; length++) {
            rig.send(Topics.TELEMETRY_REPORTS, "c1/n1", Arrays.copyOf(good, length));
        }
        assertThat(rig.rejected()).hasSize(good.length);
        for (int at = 0; at < good.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] flipped = good.clone();
                flipped[at] ^= (byte) (1 << bit);
                rig.send(Topics.TELEMETRY_REPORTS, "c1/n1", flipped);
            }
        }
        rig.rejected();
        rig.announced();
        theStreamGoesOn();
    }

    @Test
    void aRecordOfAnotherTopicIsOfAWrongSchema() {
        CentreReport site = Records.site("c1", 1, rig.now());
        rig.send(
                Topics.TELEMETRY_REPORTS,
                "c1",
                rig.codecs.of(Topics.TELEMETRY_CENTRES).encode(site));
        assertThat(letter(RejectReason.WRONG_SCHEMA).getDetail()).contains("CentreReport");
        theStreamGoesOn();
    }

    static Stream<Arguments> badReports() {
        return Stream.of(
                bad(r -> r.setNodeId("c1/"), RejectReason.INVALID_ID, "nodeId"),
                bad(r -> r.setNodeId("n1"), RejectReason.INVALID_ID, "nodeId"),
                bad(r -> r.setPoolId("drop table"), RejectReason.INVALID_ID, "poolId"),
                bad(r -> r.setCentreId("c404"), RejectReason.UNKNOWN_CENTRE, "c404"),
                bad(
                        r -> {
                            r.setCentreId("waits");
                            r.setNodeId("waits/n1");
                        },
                        RejectReason.CENTRE_NOT_ADMITTED,
                        "APPLIED"),
                bad(r -> r.setPoolId("p404"), RejectReason.UNKNOWN_POOL, "p404"),
                bad(r -> r.setNodeId("c2/n1"), RejectReason.IDENTITY_MISMATCH, "c2/n1"),
                bad(r -> r.setCpuTotalMillicores(-1), RejectReason.OUT_OF_RANGE, "cpuTotalMillicores"),
                bad(r -> r.setMemoryTotalMib(Long.MAX_VALUE), RejectReason.OUT_OF_RANGE, "memoryTotalMib"),
                bad(r -> r.setMemoryUsedOutsideMib(Long.MIN_VALUE), RejectReason.OUT_OF_RANGE, "memoryUsedOutsideMib"),
                bad(r -> r.setStorageTotalGib(-1), RejectReason.OUT_OF_RANGE, "storageTotalGib"),
                bad(
                        r -> r.setStorageUsedOutsideMibPerSecond(2_001),
                        RejectReason.OUT_OF_RANGE,
                        "storageUsedOutsideMibPerSecond"),
                bad(
                        r -> r.setDevices(new ArrayList<>(List.of(Records.device(0), Records.device(1_001)))),
                        RejectReason.OUT_OF_RANGE,
                        "devices[1]"),
                bad(r -> r.setDevices(new ArrayList<>()), RejectReason.OUT_OF_RANGE, "0 devices"),
                bad(r -> r.setIntervalSeconds(Integer.MIN_VALUE), RejectReason.OUT_OF_RANGE, "intervalSeconds"),
                bad(r -> r.setObservedAtMillis(Long.MAX_VALUE), RejectReason.TIME_IN_FUTURE, "ahead"),
                bad(r -> r.setObservedAtMillis(Long.MIN_VALUE), RejectReason.TIME_TOO_OLD, "older"));
    }

    private static Arguments bad(Consumer<NodeReport> spoil, RejectReason reason, String named) {
        return Arguments.of(spoil, reason, named);
    }

    @ParameterizedTest
    @MethodSource
    void badReports(Consumer<NodeReport> spoil, RejectReason reason, String named) {
        NodeReport report = report();
        spoil.accept(report);
        byte[] value = bytes(report);
        rig.send(Topics.TELEMETRY_REPORTS, report.getNodeId(), value);

        RejectedRecord letter = letter(reason);
        assertThat(letter.getDetail()).contains(named);
        assertThat(array(letter.getValue())).isEqualTo(value);
        theStreamGoesOn();
    }

    @Test
    void theKeyMustBeTheNode() {
        rig.send(Topics.TELEMETRY_REPORTS, "c1/other", bytes(report()));
        letter(RejectReason.KEY_MISMATCH);
        rig.send(Topics.TELEMETRY_REPORTS, (String) null, bytes(report()));
        RejectedRecord letter = rig.rejected().getFirst().value();
        assertThat(letter).isNotNull();
        assertThat(letter.getReason()).isEqualTo(RejectReason.KEY_MISMATCH);
        assertThat(letter.getKey()).isNull();
        theStreamGoesOn();
    }

    @Test
    void theSameSequenceIsADuplicateAndALowerOneIsStale() {
        rig.report(Records.report("c1/n1", 5, rig.now()));
        rig.announced();
        NodeReport again = Records.report("c1/n1", 5, rig.now());
        again.setDraining(true);
        rig.report(again);
        letter(RejectReason.DUPLICATE_SEQUENCE);
        rig.report(Records.report("c1/n1", 4, rig.now()));
        letter(RejectReason.STALE_SEQUENCE);
        assertThat(rig.announced()).isEmpty();
        theStreamGoesOn();
    }

    @Test
    void aRefusedReportDoesNotCountAsHeard() {
        NodeReport wrong = report();
        wrong.setCpuTotalMillicores(-1);
        wrong.setSequence(100);
        rig.report(wrong);
        letter(RejectReason.OUT_OF_RANGE);
        rig.report(report());
        assertThat(rig.announced()).containsExactly("c1/n1 SELLABLE guizhou");
        assertThat(rig.rejected()).isEmpty();
    }

    @Test
    void timesAreCheckedAgainstTheClockHere() {
        rig.report(Records.report("c1/n1", 1, rig.now() + 30_000));
        rig.report(Records.report("c1/n2", 1, rig.now() - 600_000));
        assertThat(rig.rejected()).isEmpty();
        rig.report(Records.report("c1/n3", 1, rig.now() + 30_001));
        letter(RejectReason.TIME_IN_FUTURE);
        rig.report(Records.report("c1/n4", 1, rig.now() - 600_001));
        letter(RejectReason.TIME_TOO_OLD);
    }

    @Test
    void aRecordWithAnAbsurdTimeOfItsOwnIsTakenLikeAnyOther() {
        for (long stamped : new long[] {0, Long.MAX_VALUE}) {
            rig.send(
                    Topics.TELEMETRY_REPORTS,
                    ("c1/s" + stamped).getBytes(UTF_8),
                    bytes(Records.report("c1/s" + stamped, 1, rig.now())),
                    new RecordHeaders(),
                    stamped);
        }
        assertThat(rig.announced()).hasSize(2);
        theStreamGoesOn();
    }

    @Test
    void whatIsTooLargeForADeadLetterIsCutAndSaysSo() {
        byte[] huge = new byte[3_000_000];
        Arrays.fill(huge, (byte) 7);
        Headers headers = new RecordHeaders().add("small", new byte[] {1}).add("large", huge);
        rig.send(Topics.TELEMETRY_REPORTS, new byte[] {1}, huge, headers, rig.now());
        RejectedRecord letter = letter(RejectReason.MALFORMED);
        assertThat(letter.getDetail())
                .contains("of the 3000000 bytes of the value the first 524288 are kept")
                .contains("headers from \"large\"");
        assertThat(letter.getHeaders()).hasSize(1);
        assertThat(array(letter.getValue())).hasSize(524_288);
        theStreamGoesOn();
    }

    @Test
    void centresAreCheckedInTheSameWay() {
        rig.site(Records.site("c404", 1, rig.now()));
        rig.site(Records.site("c1", 3, rig.now()));
        rig.site(Records.site("c1", 3, rig.now()));
        rig.site(Records.site("c1", 2, rig.now()));
        CentreReport absurd = Records.site("c1", 4, rig.now());
        absurd.setFacilityPowerWatts(1);
        rig.site(absurd);
        rig.send(Topics.TELEMETRY_CENTRES, "c1", new byte[] {9});
        rig.site(Records.site("waits", 1, rig.now()));

        assertThat(rig.rejected())
                .extracting(record -> {
                    RejectedRecord letter = record.value();
                    assertThat(letter).isNotNull();
                    assertThat(letter.getTopic()).isEqualTo("telemetry.centres");
                    return letter.getReason();
                })
                .containsExactly(
                        RejectReason.UNKNOWN_CENTRE,
                        RejectReason.DUPLICATE_SEQUENCE,
                        RejectReason.STALE_SEQUENCE,
                        RejectReason.OUT_OF_RANGE,
                        RejectReason.MALFORMED);
        assertThat(rig.store(IngestTopology.SITES).get("c1")).isNotNull();
        assertThat(rig.store(IngestTopology.SITES).get("waits")).isNotNull();
    }

    /** Others learn of what passed, of centres that sell. */
    @Test
    void whatPassedIsToldWithTheHub() {
        rig.site(Records.site("c404", 1, rig.now()));
        rig.site(Records.site("waits", 1, rig.now()));
        rig.site(Records.site("c1", 3, rig.now()));
        rig.site(Records.site("c1", 2, rig.now()));
        assertThat(rig.sites()).singleElement().satisfies(record -> {
            assertThat(record.key()).isEqualTo("c1");
            assertThat(record.value())
                    .isEqualTo(
                            new CentreSite("c1", "guizhou", rig.now(), 3L, 1_000_000L, 1_180_000L, 350_000L, 420, 810));
        });
    }

    @Test
    void whatIsInAnotherPartitionThanThatOfItsKeyIsRefused() {
        // By murmur2 of 4 partitions c9 and c9/n3 belong to the first, where everything is sent here; c1 and c1/n3 do
        // not.
        try (Rig four = new Rig(4)) {
            four.profile(Records.profile());
            assertThat(four.meters.get("millrace.profiles.refused").counter().count())
                    .isEqualTo(1);
            four.profile(Records.profile("c9", "gansu", AdmissionStatus.ADMITTED));
            assertThat(four.profiles.centre("c1")).isNull();
            assertThat(four.profiles.centre("c9")).isNotNull();

            byte[] report = four.codecs.of(Topics.TELEMETRY_REPORTS).encode(Records.report("c1/n3", 1, four.now()));
            four.send(Topics.TELEMETRY_REPORTS, "c1/n3", report);
            four.site(Records.site("c1", 1, four.now()));
            assertThat(four.rejected())
                    .extracting(Rig.Written::value)
                    .allSatisfy(letter -> {
                        assertThat(letter).isNotNull();
                        assertThat(letter.getReason()).isEqualTo(RejectReason.WRONG_PARTITION);
                        assertThat(letter.getDetail())
                                .contains("is in partition 0", "of 4 by murmur2", "partitioner=murmur2_random");
                    })
                    .hasSize(2)
                    .first()
                    .satisfies(letter -> assertThat(letter.getValue()).isEqualTo(ByteBuffer.wrap(report)));
            assertThat(four.counted("rejected", "WRONG_PARTITION")).isEqualTo(1);
            assertThat(four.announced()).isEmpty();

            four.report(Records.report("c9/n3", 1, four.now()));
            four.site(Records.site("c9", 1, four.now()));
            assertThat(four.announced()).containsExactly("c9/n3 SELLABLE gansu");
            assertThat(four.rejected()).isEmpty();
        }
    }

    @Test
    void refusalsHaveTheContractsNamesInTheContractsOrder() {
        List<RejectReason> all = Arrays.asList(RejectReason.values());
        assertThat(Arrays.stream(Refusal.values()).map(ToContract::reason))
                .isSorted()
                .containsExactlyElementsOf(all.subList(all.indexOf(RejectReason.KEY_MISMATCH), all.size()));
    }
}
