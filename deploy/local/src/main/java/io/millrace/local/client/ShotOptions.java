package io.millrace.local.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Option;

/** A job for a quantum processor, as options. */
final class ShotOptions {
    @Option(names = "--shots", paramLabel = "N", required = true, description = "Shots to run.")
    private long shots;

    @Option(names = "--qubits", paramLabel = "N", required = true, description = "Least physical qubits.")
    private int qubits;

    @Option(
            names = "--fidelity-ppm",
            paramLabel = "PPM",
            description = "Least median fidelity of a two-qubit gate, in millionths (default: any).")
    private int twoQubitFidelityPpm;

    void toJson(ObjectNode quantum) {
        quantum.put("qubits", qubits)
                .put("twoQubitFidelityPpm", twoQubitFidelityPpm)
                .put("shots", shots);
    }
}
