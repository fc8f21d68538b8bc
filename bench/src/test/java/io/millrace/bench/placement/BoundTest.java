package io.millrace.bench.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.trace.SyntheticOpenb;
import io.millrace.bench.trace.Trace;
import io.millrace.bench.trace.TraceJob;
import io.millrace.bench.trace.TraceNode;
import io.millrace.broker.placement.Policies;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundTest {
    private static final Offset<Double> NEAR = Offset.offset(0.02);

    private static TraceNode node(String model, int devices, long cores) {
        return new TraceNode(model, model, devices, cores * 1000, 1 << 20);
    }

    private static TraceJob job(int devices, int milli, long cores, String... models) {
        return new TraceJob("", List.of(models), 1, devices, milli, cores * 1000, 1024, 0, 1);
    }

    private static double bound(List<TraceNode> nodes, List<TraceJob> jobs) {
        return new Bound(new Trace(nodes, jobs, 0)).percent(jobs);
    }

    @Test
    void allThatIsAskedIfThereIsRoom() {
        assertThat(bound(List.of(node("T4", 4, 64)), List.of(job(1, 500, 1), job(2, 1000, 1))))
                .isCloseTo(62.5, NEAR);
    }

    @Test
    void jobsThatDoNotShareADeviceLeaveRest() {
        assertThat(bound(List.of(node("T4", 2, 64)), Collections.nCopies(5, job(1, 600, 1))))
                .isCloseTo(60, NEAR);
    }

    @Test
    void devicesAreFilledByTheBestMixture() {
        List<TraceJob> jobs = List.of(job(1, 600, 1), job(1, 600, 1), job(1, 400, 1), job(1, 300, 1), job(1, 900, 1));
        assertThat(bound(List.of(node("T4", 2, 64)), jobs)).isCloseTo(95, NEAR);
    }

    @Test
    void cpuIsLimited() {
        assertThat(bound(List.of(node("T4", 4, 10)), Collections.nCopies(4, job(1, 1000, 5))))
                .isCloseTo(50, NEAR);
    }

    @Test
    void modelsAreKept() {
        List<TraceNode> nodes = List.of(node("T4", 3, 64), node("G2", 1, 64));
        assertThat(bound(nodes, Collections.nCopies(4, job(1, 1000, 1, "G2")))).isCloseTo(25, NEAR);
    }

    @Test
    void aJobGoesToNoNodeThatIsTooSmallForIt() {
        List<TraceNode> nodes = List.of(node("T4", 2, 64), node("T4", 2, 64));
        assertThat(bound(nodes, List.of(job(4, 1000, 1), job(1, 1000, 1)))).isCloseTo(25, NEAR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"best-fit", "fragmentation-aware"})
    void noPolicySurpassesIt(String policy) {
        List<TraceNode> cluster = SyntheticOpenb.nodes();
        List<TraceJob> all = SyntheticOpenb.jobs(3);
        List<TraceNode> nodes = IntStream.range(0, cluster.size())
                .filter(i -> i % 30 == 0)
                .mapToObj(cluster::get)
                .toList();
        Inflation inflation = new Inflation(new Trace(nodes, all.subList(0, 280), 0));
        Inflation.Run run = inflation.run(Policies.named(policy), 7);
        double[] bound = inflation.bound(7);
        assertThat(run.at100()).isLessThanOrEqualTo(bound[0]).isGreaterThan(bound[0] - 15);
        assertThat(run.at130()).isLessThanOrEqualTo(bound[1]).isGreaterThan(bound[1] - 15);
    }
}
