package io.millrace.bench.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.load.Percentiles;
import io.millrace.bench.pipeline.Load.Throughput;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

class LoadTest {
    private static final long MILLI = 1_000_000;

    /** Answers each record so many records later, or this long after it was sent. */
    private static final class Echo extends Stage {
        private final int lag;
        private final long answerNanos;
        private final Deque<Long> waiting = new ArrayDeque<>();

        Echo(int lag, long answerNanos) {
            this.lag = lag;
            this.answerNanos = answerNanos;
        }

        @Override
        String name() {
            return "echo";
        }

        @Override
        void send(long index) {
            waiting.addLast(index);
            if (waiting.size() > lag) {
                answerNext();
            }
        }

        private void answerNext() {
            long index = waiting.removeFirst();
            answered(index, pending().intendedNanos(index) + answerNanos);
        }

        @Override
        boolean isIdle() {
            while (!waiting.isEmpty()) {
                answerNext();
            }
            return super.isIdle();
        }

        @Override
        void requireAlive() {}

        @Override
        public void close() {}
    }

    @Test
    void everyRecordIsSentAtItsRateAndMeasuredAfterTheWarmUp() {
        Echo echo = new Echo(3, 7 * MILLI);

        Percentiles percentiles = Load.atRate(echo, 1000, Duration.ofMillis(50), Duration.ofMillis(100));

        assertThat(echo.pending().sent()).isEqualTo(150);
        assertThat(percentiles.count()).isEqualTo(100);
        assertThat(percentiles.p50()).isBetween(6.9, 7.1);
        assertThat(percentiles.max()).isBetween(6.9, 7.1);
    }

    @Test
    void atSaturationAllIsAnsweredInTheEnd() {
        Echo echo = new Echo(10, 0);

        Throughput throughput = Load.saturate(echo, Duration.ofMillis(20), Duration.ofMillis(50));

        assertThat(throughput.perSecond()).isPositive();
        assertThat(throughput.cpuSecondsPerMillion()).isPositive();
        assertThat(echo.pending().outstanding()).isZero();
        assertThat(echo.pending().repeated()).isZero();
    }

    @Test
    void aRateSoLowThatNothingIsDueStillSendsOne() {
        assertThat(Load.atRate(new Echo(0, MILLI), 1, Duration.ZERO, Duration.ofMillis(5))
                        .count())
                .isEqualTo(1);
    }
}
