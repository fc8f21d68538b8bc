package io.millrace.runtime;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.Schemas;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/** JSON schemas of Avro records, as {@link AvroJson} reads and writes them. Used by one thread. */
final class JsonSchemas {

    private final Map<String, ObjectNode> components = new TreeMap<>();

    Map<String, ObjectNode> all() {
        return components;
    }

    static ObjectNode reference(String component) {
        return Json.object().put("$ref", "#/components/schemas/" + component);
    }

    ObjectNode reference(Class<? extends SpecificRecord> type) {
        return of(SpecificData.get().getSchema(type));
    }

    /** Adds a component: a record without one field, and beside the others what that field, a record, has. */
    void flatten(String component, Class<? extends SpecificRecord> type, String field) {
        Schema outer = SpecificData.get().getSchema(type);
        ObjectNode all = Json.object();
        fields(outer.getField(field).schema(), all);
        ObjectNode others = Json.object();
        fields(outer, others);
        ObjectNode properties = (ObjectNode) all.path("properties");
        ArrayNode required = all.withArray("required");
        others.path("properties").properties().stream()
                .filter(property -> !property.getKey().equals(field))
                .forEach(property -> properties.set(property.getKey(), property.getValue()));
        others.path("required").forEach(name -> {
            if (!name.asText().equals(field)) {
                required.add(name);
            }
        });
        components.put(component, all);
    }

    /** RFC 9457. */
    static ObjectNode problem() {
        ObjectNode schema = Json.object().put("type", "object");
        schema.put("description", "What was wrong (RFC 9457).");
        ObjectNode properties = schema.putObject("properties");
        properties.putObject("type").put("type", "string");
        properties.putObject("title").put("type", "string").put("description", "The kind of problem.");
        properties.putObject("status").put("type", "integer").put("description", "The HTTP status.");
        properties.putObject("detail").put("type", "string").put("description", "This problem, for people.");
        properties.putObject("instance").put("type", "string").put("description", "The path that was called.");
        properties
                .putObject("errors")
                .put("type", "array")
                .put("description", "All that is wrong with the body, where, and what was expected.")
                .putObject("items")
                .put("type", "string");
        schema.putArray("required").add("title").add("status").add("detail");
        return schema;
    }

    private ObjectNode of(Schema schema) {
        return switch (schema.getType()) {
            case RECORD, ENUM -> named(schema);
            case ARRAY -> {
                ObjectNode array = Json.object().put("type", "array");
                array.set("items", of(schema.getElementType()));
                yield array;
            }
            case MAP -> {
                ObjectNode map = Json.object().put("type", "object");
                map.set("additionalProperties", of(schema.getValueType()));
                yield map;
            }
            case UNION -> union(schema.getTypes());
            case INT -> Json.object().put("type", "integer").put("format", "int32");
            case LONG -> longSchema(schema);
            case FLOAT, DOUBLE -> Json.object().put("type", "number");
            case BOOLEAN -> Json.object().put("type", "boolean");
            case BYTES, FIXED -> Json.object().put("type", "string").put("contentEncoding", "base64");
            case STRING -> Json.object().put("type", "string");
            case NULL -> Json.object().put("type", "null");
        };
    }

    private static ObjectNode longSchema(Schema schema) {
        ObjectNode node = Json.object().put("type", "integer").put("format", "int64");
        if (Schemas.isMoment(schema)) {
            node.put("title", "Milliseconds since 1970-01-01T00:00:00Z; text in ISO 8601 is also read");
        }
        return node;
    }

    private ObjectNode union(List<Schema> types) {
        long records = types.stream()
                .filter(type -> type.getType() == Schema.Type.RECORD)
                .count();
        ObjectNode node = Json.object();
        ArrayNode choices = node.putArray("oneOf");
        for (Schema type : types) {
            if (records > 1 && type.getType() == Schema.Type.RECORD) {
                ObjectNode wrapped = choices.addObject().put("type", "object");
                wrapped.putObject("properties").set(type.getName(), of(type));
                wrapped.putArray("required").add(type.getName());
                wrapped.put("additionalProperties", false);
            } else {
                choices.add(of(type));
            }
        }
        return node;
    }

    private ObjectNode named(Schema schema) {
        String name = schema.getName();
        if (!components.containsKey(name)) {
            ObjectNode node = Json.object();
            components.put(name, node); // before its fields: they may name it
            if (schema.getDoc() != null) {
                node.put("description", schema.getDoc());
            }
            if (schema.getType() == Schema.Type.ENUM) {
                node.put("type", "string");
                schema.getEnumSymbols().forEach(node.putArray("enum")::add);
            } else {
                fields(schema, node);
            }
        }
        return reference(name);
    }

    private void fields(Schema schema, ObjectNode node) {
        node.put("type", "object").put("additionalProperties", false);
        ObjectNode properties = node.putObject("properties");
        ArrayNode required = Json.array();
        for (Schema.Field field : schema.getFields()) {
            ObjectNode property = of(field.schema());
            if (field.doc() != null) {
                property.put("description", field.doc());
            }
            if (field.hasDefaultValue()) {
                Object value = field.defaultVal();
                property.set("default", Json.of(JsonProperties.NULL_VALUE.equals(value) ? null : value));
            } else {
                required.add(field.name());
            }
            properties.set(field.name(), property);
        }
        if (!required.isEmpty()) {
            node.set("required", required);
        }
    }
}
