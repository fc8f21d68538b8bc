package io.millrace.ingest.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ingest.Records;
import io.millrace.runtime.AvroJson;
import io.millrace.runtime.Json;
import io.millrace.schemas.AdmissionStatus;
import io.millrace.schemas.NodeReport;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TelemetryApiTest {
    private static final String PATH = "/v1/telemetry";

    private final Api api = new Api();

    @BeforeEach
    void admit() {
        api.rig.profile(Records.profile());
        api.rig.profile(Records.profile("waits", "gansu", AdmissionStatus.APPLIED));
    }

    @AfterEach
    void close() {
        api.close();
    }

    private ObjectNode node(String nodeId, long sequence) {
        return AvroJson.write(Records.report(nodeId, sequence, api.rig.now()));
    }

    private static String batch(JsonNode... nodeReports) {
        ObjectNode body = Json.object();
        for (JsonNode report : nodeReports) {
            body.withArray("nodeReports").add(report);
        }
        return body.toString();
    }

    private static List<String> results(Api.Answer answer) {
        List<String> lines = new ArrayList<>();
        answer.body()
                .path("results")
                .forEach(result -> lines.add((result.path("list").asText() + "[" + result.path("index") + "] "
                                + result.path("id").asText() + " "
                                + result.path("status").asText() + " "
                                + result.path("reason").asText())
                        .strip()));
        return lines;
    }

    /** As long as the profiles are not read, nobody can say that a centre is unknown. */
    @Test
    void nothingIsRejectedWhileTheServiceStarts() {
        api.started = false;
        assertThat(api.post(PATH, batch(node("c1/n1", 1))).status()).isEqualTo(503);
        api.started = true;
        assertThat(results(api.post(PATH, batch(node("c1/n1", 1))))).containsExactly("nodeReports[0] c1/n1 accepted");
    }

    @Test
    void reportsAreTakenOneByOne() {
        ObjectNode wrong = node("c1/n2", 1).put("cpuTotalMillicores", -5);
        ObjectNode body = (ObjectNode) Json.parse(
                batch(node("c1/n1", 1), wrong, node("c404/n1", 1)).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        body.withArray("centreReports").add(AvroJson.write(Records.site("c1", 1, api.rig.now())));
        Api.Answer answer = api.post(PATH, body.toString());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(results(answer))
                .containsExactly(
                        "nodeReports[0] c1/n1 accepted",
                        "nodeReports[1] c1/n2 rejected OUT_OF_RANGE",
                        "nodeReports[2] c404/n1 rejected UNKNOWN_CENTRE",
                        "centreReports[0] c1 accepted");
        assertThat(answer.body().path("accepted").asInt()).isEqualTo(2);
        assertThat(answer.body().path("rejected").asInt()).isEqualTo(2);
        assertThat(answer.body().path("results").get(1).path("detail").asText()).contains("cpuTotalMillicores is -5");
        assertThat(api.rig.announced()).containsExactly("c1/n1 SELLABLE guizhou");
        assertThat(api.rig.rejected()).isEmpty();
        assertThat(api.rig.counted("rejected", "OUT_OF_RANGE")).isEqualTo(1);
        assertThat(api.rig.counted("accepted", "NONE")).isEqualTo(1);
    }

    static Stream<Arguments> wrongItems() {
        return Stream.of(
                Arguments.of("17", "MALFORMED"),
                Arguments.of("null", "MALFORMED"),
                Arguments.of("{}", "MALFORMED"),
                Arguments.of("{\"nodeId\": 5}", "MALFORMED"));
    }

    @ParameterizedTest
    @MethodSource
    void wrongItems(String item, String reason) {
        Api.Answer answer = api.post(PATH, "{\"nodeReports\": [" + item + "]}");
        assertThat(answer.status()).isEqualTo(200);
        JsonNode result = answer.body().path("results").get(0);
        assertThat(result.path("status").asText()).isEqualTo("rejected");
        assertThat(result.path("reason").asText()).isEqualTo(reason);
        assertThat(result.path("detail").asText()).isNotBlank().hasSizeLessThan(1_100);
        assertThat(api.written).isZero();
    }

    @Test
    void unknownFieldsAndWrongTypesAreNamed() {
        ObjectNode unknown = node("c1/n1", 1).put("gpuCount", 8);
        ObjectNode mistyped = node("c1/n1", 1).put("sequence", "seven");
        ObjectNode health = node("c1/n1", 1);
        ((ObjectNode) health.withArray("devices").get(0)).put("health", "SPLENDID");
        ObjectNode fraction = node("c1/n1", 1).put("cpuTotalMillicores", 0.5);
        Api.Answer answer = api.post(PATH, batch(unknown, mistyped, health, fraction));
        JsonNode results = answer.body().path("results");
        assertThat(results.get(0).path("detail").asText()).contains("gpuCount");
        assertThat(results.get(1).path("detail").asText()).contains("sequence");
        assertThat(results.get(2).path("detail").asText()).contains("SPLENDID");
        assertThat(results.get(3).path("detail").asText()).contains("cpuTotalMillicores");
        results.forEach(result -> assertThat(result.path("reason").asText()).isEqualTo("MALFORMED"));
    }

    @Test
    void refusalsAreThoseOfTheStream() {
        ObjectNode key = node("c1/n1", 1).put("nodeId", "c2/n1");
        ObjectNode pool = node("c1/n1", 1).put("poolId", "none");
        ObjectNode late = AvroJson.write(Records.report("c1/n1", 1, api.rig.now() - 600_001));
        ObjectNode early = AvroJson.write(Records.report("c1/n1", 1, api.rig.now() + 30_001));
        Api.Answer answer = api.post(PATH, batch(key, pool, late, early, node("waits/n1", 1), node("c 1/n1", 1)));
        assertThat(results(answer))
                .extracting(line -> line.substring(line.lastIndexOf(' ') + 1))
                .containsExactly(
                        "IDENTITY_MISMATCH",
                        "UNKNOWN_POOL",
                        "TIME_TOO_OLD",
                        "TIME_IN_FUTURE",
                        "CENTRE_NOT_ADMITTED",
                        "INVALID_ID");
    }

    @Test
    void sequencesAreCheckedAgainstTheStreamAndTheBatch() {
        NodeReport first = Records.report("c1/n1", 5, api.rig.now());
        api.rig.report(first);
        Api.Answer answer = api.post(
                PATH, batch(node("c1/n1", 5), node("c1/n1", 4), node("c1/n1", 6), node("c1/n1", 6), node("c1/n2", 1)));
        assertThat(results(answer))
                .containsExactly(
                        "nodeReports[0] c1/n1 rejected DUPLICATE_SEQUENCE",
                        "nodeReports[1] c1/n1 rejected STALE_SEQUENCE",
                        "nodeReports[2] c1/n1 accepted",
                        "nodeReports[3] c1/n1 rejected DUPLICATE_SEQUENCE",
                        "nodeReports[4] c1/n2 accepted");
    }

    @Test
    void whileTablesMoveTheStreamAloneChecksSequences() {
        api.rig.report(Records.report("c1/n1", 5, api.rig.now()));
        api.tablesAnswer = false;
        assertThat(results(api.post(PATH, batch(node("c1/n1", 5))))).containsExactly("nodeReports[0] c1/n1 accepted");
        assertThat(api.rig.rejected()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "7",
                "{\"nodeReports\": {}}",
                "{\"nodeReports\": 7}",
                "{\"nodeReports\": [], \"more\": 1}",
                "{\"nodeReports\": [",
                "{\"nodeReports\": [], \"nodeReports\": []}",
                ""
            })
    void aBodyThatIsNoBatchIsAProblem(String body) {
        Api.Answer answer = api.post(PATH, body);
        assertThat(answer.status()).as(body).isEqualTo(400);
        assertThat(answer.text("detail")).isNotBlank();
    }

    @Test
    void anEmptyBatchIsOne() {
        Api.Answer answer = api.post(PATH, "{\"centreReports\": []}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("results")).isEmpty();
    }

    @Test
    void aBatchHasALimitAndABodyToo() {
        assertThat(api.post(PATH, "{\"nodeReports\": [" + "1,".repeat(100) + "1]}")
                        .text("detail"))
                .contains("101 reports; at most 100");
        Api.Answer large = api.post(PATH, "{\"nodeReports\": [\"" + "x".repeat(100_000) + "\"]}");
        assertThat(large.status()).isEqualTo(413);
        assertThat(api.call("POST", PATH, "{}", "text/plain").status()).isEqualTo(415);
    }

    @Test
    void whatKafkaDoesNotAcknowledgeIsNotAccepted() {
        api.kafkaAnswers = false;
        Api.Answer answer = api.post(PATH, batch(node("c1/n1", 1), node("c1/n2", 1)));
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text("detail"))
                .contains("0 of 2 records")
                .contains("no broker")
                .contains("again");
    }
}
