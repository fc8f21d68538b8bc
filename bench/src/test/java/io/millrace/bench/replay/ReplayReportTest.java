package io.millrace.bench.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.bench.load.Environment;
import io.millrace.bench.trace.Trace;
import io.millrace.bench.trace.TraceJob;
import io.millrace.bench.trace.TraceNode;
import io.millrace.schemas.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplayReportTest {
    private static final Trace TRACE = new Trace(
            List.of(new TraceNode("a", "G2", 8, 96_000, 1), new TraceNode("b", "T4", 2, 104_000, 1)),
            List.of(
                    new TraceJob("x", List.of(), 1, 4, 1000, 20_000, 0, 0, 10),
                    new TraceJob("y", List.of(), 1, 8, 1000, 20_000, 0, 0, 10)),
            0);
    private static final Environment HERE = new Environment("2 cores", "25", "2026-11-22");

    @Test
    void json() {
        ObjectNode json = report(true).json();

        assertThat(json.get("sent").asInt()).isEqualTo(2);
        assertThat(json.get("decided").asInt()).isEqualTo(2);
        assertThat(json.get("unanswered").asInt()).isZero();
        assertThat(json.get("allocated").asInt()).isEqualTo(1);
        assertThat(json.get("refusedByReason")).hasToString("{\"NO_CAPACITY\":1}");
        assertThat(json.get("allocatedPercent").asDouble()).isEqualTo(40);
        assertThat(json.get("models").get("G2"))
                .hasToString(
                        "{\"capacityMilliDevices\":8000,\"allocatedMilliDevices\":4000,\"allocatedPercent\":50.0}");
        assertThat(json.get("models").get("T4").get("allocatedPercent").asDouble())
                .isZero();
        assertThat(json.get("cpuAllocatedPercent").asDouble()).isEqualTo(10);
        assertThat(json.get("decisionsPerSecond").asDouble()).isEqualTo(4);
        assertThat(json.get("latencyMillis").fieldNames()).toIterable().containsExactly("p50", "p99", "max");
        assertThat(json.get("seed").asLong()).isEqualTo(42);
        assertThat(json.get("requestsPerSecond").isNull()).isTrue();
        assertThat(json.get("machine").asText()).isEqualTo("2 cores");
    }

    @Test
    void text() {
        assertThat(report(true).text())
                .contains("2 of 2: 1 allocated, 0 queued, 1 refused (NO_CAPACITY 1)")
                .contains("shuffled with seed 42")
                .contains("40.00 % allocated")
                .doesNotContain("MISSING");
    }

    @Test
    void whatIsMissingIsSaid() {
        ReplayReport report = report(false);

        assertThat(report.isComplete()).isFalse();
        assertThat(report.text()).contains("MISSING     1 requests were never answered");
        assertThat(report.json().get("unanswered").asInt()).isEqualTo(1);
    }

    private static ReplayReport report(boolean complete) {
        ReplayBook book = new ReplayBook(2);
        book.submitted(0, 0);
        book.submitted(1, 0);
        book.decided(0, Answers.allocated("G2", 4, 1000, 20_000), 1_000_000);
        if (complete) {
            book.decided(1, Answers.refused(Reason.NO_CAPACITY), 2_000_000);
        }
        Tally tally = book.tally();
        return new ReplayReport(
                TRACE, new ReplayReport.Settings(true, null, 42L, 0), tally, tally, book.latencies(), 0.5, 1, HERE);
    }
}
