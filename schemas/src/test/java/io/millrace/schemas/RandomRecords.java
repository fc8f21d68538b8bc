package io.millrace.schemas;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** Makes records of any type from a seed, with every branch of every union and values at the ends of their range. */
final class RandomRecords {

    private static final int MAX_ELEMENTS = 4;

    private final Random random;

    RandomRecords(long seed) {
        this.random = new Random(seed);
    }

    <V extends SpecificRecord> V next(Class<V> type) {
        return type.cast(record(SpecificData.get().getSchema(type)));
    }

    private @Nullable Object value(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> record(schema);
            case ENUM -> SpecificData.get().createEnum(pick(schema.getEnumSymbols()), schema);
            case ARRAY -> array(schema);
            case UNION -> value(pick(schema.getTypes()));
            case STRING -> text();
            case BYTES -> ByteBuffer.wrap(text().getBytes(java.nio.charset.StandardCharsets.UTF_8));
            case INT -> (int) number();
            case LONG -> number();
            case DOUBLE -> random.nextGaussian();
            case BOOLEAN -> random.nextBoolean();
            case NULL -> null;
            default -> throw new IllegalStateException("no record of ours has a " + schema.getType());
        };
    }

    private Object record(Schema schema) {
        IndexedRecord record = (IndexedRecord) SpecificData.get().newRecord(null, schema);
        for (Schema.Field field : schema.getFields()) {
            record.put(field.pos(), value(field.schema()));
        }
        return record;
    }

    private Object array(Schema schema) {
        List<@Nullable Object> list = new ArrayList<>();
        for (int i = random.nextInt(MAX_ELEMENTS); i > 0; i--) {
            list.add(value(schema.getElementType()));
        }
        return list;
    }

    private long number() {
        return switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> Long.MAX_VALUE;
            case 2 -> Long.MIN_VALUE;
            case 3 -> -1;
            default -> random.nextInt(1_000_000);
        };
    }

    private String text() {
        return pick(
                List.of("", "a", "guizhou/node-17", "算力中心", "\uD83D\uDE80 long enough to leave every small buffer"));
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
