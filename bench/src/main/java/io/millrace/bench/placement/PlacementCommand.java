package io.millrace.bench.placement;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.bench.load.Environment;
import io.millrace.bench.trace.OpenbReader;
import io.millrace.bench.trace.Trace;
import io.millrace.broker.placement.GradientDescent;
import io.millrace.broker.placement.PlacementPolicy;
import io.millrace.broker.placement.Policies;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code millrace bench placement}. */
@Command(
        name = "placement",
        mixinStandardHelpOptions = true,
        description = {
            "Fills a cluster by each placement policy, as the FGD paper (USENIX ATC '23) does with the openb trace: jobs arrive"
                    + " in random order up to 1.3 times the devices, none leaves, each is answered at once by a real market.",
            "Prints what share of the devices is allocated when 100 %% and 130 %% of them were asked for."
        })
public final class PlacementCommand implements Callable<Integer> {

    @Option(names = "--nodes", required = true, paramLabel = "FILE", description = "Node list of the openb trace.")
    private Path nodes = Path.of("");

    @Option(names = "--pods", required = true, paramLabel = "FILE", description = "Pod list of the openb trace.")
    private Path pods = Path.of("");

    private static final String BOUND = "bound";

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

    @Option(
            names = "--bound",
            description =
                    "Also print what no policy can surpass: the bound of a linear programme that knows all jobs before the"
                            + " first comes, puts fractions of them and limits CPU and memory for all nodes of a size together.")
    private boolean bound;

    @Option(names = "--json", description = "Print one JSON array with an object for each policy, and nothing else.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** A mean and how far single runs are from it: the standard deviation. */
    private record Spread(double mean, double deviation) {
        static <T> Spread of(List<T> runs, ToDoubleFunction<T> figure) {
            double[] values = runs.stream().mapToDouble(figure).toArray();
            double mean = DoubleStream.of(values).average().orElse(Double.NaN);
            double squares = DoubleStream.of(values)
                    .map(value -> (value - mean) * (value - mean))
                    .sum();
            return new Spread(mean, Math.sqrt(squares / Math.max(1, values.length - 1)));
        }
    }

    private record Result(String policy, Spread at100, Spread at130, long decisionsPerSecond) {}

    @Override
    public Integer call() {
        for (String policy : policies) {
            if (!Policies.names().contains(policy)) {
                throw wrong("--policy: no policy is named " + policy + ", known are " + Policies.names());
            }
        }
        long[] range = range();
        Inflation inflation = new Inflation(mixed(OpenbReader.read(nodes, pods)));
        List<Result> results = new ArrayList<>();
        for (String policy : policies) {
            PrintWriter err = spec.commandLine().getErr();
            err.println("running " + policy);
            err.flush();
            results.add(measure(inflation, policy, range[0], range[1]));
        }
        if (bound) {
            results.add(bound(inflation, range[0], range[1]));
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? json(results).toPrettyString() : text(results));
        out.flush();
        return 0;
    }

    private Trace mixed(Trace trace) {
        if (mix == null) {
            return trace;
        }
        try {
            return Mix.named(mix).of(trace);
        } catch (IllegalArgumentException e) {
            throw wrong("--mix: " + e.getMessage());
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private long[] range() {
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

    private static Result measure(Inflation inflation, String policy, long firstSeed, long lastSeed) {
        List<Inflation.Run> runs = new ArrayList<>();
        long decisions = 0;
        long nanos = 0;
        for (long seed = firstSeed; seed <= lastSeed; seed++) {
            Inflation.Run run = inflation.run(policy(inflation, policy), seed);
            runs.add(run);
            decisions += run.decisions();
            nanos += run.nanos();
        }
        return new Result(
                policy,
                Spread.of(runs, Inflation.Run::at100),
                Spread.of(runs, Inflation.Run::at130),
                decisions * TimeUnit.SECONDS.toNanos(1) / Math.max(1, nanos));
    }

    private static Result bound(Inflation inflation, long firstSeed, long lastSeed) {
        List<double[]> bounds = LongStream.rangeClosed(firstSeed, lastSeed)
                .mapToObj(inflation::bound)
                .toList();
        return new Result(BOUND, Spread.of(bounds, at -> at[0]), Spread.of(bounds, at -> at[1]), 0);
    }

    private static PlacementPolicy policy(Inflation inflation, String name) {
        return name.equals("fgd") ? new GradientDescent(inflation.typical()) : Policies.named(name);
    }

    private static ArrayNode json(List<Result> results) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Result result : results) {
            ObjectNode json = list.addObject();
            json.put("policy", result.policy());
            json.put("alloc100", rounded(result.at100().mean()));
            json.put("alloc130", rounded(result.at130().mean()));
            json.put("deviation100", rounded(result.at100().deviation()));
            json.put("deviation130", rounded(result.at130().deviation()));
            json.put("decisionsPerSecond", result.decisionsPerSecond());
        }
        return list;
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    private static String text(List<Result> results) {
        Formatter out = new Formatter(Locale.ROOT);
        out.format("%-22s%20s%20s%14s%n", "policy", "allocated % at 100", "at 130", "decisions/s");
        for (Result result : results) {
            out.format(
                    "%-22s%13.2f ± %4.2f%13.2f ± %4.2f%,14d%n",
                    result.policy(),
                    result.at100().mean(),
                    result.at100().deviation(),
                    result.at130().mean(),
                    result.at130().deviation(),
                    result.decisionsPerSecond());
        }
        return out + Environment.here().text();
    }
}
