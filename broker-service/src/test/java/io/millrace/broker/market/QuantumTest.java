package io.millrace.broker.market;

import static io.millrace.broker.market.MarketTable.marketOf;
import static io.millrace.broker.market.SpecBuilder.gpus;
import static io.millrace.broker.market.Told.submit;
import static io.millrace.broker.market.Told.update;
import static io.millrace.broker.placement.NodeOfferBuilder.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.placement.BestFit;
import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.NodeOfferBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Jobs for quantum processors: shots, on one that is good enough, for as long as it takes there. */
class QuantumTest {
    private static final long HOUR = 3_600_000;

    /** Seventy-two qubits, 96.25 %, 3,600 shots an hour. */
    private static NodeOfferBuilder wukong(String id) {
        return node(id).pool("w").model("Wukong-72").qpu(72, 962_500, 3_600);
    }

    private static NodeOfferBuilder zuchongzhi(String id) {
        return node(id).pool("z").model("Zuchongzhi-105").qpu(105, 996_200, 7_200);
    }

    /** A job of an hour and a half at most, on a hundred and twenty milli-hours of the first of them. */
    private static SpecBuilder job(int shots) {
        return gpus(1).cpu(0).mib(0).seconds(5_400).waits(9_000).shots(shots, 50, 0);
    }

    private static Event.Allocated allocated(Run run, long atMillis, SpecBuilder spec) {
        return run.execute(submit("r1", spec).at(atMillis)).events().stream()
                .filter(Event.Allocated.class::isInstance)
                .map(Event.Allocated.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private static Run runWith(NodeOfferBuilder... nodes) {
        Run run = new Run(new BestFit());
        for (NodeOfferBuilder each : nodes) {
            run.execute(update(each).at(0));
        }
        return run;
    }

    @Test
    void theTermFollowsFromTheShots() {
        Event.Allocated granted = allocated(runWith(wukong("a")), 1_000, job(900));
        assertThat(granted.endsAtMillis() - granted.startsAtMillis()).isEqualTo(HOUR / 4);
        assertThat(granted.grants()).extracting(Grant::shotsPerHour).containsExactly(3_600L);
        assertThat(granted.grants()).extracting(Grant::priceMicroCnyPerHour).containsExactly(10_000_000L);
    }

    @Test
    void aFasterProcessorTakesLess() {
        Event.Allocated granted = allocated(runWith(zuchongzhi("a")), 1_000, job(900));
        assertThat(granted.endsAtMillis() - granted.startsAtMillis()).isEqualTo(HOUR / 8);
    }

    @Test
    void qubitsAndFidelityAreTheLeast() {
        Run run = runWith(wukong("a"), zuchongzhi("b"));
        assertThat(allocated(run, 1_000, job(900).shots(900, 73, 0)).grants())
                .extracting(Grant::nodeId)
                .containsExactly("b");
        Run other = runWith(wukong("a"), zuchongzhi("b"));
        assertThat(allocated(other, 1_000, job(900).shots(900, 1, 990_000)).grants())
                .extracting(Grant::nodeId)
                .containsExactly("b");
    }

    @Test
    void oneThatIsTooSlowForTheLongestTermWillNotDo() {
        // 5,400 shots take an hour and a half on the slower one, one more takes too long.
        assertThat(allocated(runWith(wukong("a"), zuchongzhi("b")), 1_000, job(5_400))
                        .grants())
                .extracting(Grant::nodeId)
                .containsExactly("a");
        assertThat(allocated(runWith(wukong("a"), zuchongzhi("b")), 1_000, job(5_401))
                        .grants())
                .extracting(Grant::nodeId)
                .containsExactly("b");
    }

    @Test
    void whereNoneWillDoTheAnswerSaysWhatThereIs() {
        Explanation explanation = marketOf(wukong("a"), node("g"))
                .when(submit("r1", job(900).shots(900, 200, 0)))
                .thenExplanation();
        assertThat(explanation.wouldFit())
                .isEqualTo("one of the models Wukong-72 (72 qubits, two-qubit fidelity 962500 ppm, 3600 shots per"
                        + " hour)");
    }

    /** Half of the shots were run when its processor was lost: only the others are left, wherever they run. */
    @Test
    void afterALossOnlyTheRestIsRun() {
        Run run = runWith(wukong("a"));
        allocated(run, 0, job(1_800));
        List<Event> events =
                run.execute(update(wukong("a").lost()).at(HOUR / 4)).events();
        assertThat(events).anySatisfy(event -> {
            assertThat(event).isInstanceOf(Event.Queued.class);
            assertThat(((Event.Queued) event).remainingMillis()).isEqualTo(5_400_000 / 2);
        });
        List<Event> again = run.execute(update(zuchongzhi("b")).at(HOUR / 2)).events();
        assertThat(again).anySatisfy(event -> {
            assertThat(event).isInstanceOf(Event.Allocated.class);
            Event.Allocated granted = (Event.Allocated) event;
            assertThat(granted.endsAtMillis() - granted.startsAtMillis()).isEqualTo(HOUR / 8);
        });
    }

    @Test
    void whatCannotBeCountedIsRoundedUp() {
        Shots shots = new Shots(1, 0, 7);
        assertThat(shots.leastPerHour(3_000)).isEqualTo(8_400);
        assertThat(shots.termMillis(3_000, 3_000, 9_001)).isEqualTo(2_800);
        assertThat(shots.leftOnSlowestMillis(1, 3_000, 9_001)).isEqualTo(429);
        assertThat(shots.leftOnSlowestMillis(9_999_999, 3_000, 9_001)).isEqualTo(3_000);
        Shots most = new Shots(1, 0, 1_000_000_000_000L);
        long tenYears = 316_224_000_000L;
        assertThat(most.leastPerHour(tenYears)).isEqualTo(11_384_336);
        assertThat(most.termMillis(tenYears, tenYears, 11_384_336)).isEqualTo(316_223_976_524L);
    }
}
