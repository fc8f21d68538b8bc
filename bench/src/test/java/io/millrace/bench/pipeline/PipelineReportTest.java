package io.millrace.bench.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.bench.load.Environment;
import io.millrace.bench.load.Percentiles;
import io.millrace.bench.pipeline.Load.Throughput;
import java.util.List;
import org.junit.jupiter.api.Test;

class PipelineReportTest {
    private final PipelineReport report = new PipelineReport(
            List.of(new Throughput(100_000, 15), new Throughput(120_000, 14), new Throughput(90_000, 16)),
            List.of(new Throughput(20_000, 90), new Throughput(19_000, 95), new Throughput(30_000, 80)),
            List.of(new Throughput(50_000, 30)),
            List.of(new PipelineReport.Rate(
                    2000, new Percentiles(10, 20.1234, 60, 90), new Percentiles(10, 10, 30, 40))),
            0.012,
            0,
            118,
            new Environment("2 cores", "25", "2026-11-22"));

    @Test
    void jsonHasTheAgreedKeys() {
        ObjectNode json = report.json();

        assertThat(json.get("bareRecordsPerSecond").asLong()).isEqualTo(100_000);
        assertThat(json.get("decisionsPerSecond").asLong()).isEqualTo(20_000);
        assertThat(json.get("decisionsRatio").asDouble()).isEqualTo(0.2);
        assertThat(json.get("reportsPerSecond").asLong()).isEqualTo(50_000);
        assertThat(json.get("reportsRatio").asDouble()).isEqualTo(0.5);
        JsonNode rate = json.get("rates").get(0);
        assertThat(rate.get("requestsPerSecond").asInt()).isEqualTo(2000);
        assertThat(rate.get("latencyMillis")).hasToString("{\"p50\":20.123,\"p99\":60.0,\"max\":90.0}");
        assertThat(rate.get("bareLatencyMillis")).hasToString("{\"p50\":10.0,\"p99\":30.0,\"max\":40.0}");
        assertThat(json.get("cpuSecondsPerMillion")).hasToString("{\"bare\":15.0,\"decisions\":90.0,\"reports\":30.0}");
        assertThat(json.get("machine").asText()).isEqualTo("2 cores");
        assertThat(json.get("jdk").asText()).isEqualTo("25");
        assertThat(json.get("date").asText()).isEqualTo("2026-11-22");
        assertThat(json.get("answeredTwice").asLong()).isZero();
    }

    @Test
    void text() {
        assertThat(report.text())
                .contains("requests to decisions")
                .contains("20,000")
                .contains("0.200")
                .contains("2,000     20.1     60.0     90.0")
                .contains("records of 118 bytes");
    }
}
