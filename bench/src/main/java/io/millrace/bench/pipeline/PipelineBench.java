package io.millrace.bench.pipeline;

import io.millrace.bench.load.Environment;
import io.millrace.bench.load.Percentiles;
import io.millrace.bench.pipeline.Load.Throughput;
import io.millrace.bench.platform.BenchPlatform;
import io.millrace.bench.supply.BenchCentre;
import io.millrace.bench.supply.MarketWatch;
import io.millrace.bench.supply.SupplyLoader;
import io.millrace.bench.trace.SyntheticOpenb;
import io.millrace.bench.trace.TraceJob;
import io.millrace.bench.trace.TraceNode;
import io.millrace.broker.BrokerConfig;
import io.millrace.broker.BrokerService;
import io.millrace.ingest.IngestConfig;
import io.millrace.ingest.TelemetryIngest;
import io.millrace.local.PlatformOptions;
import io.millrace.runtime.ServiceConfig;
import io.millrace.schemas.ComputeRequest;
import io.millrace.schemas.ComputeSpec;
import io.millrace.schemas.Submit;
import io.millrace.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.common.config.ConfigDef;

/**
 * Runs the three stages on one broker, in short rounds that alternate with the bare engine, so that a machine that slows
 * down slows both.
 *
 * <p>Only one service runs at a time beside the bare engine, which stands idle meanwhile: telemetry-ingest while reports are
 * measured, broker-service while decisions are. Otherwise every report would also be counted against the market that hears
 * of it.
 */
final class PipelineBench {
    static final int ROUNDS = 3;

    private static final long SEED = 42;
    /**
     * Share of the devices that is allocated if cancels are carried out as soon as they are sent. At saturation thousands
     * of them wait for their turn; with much more than this, what would be measured is how markets say that they are full.
     */
    private static final double LOAD = 0.5;

    private static final Duration WARM_UP = Duration.ofSeconds(1);
    /** As short as it may be: what is measured must not depend on how long the bench ran before. */
    private static final String ANSWER_RETENTION_SECONDS = "60";

    private final BenchPlatform platform;
    private final Duration perRound;
    private final List<Integer> rates;
    private final Consumer<String> progress;
    private final List<TraceJob> jobs = SyntheticOpenb.jobs(SEED);
    private final List<Throughput> bareRounds = new ArrayList<>();
    private final List<Throughput> decisionRounds = new ArrayList<>();
    private final List<Throughput> reportRounds = new ArrayList<>();
    private final Map<Integer, List<Percentiles>> decisionLatencies = new TreeMap<>();
    private final Map<Integer, List<Percentiles>> bareLatencies = new TreeMap<>();

    /**
     * A bench.
     *
     * @param platform without services
     * @param perFigure measured time of each figure, over all rounds
     * @param rates requests a second for which latency is measured
     * @param progress told what is being done
     */
    PipelineBench(BenchPlatform platform, Duration perFigure, List<Integer> rates, Consumer<String> progress) {
        this.platform = platform;
        this.perRound = perFigure.dividedBy(ROUNDS);
        this.rates = List.copyOf(rates);
        this.progress = progress;
    }

    PipelineReport run() {
        List<BenchCentre> centres = centres(new BrokerConfig(Map.of()).markets(), SyntheticOpenb.nodes());
        List<byte[]> values = bareValues();
        BrokerConfig brokerConfig = new BrokerConfig(config(
                BrokerConfig.definition(), Map.of(BrokerConfig.ANSWER_RETENTION_SECONDS, ANSWER_RETENTION_SECONDS)));
        progress.accept("starting the bare engine");
        try (BareStage bare = new BareStage(
                platform.bootstrapServers(),
                brokerConfig.streamsProperties(0),
                brokerConfig.commitPace(),
                platform.folder().resolve("bare"),
                PlatformOptions.DEFAULT_PARTITIONS,
                platform.sender(),
                values)) {
            progress.accept("warming up the bare engine");
            Load.warmUp(bare);
            DecisionSummary summary = decisions(bare, brokerConfig, centres);
            reports(bare, centres);
            return report(summary, values, bare);
        }
    }

    private record DecisionSummary(double refusedShare, long answeredTwice) {}

    private DecisionSummary decisions(BareStage bare, BrokerConfig brokerConfig, List<BenchCentre> centres) {
        progress.accept("starting broker-service and loading " + jobs.size() + " shapes of requests");
        try (BrokerService broker = BrokerService.start(brokerConfig)) {
            loadSupply(centres);
            try (DecisionStage stage = new DecisionStage(
                    platform.bootstrapServers(), platform.codecs(), platform.sender(), jobs, liveRequests())) {
                progress.accept("warming up requests to decisions");
                Load.warmUp(stage);
                for (int round = 1; round <= ROUNDS; round++) {
                    bareRounds.add(saturate(bare, round));
                    decisionRounds.add(saturate(stage, round));
                    for (int rate : rates) {
                        bareLatencies
                                .computeIfAbsent(rate, r -> new ArrayList<>())
                                .add(atRate(bare, rate, round));
                        decisionLatencies
                                .computeIfAbsent(rate, r -> new ArrayList<>())
                                .add(atRate(stage, rate, round));
                    }
                }
                return new DecisionSummary(stage.refusedShare(), stage.pending().repeated());
            }
        }
    }

    /** With telemetry-ingest for so long: a market keeps what it was told. */
    private void loadSupply(List<BenchCentre> centres) {
        try (TelemetryIngest ingest = TelemetryIngest.start(ingestConfig());
                MarketWatch markets = new MarketWatch(platform.bootstrapServers(), platform.codecs())) {
            new SupplyLoader(platform.sender(), platform.codecs(), markets).load(centres);
        }
    }

    private void reports(BareStage bare, List<BenchCentre> centres) {
        progress.accept("starting telemetry-ingest");
        try (TelemetryIngest ingest = TelemetryIngest.start(ingestConfig());
                ReportStage stage =
                        new ReportStage(platform.bootstrapServers(), platform.codecs(), platform.sender(), centres)) {
            progress.accept("warming up reports to capacity");
            Load.warmUp(stage);
            for (int round = 1; round <= ROUNDS; round++) {
                bareRounds.add(saturate(bare, round));
                reportRounds.add(saturate(stage, round));
            }
        }
    }

    private Throughput saturate(Stage stage, int round) {
        String what = "round " + round + " of " + ROUNDS + ": " + stage.name() + " at saturation";
        progress.accept(what);
        Throughput throughput = Load.saturate(stage, WARM_UP, perRound);
        progress.accept(String.format(
                Locale.ROOT,
                "%s: %,.0f/s, %,.0f s of CPU for a million",
                what,
                throughput.perSecond(),
                throughput.cpuSecondsPerMillion()));
        return throughput;
    }

    private Percentiles atRate(Stage stage, int rate, int round) {
        String what = "round " + round + " of " + ROUNDS + ": " + stage.name() + " at " + rate + "/s";
        progress.accept(what);
        Percentiles latencies = Load.atRate(stage, rate, WARM_UP, perRound);
        progress.accept(
                String.format(Locale.ROOT, "%s: p50 %.0f ms, p99 %.0f ms", what, latencies.p50(), latencies.p99()));
        return latencies;
    }

    private PipelineReport report(DecisionSummary summary, List<byte[]> values, BareStage bare) {
        List<PipelineReport.Rate> latencies = new ArrayList<>();
        for (int rate : rates) {
            latencies.add(new PipelineReport.Rate(
                    rate,
                    Percentiles.ofRounds(decisionLatencies.getOrDefault(rate, List.of())),
                    Percentiles.ofRounds(bareLatencies.getOrDefault(rate, List.of()))));
        }
        int bytes = (int) Math.round(
                values.stream().mapToInt(value -> value.length).average().orElse(0));
        return new PipelineReport(
                bareRounds,
                decisionRounds,
                reportRounds,
                latencies,
                summary.refusedShare(),
                summary.answeredTwice() + bare.pending().repeated(),
                bytes,
                Environment.here());
    }

    /** Every model in every market. */
    static List<BenchCentre> centres(List<String> markets, List<TraceNode> nodes) {
        List<BenchCentre> centres = new ArrayList<>();
        for (int m = 0; m < markets.size(); m++) {
            List<TraceNode> share = new ArrayList<>();
            for (int i = m; i < nodes.size(); i += markets.size()) {
                share.add(nodes.get(i));
            }
            centres.add(new BenchCentre("bench-" + markets.get(m), markets.get(m), share));
        }
        return centres;
    }

    private int liveRequests() {
        double mean = jobs.stream().mapToLong(TraceJob::milliDevices).average().orElse(1);
        long capacity = SyntheticOpenb.nodes().stream()
                .mapToLong(node -> node.devices() * 1000L)
                .sum();
        return (int) (LOAD * capacity / mean);
    }

    /** What tenants send, as the bytes that the bare engine gets to carry. */
    private List<byte[]> bareValues() {
        List<byte[]> values = new ArrayList<>();
        for (ComputeSpec spec : DecisionStage.specs(jobs)) {
            values.add(platform.codecs()
                    .of(Topics.COMPUTE_REQUESTS)
                    .encode(new ComputeRequest(
                            "bench-" + values.size(),
                            "bench",
                            System.currentTimeMillis(),
                            new Submit(spec, List.of()))));
        }
        return values;
    }

    private IngestConfig ingestConfig() {
        return new IngestConfig(config(IngestConfig.definition(), Map.of()));
    }

    /** The defaults, what the environment says instead, and what has to be so here. */
    private Map<String, String> config(ConfigDef definition, Map<String, String> more) {
        Map<String, String> config = new HashMap<>(more);
        config.put("bootstrap.servers", platform.bootstrapServers());
        config.put("schema.registry.url", platform.registryUrl());
        config.put("http.host", "127.0.0.1");
        config.put("http.port", "0");
        config.put("streams.state.dir", platform.folder().resolve("streams").toString());
        config.put("streams.replication.factor", "1");
        return ServiceConfig.gather(definition, null, System.getenv(), config);
    }
}
