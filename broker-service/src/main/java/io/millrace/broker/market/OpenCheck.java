package io.millrace.broker.market;

import static io.millrace.broker.market.SpecCheck.MAX_LIST;
import static io.millrace.broker.market.SpecCheck.MAX_REPLICAS;
import static io.millrace.broker.market.SpecCheck.range;
import static io.millrace.broker.market.SpecCheck.texts;

import io.millrace.broker.catalogue.Need;
import io.millrace.broker.catalogue.Precision;
import io.millrace.broker.catalogue.Workload;
import io.millrace.broker.placement.Alternative;
import io.millrace.broker.placement.Kind;
import io.millrace.broker.placement.Latitude;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a need must be like, and what a request may leave open. */
final class OpenCheck {
    /** 10^24 operations per second. */
    static final long MAX_GIGA_OPS = 1_000_000_000_000_000L;

    static final int MAX_DEVICE_MEMORY_GIB = 1 << 20;
    static final int MAX_QUBITS = 100_000_000;
    static final long MAX_SHOTS = 1_000_000_000_000L;

    /** Many, for a need may be met by all that there are. */
    private static final int MAX_MODELS_OF_ALTERNATIVE = 10_000;

    private static final int MAX_WHY = 500;

    private OpenCheck() {}

    /** What is wrong with this spec's need, or null. */
    static @Nullable String need(ComputeSpec spec) {
        Need need = spec.need();
        if (need == null) {
            return null;
        }
        String outOfRange = first(
                range("need.gigaOpsPerDevice", need.gigaOpsPerDevice(), 0, MAX_GIGA_OPS),
                range("need.gigaOpsInTotal", need.gigaOpsInTotal(), 0, MAX_GIGA_OPS),
                range("need.deviceMemoryGib", need.deviceMemoryGib(), 0, MAX_DEVICE_MEMORY_GIB));
        if (outOfRange != null) {
            return outOfRange;
        }
        if (need.precision() == Precision.UNKNOWN || need.workload() == Workload.UNKNOWN) {
            return "need.precision or need.workload is UNKNOWN, must be one that is known here, or none";
        }
        if (spec.devices() == 0) {
            return "need is about devices, and devices is 0: say how many a replica has";
        }
        boolean throughput = need.gigaOpsPerDevice() > 0 || need.gigaOpsInTotal() > 0;
        if (need.precision() == null && throughput) {
            return "need asks for throughput and names no precision";
        }
        if (need.precision() == null && need.workload() == null && need.deviceMemoryGib() == 0) {
            return "need asks for nothing: name a precision, a workload or deviceMemoryGib";
        }
        if (need.gigaOpsInTotal() > 0 && spec.replicas() != 1) {
            return "replicas is " + spec.replicas() + ", and follows from need.gigaOpsInTotal: leave it out";
        }
        if (need.gigaOpsInTotal() > 0 && spec.latitude().leastReplicas() > 0) {
            return "minReplicas is " + spec.latitude().leastReplicas()
                    + ", and need.gigaOpsInTotal says what is the least";
        }
        return null;
    }

    /** What is wrong with this spec's job for a quantum processor, or null. */
    static @Nullable String quantum(ComputeSpec spec) {
        Shots job = spec.quantum();
        if (job == null) {
            return null;
        }
        if (spec.kind() != null && spec.kind() != Kind.QUANTUM) {
            return "quantum is asked with kind " + spec.kind() + ", must be QUANTUM or none";
        }
        if (spec.replicas() != 1 || spec.devices() != 1 || spec.milliPerDevice() != 1000) {
            return "quantum is asked with replicas " + spec.replicas() + ", devices " + spec.devices()
                    + ", milliPerDevice " + spec.milliPerDevice() + ": shots run on one whole processor";
        }
        if (spec.need() != null || !spec.latitude().alternatives().isEmpty()) {
            return "quantum is asked besides need or alternatives, which are about other devices";
        }
        return first(
                range("quantum.qubits", job.qubits(), 1, MAX_QUBITS),
                range("quantum.twoQubitFidelityPpm", job.twoQubitFidelityPpm(), 0, 1_000_000),
                range("quantum.shots", job.shots(), 1, MAX_SHOTS));
    }

    /** What is wrong with what this spec leaves open, or null. */
    static @Nullable String latitude(ComputeSpec spec) {
        Latitude latitude = spec.latitude();
        if (latitude.alternatives().isEmpty()) {
            return range("minReplicas", latitude.leastReplicas(), 0, Math.max(0, spec.replicas()));
        }
        if (spec.devices() == 0) {
            return "alternatives name device models, and devices is 0: say how many a replica has";
        }
        if (spec.need() == null && !spec.models().isEmpty()) {
            return "models is given besides alternatives, which have their own";
        }
        if (spec.need() == null && spec.replicas() != 1) {
            return "replicas is " + spec.replicas() + " besides alternatives, which have their own";
        }
        List<Alternative> alternatives = latitude.alternatives();
        if (alternatives.size() > MAX_LIST) {
            return "alternatives has " + alternatives.size() + " entries, may have " + MAX_LIST;
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < alternatives.size(); i++) {
            String problem = alternative("alternatives[" + i + "].", alternatives.get(i), latitude, seen);
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    private static @Nullable String alternative(
            String at, Alternative alternative, Latitude latitude, Set<String> seen) {
        if (alternative.models().isEmpty()) {
            return at + "models is empty, must name a model";
        }
        if (alternative.why().length() > MAX_WHY) {
            return at + "why has " + alternative.why().length() + " characters, may have " + MAX_WHY;
        }
        for (String model : alternative.models()) {
            if (!seen.add(model)) {
                return at + "models has " + model + " for the second time";
            }
        }
        return first(
                texts(at + "models", alternative.models(), MAX_MODELS_OF_ALTERNATIVE),
                range(at + "replicas", alternative.replicas(), Math.max(1, latitude.leastReplicas()), MAX_REPLICAS),
                range("minReplicas", latitude.leastReplicas(), 0, MAX_REPLICAS));
    }

    private static @Nullable String first(@Nullable String... problems) {
        for (String problem : problems) {
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }
}
