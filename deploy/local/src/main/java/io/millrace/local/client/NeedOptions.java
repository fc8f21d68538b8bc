package io.millrace.local.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a device must be able to do, as options. */
final class NeedOptions {
    /** Number formats that can be asked for. */
    enum PrecisionOption {
        FP64,
        FP32,
        TF32,
        BF16,
        FP16,
        FP8,
        INT8,
        INT4
    }

    /** Workloads that can be named. */
    enum WorkloadOption {
        TRAINING,
        INFERENCE,
        HPC
    }

    @Option(names = "--precision", paramLabel = "FORMAT", description = "Must have it: ${COMPLETION-CANDIDATES}.")
    private @Nullable PrecisionOption precision;

    @Option(
            names = "--throughput",
            paramLabel = "OPS",
            converter = Amounts.GigaOps.class,
            description = "Least throughput of all devices at --precision: 500T, 20P; replicas follow from it.")
    private @Nullable Long gigaOpsInTotal;

    @Option(
            names = "--device-throughput",
            paramLabel = "OPS",
            converter = Amounts.GigaOps.class,
            description = "Least throughput of one device at --precision: 300T.")
    private @Nullable Long gigaOpsPerDevice;

    @Option(names = "--device-memory", paramLabel = "GIB", description = "Least memory of one device, in GiB: 64.")
    private @Nullable Integer deviceMemoryGib;

    @Option(
            names = "--workload",
            paramLabel = "WORKLOAD",
            description =
                    "${COMPLETION-CANDIDATES}: throughput is what it really gets; for inference older devices come first.")
    private @Nullable WorkloadOption workload;

    void toJson(ObjectNode need) {
        if (precision != null) {
            need.put("precision", precision.name());
        }
        if (gigaOpsInTotal != null) {
            need.put("gigaOpsInTotal", gigaOpsInTotal);
        }
        if (gigaOpsPerDevice != null) {
            need.put("gigaOpsPerDevice", gigaOpsPerDevice);
        }
        if (deviceMemoryGib != null) {
            need.put("deviceMemoryGib", deviceMemoryGib);
        }
        if (workload != null) {
            need.put("workload", workload.name());
        }
    }
}
