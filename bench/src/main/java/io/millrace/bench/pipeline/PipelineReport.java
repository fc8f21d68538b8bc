package io.millrace.bench.pipeline;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.bench.load.Environment;
import io.millrace.bench.load.Figures;
import io.millrace.bench.load.Median;
import io.millrace.bench.load.Percentiles;
import io.millrace.bench.pipeline.Load.Throughput;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;

/**
 * What a run of the pipeline bench found. Figures are medians over the rounds; the slowest record is the slowest of all.
 *
 * @param bare the bare engine at saturation, a figure for each round
 * @param decisions requests to decisions at saturation
 * @param reports reports to capacity at saturation
 * @param rates latencies at each rate
 * @param refusedShare share of the requests that were refused
 * @param answeredTwice records that had more than one first answer: 0 where everything is decided once
 * @param recordBytes size of a record of the bare engine, mean
 * @param environment where it ran
 */
record PipelineReport(
        List<Throughput> bare,
        List<Throughput> decisions,
        List<Throughput> reports,
        List<Rate> rates,
        double refusedShare,
        long answeredTwice,
        int recordBytes,
        Environment environment) {

    /**
     * Latencies at one rate.
     *
     * @param requestsPerSecond the rate
     * @param decisions from the intended time of a submit to its committed decision being read
     * @param bare the same of the bare engine
     */
    record Rate(int requestsPerSecond, Percentiles decisions, Percentiles bare) {}

    private static double perSecond(List<Throughput> rounds) {
        return Median.of(rounds.stream().map(Throughput::perSecond).toList());
    }

    private static double cpu(List<Throughput> rounds) {
        return Median.of(rounds.stream().map(Throughput::cpuSecondsPerMillion).toList());
    }

    private double ratio(List<Throughput> rounds) {
        double engine = perSecond(bare);
        return engine == 0 ? 0 : perSecond(rounds) / engine;
    }

    /** One object with everything. */
    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("bareRecordsPerSecond", Math.round(perSecond(bare)));
        json.put("decisionsPerSecond", Math.round(perSecond(decisions)));
        json.put("decisionsRatio", Figures.rounded(ratio(decisions)));
        json.put("reportsPerSecond", Math.round(perSecond(reports)));
        json.put("reportsRatio", Figures.rounded(ratio(reports)));
        ArrayNode list = json.putArray("rates");
        for (Rate rate : rates) {
            ObjectNode entry = list.addObject().put("requestsPerSecond", rate.requestsPerSecond());
            entry.set("latencyMillis", Figures.json(rate.decisions()));
            entry.set("bareLatencyMillis", Figures.json(rate.bare()));
        }
        json.putObject("cpuSecondsPerMillion")
                .put("bare", Figures.rounded(cpu(bare)))
                .put("decisions", Figures.rounded(cpu(decisions)))
                .put("reports", Figures.rounded(cpu(reports)));
        json.put("refusedShare", Figures.rounded(refusedShare));
        json.put("answeredTwice", answeredTwice);
        json.put("bareRecordBytes", recordBytes);
        environment.addTo(json);
        return json;
    }

    /** The same for people. */
    String text() {
        Formatter out = new Formatter(Locale.ROOT);
        out.format("At saturation%31s%9s%10s%n", "records/s", "of bare", "CPU s/M");
        row(out, "bare engine", bare);
        row(out, "requests to decisions", decisions);
        row(out, "reports to capacity", reports);
        out.format("%nLatency in ms%22s%29s%n", "decisions", "bare engine");
        out.format("requests/s%9s%9s%9s  %9s%9s%9s%n", "p50", "p99", "max", "p50", "p99", "max");
        for (Rate rate : rates) {
            out.format(
                    "%,10d%9.1f%9.1f%9.1f  %9.1f%9.1f%9.1f%n",
                    rate.requestsPerSecond(),
                    rate.decisions().p50(),
                    rate.decisions().p99(),
                    rate.decisions().max(),
                    rate.bare().p50(),
                    rate.bare().p99(),
                    rate.bare().max());
        }
        out.format("%n%s%n%n", notes());
        return out + environment.text();
    }

    private void row(Formatter out, String name, List<Throughput> rounds) {
        out.format("  %-28s%,14.0f%9.3f%10.1f%n", name, perSecond(rounds), ratio(rounds), cpu(rounds));
    }

    private String notes() {
        return String.format(Locale.ROOT, """
                A request is a submit or the cancel of an earlier one, half each; its decision is the first committed answer.
                %.1f %% of the submits were refused, %d records were answered twice.
                The bare engine is Kafka Streams: read, put into a logged in-memory store, write; exactly once, the
                commits, threads, partitions and producer of broker-service; records of %d bytes.
                Latency counts from the time at which a record should have been sent. CPU is that of the whole process:
                broker, services, load generator and reader. Medians of %d rounds; max is that of all.""", 100 * refusedShare, answeredTwice, recordBytes, decisions.size());
    }
}
