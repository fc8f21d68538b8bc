package io.millrace.ingest.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.Records;
import io.millrace.ingest.Rig;
import io.millrace.schemas.AdmissionStatus;
import io.millrace.schemas.CapacityRow;
import io.millrace.schemas.CapacitySummary;
import io.millrace.schemas.Kind;
import io.millrace.schemas.Precision;
import io.millrace.schemas.PrecisionPeak;
import io.millrace.schemas.Scope;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From reports to pools, centres, hubs and the nation, through the topology. */
class SummariesTest {
    private final Rig rig = new Rig();

    @BeforeEach
    void admit() {
        rig.profile(Records.profile());
        rig.profile(Records.profile("c2", "guizhou", AdmissionStatus.PROBATION));
        rig.profile(Records.profile("c3", "gansu", AdmissionStatus.ADMITTED));
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private void fill() {
        rig.report(Records.report("c1/n1", 1, rig.now()));
        rig.report(Records.report("c1/n2", 1, rig.now()));
        rig.report(Records.cpuReport("c1/n3", 1, rig.now()));
        rig.report(Records.report("c2/n1", 1, rig.now()));
        rig.report(Records.report("c3/n1", 1, rig.now()));
        rig.seconds(4);
    }

    private CapacitySummary stored(String key) {
        byte[] bytes = rig.store(IngestTopology.SUMMARIES).get(key);
        assertThat(bytes).as(key).isNotNull();
        return rig.codecs
                .of(io.millrace.schemas.Topics.CAPACITY_SUMMARIES)
                .deserializer()
                .deserialize("", bytes);
    }

    @Test
    void everyLevelIsSummedUp() {
        fill();
        Map<String, CapacitySummary> latest = rig.latestSummaries();
        assertThat(latest.keySet())
                .containsExactly(
                        "centre:c1",
                        "centre:c2",
                        "centre:c3",
                        "hub:gansu",
                        "hub:guizhou",
                        "nation:nation",
                        "pool:c1/ai",
                        "pool:c1/cpu",
                        "pool:c2/ai",
                        "pool:c3/ai");
        CapacitySummary guizhou = stored("hub:guizhou");
        assertThat(guizhou).isEqualTo(latest.get("hub:guizhou"));
        assertThat(guizhou.getScope()).isEqualTo(Scope.HUB);
        assertThat(guizhou.getScopeId()).isEqualTo("guizhou");
        assertThat(guizhou.getParentId()).isEqualTo("nation");
        assertThat(guizhou.getRows()).extracting(CapacityRow::getKind).containsExactly(Kind.GENERAL, Kind.INTELLIGENT);
        CapacityRow ai = guizhou.getRows().get(1);
        assertThat(ai.getModel()).isEqualTo("910B");
        assertThat(ai.getNodes()).isEqualTo(3);
        assertThat(ai.getDevices()).isEqualTo(6);
        assertThat(ai.getDevicesHealthy()).isEqualTo(6);
        assertThat(ai.getSellableMilliDevices()).isEqualTo(3 * 1_750);
        assertThat(ai.getCpuSellableMillicores()).isEqualTo(3 * 60_000);
        assertThat(ai.getMemorySellableMib()).isEqualTo(3 * 500_000);
        assertThat(ai.getStorageSellableGib()).isEqualTo(3 * 7_000);
        assertThat(ai.getStorageSellableMibPerSecond()).isEqualTo(3 * 1_500);
        assertThat(ai.getSellablePeaks())
                .containsExactly(
                        new PrecisionPeak(Precision.FP16, 376_000L * 3_500 / 1_000 + 376_000L * 1_750 / 1_000),
                        new PrecisionPeak(Precision.INT8, 640_000L * 3_500 / 1_000 + 640_000L * 1_750 / 1_000));
        CapacitySummary pool = stored("pool:c1/ai");
        assertThat(pool.getParentId()).isEqualTo("c1");
        assertThat(pool.getRows()).hasSize(1);
        assertThat(stored("centre:c1").getParentId()).isEqualTo("guizhou");
        assertThat(stored("nation:nation").getParentId()).isEmpty();
        assertThat(stored("nation:nation").getRows().get(1).getNodes()).isEqualTo(4);
        assertThat(rig.meters
                        .get("millrace.sellable.millidevices")
                        .tags("hub", "guizhou", "kind", "INTELLIGENT")
                        .gauge()
                        .value())
                .isEqualTo(5_250);
    }

    @Test
    void aLostNodeMovesFromOneColumnToTheOther() {
        fill();
        rig.latestSummaries();
        rig.seconds(25);
        rig.report(Records.report("c3/n1", 2, rig.now()));
        rig.seconds(6);
        CapacityRow row = stored("hub:guizhou").getRows().get(1);
        assertThat(row.getNodes()).isZero();
        assertThat(row.getNodesLost()).isEqualTo(3);
        assertThat(row.getSellableMilliDevices()).isZero();
        assertThat(row.getSellablePeaks()).isEmpty();
        assertThat(stored("hub:gansu").getRows().getFirst().getNodes()).isEqualTo(1);
    }

    @Test
    void heartbeatsThatChangeNothingRefreshTheTimeAndNothingMoreOftenThanThat() {
        fill();
        rig.latestSummaries();
        for (int second = 1; second < 20; second++) {
            rig.report(Records.report("c1/n1", 1 + second, rig.now()));
            rig.seconds(1);
        }
        assertThat(rig.summaries())
                .filteredOn(written -> written.key().equals("pool:c1/ai"))
                .hasSizeBetween(1, 2);
    }

    @Test
    void aCentreThatMovesTakesItsPoolsToTheOtherHub() {
        fill();
        rig.profile(Records.profile("c3", "guizhou", AdmissionStatus.ADMITTED));
        rig.seconds(4);
        assertThat(rig.latestSummaries()).doesNotContainKey("hub:gansu");
        assertThat(stored("hub:guizhou").getRows().get(1).getNodes()).isEqualTo(4);
        assertThat(stored("centre:c3").getParentId()).isEqualTo("guizhou");
        assertThat(rig.store(IngestTopology.SUMMARIES).get("hub:gansu")).isNull();
        assertThat(rig.meters
                        .find("millrace.sellable.millidevices")
                        .tag("hub", "gansu")
                        .gauge())
                .isNull();
    }

    @Test
    void aNodeThatChangesItsPoolLeavesNoEmptyPoolBehind() {
        fill();
        rig.report(Records.cpuReport("c2/n1", 2, rig.now()));
        rig.seconds(4);
        assertThat(rig.latestSummaries()).doesNotContainKey("pool:c2/ai").containsKey("pool:c2/cpu");
        assertThat(rig.store(IngestTopology.SHARES).get("c2/ai#0")).isNull();
        assertThat(rig.store(IngestTopology.POOLS).get("c2/ai")).isNull();
        assertThat(rig.store(IngestTopology.PUBLISHED_SHARES).get("c2/ai")).isNull();
    }
}
