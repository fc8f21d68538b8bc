package io.millrace.ingest.capacity;

/**
 * What the quantum processors of a pool are.
 *
 * @param qubits physical qubits
 * @param twoQubitFidelityPpm median fidelity of a two-qubit gate, in millionths
 * @param shotsPerHour shots that one runs in an hour
 */
public record Quantum(int qubits, int twoQubitFidelityPpm, long shotsPerHour) {}
