package io.millrace.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LatenciesTest {

    @Test
    void percentilesInMilliseconds() {
        Latencies latencies = new Latencies();
        for (int i = 1; i <= 1000; i++) {
            latencies.record(0, TimeUnit.MILLISECONDS.toNanos(i));
        }

        Percentiles percentiles = latencies.percentiles();

        assertThat(percentiles.count()).isEqualTo(1000);
        assertThat(percentiles.p50()).isCloseTo(500, within(1.0));
        assertThat(percentiles.p99()).isCloseTo(990, within(1.5));
        assertThat(percentiles.max()).isCloseTo(1000, within(1.0));
    }

    @Test
    void nothingMeasuredIsZero() {
        assertThat(new Latencies().percentiles()).isEqualTo(new Percentiles(0, 0, 0, 0));
    }

    /** A pipeline that stands still for a second must show in the latency of all that were due in that second. */
    @Test
    void aStandstillIsSeenByAllThatWereDueInIt() {
        OpenLoop loop = new OpenLoop(0, 100);
        Latencies latencies = new Latencies();
        long standstillEnds = TimeUnit.SECONDS.toNanos(1);
        for (int k = 0; k < 100; k++) {
            latencies.record(loop.dueNanos(k), standstillEnds);
        }

        assertThat(latencies.percentiles().p50()).isCloseTo(500, within(15.0));
        assertThat(latencies.percentiles().max()).isCloseTo(1000, within(1.0));
    }

    @Test
    void theScheduleDoesNotDrift() {
        OpenLoop loop = new OpenLoop(5, 3);

        assertThat(loop.dueNanos(0)).isEqualTo(5);
        assertThat(loop.dueNanos(3_000_000)).isEqualTo(5 + TimeUnit.SECONDS.toNanos(1_000_000));
    }

    @Test
    void aRateOfNothingIsRefused() {
        assertThatThrownBy(() -> new OpenLoop(0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new OpenLoop(0, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aDueTimeThatIsPastIsNotWaitedFor() {
        long before = System.nanoTime();
        OpenLoop.awaitDue(before + 2_000_000);

        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(2_000_000);
    }

    @Test
    void roundsAreCombinedByTheirMedianAndTheirWorst() {
        Percentiles all = Percentiles.ofRounds(List.of(
                new Percentiles(10, 5, 50, 90), new Percentiles(10, 4, 70, 60), new Percentiles(10, 9, 60, 70)));

        assertThat(all).isEqualTo(new Percentiles(30, 5, 60, 90));
    }

    @Test
    void median() {
        assertThat(Median.of(List.of())).isZero();
        assertThat(Median.of(List.of(3.0, 1.0, 2.0))).isEqualTo(2);
        assertThat(Median.of(List.of(4.0, 1.0))).isEqualTo(2.5);
    }
}
