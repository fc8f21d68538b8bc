package io.millrace.bench.placement;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.bench.load.Environment;
import io.millrace.bench.placement.PolicyRuns.Spread;
import io.millrace.broker.placement.GradientDescent;
import io.millrace.broker.placement.PlacementPolicy;
import io.millrace.broker.placement.Policies;
import java.util.ArrayList;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

    private static final String BOUND = "bound";

    @Mixin
    private PolicyRuns runs = new PolicyRuns();

    @Option(
            names = "--bound",
            description =
                    "Also print what no policy can surpass: the bound of a linear programme that knows all jobs before the"
                            + " first comes, puts fractions of them and limits CPU and memory for all nodes of a size together.")
    private boolean bound;

    @Option(names = "--json", description = "Print one JSON array with an object for each policy, and nothing else.")
    private boolean json;

    private record Result(String policy, Spread at100, Spread at130, long decisionsPerSecond) {}

    @Override
    public Integer call() {
        List<String> policies = runs.policies();
        long[] seeds = runs.seeds();
        Inflation inflation = new Inflation(runs.trace());
        List<Result> results = new ArrayList<>();
        for (String policy : policies) {
            runs.progress("running " + policy);
            results.add(measure(inflation, policy, seeds[0], seeds[1]));
        }
        if (bound) {
            results.add(bound(inflation, seeds[0], seeds[1]));
        }
        runs.print(json ? json(results).toPrettyString() : text(results));
        return 0;
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
            json.put("alloc100", PolicyRuns.rounded(result.at100().mean()));
            json.put("alloc130", PolicyRuns.rounded(result.at130().mean()));
            json.put("deviation100", PolicyRuns.rounded(result.at100().deviation()));
            json.put("deviation130", PolicyRuns.rounded(result.at130().deviation()));
            json.put("decisionsPerSecond", result.decisionsPerSecond());
        }
        return list;
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
