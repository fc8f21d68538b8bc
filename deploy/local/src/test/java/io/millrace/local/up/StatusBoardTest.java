package io.millrace.local.up;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.terminal.Terminal;
import io.millrace.schemas.CapacityRow;
import io.millrace.schemas.CapacitySummary;
import io.millrace.schemas.Codecs;
import io.millrace.schemas.Kind;
import io.millrace.schemas.MarketCapacity;
import io.millrace.schemas.MarketRow;
import io.millrace.schemas.Outcome;
import io.millrace.schemas.Scope;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StatusBoardTest {
    @BeforeAll
    static void trustTheContract() {
        Codecs.connect("mock://status-board").close();
    }

    @Test
    void anEmptyPlatformSaysThatItIsEmpty() {
        Activity nothing = new Activity(null, 0, new TreeMap<>(), 0, 0, 0, Map.of(), 0, 0, 0);
        assertThat(String.join("\n", StatusBoard.block(nothing, 5_000, Terminal.PLAIN, true)))
                .contains("up 5 s", "no centre has reported yet", "none yet", "no request was decided")
                .doesNotContain("market  ", "\u001b");
    }

    @Test
    void theBlockTellsSupplyDemandDecisionsLatencyAndMarkets() {
        String block = String.join("\n", StatusBoard.block(busy(), 125_000, Terminal.PLAIN, true));
        assertThat(block)
                .contains("up 2 min 5 s")
                .contains("2 centres, 100 nodes (+ 1 lost), 800 devices: 700 sellable, 200 free")
                .contains("203 reports/s, 4 refused so far")
                .contains("19.8 requests/s; 42 allocations run, 7 requests wait")
                .contains("1,234 allocated, 5 queued, 6 refused")
                .contains("p50 21 ms, p99 63 ms")
                .containsPattern("guizhou +40 +700 +200 +71 % +1,500 +42 +7");
        assertThat(StatusBoard.block(busy(), 125_000, Terminal.PLAIN, false))
                .noneMatch(line -> line.contains("guizhou"));
    }

    @Test
    void aFileGetsOneLine() {
        assertThat(StatusBoard.line(busy(), 125_000))
                .startsWith("up 2 min 5 s: 2 centres")
                .contains("1,234 allocated")
                .doesNotContain("\n");
    }

    @Test
    void ratesAreOfTheLastSeconds() {
        RollingRate rate = new RollingRate();
        assertThat(rate.perSecond()).isZero();
        for (int second = 0; second <= 20; second++) {
            rate.sample(second * 1_000_000_000L, second <= 10 ? second * 100 : 1_000);
        }
        assertThat(rate.perSecond()).isZero();
        rate.sample(21_000_000_000L, 1_600);
        assertThat(rate.perSecond()).isEqualTo(120);
    }

    @Test
    void latenciesOlderThanHalfAMinuteAreForgotten() {
        RollingLatency latency = new RollingLatency();
        latency.record(5_000);
        latency.record(-3);
        assertThat(latency.window().getTotalCount()).isEqualTo(2);
        for (int second = 0; second < 31; second++) {
            latency.turn();
            latency.record(10);
        }
        assertThat(latency.window().getMaxValue()).isEqualTo(10);
    }

    private static Activity busy() {
        CapacityRow row = CapacityRow.newBuilder()
                .setKind(Kind.INTELLIGENT)
                .setModel("910B")
                .setNodes(100)
                .setNodesLost(1)
                .setDevices(800)
                .setSellableMilliDevices(700_500)
                .setSellablePeaks(List.of())
                .build();
        CapacitySummary nation = CapacitySummary.newBuilder()
                .setScope(Scope.NATION)
                .setScopeId("nation")
                .setRows(List.of(row))
                .setAsOfMillis(0)
                .build();
        MarketCapacity guizhou = MarketCapacity.newBuilder()
                .setMarketId("guizhou")
                .setAsOfMillis(0)
                .setSequence(9)
                .setAllocations(42)
                .setQueued(7)
                .setRows(List.of(MarketRow.newBuilder()
                        .setNodes(40)
                        .setSellableMilliDevices(700_500)
                        .setFreeMilliDevices(200_250)
                        .setFreeCpuMillicores(1_500_000)
                        .build()))
                .build();
        return new Activity(
                nation,
                2,
                new TreeMap<>(Map.of("guizhou", guizhou)),
                203.4,
                4,
                19.84,
                Map.of(Outcome.ALLOCATED, 1_234L, Outcome.QUEUED, 5L, Outcome.REFUSED, 6L),
                99,
                21,
                63);
    }
}
