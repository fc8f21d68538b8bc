package io.millrace.bench.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.trace.SyntheticOpenb;
import io.millrace.bench.trace.Trace;
import io.millrace.bench.trace.TraceJob;
import io.millrace.bench.trace.TraceNode;
import io.millrace.broker.placement.Policies;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class TurnoverTest {
    private static final long SEED = 42;

    private static TraceJob job(int devices, int milli) {
        return new TraceJob("", List.of(), 1, devices, milli, 1000, 1024, 0, 1);
    }

    private static List<TraceNode> nodes(int count, int devices) {
        return IntStream.range(0, count)
                .mapToObj(i -> new TraceNode("n" + i, "T4", devices, 64_000, 1 << 20))
                .toList();
    }

    /** Erlang's loss formula: of 10 servers that are asked for 10 at any time, 21.46 % of the calls are lost. */
    @Test
    void losesWhatErlangSays() {
        Turnover turnover = new Turnover(new Trace(nodes(10, 1), List.of(job(1, 1000)), 0));
        double granted = 0;
        int runs = 200;
        for (int seed = 0; seed < runs; seed++) {
            granted += turnover.run(Policies.named("best-fit"), 1.0, seed).grantedDevices() / runs;
        }
        // Not quite a Poisson process: one comes every second, and so somewhat less is lost.
        assertThat(granted).isBetween(78.54, 90.0);
    }

    @Test
    void grantsAllThatHasRoom() {
        Turnover turnover = new Turnover(new Trace(nodes(50, 8), List.of(job(1, 500), job(2, 1000)), 0));
        Turnover.Run run = turnover.run(Policies.named("best-fit"), 0.5, SEED);
        assertThat(run.grantedDevices()).isEqualTo(100);
        assertThat(run.grantedLarge()).isEqualTo(100);
        assertThat(run.allocated()).isCloseTo(50, Offset.offset(5.0));
    }

    @Test
    void sameSeedSameRun() {
        Turnover turnover = new Turnover(new Trace(nodes(20, 8), List.of(job(1, 500), job(4, 1000)), 0));
        Turnover.Run run = turnover.run(Policies.named("fragmentation-aware"), 1.2, SEED);
        assertThat(turnover.run(Policies.named("fragmentation-aware"), 1.2, SEED))
                .isEqualTo(run);
        assertThat(turnover.run(Policies.named("fragmentation-aware"), 1.2, SEED + 1))
                .isNotEqualTo(run);
    }

    /** Whoever leaves one device idle on every node has none for those who need eight together. */
    @Test
    void theDefaultPolicyKeepsRoomForLargeJobs() {
        Turnover turnover = new Turnover(new Trace(SyntheticOpenb.nodes(), SyntheticOpenb.jobs(SEED), 0));
        Turnover.Run ours = turnover.run(Policies.named(Policies.DEFAULT), 0.9, SEED);
        assertThat(ours.grantedLarge()).isGreaterThan(97);
        assertThat(ours.grantedDevices()).isGreaterThan(99.5);
    }
}
