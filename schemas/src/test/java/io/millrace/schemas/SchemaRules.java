package io.millrace.schemas;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** What every schema of the contract must be like, besides compatible. */
final class SchemaRules {

    /** Fields in milliseconds that are no moments. */
    private static final Set<String> DURATIONS = Set.of("leaseMillis", "remainingMillis");

    private final List<String> violations = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();

    private SchemaRules() {}

    /** Returns what is wrong with a schema and all it contains; empty if nothing is. */
    static List<String> violations(Schema schema) {
        SchemaRules rules = new SchemaRules();
        rules.check(schema);
        return rules.violations;
    }

    private void check(Schema schema) {
        switch (schema.getType()) {
            case RECORD -> {
                if (named(schema)) {
                    schema.getFields().forEach(field -> field(schema, field));
                }
            }
            case ENUM -> {
                if (named(schema) && schema.getEnumDefault() == null) {
                    violations.add(schema.getName() + ": an enum needs a default, for symbols of newer releases");
                }
            }
            case ARRAY -> check(schema.getElementType());
            case MAP -> check(schema.getValueType());
            case UNION -> schema.getTypes().forEach(this::check);
            default -> {}
        }
    }

    private boolean named(Schema schema) {
        if (!seen.add(schema.getFullName())) {
            return false;
        }
        if (isBlank(schema.getDoc())) {
            violations.add(schema.getName() + ": has no doc");
        }
        return true;
    }

    private void field(Schema record, Schema.Field field) {
        String at = record.getName() + "." + field.name();
        if (isBlank(field.doc())) {
            violations.add(at + ": has no doc");
        }
        Schema value = valueOf(field.schema());
        boolean moment = value.getLogicalType() instanceof LogicalTypes.TimestampMillis;
        boolean momentByName = field.name().endsWith("Millis") && !DURATIONS.contains(field.name());
        if (moment != momentByName || field.name().endsWith("At")) {
            violations.add(at + ": a moment is a timestamp-millis and its name ends in Millis, and nothing else is so");
        }
        boolean money = "micro-cny".equals(value.getProp("logicalType")) && value.getType() == Schema.Type.LONG;
        if (money != field.name().contains("MicroCny")) {
            violations.add(
                    at + ": money is a long of logical type micro-cny, its name has MicroCny, and nothing else is so");
        }
        check(field.schema());
    }

    /** Returns the type of an optional value, or the schema itself. */
    private static Schema valueOf(Schema schema) {
        if (schema.getType() == Schema.Type.ARRAY) {
            return schema.getElementType();
        }
        if (schema.isUnion() && schema.isNullable() && schema.getTypes().size() == 2) {
            return schema.getTypes().get(0).getType() == Schema.Type.NULL
                    ? schema.getTypes().get(1)
                    : schema.getTypes().get(0);
        }
        return schema;
    }

    private static boolean isBlank(@Nullable String text) {
        return text == null || text.isBlank();
    }
}
