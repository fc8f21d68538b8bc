package io.millrace.ingest.capacity;

import static io.millrace.ingest.capacity.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SiteCheckTest {
    private static final SiteCheck CHECK = new SiteCheck(Samples.WINDOW);

    private static SiteReport site(long itWatts, long siteWatts, long price, int carbon, int green) {
        return site("c1", NOW, 1, itWatts, siteWatts, price, carbon, green, 100, 50, 10);
    }

    private static SiteReport storage(long total, long used, long mbps) {
        return site("c1", NOW, 1, 100, 120, 350_000, 400, 800, total, used, mbps);
    }

    private static SiteReport site(
            String centreId,
            long observedAt,
            long sequence,
            long itWatts,
            long siteWatts,
            long price,
            int carbon,
            int green,
            long storage,
            long storageUsed,
            long mbps) {
        return new SiteReport(
                centreId, observedAt, sequence, itWatts, siteWatts, price, carbon, green, storage, storageUsed, mbps);
    }

    static Stream<Arguments> wrongReports() {
        SiteReport good = site(100, 120, 350_000, 400, 800);
        return Stream.of(
                Arguments.of("c2", good, Refusal.KEY_MISMATCH, "c2"),
                Arguments.of(null, good, Refusal.KEY_MISMATCH, "no key"),
                Arguments.of(
                        "a b", site("a b", NOW, 1, 1, 1, 1, 1, 1, 1, 1, 1), Refusal.INVALID_ID, "centreId is \"a b\""),
                Arguments.of("c1", site(121, 120, 0, 0, 0), Refusal.OUT_OF_RANGE, "itPowerWatts is 121"),
                Arguments.of("c1", site(-1, 120, 0, 0, 0), Refusal.OUT_OF_RANGE, "itPowerWatts is -1"),
                Arguments.of("c1", site(0, 10_000_000_001L, 0, 0, 0), Refusal.OUT_OF_RANGE, "facilityPowerWatts"),
                Arguments.of("c1", site(1, 1, -1, 0, 0), Refusal.OUT_OF_RANGE, "energyPriceMicroCnyPerKwh"),
                Arguments.of("c1", site(1, 1, 0, 10_001, 0), Refusal.OUT_OF_RANGE, "carbonGramsPerKwh"),
                Arguments.of("c1", site(1, 1, 0, 0, 1_001), Refusal.OUT_OF_RANGE, "greenPermille"),
                Arguments.of("c1", storage(10, 11, 1), Refusal.OUT_OF_RANGE, "storageUsedGib"),
                Arguments.of("c1", storage(-1, 0, 1), Refusal.OUT_OF_RANGE, "storageTotalGib"),
                Arguments.of("c1", storage(10, 1, -1), Refusal.OUT_OF_RANGE, "networkMbps"),
                Arguments.of("c1", site("c1", NOW, -1, 1, 1, 1, 1, 1, 1, 1, 1), Refusal.OUT_OF_RANGE, "sequence"),
                Arguments.of(
                        "c1", site("c1", NOW + 30_001, 1, 1, 1, 1, 1, 1, 1, 1, 1), Refusal.TIME_IN_FUTURE, "ahead"),
                Arguments.of(
                        "c1", site("c1", NOW - 600_001, 1, 1, 1, 1, 1, 1, 1, 1, 1), Refusal.TIME_TOO_OLD, "older"));
    }

    @ParameterizedTest
    @MethodSource("wrongReports")
    void eachIsRefusedWithItsReason(@Nullable String key, SiteReport report, Refusal refusal, String named) {
        Rejection rejection = CHECK.check(key, report, Samples.centre(), NOW);
        assertThat(rejection).isNotNull();
        assertThat(rejection.refusal()).isEqualTo(refusal);
        assertThat(rejection.detail()).contains(named);
    }

    @ParameterizedTest
    @EnumSource(Admission.class)
    void applicantsAreHeardToo(Admission admission) {
        Rejection rejection =
                CHECK.check("c1", site(100, 120, 1, 1, 1), Samples.centre("c1", "guizhou", admission), NOW);
        if (admission == Admission.EXITED || admission == Admission.UNKNOWN) {
            assertThat(rejection).isNotNull();
            assertThat(rejection.refusal()).isEqualTo(Refusal.CENTRE_NOT_ADMITTED);
        } else {
            assertThat(rejection).isNull();
        }
    }

    @Test
    void aCentreWithoutProfileIsUnknown() {
        Rejection rejection = CHECK.check("c1", site(100, 120, 1, 1, 1), null, NOW);
        assertThat(rejection).isNotNull();
        assertThat(rejection.refusal()).isEqualTo(Refusal.UNKNOWN_CENTRE);
    }
}
