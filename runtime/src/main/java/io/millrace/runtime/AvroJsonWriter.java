package io.millrace.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** The writing half of {@link AvroJson}. Thread-safe. */
final class AvroJsonWriter {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private AvroJsonWriter() {}

    static ObjectNode object(IndexedRecord value) {
        ObjectNode node = NODES.objectNode();
        for (Schema.Field field : value.getSchema().getFields()) {
            node.set(field.name(), node(value.get(field.pos()), field.schema()));
        }
        return node;
    }

    private static JsonNode node(@Nullable Object value, Schema schema) {
        return switch (value) {
            case null -> NODES.nullNode();
            case SpecificRecord nested -> {
                ObjectNode object = object(nested);
                yield isChoiceOfRecords(schema)
                        ? NODES.objectNode().set(nested.getSchema().getName(), object)
                        : object;
            }
            case Long number -> NODES.numberNode(number);
            case Integer number -> NODES.numberNode(number);
            case Double number -> NODES.numberNode(number);
            case Float number -> NODES.numberNode(number);
            case Boolean truth -> NODES.booleanNode(truth);
            case CharSequence text -> NODES.textNode(text.toString());
            case Enum<?> symbol -> NODES.textNode(symbol.name());
            case ByteBuffer bytes -> NODES.binaryNode(copy(bytes));
            case Collection<?> list ->
                array(list, only(schema, Schema.Type.ARRAY).getElementType());
            case Map<?, ?> map -> {
                ObjectNode object = NODES.objectNode();
                Schema values = only(schema, Schema.Type.MAP).getValueType();
                map.forEach((key, entry) -> object.set(key.toString(), node(entry, values)));
                yield object;
            }
            default ->
                throw new IllegalStateException(
                        "no JSON for " + value.getClass().getName());
        };
    }

    private static ArrayNode array(Collection<?> list, Schema element) {
        ArrayNode array = NODES.arrayNode(list.size());
        list.forEach(item -> array.add(node(item, element)));
        return array;
    }

    /** Returns the branch of a union with this type, or the schema itself. */
    private static Schema only(Schema schema, Schema.Type type) {
        return schema.isUnion()
                ? schema.getTypes().stream()
                        .filter(branch -> branch.getType() == type)
                        .findFirst()
                        .orElseThrow()
                : schema;
    }

    /** Whether a value of this schema could be one of several records, so that JSON must say which. */
    static boolean isChoiceOfRecords(Schema schema) {
        return schema.isUnion() && records(schema).size() > 1;
    }

    static List<Schema> records(Schema union) {
        return union.getTypes().stream()
                .filter(branch -> branch.getType() == Schema.Type.RECORD)
                .toList();
    }

    private static byte[] copy(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return copy;
    }
}
