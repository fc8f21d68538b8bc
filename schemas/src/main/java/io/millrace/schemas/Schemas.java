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

    private Schemas() {}

    /** Returns the records that services keep in their stores; their subject is their full name. */
    public static List<Class<? extends SpecificRecord>> state() {
        return STATE;
    }

    /**
     * Returns the schema as it is registered and published: the same without the property that tells Java's generator to
     * use {@code String}, which readers in other languages need not see.
     */
    static Schema portable(Schema schema) {
        String json = schema.toString().replace("{\"type\":\"string\",\"avro.java.string\":\"String\"}", "\"string\"");
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
