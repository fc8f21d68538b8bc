package io.millrace.schemas;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaParser;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/** The schemas of this release as they are registered, and the records that are state of services. Immutable. */
public final class Schemas {

    /** What services keep in their stores, without those that are also a topic's values. */
    private static final List<Class<? extends SpecificRecord>> STATE = List.of(
            RequestState.class,
            MarketMeta.class,
            AccountState.class,
            Route.class,
            Together.class,
            NodeState.class,
            PoolShare.class);

    /** How the contract's sources say which logical type a field has in what is published. */
    private static final String PUBLISHED_AS = "publishedAs";

    private static final String MOMENT = "timestamp-millis";

    private Schemas() {}

    /** Returns the records that services keep in their stores; their subject is their full name. */
    public static List<Class<? extends SpecificRecord>> state() {
        return STATE;
    }

    /**
     * Returns true if values of this type are moments, milliseconds since 1970-01-01T00:00:00Z. Its logical type stands in
     * the schema that is registered; generated classes are without it.
     */
    public static boolean isMoment(Schema schema) {
        return MOMENT.equals(schema.getProp(PUBLISHED_AS));
    }

    /**
     * Returns the schema as it is registered and published. Two things are for Java's generator only, and readers in other
     * languages need not see them: the property that has it use {@code String}, and that logical types bear another name.
     * Under their own, Avro generates objects instead of {@code long}s, and no coders for a record with any.
     */
    static Schema portable(Schema schema) {
        String json = schema.toString()
                .replace("{\"type\":\"string\",\"avro.java.string\":\"String\"}", "\"string\"")
                .replace("\"" + PUBLISHED_AS + "\":", "\"logicalType\":");
        return SchemaParser.parseSingle(json);
    }

    static Schema portable(Class<? extends SpecificRecord> type) {
        return portable(SpecificData.get().getSchema(type));
    }

    /** Returns what makes two schemas incompatible, for people. */
    static String incompatibilities(SchemaCompatibility.SchemaPairCompatibility pair) {
        return pair.getResult().getIncompatibilities().stream()
                .map(found -> found.getType() + " at " + found.getLocation() + ": " + found.getMessage())
                .distinct()
                .collect(Collectors.joining("; "));
    }

    /** Returns every record that is a topic's value or a state, once each. */
    static List<Class<? extends SpecificRecord>> all() {
        List<Class<? extends SpecificRecord>> all = new ArrayList<>();
        for (Topic<?> topic : Topics.all()) {
            if (!all.contains(topic.valueType())) {
                all.add(topic.valueType());
            }
        }
        all.addAll(STATE);
        return List.copyOf(all);
    }
}
