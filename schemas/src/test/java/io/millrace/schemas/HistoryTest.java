package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract holds for years: what any release wrote, any other reads. A schema that changed is frozen as a new version
 * with {@code mvn -pl schemas -am test -Dtest=HistoryTest -Dsurefire.failIfNoSpecifiedTests=false -Dmillrace.freeze=new};
 * with {@code -Dmillrace.freeze=amend} the newest version is written again, which is allowed until it was released.
 */
class HistoryTest {

    private static final String HOW = "freeze it: mvn -pl schemas -am test -Dtest=HistoryTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dmillrace.freeze=new (or amend, if the newest was never released)";

    static Stream<Schema> schemas() {
        return Schemas.all().stream().map(Schemas::portable);
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void theNewestFrozenVersionIsTheCurrentOne(Schema schema) {
        History history = History.of(schema);
        int newest = history.newest();
        boolean same = newest > 0 && history.text(newest).equals(History.text(schema));
        if (!same) {
            switch (System.getProperty("millrace.freeze", "")) {
                case "new" -> history.freeze(schema, newest + 1);
                case "amend" -> history.freeze(schema, Math.max(1, newest));
                default -> {
                    assertThat(newest)
                            .as("%s has no frozen version; %s", schema.getFullName(), HOW)
                            .isPositive();
                    assertThat(History.text(schema))
                            .as("%s differs from its frozen version %d; %s", schema.getFullName(), newest, HOW)
                            .isEqualTo(history.text(newest));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void everyVersionReadsEveryOther(Schema schema) {
        List<Schema> versions = History.of(schema).all();
        assertThat(versions).isNotEmpty();
        assertThat(incompatibilities(versions)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void everySchemaKeepsTheRules(Schema schema) {
        assertThat(SchemaRules.violations(schema)).isEmpty();
    }

    /** A record that is no longer sent stays readable: its history stays, and so must its place in the catalogue. */
    @Test
    void everyHistoryIsOfARecordOfTheContract() {
        assertThat(History.recordsWithHistory())
                .isEqualTo(schemas().map(Schema::getFullName).sorted().toList());
    }

    static List<String> incompatibilities(List<Schema> versions) {
        return versions.stream()
                .flatMap(reader -> versions.stream()
                        .map(writer -> SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)))
                .filter(pair -> pair.getType() != SchemaCompatibilityType.COMPATIBLE)
                .map(Schemas::incompatibilities)
                .toList();
    }

    // The checks themselves: each must see what it is there for.

    private static final String FIRST =
            record("{\"name\":\"a\",\"type\":\"long\"},{\"name\":\"b\",\"type\":\"string\",\"default\":\"\"}");

    private static final Map<String, String> BREAKING = Map.of(
            "a field without a default appears",
                    record("{\"name\":\"a\",\"type\":\"long\"},{\"name\":\"c\",\"type\":\"string\"}"),
            "a field without a default goes", record("{\"name\":\"b\",\"type\":\"string\",\"default\":\"\"}"),
            "a type changes", record("{\"name\":\"a\",\"type\":\"string\"}"),
            "a type grows, which the old release cannot read", record("{\"name\":\"a\",\"type\":\"double\"}"));

    private static String record(String fields) {
        return "{\"type\":\"record\",\"name\":\"R\",\"fields\":[" + fields + "]}";
    }

    @Test
    void incompatibleVersionsAreFound() {
        Schema first = SchemaParser.parseSingle(FIRST);
        BREAKING.forEach(
                (what, second) -> assertThat(incompatibilities(List.of(first, SchemaParser.parseSingle(second))))
                        .as(what)
                        .isNotEmpty());
        Schema withDefaults = SchemaParser.parseSingle(
                record("{\"name\":\"a\",\"type\":\"long\"},{\"name\":\"c\",\"type\":\"int\",\"default\":1}"));
        assertThat(incompatibilities(List.of(first, withDefaults))).isEmpty();
    }

    private static final Map<String, String> AGAINST_THE_RULES = Map.of(
            "DeviceHealth: has no doc", "\"doc\":\"Health of a device, as its node sees it.\",|",
            "NodeReport.poolId: has no doc", ",\"doc\":\"The pool of the centre's profile that the node belongs to.\"|",
            "DeviceHealth: an enum needs a default", "\"FAILED\"],\"default\":\"UNKNOWN\"|\"FAILED\"]",
            "NodeReport.observedAtMillis: a moment",
                    "{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}|\"long\"",
            "NodeReport.sequenceMillis: a moment", "\"name\":\"sequence\"|\"name\":\"sequenceMillis\"",
            "NodeReport.seenAt: a moment", "\"name\":\"sequence\"|\"name\":\"seenAt\"",
            "NodeReport.feeMicroCny: money", "\"name\":\"powerWatts\"|\"name\":\"feeMicroCny\"");

    @Test
    void schemasAgainstTheRulesAreFound() {
        AGAINST_THE_RULES.forEach((violation, change) -> {
            Schema bad = SchemaParser.parseSingle(
                    changed(Schemas.portable(NodeReport.class).toString(), change));
            assertThat(SchemaRules.violations(bad))
                    .as(violation)
                    .anySatisfy(found -> assertThat(found).startsWith(violation));
        });
    }

    private static String changed(String json, String change) {
        int bar = change.indexOf('|');
        String changed = json.replace(change.substring(0, bar), change.substring(bar + 1));
        assertThat(changed).as("the change %s has an effect", change).isNotEqualTo(json);
        return changed;
    }

    @Test
    void freezingWritesVersionsInARow(@TempDir Path folder) {
        History history = new History(folder, "a.B");
        Schema schema = Schemas.portable(NodeReport.class);
        assertThat(history.newest()).isZero();
        history.freeze(schema, 1);
        history.freeze(schema, 2);
        assertThat(history.newest()).isEqualTo(2);
        assertThat(history.all()).containsExactly(schema, schema);
        assertThat(history.text(1)).contains("\"doc\"").endsWith("}\n");
    }
}
