package io.millrace.bench.replay;

import io.millrace.bench.load.Environment;
import io.millrace.bench.load.RunIds;
import io.millrace.bench.load.TopicReader;
import io.millrace.bench.platform.BenchPlatform;
import io.millrace.bench.supply.BenchCentre;
import io.millrace.bench.supply.MarketWatch;
import io.millrace.bench.supply.SupplyLoader;
import io.millrace.bench.trace.ArrivalOrder;
import io.millrace.bench.trace.OpenbReader;
import io.millrace.bench.trace.SwfReader;
import io.millrace.bench.trace.Trace;
import io.millrace.bench.trace.TraceJob;
import io.millrace.broker.BrokerConfig;
import io.millrace.local.Progress;
import io.millrace.local.Subcommand;
import io.millrace.local.UserError;
import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.Codec;
import io.millrace.schemas.ComputeRequest;
import io.millrace.schemas.Decoded;
import io.millrace.schemas.Topics;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code millrace replay}. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Plays a recorded workload through the real pipeline: nodes as telemetry, jobs as requests in the trace's order"
                    + " and with its fields.",
            "Jobs leave at their deletion time in compressed time and wait where there is no room; with --arrivals-only they"
                    + " stay and are answered at once. Starts a platform of its own in a temporary folder, unless it is told"
                    + " of one; on that, what --arrivals-only allocates stays allocated for a day.",
            "Exit code 1 if a request was never answered."
        })
public final class ReplayCommand implements Subcommand {
    private static final long DAY_SECONDS = 86_400;
    private static final int UPDATE_MILLIS = 250;

    @Option(names = "--nodes", paramLabel = "FILE", description = "Node list of the openb trace, CSV.")
    private @Nullable Path nodes;

    @Option(names = "--pods", paramLabel = "FILE", description = "Pod list of the openb trace, CSV.")
    private @Nullable Path pods;

    @Option(names = "--swf", paramLabel = "FILE", description = "Instead: a log in the Standard Workload Format.")
    private @Nullable Path swf;

    @Option(
            names = "--swf-nodes",
            paramLabel = "N",
            description = "Nodes of the machine of the log (default: what its header says).")
    private int swfNodes;

    @Option(
            names = "--swf-cores-per-node",
            paramLabel = "N",
            description = "Cores of a node (default: what the header of the log says).")
    private int swfCoresPerNode;

    @ArgGroup(exclusive = true)
    private @Nullable Speed speed;

    /** How fast. */
    static final class Speed {
        @Option(names = "--rate", paramLabel = "N", description = "Requests a second, on average, whatever comes back.")
        private @Nullable Double perSecond;

        // Read by picocli alone: it is what happens without --rate, and may be said.
        @SuppressWarnings("UnusedVariable")
        @Option(names = "--max", description = "As fast as it goes (the default).")
        private boolean max;
    }

    @Option(names = "--arrivals-only", description = "Jobs never leave and never wait.")
    private boolean arrivalsOnly;

    @Option(names = "--seed", paramLabel = "N", description = "Shuffle the arrivals (default: the trace's order).")
    private @Nullable Long seed;

    @Option(names = "--limit", paramLabel = "N", description = "Only the first jobs, after shuffling.")
    private int limit = Integer.MAX_VALUE;

    @Option(
            names = "--hub",
            paramLabel = "ID",
            defaultValue = "guizhou",
            description = "The market that all is sent to.")
    private String hub;

    @Option(names = "--bootstrap", paramLabel = "HOST:PORT", description = "Kafka of a running platform.")
    private @Nullable String bootstrap;

    @Option(names = "--registry", paramLabel = "URL", description = "Schema registry of a running platform.")
    private @Nullable String registry;

    @Option(names = "--json", description = "Print one JSON object and nothing else.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Trace trace = trace();
        ReplayReport report;
        try (BenchPlatform platform = platform();
                MarketWatch markets = new MarketWatch(platform.bootstrapServers(), platform.codecs())) {
            say("registering " + trace.nodes().size() + " nodes");
            BenchCentre centre = new BenchCentre("replay", hub, trace.nodes());
            new SupplyLoader(platform.sender(), platform.codecs(), markets).load(List.of(centre));
            report = replay(trace, platform);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? report.json().toPrettyString() : report.text());
        out.flush();
        return report.isComplete() ? 0 : 1;
    }

    private Trace trace() {
        checkOptions();
        Trace whole = swf != null
                ? SwfReader.read(swf, new SwfReader.Machine(swfNodes, swfCoresPerNode))
                : nodes != null && pods != null ? OpenbReader.read(nodes, pods) : missing();
        List<TraceJob> ordered =
                seed == null ? ArrivalOrder.asRecorded(whole.jobs()) : ArrivalOrder.shuffled(whole.jobs(), seed);
        List<TraceJob> jobs = ordered.subList(0, Math.min(limit, ordered.size()));
        if (!arrivalsOnly && jobs.stream().anyMatch(job -> job.arrivesAtSeconds() == TraceJob.UNKNOWN)) {
            throw new UserError("there are jobs without creation_time or deletion_time: use --arrivals-only");
        }
        return new Trace(whole.nodes(), jobs, whole.skipped());
    }

    private Trace missing() {
        throw new ParameterException(spec.commandLine(), "what to replay? Give --nodes and --pods, or --swf");
    }

    private void checkOptions() {
        if (swf != null && (nodes != null || pods != null)) {
            throw new ParameterException(spec.commandLine(), "--swf goes without --nodes and --pods");
        }
        if ((bootstrap == null) != (registry == null)) {
            throw new ParameterException(spec.commandLine(), "--bootstrap and --registry go together");
        }
        List<String> markets = new BrokerConfig(Map.of()).markets();
        if (bootstrap == null && !markets.contains(hub)) {
            throw new ParameterException(
                    spec.commandLine(), "--hub is " + hub + ", must be one of " + String.join(", ", markets));
        }
        if (limit < 1) {
            throw new ParameterException(spec.commandLine(), "--limit is " + limit + ", must be 1 or more");
        }
        Double perSecond = perSecond();
        if (perSecond != null && !(perSecond > 0 && perSecond <= 1_000_000)) {
            throw new ParameterException(
                    spec.commandLine(), "--rate is " + perSecond + ", must be above 0 and at most 1000000");
        }
    }

    private @Nullable Double perSecond() {
        return speed == null ? null : speed.perSecond;
    }

    private BenchPlatform platform() {
        if (bootstrap != null && registry != null) {
            return BenchPlatform.running(bootstrap, registry);
        }
        say("starting a platform");
        return BenchPlatform.own(true, Progress.SILENT);
    }

    private ReplayReport replay(Trace trace, BenchPlatform platform) {
        Timeline timeline = timeline(trace.jobs());
        RunIds ids = RunIds.startedAt("replay", System.currentTimeMillis());
        ReplayBook book = new ReplayBook(trace.jobs().size());
        JobRequests requests = new JobRequests(hub, DAY_SECONDS, arrivalsOnly ? 0 : DAY_SECONDS);
        Codec<ComputeRequest> codec = platform.codecs().of(Topics.COMPUTE_REQUESTS);
        AtomicReference<@Nullable Replay> running = new AtomicReference<>();
        try (TopicReader reader = decisions(platform, ids, book, running);
                ProgressBar bar = bar(trace.jobs().size())) {
            Replay replay = new Replay(
                    trace.jobs(),
                    !arrivalsOnly,
                    timeline,
                    ids,
                    requests,
                    book,
                    request -> platform.sender()
                            .send(Topics.COMPUTE_REQUESTS.name(), request.getRequestId(), codec.encode(request)),
                    () -> {
                        reader.requireAlive();
                        bar.stepTo(book.decided());
                    });
            running.set(replay);
            Tally atLastArrival = replay.run();
            long endNanos = System.nanoTime();
            Tally atEnd = book.tally();
            bar.stepTo(atEnd.decided());
            return new ReplayReport(
                    trace,
                    new ReplayReport.Settings(arrivalsOnly, perSecond(), seed, timeline.factor()),
                    atLastArrival,
                    atEnd,
                    book.latencies(),
                    seconds(atEnd.lastFirstAnswerNanos() - replay.startNanos()),
                    seconds(endNanos - replay.startNanos()),
                    Environment.here());
        }
    }

    private Timeline timeline(List<TraceJob> jobs) {
        Double perSecond = perSecond();
        if (perSecond == null) {
            return Timeline.asFastAsItGoes(jobs);
        }
        return arrivalsOnly ? Timeline.evenly(jobs, perSecond) : Timeline.compressed(jobs, perSecond);
    }

    private static TopicReader decisions(
            BenchPlatform platform, RunIds ids, ReplayBook book, AtomicReference<@Nullable Replay> running) {
        Codec<AllocationDecision> codec = platform.codecs().of(Topics.ALLOCATION_DECISIONS);
        return TopicReader.fromEnd(
                platform.bootstrapServers(), Topics.ALLOCATION_DECISIONS.name(), (record, seenNanos) -> {
                    long job = ids.index(record.key());
                    Replay replay = running.get();
                    if (job >= 0
                            && replay != null
                            && codec.decode(record.value()) instanceof Decoded.Value<AllocationDecision> decision
                            && book.decided((int) job, decision.value(), seenNanos)) {
                        replay.starts((int) job);
                    }
                });
    }

    private static ProgressBar bar(int jobs) {
        return new ProgressBarBuilder()
                .setTaskName("replay")
                .setUnit(" decisions", 1)
                .setInitialMax(jobs)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(UPDATE_MILLIS)
                .showSpeed()
                .build();
    }

    private void say(String what) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(what);
        err.flush();
    }

    private static double seconds(long nanos) {
        return nanos / (double) TimeUnit.SECONDS.toNanos(1);
    }
}
