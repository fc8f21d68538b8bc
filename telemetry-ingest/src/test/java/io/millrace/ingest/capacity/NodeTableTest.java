package io.millrace.ingest.capacity;

import static io.millrace.ingest.capacity.Samples.NOW;
import static io.millrace.ingest.capacity.Samples.device;
import static io.millrace.ingest.capacity.Samples.report;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NodeTableTest {
    private static final long TICK = 1_000;
    private static final long REFRESH = 10_000;
    private static final long FORGET = 3_600_000;

    private final Recorder told = new Recorder();
    private final StatusCounts counts = new StatusCounts();
    private long now = NOW;
    private NodeTable table = fresh();
    private Centre centre = Samples.centre();

    private NodeTable fresh() {
        return new NodeTable(new NodeTable.Timing(TICK, REFRESH, FORGET), told, counts, now);
    }

    private static final class Recorder implements NodeTable.Changes {
        private final List<String> announced = new ArrayList<>();
        private final List<Node> saved = new ArrayList<>();
        private final List<String> forgotten = new ArrayList<>();

        @Override
        public void save(Node node) {
            saved.add(node);
        }

        @Override
        public void announce(Node node, Capacity capacity) {
            announced.add(node.nodeId() + " " + capacity);
        }

        @Override
        public void forget(Node node) {
            forgotten.add(node.nodeId());
        }

        private List<String> takeAnnounced() {
            List<String> taken = List.copyOf(announced);
            announced.clear();
            return taken;
        }
    }

    private void accept(Samples.Draft draft) {
        Report report = draft.make();
        Pool pool = centre.pool(report.poolId());
        assertThat(pool).isNotNull();
        table.accept(report, pool, now);
    }

    private void profile(@Nullable Centre changed) {
        if (changed != null) {
            centre = changed;
        }
        table.profile("c1", changed, now);
    }

    private void seconds(int seconds) {
        for (int second = 0; second < seconds; second++) {
            now += TICK;
            table.tick(now, false);
        }
    }

    private List<Share> publish() {
        List<Share> shares = new ArrayList<>();
        table.publish(now, shares::add);
        return shares;
    }

    @Test
    void supplyIsHealthyLessUsedOutside() {
        accept(report().devices(device(true, 250), device(false, 0)));

        assertThat(told.takeAnnounced())
                .containsExactly("c1/n1 SELLABLE in c1/ai of guizhou: cpu 60000/64000, memory 500000/512000,"
                        + " devices [750, 0]");
        assertThat(publish()).singleElement().satisfies(share -> {
            assertThat(share.scopeId()).isEqualTo("c1/ai");
            assertThat(share.asOfMillis()).isEqualTo(NOW);
            assertThat(share.totals().get(Totals.Measure.DEVICES)).isEqualTo(2);
            assertThat(share.totals().get(Totals.Measure.DEVICES_HEALTHY)).isEqualTo(1);
            assertThat(share.totals().get(Totals.Measure.SELLABLE_MILLI_DEVICES))
                    .isEqualTo(750);
            assertThat(share.totals().peakGigaOpsPerSecond(Precision.BF16)).isEqualTo(400_001L * 750 / 1_000);
        });
    }

    @Test
    void aHeartbeatThatChangesNothingIsSavedAndToldToNobody() {
        accept(report());
        publish();
        told.takeAnnounced();

        accept(report().sequence(8).observedAt(NOW + 1).power(1L));

        assertThat(told.announced).isEmpty();
        assertThat(publish()).isEmpty();
        assertThat(told.saved).hasSize(2);
        Node node = table.node("c1/n1");
        assertThat(node).isNotNull();
        assertThat(node.heard().sequence()).isEqualTo(8);
        assertThat(node.heard().powerWatts()).isEqualTo(1L);
    }

    @Test
    void theTimeOfTheNewestReportIsPublishedNowAndThen() {
        accept(report());
        publish();
        now += REFRESH - 1;
        accept(report().sequence(8).observedAt(now));
        assertThat(publish()).isEmpty();
        now += 1;
        assertThat(publish())
                .singleElement()
                .satisfies(share -> assertThat(share.asOfMillis()).isEqualTo(now - 1));
    }

    @Test
    void aDrainingNodeKeepsItsNumbersAndSellsNothing() {
        accept(report());
        told.takeAnnounced();
        accept(report().sequence(8).draining());

        assertThat(told.takeAnnounced())
                .containsExactly("c1/n1 DRAINING in c1/ai of guizhou: cpu 60000/64000, memory 500000/512000,"
                        + " devices [1000, 750]");
        Totals totals = publish().getFirst().totals();
        assertThat(totals.get(Totals.Measure.NODES)).isEqualTo(1);
        assertThat(totals.get(Totals.Measure.SELLABLE_MILLI_DEVICES)).isZero();
        assertThat(counts.get(NodeStatus.DRAINING)).isEqualTo(1);
        assertThat(counts.get(NodeStatus.SELLABLE)).isZero();
    }

    @Test
    void aDeviceThatFailsWhileWhollyUsedOutsideChangesTheSumsOnly() {
        accept(report().devices(device(true, 1_000), device(true, 0)));
        told.takeAnnounced();
        publish();
        accept(report().sequence(8).devices(device(false, 1_000), device(true, 0)));

        assertThat(told.announced).isEmpty();
        assertThat(publish().getFirst().totals().get(Totals.Measure.DEVICES_HEALTHY))
                .isEqualTo(1);
    }

    @Test
    void silenceOfThreeIntervalsIsLossAndAReportIsRecovery() {
        accept(report().interval(10));
        told.takeAnnounced();
        seconds(29);
        assertThat(told.announced).isEmpty();
        seconds(1);
        assertThat(told.takeAnnounced())
                .containsExactly("c1/n1 LOST in c1/ai of guizhou: cpu 0/64000, memory 0/512000, devices [0, 0]");
        assertThat(publish().getFirst().totals().get(Totals.Measure.NODES_LOST)).isEqualTo(1);
        assertThat(counts.get(NodeStatus.LOST)).isEqualTo(1);
        seconds(60);
        assertThat(told.announced).isEmpty();

        accept(report().sequence(8).observedAt(now));
        assertThat(told.takeAnnounced()).singleElement().asString().startsWith("c1/n1 SELLABLE");
        assertThat(counts.get(NodeStatus.LOST)).isZero();
        seconds(29);
        assertThat(told.announced).isEmpty();
        seconds(1);
        assertThat(told.announced).hasSize(1);
    }

    @Test
    void aShorterIntervalShortensTheLease() {
        accept(report().interval(600));
        accept(report().sequence(8).interval(1));
        told.takeAnnounced();
        seconds(3);
        assertThat(told.announced).hasSize(1);
    }

    @Test
    void aLongerIntervalLengthensTheLease() {
        accept(report().interval(1));
        accept(report().sequence(8).interval(100));
        told.takeAnnounced();
        seconds(299);
        assertThat(told.announced).isEmpty();
        seconds(1);
        assertThat(told.announced).hasSize(1);
    }

    @Test
    void timeInWhichNobodyListenedIsNotSilence() {
        accept(report().interval(10));
        told.takeAnnounced();
        // The process stood still for a day.
        now += 86_400_000;
        table.tick(now, false);
        assertThat(told.announced).isEmpty();
        // It reads what it has missed, with a delay.
        for (int second = 0; second < 600; second++) {
            now += TICK;
            table.tick(now, true);
        }
        assertThat(told.announced).isEmpty();
        // Two ticks' worth of the day did count.
        seconds(27);
        assertThat(told.announced).isEmpty();
        seconds(1);
        assertThat(told.announced).hasSize(1);
    }

    @Test
    void aClockThatGoesBackDoesNoHarm() {
        accept(report().interval(10));
        told.takeAnnounced();
        now -= 86_400_000;
        table.tick(now, false);
        seconds(29);
        assertThat(told.announced).isEmpty();
        seconds(1);
        assertThat(told.announced).hasSize(1);
    }

    @Test
    void whatIsLostForLongIsForgotten() {
        accept(report().interval(10));
        publish();
        seconds(30);
        publish();
        seconds((int) (FORGET / TICK) - 31);
        assertThat(told.forgotten).isEmpty();
        seconds(1);
        assertThat(told.forgotten).containsExactly("c1/n1");
        assertThat(table.node("c1/n1")).isNull();
        assertThat(publish())
                .singleElement()
                .satisfies(share -> assertThat(share.isEmpty()).isTrue());
        assertThat(publish()).isEmpty();
        assertThat(counts.get(NodeStatus.LOST)).isZero();
        // A profile that changes later does not find it.
        told.takeAnnounced();
        profile(Samples.centre("c1", "gansu", Admission.ADMITTED));
        assertThat(told.announced).isEmpty();
    }

    @Test
    void aNewPriceIsToldOfEveryNodeOfThePool() {
        accept(report());
        accept(report().node("c1", "n2"));
        accept(report().node("c1", "n3").pool("cpu").devices());
        told.takeAnnounced();
        Pool ai = Samples.pool("c1", "ai", "guizhou", 2);
        Pool dearer = new Pool("c1", "ai", "guizhou", ai.kind(), ai.model(), 2, 99, 1, Map.of());
        profile(new Centre(
                "c1",
                "guizhou",
                Admission.ADMITTED,
                Map.of("ai", dearer, "cpu", Samples.pool("c1", "cpu", "guizhou", 0))));

        assertThat(told.announced)
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("SELLABLE in c1/ai"));
        Node node = table.node("c1/n2");
        assertThat(node).isNotNull();
        assertThat(node.capacity().pool().priceMicroCnyPerDeviceHour()).isEqualTo(99);
    }

    @Test
    void anotherPeakChangesTheSumsOnly() {
        accept(report());
        publish();
        told.takeAnnounced();
        Pool ai = Samples.pool("c1", "ai", "guizhou", 2);
        Pool faster = new Pool(
                "c1",
                "ai",
                "guizhou",
                ai.kind(),
                ai.model(),
                2,
                ai.priceMicroCnyPerDeviceHour(),
                ai.priceMicroCnyPerCoreHour(),
                Map.of(Precision.FP64, 1_000L));
        profile(new Centre("c1", "guizhou", Admission.ADMITTED, Map.of("ai", faster)));

        assertThat(told.announced).isEmpty();
        Totals totals = publish().getFirst().totals();
        assertThat(totals.peakGigaOpsPerSecond(Precision.FP64)).isEqualTo(1_750);
        assertThat(totals.peakGigaOpsPerSecond(Precision.BF16)).isZero();
    }

    @Test
    void aNodeIsLostInTheOldMarketBeforeItIsOfferedInTheNew() {
        accept(report());
        publish();
        told.takeAnnounced();
        profile(Samples.centre("c1", "gansu", Admission.ADMITTED));

        assertThat(told.takeAnnounced())
                .containsExactly(
                        "c1/n1 LOST in c1/ai of guizhou: cpu 0/64000, memory 0/512000, devices [0, 0]",
                        "c1/n1 SELLABLE in c1/ai of gansu: cpu 60000/64000, memory 500000/512000,"
                                + " devices [1000, 750]");
        assertThat(publish())
                .singleElement()
                .satisfies(share -> assertThat(share.hubId()).isEqualTo("gansu"));
    }

    @Test
    void aCentreThatSellsNoMoreLosesItsNodesAtOnce() {
        accept(report());
        told.takeAnnounced();
        profile(Samples.centre("c1", "guizhou", Admission.EXITED));
        assertThat(told.takeAnnounced()).singleElement().asString().startsWith("c1/n1 LOST in c1/ai of guizhou");
        // Admitted again, it is heard again with its next report and not before.
        profile(Samples.centre());
        assertThat(told.announced).isEmpty();
        accept(report().sequence(8));
        assertThat(told.takeAnnounced()).singleElement().asString().startsWith("c1/n1 SELLABLE");
    }

    @Test
    void aCentreThatLeavesForAnotherHubAndSellsNoMoreIsLostInTheOldOne() {
        accept(report());
        told.takeAnnounced();
        profile(Samples.centre("c1", "gansu", Admission.EXITED));
        assertThat(told.takeAnnounced()).singleElement().asString().startsWith("c1/n1 LOST in c1/ai of guizhou");
        assertThat(publish())
                .singleElement()
                .satisfies(share -> assertThat(share.hubId()).isEqualTo("gansu"));
    }

    @Test
    void aPoolThatIsGoneOrBuiltOtherwiseLosesItsNodes() {
        accept(report());
        accept(report().node("c1", "n2").pool("cpu").devices());
        told.takeAnnounced();
        profile(new Centre("c1", "guizhou", Admission.ADMITTED, Map.of("ai", Samples.pool("c1", "ai", "guizhou", 8))));
        assertThat(told.takeAnnounced())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("c1/n1 LOST"),
                        line -> assertThat(line).startsWith("c1/n2 LOST"));
        profile(null);
        assertThat(told.announced).isEmpty();
    }

    @Test
    void aNodeThatChangesItsPoolLeavesTheOldOneEmpty() {
        accept(report());
        publish();
        accept(report().sequence(8).pool("cpu").devices());
        assertThat(publish())
                .satisfiesExactly(
                        share -> {
                            assertThat(share.scopeId()).isEqualTo("c1/ai");
                            assertThat(share.isEmpty()).isTrue();
                        },
                        share -> {
                            assertThat(share.scopeId()).isEqualTo("c1/cpu");
                            assertThat(share.totals().get(Totals.Measure.NODES)).isEqualTo(1);
                        });
    }

    @Test
    void afterARestartNothingIsToldAgainAndLeasesStartAnew() {
        accept(report());
        List<Share> published = publish();
        Node before = table.node("c1/n1");
        assertThat(before).isNotNull();
        told.takeAnnounced();

        now += 3_000_000;
        table = fresh();
        published.forEach(table::restore);
        table.restore(before.nodeId(), before.capacity(), before.heard(), now);
        table.profile("c1", centre, now);

        assertThat(told.announced).isEmpty();
        assertThat(publish()).isEmpty();
        seconds(29);
        assertThat(told.announced).isEmpty();
        seconds(1);
        assertThat(told.announced).hasSize(1);
    }

    @Test
    void aPoolThatBecameEmptyJustBeforeARestartIsSaidToBeEmptyAfterIt() {
        accept(report());
        List<Share> published = publish();
        table = fresh();
        published.forEach(table::restore);
        assertThat(publish())
                .singleElement()
                .satisfies(share -> assertThat(share.isEmpty()).isTrue());
        assertThat(publish()).isEmpty();
    }
}
