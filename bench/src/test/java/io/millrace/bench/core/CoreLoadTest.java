package io.millrace.bench.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.broker.placement.BestFit;
import org.junit.jupiter.api.Test;

class CoreLoadTest {

    @Test
    void theLoadIsReachedAndKept() {
        CoreLoad load = new CoreLoad(new BestFit(), 1);
        load.fillTo(0.5);
        long filled = load.allocations();
        for (int i = 0; i < 5_000; i++) {
            load.step(0.5);
        }

        assertThat(load.nodes()).isEqualTo(1213);
        assertThat((double) load.allocations()).isCloseTo((double) filled, within(filled * 0.1));
        assertThat(load.decided()).isGreaterThan(5_000);
        assertThat(load.grantedShare()).isGreaterThan(0.99);
    }

    @Test
    void whatCannotBeReachedIsNotWaitedFor() {
        CoreLoad load = new CoreLoad(new BestFit(), 1);
        load.fillTo(1.1);
        assertThat(load.grantedShare()).isLessThan(1);
    }

    @Test
    void copiesAreMoreOfTheSame() {
        assertThat(new CoreLoad(new BestFit(), 3).nodes()).isEqualTo(3 * 1213);
    }
}
