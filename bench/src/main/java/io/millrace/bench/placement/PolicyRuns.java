package io.millrace.bench.placement;

import io.millrace.bench.trace.OpenbReader;
import io.millrace.bench.trace.Trace;
import io.millrace.broker.placement.Policies;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What is asked of every command that runs placement policies on a trace, and how it is checked. */
final class PolicyRuns {

    @Option(names = "--nodes", required = true, paramLabel = "FILE", description = "Node list of the openb trace.")
    private Path nodes = Path.of("");

    @Option(names = "--pods", required = true, paramLabel = "FILE", description = "Pod list of the openb trace.")
    private Path pods = Path.of("");

    @Option(
            names = "--policy",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Policies to run (default: all). Known: random, dot-product, clustering, packing, best-fit, fgd,"
                            + " fragmentation-aware.")
    private List<String> policies = Policies.names();

    @Option(
            names = "--seeds",
            paramLabel = "A-B",
            defaultValue = "42-51",
            description = "A run for each of these seeds (default: ${DEFAULT-VALUE}).")
    private String seeds = "";

    @Option(
            names = "--mix",
            paramLabel = "WHAT-PERCENT",
            description = {
                "Change the mix of the jobs first, one of:",
                "shared-P, large-P: jobs are drawn until those that share a device, or take several, ask P %% of what all ask;",
                "cpu-P: P %% of the jobs without devices, more than 100 draws some again;",
                "model-P: P %% of the jobs with devices take one model only, drawn by how many devices there are of it."
            })
    private @Nullable String mix;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** A mean and how far single runs are from it: the standard deviation. */
    record Spread(double mean, double deviation) {
        static <T> Spread of(List<T> runs, ToDoubleFunction<T> figure) {
            double[] values = runs.stream().mapToDouble(figure).toArray();
            double mean = DoubleStream.of(values).average().orElse(Double.NaN);
            double squares = DoubleStream.of(values)
                    .map(value -> (value - mean) * (value - mean))
                    .sum();
            return new Spread(mean, Math.sqrt(squares / Math.max(1, values.length - 1)));
        }
    }

    /** The names of the policies to run, all known. */
    List<String> policies() {
        for (String policy : policies) {
            if (!Policies.names().contains(policy)) {
                throw wrong("--policy: no policy is named " + policy + ", known are " + Policies.names());
            }
        }
        return policies;
    }

    /** The first and the last seed. */
    long[] seeds() {
        String[] ends = seeds.split("-", -1);
        try {
            long first = Long.parseLong(ends[0]);
            long last = Long.parseLong(ends[ends.length - 1]);
            if (ends.length <= 2 && first <= last) {
                return new long[] {first, last};
            }
        } catch (NumberFormatException e) {
            throw wrong("--seeds is '" + seeds + "', must be two numbers such as 42-51");
        }
        throw wrong("--seeds is '" + seeds + "', must be two numbers such as 42-51");
    }

    /** The trace, with the mix that was asked. */
    Trace trace() {
        Trace trace = OpenbReader.read(nodes, pods);
        if (mix == null) {
            return trace;
        }
        try {
            return Mix.named(mix).of(trace);
        } catch (IllegalArgumentException e) {
            throw wrong("--mix: " + e.getMessage());
        }
    }

    /** Says what is being done. */
    void progress(String what) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(what);
        err.flush();
    }

    /** Prints what came out. */
    void print(String result) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(result);
        out.flush();
    }

    ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
