package io.millrace.broker.market;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * All or nothing, from seeds. {@code -Dmillrace.simulation.seeds=N} plays more of them, {@code
 * -Dmillrace.simulation.first=N} others.
 */
class CoAllocationSimulationTest {
    private static final int SEEDS = Integer.getInteger("millrace.simulation.seeds", 200);
    private static final long FIRST = Long.getLong("millrace.simulation.first", 1);

    @Test
    void whatIsGrantedIsGrantedWholeAndOnce() {
        CoAllocationSimulation.Seen seen = LongStream.range(FIRST, FIRST + SEEDS)
                .parallel()
                .mapToObj(CoAllocationSimulationTest::run)
                .reduce(new CoAllocationSimulation.Seen(0, 0, 0, 0, 0, 0, 0), CoAllocationSimulation.Seen::plus);
        // Or else the above would hold of nothing.
        assertThat(seen.confirmed()).isGreaterThan(SEEDS);
        assertThat(seen.abandoned()).isGreaterThan(SEEDS);
        assertThat(seen.cancelled()).isPositive();
        assertThat(seen.released()).isPositive();
        assertThat(seen.expired()).isPositive();
        assertThat(seen.servedAnew()).isPositive();
        assertThat(seen.waitedAnew()).isPositive();
    }

    private static CoAllocationSimulation.Seen run(long seed) {
        try {
            return new CoAllocationSimulation(seed).run();
        } catch (AssertionError | RuntimeException broken) {
            throw new AssertionError("seed " + seed + ": " + broken.getMessage(), broken);
        }
    }
}
