package io.millrace.bench.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.bench.trace.TraceJob;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private static final double SECOND = 1e9;
    /** Four jobs, the last a thousand seconds after the first. */
    private final List<TraceJob> jobs = List.of(job(100), job(100), job(600), job(1100));

    @Test
    void evenlyIgnoresTheTimesOfTheTrace() {
        Timeline timeline = Timeline.evenly(jobs, 2);

        assertThat(timeline.arrivalNanos(0)).isZero();
        assertThat(timeline.arrivalNanos(3)).isEqualTo((long) (1.5 * SECOND));
        assertThat(timeline.factor()).isZero();
    }

    @Test
    void compressedKeepsTheRhythmAndHasTheRateAskedOnAverage() {
        Timeline timeline = Timeline.compressed(jobs, 2);

        // Four jobs at two a second: two seconds for the thousand of the trace.
        assertThat(timeline.factor()).isCloseTo(500, within(1e-9));
        assertThat(timeline.arrivalNanos(0)).isZero();
        assertThat(timeline.arrivalNanos(1)).isZero();
        assertThat(timeline.arrivalNanos(2)).isEqualTo((long) SECOND);
        assertThat(timeline.arrivalNanos(3)).isEqualTo((long) (2 * SECOND));
        assertThat(timeline.nanos(1600)).isEqualTo((long) (3 * SECOND));
        assertThat(timeline.traceSeconds((long) (3 * SECOND))).isCloseTo(1600, within(1e-6));
    }

    @Test
    void aTraceWithinOneSecondHasAFactorAllTheSame() {
        Timeline timeline = Timeline.compressed(List.of(job(5), job(5)), 2);

        assertThat(timeline.factor()).isCloseTo(1, within(1e-9));
    }

    @Test
    void withoutARateNothingHasATime() {
        Timeline timeline = Timeline.asFastAsItGoes(jobs);

        assertThat(timeline.isTimed()).isFalse();
        assertThat(timeline.arrivalNanos(3)).isZero();
        assertThat(timeline.factor()).isZero();
    }

    private static TraceJob job(long arrives) {
        return new TraceJob("job", List.of(), 1, 0, 1000, 1000, 0, arrives, 60);
    }
}
