package io.millrace.broker.settlement;

import java.math.BigInteger;

/** Money by time. */
final class Price {
    private static final long MILLIS_PER_HOUR = 3_600_000;

    private Price() {}

    /**
     * Price times time, rounded down to a millionth of a CNY.
     *
     * @throws ArithmeticException if the cost does not fit a long
     */
    static long cost(long priceMicroCnyPerHour, long millis) {
        if (Math.multiplyHigh(priceMicroCnyPerHour, millis) == 0 && priceMicroCnyPerHour * millis >= 0) {
            return priceMicroCnyPerHour * millis / MILLIS_PER_HOUR;
        }
        return BigInteger.valueOf(priceMicroCnyPerHour)
                .multiply(BigInteger.valueOf(millis))
                .divide(BigInteger.valueOf(MILLIS_PER_HOUR))
                .longValueExact();
    }
}
