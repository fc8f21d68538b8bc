package io.millrace.broker.queue;

/**
 * Halving over time, in integers, so that every replay has the same. A factor is a fraction of 2⁶²: 2^−x = 2^−⌊x⌋ · Π
 * 2^(−2⁻ⁱ) over the bits of the fraction of x, of which 36 count: far less than a millisecond of any half-life.
 */
final class Decay {
    private static final int BITS = 36;
    private static final int ONE_BITS = 62;
    static final long ONE = 1L << ONE_BITS;

    /** 2^(−2⁻ⁱ) for i from 1. */
    private static final long[] ROOTS = roots();

    private Decay() {}

    private static long[] roots() {
        long[] roots = new long[BITS];
        double root = 0.5;
        for (int i = 0; i < BITS; i++) {
            root = StrictMath.sqrt(root);
            roots[i] = (long) (root * ONE);
        }
        return roots;
    }

    /** What is left after this time, as a fraction of {@link #ONE}. */
    static long factor(long millis, long halfLifeMillis) {
        if (millis <= 0) {
            return ONE;
        }
        if (halfLifeMillis == 0 || millis / halfLifeMillis >= ONE_BITS) {
            return 0;
        }
        long factor = ONE >> (int) (millis / halfLifeMillis);
        long rest = millis % halfLifeMillis;
        // The first bits of a short time are zero: as many as it is shorter by, less one.
        int zeros = Math.max(0, Long.numberOfLeadingZeros(rest) - Long.numberOfLeadingZeros(halfLifeMillis) - 1);
        rest <<= zeros;
        for (int i = zeros; i < BITS && rest > 0; i++) {
            rest *= 2;
            if (rest >= halfLifeMillis) {
                rest -= halfLifeMillis;
                factor = times(factor, ROOTS[i]);
            }
        }
        return factor;
    }

    /** A value times a factor, rounded to the nearest. */
    static long times(long value, long factor) {
        long high = Math.multiplyHigh(value, factor);
        long low = value * factor;
        return (high << (Long.SIZE - ONE_BITS)) + (low >>> ONE_BITS) + ((low >>> (ONE_BITS - 1)) & 1);
    }
}
