package io.millrace.broker.placement;

import java.util.Comparator;

/**
 * A quantum processor: what one is, or what one must be at least.
 *
 * @param qubits physical qubits
 * @param twoQubitFidelityPpm median fidelity of a two-qubit gate, millionths
 * @param shotsPerHour shots that it runs in an hour
 */
public record Quantum(int qubits, int twoQubitFidelityPpm, long shotsPerHour) {
    static final Comparator<Quantum> ORDER = Comparator.comparingInt(Quantum::qubits)
            .thenComparingInt(Quantum::twoQubitFidelityPpm)
            .thenComparingLong(Quantum::shotsPerHour);

    boolean isAtLeast(Quantum wanted) {
        return qubits >= wanted.qubits
                && twoQubitFidelityPpm >= wanted.twoQubitFidelityPpm
                && shotsPerHour >= wanted.shotsPerHour;
    }
}
