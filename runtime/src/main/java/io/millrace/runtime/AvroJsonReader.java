package io.millrace.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.runtime.AvroJson.Read;
import io.millrace.schemas.Schemas;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** The reading half of {@link AvroJson}: one object per document read. */
final class AvroJsonReader {

    private static final String UNKNOWN = "UNKNOWN";
    private static final int MAX_ERRORS = 50;
    private static final int MAX_SHOWN = 60;

    private final List<String> errors = new ArrayList<>();
    private final SpecificData data;

    private AvroJsonReader(SpecificData data) {
        this.data = data;
    }

    static <V extends SpecificRecord> Read<V> read(JsonNode json, Class<V> type) {
        Schema schema = SpecificData.get().getSchema(type);
        AvroJsonReader reader = new AvroJsonReader(SpecificData.getForClass(type));
        Object value = reader.record(json, schema, "");
        if (value != null && reader.errors.isEmpty()) {
            return new Read.Value<>(type.cast(value));
        }
        return new Read.Errors<>(List.copyOf(reader.errors));
    }

    private void error(String path, String text) {
        if (errors.size() < MAX_ERRORS) {
            errors.add(path.isEmpty() ? text : path + ": " + text);
        } else if (errors.size() == MAX_ERRORS) {
            errors.add("… and more");
        }
    }

    /** Notes an error; what is returned is never used, because errors mean that there is no record. */
    private @Nullable Object wrong(String path, String expected, JsonNode got) {
        error(path, "expected " + expected + ", got " + shown(got));
        return null;
    }

    private static String shown(JsonNode node) {
        if (node.isObject()) {
            return "an object";
        }
        if (node.isArray()) {
            return "a list";
        }
        String text = node.toString();
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
    }

    private @Nullable Object record(JsonNode node, Schema schema, String path) {
        if (!node.isObject()) {
            return wrong(path, "an object (" + schema.getName() + ")", node);
        }
        refuseUnknown(node, schema, path);
        IndexedRecord record = (IndexedRecord) data.newRecord(null, schema);
        for (Schema.Field field : schema.getFields()) {
            String at = path.isEmpty() ? field.name() : path + "." + field.name();
            JsonNode value = node.get(field.name());
            int errorsBefore = errors.size();
            Object read;
            if (value != null) {
                read = value(value, field.schema(), at);
            } else if (field.hasDefaultValue()) {
                read = data.deepCopy(field.schema(), data.getDefaultValue(field)); // Avro's own is shared
            } else {
                error(at, "missing, expected " + expected(field.schema()));
                continue;
            }
            if (errors.size() == errorsBefore) {
                record.put(field.pos(), read);
            }
        }
        return record;
    }

    private void refuseUnknown(JsonNode node, Schema schema, String path) {
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (schema.getField(name) == null) {
                List<String> known =
                        schema.getFields().stream().map(Schema.Field::name).toList();
                String shown = name.length() <= MAX_SHOWN ? name : name.substring(0, MAX_SHOWN) + "…";
                error(path.isEmpty() ? shown : path + "." + shown, "unknown field" + Nearest.hint(name, known));
            }
        }
    }

    private @Nullable Object value(JsonNode node, Schema schema, String path) {
        return switch (schema.getType()) {
            case RECORD -> record(node, schema, path);
            case UNION -> union(node, schema, path);
            case ARRAY -> array(node, schema, path);
            case MAP -> map(node, schema, path);
            case ENUM -> symbol(node, schema, path);
            case STRING -> text(node, path);
            case INT -> narrowed(integer(node, path, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case LONG ->
                Schemas.isMoment(schema) ? time(node, path) : integer(node, path, Long.MIN_VALUE, Long.MAX_VALUE);
            case DOUBLE -> number(node, path);
            case BOOLEAN -> node.isBoolean() ? (Object) node.booleanValue() : wrong(path, "true or false", node);
            case BYTES -> bytes(node, path);
            case NULL -> node.isNull() ? null : wrong(path, "null", node);
            case FLOAT, FIXED ->
                throw new IllegalStateException(
                        "no record of ours has a field of type " + schema.getType() + " (" + path + ")");
        };
    }

    private @Nullable Object union(JsonNode node, Schema schema, String path) {
        if (node.isNull()) {
            return schema.isNullable() ? null : wrong(path, expected(schema), node);
        }
        if (AvroJsonWriter.isChoiceOfRecords(schema)) {
            return choice(node, schema, path);
        }
        // Ours are "null or one other"; the first other is the only one.
        for (Schema branch : schema.getTypes()) {
            if (branch.getType() != Schema.Type.NULL) {
                return value(node, branch, path);
            }
        }
        return wrong(path, "null", node);
    }

    private @Nullable Object choice(JsonNode node, Schema schema, String path) {
        if (!node.isObject() || node.size() != 1) {
            return wrong(path, expected(schema), node);
        }
        String name = node.fieldNames().next();
        for (Schema branch : AvroJsonWriter.records(schema)) {
            if (branch.getName().equals(name)) {
                return record(node.get(name), branch, path + "." + name);
            }
        }
        List<String> names =
                AvroJsonWriter.records(schema).stream().map(Schema::getName).toList();
        error(path, "expected " + expected(schema) + ", got \"" + name + "\"" + Nearest.hint(name, names));
        return null;
    }

    private @Nullable Object array(JsonNode node, Schema schema, String path) {
        if (!node.isArray()) {
            return wrong(path, "a list", node);
        }
        List<@Nullable Object> list = new ArrayList<>(node.size());
        for (int i = 0; i < node.size(); i++) {
            list.add(value(node.get(i), schema.getElementType(), path + "[" + i + "]"));
        }
        return list;
    }

    private @Nullable Object map(JsonNode node, Schema schema, String path) {
        if (!node.isObject()) {
            return wrong(path, "an object", node);
        }
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        node.properties()
                .forEach(entry -> map.put(
                        entry.getKey(), value(entry.getValue(), schema.getValueType(), path + "." + entry.getKey())));
        return map;
    }

    private @Nullable Object symbol(JsonNode node, Schema schema, String path) {
        List<String> symbols = schema.getEnumSymbols();
        if (node.isTextual() && symbols.contains(node.textValue())) {
            return data.createEnum(node.textValue(), schema);
        }
        String hint = node.isTextual() ? Nearest.hint(node.textValue(), symbols) : "";
        error(path, "expected " + expected(schema) + ", got " + shown(node) + hint);
        return null;
    }

    private @Nullable Object text(JsonNode node, String path) {
        if (!node.isTextual()) {
            return wrong(path, "text", node);
        }
        // Half a character has no UTF-8; it would silently become a question mark and two ids the same.
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(node.textValue())) {
            error(path, "has half of a surrogate pair, which is no character");
            return null;
        }
        return node.textValue();
    }

    private @Nullable Long integer(JsonNode node, String path, long min, long max) {
        if (!node.isIntegralNumber()) {
            error(path, "expected an integer, got " + shown(node));
            return null;
        }
        if (!node.canConvertToLong() || node.longValue() < min || node.longValue() > max) {
            error(path, "expected an integer from " + min + " to " + max + ", got " + shown(node));
            return null;
        }
        return node.longValue();
    }

    private static @Nullable Integer narrowed(@Nullable Long number) {
        return number == null ? null : Integer.valueOf(number.intValue());
    }

    private @Nullable Object number(JsonNode node, String path) {
        if (!node.isNumber()) {
            return wrong(path, "a number", node);
        }
        BigDecimal exact = node.decimalValue();
        double value = exact.doubleValue();
        return Double.isInfinite(value) ? wrong(path, "a number that a double can hold", node) : (Object) value;
    }

    private @Nullable Object time(JsonNode node, String path) {
        if (node.isTextual()) {
            try {
                return OffsetDateTime.parse(node.textValue()).toInstant().toEpochMilli();
            } catch (DateTimeParseException
                    | ArithmeticException e) { // the latter for more than a long of milliseconds
                return wrong(path, "a time in ISO 8601 as 2026-01-31T12:00:00Z, or milliseconds", node);
            }
        }
        if (!node.isIntegralNumber()) {
            return wrong(path, "a time: milliseconds since 1970-01-01T00:00:00Z, or ISO 8601", node);
        }
        return integer(node, path, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private @Nullable Object bytes(JsonNode node, String path) {
        if (node.isTextual()) {
            try {
                return ByteBuffer.wrap(node.binaryValue());
            } catch (IOException e) {
                return wrong(path, "bytes in base64", node);
            }
        }
        return wrong(path, "bytes in base64", node);
    }

    private static String expected(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> "an object (" + schema.getName() + ")";
            case UNION ->
                schema.getTypes().stream()
                        .map(branch ->
                                AvroJsonWriter.isChoiceOfRecords(schema) && branch.getType() == Schema.Type.RECORD
                                        ? "{\"" + branch.getName() + "\": …}"
                                        : expected(branch))
                        .collect(Collectors.joining(" or "));
            case ARRAY -> "a list";
            case MAP -> "an object";
            case ENUM ->
                "one of "
                        + schema.getEnumSymbols().stream()
                                // Stands for words that a reader does not know yet: nobody need write it.
                                .filter(symbol -> !symbol.equals(UNKNOWN))
                                .collect(Collectors.joining(", "));
            case STRING -> "text";
            case INT -> "an integer";
            case LONG -> Schemas.isMoment(schema) ? "a time" : "an integer";
            case FLOAT, DOUBLE -> "a number";
            case BOOLEAN -> "true or false";
            case BYTES, FIXED -> "bytes in base64";
            case NULL -> "null";
        };
    }
}
