package io.millrace.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/**
 * Plain JSON for Avro records, guided by their schema:
 *
 * <ul>
 *   <li>a field that is missing has its default, or is an error; an unknown field is an error;
 *   <li>integers are exact, in range, without fraction; enums are the names of their symbols;
 *   <li>times are milliseconds since 1970-01-01T00:00:00Z, and also read as ISO 8601 text;
 *   <li>an optional value is null or the value; one of several records is <code>{"Submit": {...}}</code>; bytes are base64.
 * </ul>
 *
 * <p>Reading finds all that is wrong, not only the first. Thread-safe.
 */
public final class AvroJson {

    /** What reading came to. */
    public sealed interface Read<V> {

        /** A record. */
        record Value<V>(V value) implements Read<V> {}

        /** What is wrong: where, what was expected, what came. */
        record Errors<V>(List<String> errors) implements Read<V> {}
    }

    private AvroJson() {}

    /** Reads a record. */
    public static <V extends SpecificRecord> Read<V> read(JsonNode json, Class<V> type) {
        return AvroJsonReader.read(json, type);
    }

    /**
     * Reads a record or answers the caller.
     *
     * @throws ProblemException 400 whose member {@code errors} lists all that is wrong
     */
    public static <V extends SpecificRecord> V require(JsonNode json, Class<V> type) {
        return switch (read(json, type)) {
            case Read.Value<V> read -> read.value();
            case Read.Errors<V> wrong ->
                throw new ProblemException(
                        400,
                        "Invalid " + type.getSimpleName(),
                        String.join("; ", wrong.errors()),
                        Map.of("errors", wrong.errors()));
        };
    }

    /** Writes a record. */
    public static ObjectNode write(SpecificRecord value) {
        return AvroJsonWriter.object(value);
    }
}
