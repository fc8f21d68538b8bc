package io.millrace.local.up;

import io.millrace.broker.BrokerConfig;
import io.millrace.ingest.IngestConfig;
import io.millrace.local.DataFolder;
import io.millrace.local.Platform;
import io.millrace.local.PlatformOptions;
import io.millrace.local.UserError;
import io.millrace.local.scenario.Scenario;
import io.millrace.local.terminal.Figures;
import io.millrace.local.terminal.Terminal;
import io.millrace.runtime.DefaultPorts;
import io.millrace.runtime.ServiceConfig;
import io.millrace.schemas.Sizing;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace up}. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = {
            "Starts everything on this machine and plays a scenario, until Ctrl-C.",
            "",
            "Kafka, a schema registry, telemetry-ingest and broker-service listen on 127.0.0.1. What they store is kept in the"
                    + " data folder and is there again the next time.",
            ""
        },
        footer = {"", "Exit codes: 0 or 130 after Ctrl-C, 1 if something could not start or gave up."})
public final class UpCommand implements Callable<Integer> {
    private static final int MAX_PARTITIONS = 1_000;
    private static final String PROJECT = "millrace.home";

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = "Where everything is kept; .millrace in the project by default.")
    private Path data = Path.of(System.getProperty(PROJECT, "."), ".millrace");

    @Option(names = "--fresh", description = "Empty the data folder first.")
    private boolean fresh;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Partitions of each topic, for a new data folder (default: ${DEFAULT-VALUE}).")
    private int partitions = PlatformOptions.DEFAULT_PARTITIONS;

    @Option(
            names = "--stop-when-ready",
            description = "Stop again as soon as everything is ready: to try whether it starts.")
    private boolean stopWhenReady;

    @Mixin
    private PortOptions ports;

    @Mixin
    private ScenarioOptions scenario;

    @Spec
    private CommandSpec spec;

    /** Where everything listens. */
    static final class PortOptions {
        private static final String EITHER = " (default: ${DEFAULT-VALUE}; 0: any free one).";

        @Option(names = "--kafka-port", paramLabel = "PORT", description = "Kafka" + EITHER)
        private int kafka = DefaultPorts.KAFKA;

        @Option(names = "--registry-port", paramLabel = "PORT", description = "Schema registry" + EITHER)
        private int registry = DefaultPorts.REGISTRY;

        @Option(names = "--ingest-port", paramLabel = "PORT", description = "telemetry-ingest" + EITHER)
        private int ingest = DefaultPorts.TELEMETRY_INGEST;

        @Option(names = "--broker-port", paramLabel = "PORT", description = "broker-service" + EITHER)
        private int broker = DefaultPorts.BROKER_SERVICE;
    }

    /** What is played. */
    static final class ScenarioOptions {
        @Option(
                names = "--no-scenario",
                description = "Leave the platform empty: no centres, no telemetry, no requests.")
        private boolean none;

        @Option(
                names = "--nodes",
                paramLabel = "N",
                description = "Servers of the scenario, about (default: ${DEFAULT-VALUE}).")
        private int nodes = Scenario.DEFAULT.nodes();

        @Option(
                names = "--rate",
                paramLabel = "N",
                description = "Requests of the scenario per second (default: ${DEFAULT-VALUE}).")
        private double rate = Scenario.DEFAULT.requestsPerSecond();

        @Option(
                names = "--seed",
                paramLabel = "N",
                description = "Same seed, same scenario (default: ${DEFAULT-VALUE}).")
        private long seed = Scenario.DEFAULT.seed();

        /** The scenario; null for none. */
        @Nullable Scenario scenario() {
            try {
                return none ? null : new Scenario(seed, nodes, rate);
            } catch (IllegalArgumentException e) {
                throw UserError.ofUsage(String.valueOf(e.getMessage()), e);
            }
        }
    }

    @Override
    public Integer call() {
        Scenario played = scenario.scenario();
        Path folder = data.toAbsolutePath().normalize();
        // Before anything that logs: configuration does.
        System.setProperty("millrace.log.file", DataFolder.logFile(folder).toString());
        PlatformOptions options = options(folder);
        PrintWriter out = spec.commandLine().getOut();
        CompletableFuture<String> stop = new CompletableFuture<>();
        StopSignal signal = StopSignal.install(stop);
        try {
            return run(options, played, out, stop);
        } finally {
            signal.done();
        }
    }

    private int run(
            PlatformOptions options, @Nullable Scenario played, PrintWriter out, CompletableFuture<String> stop) {
        Terminal terminal = Terminal.detect();
        long begin = System.nanoTime();
        out.println("Starting in " + options.dataFolder() + (options.fresh() ? ", emptied first." : "."));
        out.flush();
        try (Running running =
                Running.start(options, played, (what, detail, millis) -> step(out, what, detail, millis))) {
            Platform platform = running.platform();
            platform.failure().thenAccept(stop::complete);
            out.println("Ready after " + seconds(System.nanoTime() - begin) + ".");
            out.println();
            hints(platform, options, out, terminal);
            if (stopWhenReady) {
                StopSignal.ask(stop);
            }
            new StatusLoop(running, terminal, out).until(stop);
            out.println();
            out.println(StopSignal.wasAsked(stop) ? "Stopping." : "Stopping: " + stop.join() + ".");
            out.flush();
            begin = System.nanoTime();
        }
        out.println("Stopped after " + seconds(System.nanoTime() - begin) + "; data are kept in " + options.dataFolder()
                + ".");
        out.flush();
        return StopSignal.wasAsked(stop) ? 0 : 1;
    }

    /** What the environment says, over what is other than a service's own default here. */
    private static Map<String, String> configured(ConfigDef definition, Map<String, String> defaults) {
        Map<String, String> config = new HashMap<>(defaults);
        config.putAll(ServiceConfig.gather(definition, null, System.getenv(), Map.of()));
        return config;
    }

    private PlatformOptions options(Path folder) {
        if (partitions < 1 || partitions > MAX_PARTITIONS) {
            throw UserError.ofUsage("--partitions must be between 1 and " + MAX_PARTITIONS + ", not " + partitions);
        }
        return PlatformOptions.in(folder)
                .withFresh(fresh)
                .withPorts(new PlatformOptions.ListenAt(
                        port("--kafka-port", ports.kafka),
                        port("--registry-port", ports.registry),
                        port("--ingest-port", ports.ingest),
                        port("--broker-port", ports.broker)))
                .withSizing(Sizing.of(partitions, 1))
                // A day of answers, the default, is more than a laptop should keep in memory.
                .withIngestConfig(configured(IngestConfig.definition(), Map.of()))
                .withBrokerConfig(
                        configured(BrokerConfig.definition(), Map.of(BrokerConfig.ANSWER_RETENTION_SECONDS, "3600")));
    }

    private static int port(String option, int port) {
        if (port < 0 || port > 65_535) {
            throw UserError.ofUsage(option + " must be between 0 and 65535, not " + port);
        }
        return port;
    }

    private static void step(PrintWriter out, String what, String detail, long millis) {
        synchronized (out) {
            out.printf("  %-18s %7s   %s%n", what, seconds(millis * 1_000_000), detail);
            out.flush();
        }
    }

    private static void hints(Platform platform, PlatformOptions options, PrintWriter out, Terminal terminal) {
        String ingest = platform.ingestUrl().orElseThrow().toString();
        String broker = platform.brokerUrl().orElseThrow().toString();
        out.println("  interfaces  " + ingest + "/openapi.json  " + broker + "/openapi.json");
        out.println("  metrics     " + ingest + "/metrics  " + broker + "/metrics");
        out.println("  log         " + DataFolder.logFile(options.dataFolder()));
        String url = options.listenAt().broker() == DefaultPorts.BROKER_SERVICE ? "" : " --url " + broker;
        out.println("  try         " + terminal.bold("millrace watch" + url) + "   "
                + terminal.bold("millrace submit --devices 1" + url) + "   "
                + terminal.bold("millrace capacity"
                        + (options.listenAt().ingest() == DefaultPorts.TELEMETRY_INGEST ? "" : " --url " + ingest)));
        out.println();
        out.flush();
    }

    private static String seconds(long nanos) {
        return String.format("%.1f s", nanos / 1e9);
    }

    static String describe(Scenario scenario) {
        return Figures.count(scenario.supply().nodes()) + " nodes in "
                + scenario.supply().profiles(0).size() + " centres, " + Figures.rate(scenario.requestsPerSecond())
                + " requests/s, seed " + scenario.seed();
    }
}
