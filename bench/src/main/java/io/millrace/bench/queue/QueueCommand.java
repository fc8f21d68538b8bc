package io.millrace.bench.queue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.bench.load.Environment;
import io.millrace.bench.load.Figures;
import io.millrace.bench.trace.OpenbReader;
import io.millrace.broker.BrokerConfig;
import io.millrace.broker.queue.PriorityClass;
import io.millrace.broker.queue.QueueSettings;
import io.millrace.broker.queue.QueueSettings.Discipline;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code millrace bench queue}. */
@Command(
        name = "queue",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Plays jobs that come faster than they can be served through one market, with departures, once for each"
                    + " discipline of the queue: fifo, easy, fair.",
            "Five accounts ask for 50, 20, 15, 10 and 5 %% of the jobs, the third has twice the weight of the others. A tenth"
                    + " of the jobs is of class LOW and preemptible, a twentieth HIGH; terms are one to three times what jobs"
                    + " really run.",
            "A wait is all time between arrival and end in which the job did not run. Utilisation is of devices, up to the"
                    + " last arrival. Fairness is Jain's index of the device-time of the last 24 hours by weight among the accounts that"
                    + " had somebody of a class above LOW waiting, hour by hour."
        })
public final class QueueCommand implements Callable<Integer> {
    @Option(
            names = "--jobs",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Jobs of the synthetic workload (default: ${DEFAULT-VALUE}).")
    private int jobs;

    @Option(
            names = "--load",
            paramLabel = "PART",
            defaultValue = "1.3",
            description =
                    "Load offered in the rush hours, of the capacity; with a trace, all the time (default: ${DEFAULT-VALUE}).")
    private double load;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "For all that is drawn (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--nodes", paramLabel = "FILE", description = "Also: node list of the openb trace, CSV.")
    private @Nullable Path nodes;

    @Option(names = "--pods", paramLabel = "FILE", description = "Also: pod list of the openb trace, CSV.")
    private @Nullable Path pods;

    @Option(names = "--json", description = "Print one JSON object and nothing else.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** What all disciplines made of a workload. */
    private record Comparison(Workload workload, List<QueueOutcome> outcomes) {}

    @Override
    public Integer call() {
        if (jobs < 1 || load <= 0 || (nodes == null) != (pods == null)) {
            throw new ParameterException(
                    spec.commandLine(), "--jobs and --load must be more than 0; --nodes and --pods go together");
        }
        List<Comparison> comparisons = new ArrayList<>();
        comparisons.add(compare(Workload.synthetic(jobs, load, seed)));
        if (nodes != null && pods != null) {
            comparisons.add(compare(Workload.of(OpenbReader.read(nodes, pods), load, seed)));
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? json(comparisons).toPrettyString() : text(comparisons));
        out.flush();
        return 0;
    }

    private Comparison compare(Workload workload) {
        BrokerConfig defaults = new BrokerConfig(Map.of());
        QueueSettings rules = defaults.marketSettings().queue();
        QueueSettings weighted = new QueueSettings(
                rules.discipline(),
                rules.halfLifeMillis(),
                rules.ageingMillis(),
                Workload.weights(),
                Map.of(),
                rules.budgetWindowMillis(),
                rules.noticeMillis());
        List<QueueOutcome> outcomes = new ArrayList<>();
        for (Discipline discipline : Discipline.values()) {
            PrintWriter err = spec.commandLine().getErr();
            err.println(
                    "playing " + workload.name() + " under " + discipline.name().toLowerCase(Locale.ROOT));
            err.flush();
            outcomes.add(new QueueReplay(workload, weighted.with(discipline), defaults.placementPolicy()).run());
        }
        return new Comparison(workload, outcomes);
    }

    private ObjectNode json(List<Comparison> comparisons) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("load", load).put("seed", seed);
        ArrayNode workloads = json.putArray("workloads");
        for (Comparison comparison : comparisons) {
            ObjectNode workload = workloads.addObject();
            workload.put("name", comparison.workload().name())
                    .put("nodes", comparison.workload().nodes().size())
                    .put("jobs", comparison.workload().jobs().size());
            ArrayNode disciplines = workload.putArray("disciplines");
            for (QueueOutcome outcome : comparison.outcomes()) {
                disciplines
                        .addObject()
                        .put("discipline", outcome.discipline().name().toLowerCase(Locale.ROOT))
                        .put("waitMinutesP50", Figures.rounded(outcome.waitMinutes(50)))
                        .put("waitMinutesP99", Figures.rounded(outcome.waitMinutes(99)))
                        .put("waitMinutesP99OfNormal", Figures.rounded(outcome.waitMinutes(PriorityClass.NORMAL, 99)))
                        .put("waitMinutesP99OfHigh", Figures.rounded(outcome.waitMinutes(PriorityClass.HIGH, 99)))
                        .put("slowdownMean", Figures.rounded(outcome.meanSlowdown()))
                        .put("slowdownP50", Figures.rounded(outcome.slowdown(50)))
                        .put("slowdownP99", Figures.rounded(outcome.slowdown(99)))
                        .put("utilisation", Figures.rounded(outcome.utilisation()))
                        .put("fairness", Figures.rounded(outcome.fairness()))
                        .put("makespanHours", Figures.rounded(outcome.makespanHours()))
                        .put("preemptions", outcome.preemptions())
                        .put("refused", outcome.refusals())
                        .put("wallSeconds", Figures.rounded(outcome.wallSeconds()));
            }
        }
        Environment.here().addTo(json);
        return json;
    }

    private static String text(List<Comparison> comparisons) {
        Formatter out = new Formatter(Locale.ROOT);
        for (Comparison comparison : comparisons) {
            out.format(
                    "%s: %,d jobs on %,d nodes%n",
                    comparison.workload().name(),
                    comparison.workload().jobs().size(),
                    comparison.workload().nodes().size());
            out.format(
                    "%-6s%12s%12s%12s%12s%12s%12s%12s%8s%10s%10s%10s%9s%n",
                    "",
                    "wait p50",
                    "wait p99",
                    "NORMAL p99",
                    "HIGH p99",
                    "slowd. mean",
                    "slowd. p50",
                    "slowd. p99",
                    "used",
                    "fairness",
                    "all done",
                    "gave way",
                    "wall");
            for (QueueOutcome outcome : comparison.outcomes()) {
                out.format(
                        "%-6s%8.1f min%8.1f min%8.1f min%8.1f min%12.1f%12.2f%12.1f%7.1f%%%10.3f%8.1f h%10d%7.1f s%n",
                        outcome.discipline().name().toLowerCase(Locale.ROOT),
                        outcome.waitMinutes(50),
                        outcome.waitMinutes(99),
                        outcome.waitMinutes(PriorityClass.NORMAL, 99),
                        outcome.waitMinutes(PriorityClass.HIGH, 99),
                        outcome.meanSlowdown(),
                        outcome.slowdown(50),
                        outcome.slowdown(99),
                        100 * outcome.utilisation(),
                        outcome.fairness(),
                        outcome.makespanHours(),
                        outcome.preemptions(),
                        outcome.wallSeconds());
            }
        }
        return out + Environment.here().text();
    }
}
