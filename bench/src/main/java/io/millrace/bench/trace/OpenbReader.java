package io.millrace.bench.trace;

import io.millrace.local.UserError;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the openb trace (Alibaba, 2023): a node list and a pod list as CSV with a header.
 *
 * <p>How the fields are read, as in the publication that goes with the trace (FGD, USENIX ATC '23): {@code gpu_milli} is
 * of each GPU and below 1000 only for a single one; {@code gpu_spec} lists the models that will do, separated by a bar,
 * empty for any; CPU 0 counts as 100 milli. A pod's life is {@code deletion_time - creation_time}; both columns may be
 * missing, then the pods have no times.
 *
 * <p>Stateless.
 */
public final class OpenbReader {
    private static final List<String> NODE_COLUMNS = List.of("sn", "cpu_milli", "memory_mib", "gpu", "model");
    private static final List<String> POD_COLUMNS =
            List.of("name", "cpu_milli", "memory_mib", "num_gpu", "gpu_milli", "gpu_spec");
    private static final long MAX_AMOUNT = 1_000_000_000L;
    private static final int MAX_DEVICES = 1024;
    private static final long DEFAULT_CPU_MILLI = 100;

    private OpenbReader() {}

    /**
     * Reads both files.
     *
     * @throws UserError naming file and line, if something cannot be read
     */
    public static Trace read(Path nodes, Path pods) {
        return new Trace(
                CsvRows.read(nodes, NODE_COLUMNS, OpenbReader::node),
                CsvRows.read(pods, POD_COLUMNS, OpenbReader::pod),
                0);
    }

    private static TraceNode node(Row row) {
        String name = row.text("sn");
        if (name.isEmpty()) {
            throw row.wrong("sn is empty");
        }
        int devices = (int) row.number("gpu", 0, MAX_DEVICES);
        String model = row.text("model");
        if (devices > 0 && model.isEmpty()) {
            throw row.wrong("gpu is " + devices + " and model is empty");
        }
        return new TraceNode(
                name,
                devices == 0 ? "" : model,
                devices,
                row.number("cpu_milli", 0, MAX_AMOUNT),
                row.number("memory_mib", 0, MAX_AMOUNT));
    }

    private static TraceJob pod(Row row) {
        int devices = (int) row.number("num_gpu", 0, MAX_DEVICES);
        int milli = (int) row.number("gpu_milli", 0, 1000);
        if (devices == 1 && milli == 0) {
            throw row.wrong("num_gpu is 1 and gpu_milli is 0");
        }
        if (devices > 1 && milli != 1000) {
            throw row.wrong(
                    "num_gpu is " + devices + " and gpu_milli is " + milli + ": only a single GPU can be shared");
        }
        if (devices == 0 && milli != 0) {
            throw row.wrong("num_gpu is 0 and gpu_milli is " + milli);
        }
        long cpu = row.number("cpu_milli", 0, MAX_AMOUNT);
        long created = row.numberIfKnown("creation_time");
        long deleted = row.numberIfKnown("deletion_time");
        if (created != TraceJob.UNKNOWN && deleted != TraceJob.UNKNOWN && deleted < created) {
            throw row.wrong("deletion_time " + deleted + " is before creation_time " + created);
        }
        return new TraceJob(
                row.text("name"),
                models(row),
                1,
                devices,
                devices == 0 ? 1000 : milli,
                cpu == 0 ? DEFAULT_CPU_MILLI : cpu,
                row.number("memory_mib", 0, MAX_AMOUNT),
                created,
                created == TraceJob.UNKNOWN || deleted == TraceJob.UNKNOWN ? TraceJob.UNKNOWN : deleted - created);
    }

    /** The trace names some models twice in one list. */
    private static List<String> models(Row row) {
        String spec = row.text("gpu_spec");
        if (spec.isEmpty()) {
            return List.of();
        }
        List<String> models = Arrays.stream(spec.split("\\|", -1))
                .map(String::strip)
                .distinct()
                .toList();
        if (models.contains("")) {
            throw row.wrong("gpu_spec is '" + spec + "', must be models separated by |");
        }
        return models;
    }
}
