package io.millrace.bench.pipeline;

import io.millrace.bench.platform.BenchPlatform;
import io.millrace.local.Progress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code millrace bench pipeline}. */
@Command(
        name = "pipeline",
        mixinStandardHelpOptions = true,
        description = {
            "Measures requests to decisions and reports to capacity against the bare engine, on one embedded broker.",
            "Starts a platform of its own in a temporary folder. Takes about 12 times --seconds, and some two minutes more."
        })
public final class PipelineCommand implements Callable<Integer> {
    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "10",
            description = "Measured seconds of each figure, in three rounds together (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--rates",
            paramLabel = "N",
            split = ",",
            arity = "0..1",
            defaultValue = "200,2000,10000",
            description = "Requests a second for which latency is measured (default: ${DEFAULT-VALUE}).")
    private List<Integer> rates = List.of();

    @Option(names = "--json", description = "Print one JSON object and nothing else.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (seconds < 1) {
            throw new ParameterException(spec.commandLine(), "--seconds is " + seconds + ", must be 1 or more");
        }
        if (rates.stream().anyMatch(rate -> rate < 1)) {
            throw new ParameterException(spec.commandLine(), "--rates must be 1 or more each");
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        long begin = System.nanoTime();
        try (BenchPlatform platform = BenchPlatform.own(false, Progress.SILENT)) {
            PipelineReport report = new PipelineBench(platform, Duration.ofSeconds(seconds), rates, step -> {
                        err.printf(
                                "%4d s  %s%n",
                                Duration.ofNanos(System.nanoTime() - begin).toSeconds(), step);
                        err.flush();
                    })
                    .run();
            out.println(json ? report.json().toPrettyString() : report.text());
            out.flush();
        }
        return 0;
    }
}
