package io.millrace.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Reads one number or enum out of an encoded record and skips the fields before it: a reader that shares two cores with
 * what it measures must not decode what it does not look at. Good for records of one schema; {@link #fits} tells.
 *
 * <p>For one thread.
 */
public final class FieldPeek {
    private static final int HEADER_BYTES = 1 + Integer.BYTES;

    private final int schemaId;
    private final List<Schema> skipped;
    private final Schema field;
    private @Nullable BinaryDecoder decoder;

    /**
     * A peek at a field.
     *
     * @param schema schema of the records
     * @param name an int, long or enum of it
     * @param encoded any record that was written with this schema, in the registry's wire format
     */
    public FieldPeek(Schema schema, String name, byte[] encoded) {
        Schema.Field wanted = schema.getField(name);
        if (wanted == null) {
            throw new IllegalArgumentException(schema.getName() + " has no field " + name);
        }
        this.schemaId = ByteBuffer.wrap(encoded).getInt(1);
        this.field = wanted.schema();
        this.skipped = schema.getFields().stream()
                .limit(wanted.pos())
                .map(Schema.Field::schema)
                .toList();
    }

    /** True if these bytes were written with the schema that this peek knows. */
    public boolean fits(byte[] encoded) {
        return encoded.length > HEADER_BYTES && ByteBuffer.wrap(encoded).getInt(1) == schemaId;
    }

    /** The value of an int or long. */
    public long number(byte[] encoded) {
        try {
            BinaryDecoder in = atField(encoded);
            return field.getType() == Schema.Type.INT ? in.readInt() : in.readLong();
        } catch (IOException e) {
            throw new UncheckedIOException("not a record of schema id " + schemaId, e);
        }
    }

    /** The symbol of an enum. */
    public String symbol(byte[] encoded) {
        try {
            return field.getEnumSymbols().get(atField(encoded).readEnum());
        } catch (IOException e) {
            throw new UncheckedIOException("not a record of schema id " + schemaId, e);
        }
    }

    private BinaryDecoder atField(byte[] encoded) throws IOException {
        BinaryDecoder in =
                DecoderFactory.get().binaryDecoder(encoded, HEADER_BYTES, encoded.length - HEADER_BYTES, decoder);
        decoder = in;
        for (Schema schema : skipped) {
            GenericDatumReader.skip(schema, in);
        }
        return in;
    }
}
