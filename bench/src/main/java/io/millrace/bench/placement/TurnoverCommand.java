package io.millrace.bench.placement;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.bench.load.Environment;
import io.millrace.bench.placement.PolicyRuns.Spread;
import io.millrace.broker.placement.Policies;
import java.util.ArrayList;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code millrace bench turnover}. */
@Command(
        name = "turnover",
        mixinStandardHelpOptions = true,
        description = {
            "Lets jobs of a trace come and go, by each placement policy: one every second, drawn at random, for an"
                    + " exponentially distributed time. Each is answered at once by a real market; what is refused is lost.",
            "Prints what share of the devices is allocated on average, and what was granted: of the devices asked for, and of"
                    + " the jobs with several of them."
        })
public final class TurnoverCommand implements Callable<Integer> {
    private static final int MOST_PERCENT = 1_000;

    @Mixin
    private PolicyRuns runs = new PolicyRuns();

    @Option(
            names = "--load",
            paramLabel = "PERCENT",
            split = ",",
            defaultValue = "90,95,100,120",
            description = "Devices that the jobs ask for at any time, of all there are (default: ${DEFAULT-VALUE}).")
    private List<Integer> loads = List.of();

    @Option(
            names = "--json",
            description = "Print one JSON array with an object for each policy and load, and nothing else.")
    private boolean json;

    private record Result(String policy, int load, Spread allocated, Spread grantedDevices, Spread grantedLarge) {}

    @Override
    public Integer call() {
        List<String> policies = runs.policies();
        long[] seeds = runs.seeds();
        for (int load : loads) {
            if (load < 1 || load > MOST_PERCENT) {
                throw runs.wrong("--load is " + load + ", must be from 1 to " + MOST_PERCENT);
            }
        }
        Turnover turnover = new Turnover(runs.trace());
        List<Result> results = new ArrayList<>();
        for (int load : loads) {
            for (String policy : policies) {
                runs.progress("running " + policy + " at " + load + " %");
                results.add(measure(turnover, policy, load, seeds[0], seeds[1]));
            }
        }
        runs.print(json ? json(results).toPrettyString() : text(results));
        return 0;
    }

    private static Result measure(Turnover turnover, String policy, int load, long firstSeed, long lastSeed) {
        List<Turnover.Run> runs = new ArrayList<>();
        for (long seed = firstSeed; seed <= lastSeed; seed++) {
            runs.add(turnover.run(Policies.named(policy), load / 100.0, seed));
        }
        return new Result(
                policy,
                load,
                Spread.of(runs, Turnover.Run::allocated),
                Spread.of(runs, Turnover.Run::grantedDevices),
                Spread.of(runs, Turnover.Run::grantedLarge));
    }

    private static ArrayNode json(List<Result> results) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Result result : results) {
            ObjectNode json = list.addObject();
            json.put("policy", result.policy());
            json.put("load", result.load());
            json.put("allocated", PolicyRuns.rounded(result.allocated().mean()));
            json.put(
                    "grantedDevices", PolicyRuns.rounded(result.grantedDevices().mean()));
            json.put("grantedLarge", PolicyRuns.rounded(result.grantedLarge().mean()));
            json.put("deviationAllocated", PolicyRuns.rounded(result.allocated().deviation()));
            json.put(
                    "deviationDevices",
                    PolicyRuns.rounded(result.grantedDevices().deviation()));
            json.put("deviationLarge", PolicyRuns.rounded(result.grantedLarge().deviation()));
        }
        return list;
    }

    private static String text(List<Result> results) {
        Formatter out = new Formatter(Locale.ROOT);
        out.format("%-22s%8s%18s%20s%20s%n", "policy", "load %", "allocated %", "devices granted %", "large granted %");
        for (Result result : results) {
            out.format(
                    "%-22s%8d%11.2f ± %4.2f%13.2f ± %4.2f%13.2f ± %4.2f%n",
                    result.policy(),
                    result.load(),
                    result.allocated().mean(),
                    result.allocated().deviation(),
                    result.grantedDevices().mean(),
                    result.grantedDevices().deviation(),
                    result.grantedLarge().mean(),
                    result.grantedLarge().deviation());
        }
        return out + Environment.here().text();
    }
}
