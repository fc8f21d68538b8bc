package io.millrace.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.runtime.AvroJson.Read;
import io.millrace.schemas.ComputeRequest;
import io.millrace.schemas.NodeReport;
import io.millrace.schemas.ScoreTerm;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.RandomData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AvroJsonTest {

    private static final String REPORT = """
            {"nodeId":"guizhou/n1","centreId":"guizhou","poolId":"a100","observedAtMillis":1700000000000,"sequence":7,
             "cpuTotalMillicores":96000,"memoryTotalMib":786432,"devices":[{"health":"HEALTHY"},{}]}
            """;

    private static JsonNode json(String text) {
        return Json.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static NodeReport report() {
        return AvroJson.require(json(REPORT), NodeReport.class);
    }

    private static List<String> errors(JsonNode json, Class<? extends SpecificRecord> type) {
        Read<? extends SpecificRecord> read = AvroJson.read(json, type);
        assertThat(read).isInstanceOf(Read.Errors.class);
        return ((Read.Errors<?>) read).errors();
    }

    private static ObjectNode with(String field, String value) {
        ObjectNode report = (ObjectNode) json(REPORT);
        report.set(field, json(value));
        return report;
    }

    @Test
    void fieldsLeftOutHaveTheirDefaults() {
        NodeReport report = report();
        assertThat(report.getObservedAtMillis()).isEqualTo(1_700_000_000_000L);
        assertThat(report.getIntervalSeconds()).isEqualTo(10);
        assertThat(report.getPowerWatts()).isNull();
        assertThat(report.getDevices()).hasSize(2);
        assertThat(report.getDevices().get(1).getHealth().name()).isEqualTo("UNKNOWN");
    }

    @Test
    void twoReadingsShareNothing() {
        NodeReport first = AvroJson.require(without("devices"), NodeReport.class);
        NodeReport second = AvroJson.require(without("devices"), NodeReport.class);
        assertThat(first.getDevices()).isEmpty();
        assertThat(first.getDevices()).isNotSameAs(second.getDevices());
    }

    private static ObjectNode without(String field) {
        ObjectNode report = (ObjectNode) json(REPORT);
        report.remove(field);
        return report;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "sequence            | \"abc\"      | sequence: expected an integer, got \"abc\"",
                "sequence            | 1.5          | sequence: expected an integer, got 1.5",
                "sequence            | 10.0         | sequence: expected an integer, got 10.0",
                "sequence            | 1e3          | sequence: expected an integer, got 1E+3",
                "sequence            | 1e999999999  | sequence: expected an integer, got 1E+999999999",
                "sequence            | null         | sequence: expected an integer, got null",
                "sequence            | true         | sequence: expected an integer, got true",
                "sequence            | []           | sequence: expected an integer, got a list",
                "sequence | 9223372036854775808 | sequence: expected an integer from -9223372036854775808 to"
                        + " 9223372036854775807, got 9223372036854775808",
                "intervalSeconds | 2147483648 | intervalSeconds: expected an integer from -2147483648 to 2147483647, got"
                        + " 2147483648",
                "nodeId              | 7            | nodeId: expected text, got 7",
                "nodeId              | {}           | nodeId: expected text, got an object",
                "nodeId              | \"\\ud800\"  | nodeId: has half of a surrogate pair, which is no character",
                "draining            | \"yes\"      | draining: expected true or false, got \"yes\"",
                "devices             | {}           | devices: expected a list, got an object",
                "devices             | [{},7]       | devices[1]: expected an object (DeviceReport), got 7",
                "devices | [{\"usedOutsideMilli\":\"abc\"}] | devices[0].usedOutsideMilli: expected an integer, got \"abc\"",
                "devices | [{\"health\":\"OK\"}] | devices[0].health: expected one of HEALTHY, DEGRADED, FAILED,"
                        + " got \"OK\"",
                "devices | [{\"health\":\"HEALTY\"}] | devices[0].health: expected one of HEALTHY, DEGRADED,"
                        + " FAILED, got \"HEALTY\" (did you mean HEALTHY?)",
                "powerWatts          | \"x\"        | powerWatts: expected an integer, got \"x\"",
                "nodeld              | 1            | nodeld: unknown field (did you mean nodeId?)",
                "colour              | 1            | colour: unknown field",
                "observedAtMillis    | \"today\"    | observedAtMillis: expected a time in ISO 8601 as"
                        + " 2026-01-31T12:00:00Z, or milliseconds, got \"today\"",
                "observedAtMillis    | 1.5          | observedAtMillis: expected a time: milliseconds since"
                        + " 1970-01-01T00:00:00Z, or ISO 8601, got 1.5",
            })
    void whatIsWrongIsNamed(String field, String value, String error) {
        assertThat(errors(with(field, value), NodeReport.class)).containsExactly(error);
    }

    @Test
    void allThatIsWrongIsNamedAtOnce() {
        assertThat(errors(json("{\"nodeId\":1,\"x\":2,\"devices\":[{\"health\":3}],\"sequence\":4}"), NodeReport.class))
                .containsExactlyInAnyOrder(
                        "x: unknown field",
                        "nodeId: expected text, got 1",
                        "centreId: missing, expected text",
                        "poolId: missing, expected text",
                        "observedAtMillis: missing, expected a time",
                        "cpuTotalMillicores: missing, expected an integer",
                        "memoryTotalMib: missing, expected an integer",
                        "devices[0].health: expected one of HEALTHY, DEGRADED, FAILED, got 3");
        assertThat(errors(json("[]"), NodeReport.class)).containsExactly("expected an object (NodeReport), got a list");
    }

    @Test
    void errorsAreNotWithoutEnd() {
        String many = "[" + "{\"a\":1},".repeat(500) + "{}]";
        assertThat(errors(with("devices", many), NodeReport.class))
                .hasSize(51)
                .last()
                .isEqualTo("… and more");
        assertThat(errors(with("nodeId", "[\"" + "x".repeat(5_000) + "\"]"), NodeReport.class))
                .allSatisfy(error -> assertThat(error).hasSizeLessThan(200));
    }

    @Test
    void timesAreAlsoReadAsText() {
        NodeReport read = AvroJson.require(with("observedAtMillis", "\"2026-01-31T12:00:00+08:00\""), NodeReport.class);
        assertThat(read.getObservedAtMillis())
                .isEqualTo(Instant.parse("2026-01-31T04:00:00Z").toEpochMilli());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"Cancel\":{\"reason\":\"late\"}} | ~~",
                "{\"Submitt\":{}}  | action: expected {\"Submit\": …} or {\"Cancel\": …} or {\"Extend\": …} or"
                        + " {\"Release\": …}, got \"Submitt\" (did you mean Submit?)",
                "{\"reason\":\"x\",\"b\":1} | action: expected {\"Submit\": …} or {\"Cancel\": …} or {\"Extend\": …} or"
                        + " {\"Release\": …}, got an object",
                "null | action: expected {\"Submit\": …} or {\"Cancel\": …} or {\"Extend\": …} or {\"Release\": …}, got"
                        + " null",
                "{\"Extend\":{}} | action.Extend.endsAtMillis: missing, expected a time",
            })
    void oneOfSeveralRecordsIsNamed(String action, String error) {
        JsonNode request =
                json("{\"requestId\":\"r\",\"accountId\":\"a\",\"createdAtMillis\":1,\"action\":" + action + "}");
        if (error.isEmpty()) {
            assertThat(AvroJson.write(AvroJson.require(request, ComputeRequest.class))
                            .toString())
                    .isEqualTo(request.toString());
        } else {
            assertThat(errors(request, ComputeRequest.class)).containsExactly(error);
        }
    }

    @Test
    void doublesTakeAnyNumberThatIsOne() {
        assertThat(AvroJson.require(json("{\"contribution\":3}"), ScoreTerm.class)
                        .getContribution())
                .isEqualTo(3.0);
        assertThat(errors(json("{\"contribution\":1e999999999}"), ScoreTerm.class))
                .containsExactly("contribution: expected a number that a double can hold, got 1E+999999999");
    }

    @Test
    void aCallerGetsEveryErrorInAProblem() {
        assertThatThrownBy(() -> AvroJson.require(with("sequence", "null"), NodeReport.class))
                .isInstanceOfSatisfying(ProblemException.class, problem -> {
                    assertThat(problem.status()).isEqualTo(400);
                    assertThat(problem.title()).isEqualTo("Invalid NodeReport");
                    assertThat(problem.extra())
                            .containsEntry("errors", List.of("sequence: expected an integer, got null"));
                });
    }

    static List<Topic<?>> topics() {
        return Topics.all();
    }

    @ParameterizedTest
    @MethodSource("topics")
    void whatIsWrittenIsReadAgain(Topic<?> topic) throws IOException {
        Schema schema = topic.schema();
        long seed = 20_260_101;
        for (Object generic : new RandomData(schema, 100, seed)) {
            SpecificRecord record = specific(generic, schema);
            assertThat(AvroJson.read(Json.parse(Json.bytes(AvroJson.write(record))), record.getClass()))
                    .as("seed %d of %s", seed, topic)
                    .isEqualTo(new Read.Value<>(record));
        }
    }

    private static SpecificRecord specific(Object generic, Schema schema) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<>(schema).write(generic, encoder);
        encoder.flush();
        return new SpecificDatumReader<SpecificRecord>(schema)
                .read(null, DecoderFactory.get().binaryDecoder(out.toByteArray(), null));
    }
}
