package io.millrace.ingest.capacity;

import static io.millrace.ingest.capacity.Samples.NOW;
import static io.millrace.ingest.capacity.Samples.device;
import static io.millrace.ingest.capacity.Samples.report;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportCheckTest {
    private static final ReportCheck CHECK = new ReportCheck(Samples.WINDOW);

    private static @Nullable Rejection check(Samples.Draft draft) {
        return CHECK.check(draft.nodeId, draft.make(), Samples.centre(), NOW);
    }

    @Test
    void aReportInOrderPasses() {
        assertThat(check(report())).isNull();
        assertThat(check(report().pool("cpu").devices())).isNull();
        assertThat(check(report().power(null).devices(new Device(true, 0, null, null), device(false, 1_000))))
                .isNull();
    }

    static Stream<Arguments> wrongReports() {
        return Stream.of(
                bad(report().node("c1", ""), Refusal.INVALID_ID, "nodeId"),
                bad(report().node("", "n1"), Refusal.INVALID_ID, "nodeId"),
                bad(report().node("c1", "a/b"), Refusal.INVALID_ID, "nodeId"),
                bad(report().node("c1", "n 1"), Refusal.INVALID_ID, "n 1"),
                bad(report().node("c1", "ñ"), Refusal.INVALID_ID, "nodeId"),
                bad(report().node("c1", "n".repeat(65)), Refusal.INVALID_ID, "64"),
                bad(report().pool(""), Refusal.INVALID_ID, "poolId"),
                bad(report().pool("a/i"), Refusal.INVALID_ID, "poolId"),
                bad(report().pool("p".repeat(1_000_000)), Refusal.INVALID_ID, "(1000000 characters)"),
                bad(report().pool("tpu"), Refusal.UNKNOWN_POOL, "tpu"),
                bad(report().sequence(-1), Refusal.OUT_OF_RANGE, "sequence is -1"),
                bad(report().sequence(Long.MAX_VALUE), Refusal.OUT_OF_RANGE, "sequence"),
                bad(report().interval(0), Refusal.OUT_OF_RANGE, "intervalSeconds is 0; allowed is 1 to 3600"),
                bad(report().interval(3_601), Refusal.OUT_OF_RANGE, "intervalSeconds"),
                bad(report().cpu(-1, 0), Refusal.OUT_OF_RANGE, "cpuTotalMillicores is -1"),
                bad(report().cpu(100_000_001, 0), Refusal.OUT_OF_RANGE, "cpuTotalMillicores"),
                bad(report().cpu(1_000, 1_001), Refusal.OUT_OF_RANGE, "cpuTotalMillicores, which is 1000"),
                bad(report().cpu(1_000, -1), Refusal.OUT_OF_RANGE, "cpuUsedOutsideMillicores is -1"),
                bad(report().memory(-1, 0), Refusal.OUT_OF_RANGE, "memoryTotalMib"),
                bad(report().memory(Long.MAX_VALUE, 0), Refusal.OUT_OF_RANGE, "memoryTotalMib"),
                bad(report().memory(10, 11), Refusal.OUT_OF_RANGE, "memoryUsedOutsideMib"),
                bad(report().memory(10, -1), Refusal.OUT_OF_RANGE, "memoryUsedOutsideMib"),
                badStorage(-1, 0, 0, 0, "storageTotalGib"),
                badStorage(Long.MAX_VALUE, 0, 0, 0, "storageTotalGib"),
                badStorage(10, 0, 11, 0, "storageUsedOutsideGib"),
                badStorage(10, 0, -1, 0, "storageUsedOutsideGib"),
                badStorage(10, -1, 0, 0, "storageTotalMibPerSecond"),
                badStorage(10, (1L << 30) + 1, 0, 0, "storageTotalMibPerSecond"),
                badStorage(10, 5, 0, 6, "storageUsedOutsideMibPerSecond"),
                badStorage(0, 0, 0, 1, "storageUsedOutsideMibPerSecond"),
                bad(report().power(-1L), Refusal.OUT_OF_RANGE, "powerWatts"),
                bad(report().power(Long.MAX_VALUE), Refusal.OUT_OF_RANGE, "powerWatts"),
                bad(
                        report().devices(device(true, 0), device(true, 1_001)),
                        Refusal.OUT_OF_RANGE,
                        "devices[1].usedOutsideMilli is 1001; allowed is 0 to 1000"),
                bad(report().devices(device(true, -1), device(true, 0)), Refusal.OUT_OF_RANGE, "devices[0]"),
                bad(
                        report().devices(device(true, 0), new Device(true, 0, 1_001, null)),
                        Refusal.OUT_OF_RANGE,
                        "devices[1].busyPermille"),
                bad(
                        report().devices(device(true, 0), new Device(true, 0, null, -274)),
                        Refusal.OUT_OF_RANGE,
                        "devices[1].temperatureCelsius"),
                bad(report().devices(device(true, 0)), Refusal.OUT_OF_RANGE, "1 devices; a node of pool c1/ai has 2"),
                bad(report().pool("cpu"), Refusal.OUT_OF_RANGE, "2 devices; a node of pool c1/cpu has 0"),
                bad(
                        report().devices(Collections.nCopies(1_025, device(true, 0))
                                .toArray(Device[]::new)),
                        Refusal.OUT_OF_RANGE,
                        "number of devices is 1025; allowed is 0 to 1024"),
                bad(report().observedAt(NOW + 30_001), Refusal.TIME_IN_FUTURE, "30001 ms ahead"),
                bad(report().observedAt(Long.MAX_VALUE), Refusal.TIME_IN_FUTURE, "ahead"),
                bad(report().observedAt(NOW - 600_001), Refusal.TIME_TOO_OLD, "older than the 600000 ms"),
                bad(report().observedAt(0), Refusal.TIME_TOO_OLD, "older"),
                bad(report().observedAt(Long.MIN_VALUE), Refusal.TIME_TOO_OLD, "older"));
    }

    private static Arguments badStorage(long gib, long speed, long usedGib, long usedSpeed, String field) {
        Storage used = new Storage(usedGib, usedSpeed);
        return bad(report().storage(new Storage(gib, speed), used), Refusal.OUT_OF_RANGE, field);
    }

    private static Arguments bad(Samples.Draft draft, Refusal refusal, String named) {
        return Arguments.of(draft, refusal, named);
    }

    @ParameterizedTest
    @MethodSource("wrongReports")
    void eachIsRefusedWithItsReason(Samples.Draft draft, Refusal refusal, String named) {
        Rejection rejection = check(draft);
        assertThat(rejection).isNotNull();
        assertThat(rejection.refusal()).isEqualTo(refusal);
        assertThat(rejection.detail()).contains(named).hasSizeLessThan(400);
    }

    @ParameterizedTest
    @ValueSource(longs = {NOW + 30_000, NOW - 600_000})
    void theEndsOfTheTimeWindowAreInside(long observedAtMillis) {
        assertThat(check(report().observedAt(observedAtMillis))).isNull();
    }

    @Test
    void aKeyThatIsMissingOrAnotherIsRefused() {
        Report report = report().make();
        for (String key : new @Nullable String[] {null, "", "c1/n2", "x".repeat(100_000)}) {
            Rejection rejection = CHECK.check(key, report, Samples.centre(), NOW);
            assertThat(rejection).isNotNull();
            assertThat(rejection.refusal()).isEqualTo(Refusal.KEY_MISMATCH);
            assertThat(rejection.detail()).contains("c1/n1").hasSizeLessThan(400);
        }
    }

    @ParameterizedTest
    @EnumSource(Admission.class)
    void onlyCentresThatSellAreHeard(Admission admission) {
        Rejection rejection = CHECK.check("c1/n1", report().make(), Samples.centre("c1", "guizhou", admission), NOW);
        if (admission == Admission.ADMITTED || admission == Admission.PROBATION) {
            assertThat(rejection).isNull();
        } else {
            assertThat(rejection).isNotNull();
            assertThat(rejection.refusal()).isEqualTo(Refusal.CENTRE_NOT_ADMITTED);
            assertThat(rejection.detail()).contains(admission.name());
        }
    }

    @Test
    void nobodySpeaksInTheNameOfAnotherCentre() {
        for (String nodeId : List.of("c2/n1", "c/n1", "c11/n1")) {
            Samples.Draft draft = report();
            draft.nodeId = nodeId;
            Rejection rejection = check(draft);
            assertThat(rejection).isNotNull();
            assertThat(rejection.refusal()).isEqualTo(Refusal.IDENTITY_MISMATCH);
        }
    }

    @Test
    void sequences() {
        assertThat(ReportCheck.sequence(8, 7)).isNull();
        assertThat(ReportCheck.sequence(7, 7)).extracting("refusal").isEqualTo(Refusal.DUPLICATE_SEQUENCE);
        assertThat(ReportCheck.sequence(6, 7)).extracting("refusal").isEqualTo(Refusal.STALE_SEQUENCE);
    }

    /** A report that is wrong in every way is mended step by step: each step shows the next refusal of the enum. */
    @Test
    void refusalsComeInTheirOrder() {
        Samples.Draft draft =
                report().node("c2", "n 1").pool("none").sequence(-5).observedAt(NOW + 99_999_999);
        draft.centreId = "c1";
        String[] key = {"other"};
        @Nullable Centre[] centre = {null};
        List<Consumer<Samples.Draft>> mend = List.of(
                d -> key[0] = d.nodeId,
                d -> key[0] = d.nodeId = "c2/n1",
                d -> centre[0] = Samples.centre("c1", "guizhou", Admission.EXITED),
                d -> centre[0] = Samples.centre(),
                d -> d.poolId = "ai",
                d -> key[0] = d.nodeId = "c1/n1",
                d -> d.sequence = 3,
                d -> d.observedAtMillis = NOW - 99_999_999,
                d -> d.observedAtMillis = NOW);
        List<Refusal> seen = new ArrayList<>();
        for (Consumer<Samples.Draft> step : mend) {
            Rejection rejection = CHECK.check(key[0], draft.make(), centre[0], NOW);
            assertThat(rejection).isNotNull();
            seen.add(rejection.refusal());
            step.accept(draft);
        }
        assertThat(CHECK.check(key[0], draft.make(), centre[0], NOW)).isNull();
        assertThat(seen)
                .isSorted()
                .containsExactlyElementsOf(List.of(Refusal.values()).subList(0, 9));
    }
}
