package io.millrace.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of something after a time. */
class DecayTest {
    private static final long DAY = 86_400_000;

    @ParameterizedTest
    @CsvSource({"0, 1", "86400000, 0.5", "172800000, 0.25", "43200000, 0.70710678", "8640000, 0.93303299", "-5, 1"})
    void isHalvedEachHalfLife(long millis, double left) {
        assertThat(Decay.factor(millis, DAY) / (double) Decay.ONE).isCloseTo(left, within(2e-5));
    }

    @Test
    void nothingIsLeftAfterVeryLongOrWithoutAMemory() {
        assertThat(Decay.factor(Long.MAX_VALUE / 2, DAY)).isZero();
        assertThat(Decay.factor(1, 0)).isZero();
    }

    @Test
    void neverGrows() {
        long before = Decay.ONE;
        for (long millis = 0; millis < 3 * DAY; millis += 61_001) {
            long factor = Decay.factor(millis, DAY);
            assertThat(factor).isLessThanOrEqualTo(before).isPositive();
            before = factor;
        }
    }

    @Test
    void productsAreRoundedToTheNearest() {
        for (long value : new long[] {0, 1, 3, 1_000, 123_456_789_012_345L, -77_777_777_777L, -3}) {
            assertThat((double) Decay.times(value, Decay.factor(DAY, DAY))).isCloseTo(value / 2.0, within(0.5));
            assertThat(Decay.times(value, Decay.ONE)).isEqualTo(value);
        }
    }

    /** The shortest step is that of {@link QueueSettings#averagingStepMillis}. */
    @ParameterizedTest
    @ValueSource(longs = {82, 100, 1_000, 1_319, 86_400_000})
    void itIsTheSameInManySmallStepsAsInALargeOne(long stepMillis) {
        long oneDevice = 1_000L << 16;
        long average = 0;
        for (long at = 0; at < DAY; at += stepMillis) {
            average = oneDevice + Decay.times(average - oneDevice, Decay.factor(stepMillis, DAY));
        }
        assertThat(average / (double) oneDevice).isCloseTo(0.5, within(0.01));
    }
}
