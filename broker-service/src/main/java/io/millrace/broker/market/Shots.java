package io.millrace.broker.market;

import java.math.BigInteger;

/**
 * A job for a quantum processor. Its term follows from its shots and from those that the processor runs in an hour. While
 * it waits, time is counted as on the slowest processor that will do, on which it takes its longest term.
 *
 * @param qubits least physical qubits
 * @param twoQubitFidelityPpm least median fidelity of a two-qubit gate, millionths; 0 for any
 * @param shots shots to run
 */
public record Shots(int qubits, int twoQubitFidelityPpm, long shots) {
    private static final long HOUR_MILLIS = 3_600_000;

    /** Shots that a processor must run in an hour, so that all are run in the longest term. */
    long leastPerHour(long longestMillis) {
        return times(shots, HOUR_MILLIS, longestMillis);
    }

    /** The term on a processor, of which so much would be left on the slowest; at least a millisecond. */
    long termMillis(long leftOnSlowestMillis, long longestMillis, long shotsPerHour) {
        long left = times(shots, leftOnSlowestMillis, longestMillis);
        return Math.max(1, times(left, HOUR_MILLIS, shotsPerHour));
    }

    /** What would be left on the slowest, of which so much is left on this processor; at most the longest term. */
    long leftOnSlowestMillis(long leftMillis, long longestMillis, long shotsPerHour) {
        long left = times(leftMillis, shotsPerHour, HOUR_MILLIS);
        return left >= shots ? longestMillis : times(left, longestMillis, shots);
    }

    /** {@code a * b / c}, rounded up. */
    private static long times(long a, long b, long c) {
        return BigInteger.valueOf(a)
                .multiply(BigInteger.valueOf(b))
                .add(BigInteger.valueOf(c - 1))
                .divide(BigInteger.valueOf(c))
                .longValueExact();
    }
}
