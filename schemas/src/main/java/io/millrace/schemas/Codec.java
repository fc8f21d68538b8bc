package io.millrace.schemas;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Wire format of one record type: a zero byte, the schema's id in the registry as four bytes, the record in Avro's binary
 * encoding. That is what Confluent's serialisers write and read; a test holds the bytes against theirs. They are not called
 * per record, because they hash the whole schema for each one, three to ten times the cost of everything else.
 *
 * <p>Writes with this release's schema, which must be registered. Reads whatever any registered schema of the same record
 * wrote, and says exactly why if bytes are no such record. Thread-safe; buffers are per thread.
 *
 * @param <V> the record
 */
public final class Codec<V extends SpecificRecord> {

    private static final byte MAGIC = 0;
    private static final int HEADER_BYTES = 1 + Integer.BYTES;
    private static final int MAX_READERS = 10_000;
    private static final int NOT_ASKED = -1;

    private static final ThreadLocal<EncodeBuffer> ENCODING = ThreadLocal.withInitial(EncodeBuffer::new);
    private static final ThreadLocal<BoundedDecoder> DECODING = ThreadLocal.withInitial(BoundedDecoder::new);

    /** How a schema's records are read here, or why they are not. */
    private record Reading<V>(int id, @Nullable DatumReader<V> reader, Decoded.@Nullable Refused<V> refusal) {}

    private final String subject;
    private final Schema schema;
    private final SpecificData data;
    private final DatumWriter<V> writer;
    private final SchemaIds ids;
    private final Map<Integer, Reading<V>> readings = new ConcurrentHashMap<>();
    private volatile @Nullable Reading<V> lastReading;
    private volatile int writerId = NOT_ASKED;

    Codec(String subject, Class<V> type, SchemaIds ids) {
        this.subject = subject;
        this.ids = ids;
        this.schema = SpecificData.get().getSchema(type);
        this.data = new SpecificData(type.getClassLoader());
        // Generated code instead of a walk over the schema, where Avro generates it: not for a choice of several
        // records.
        data.setCustomCoders(true);
        // A plan per pair of schemas, made once: half the time, and no copy of it per thread.
        data.setFastReaderEnabled(true);
        this.writer = new SpecificDatumWriter<>(schema, data);
    }

    /** Returns the subject under which the schema is registered. */
    public String subject() {
        return subject;
    }

    /**
     * Writes a record.
     *
     * @throws SerializationException if a field that must have a value has none
     * @throws IllegalStateException if this release's schema is not registered
     * @throws RegistryUnavailableException if the registry cannot be asked; never once a record was written
     */
    public byte[] encode(V value) {
        int id = writerId;
        if (id == NOT_ASKED) {
            id = ids.idOf(subject, Schemas.portable(schema));
            writerId = id;
        }
        EncodeBuffer buffer = ENCODING.get();
        try {
            BinaryEncoder encoder = buffer.start(MAGIC, id);
            writer.write(value, encoder);
            return buffer.finish(encoder);
        } catch (IOException | RuntimeException e) {
            throw new SerializationException("this " + schema.getName() + " cannot be written: " + whyNot(value, e), e);
        }
    }

    /** Generated code does not say which field it was; the walk over the schema does. */
    private String whyNot(V value, Exception fault) {
        SpecificData walking = new SpecificData(data.getClassLoader());
        walking.setCustomCoders(false);
        try {
            new SpecificDatumWriter<V>(schema, walking)
                    .write(value, EncoderFactory.get().binaryEncoder(OutputStream.nullOutputStream(), null));
        } catch (IOException | RuntimeException e) {
            return String.valueOf(e.getMessage());
        }
        return String.valueOf(fault.getMessage());
    }

    /**
     * Reads a record. Never throws for what the bytes are.
     *
     * @throws RegistryUnavailableException if the bytes name a schema not seen before and the registry cannot be asked
     */
    public Decoded<V> decode(byte @Nullable [] bytes) {
        if (bytes == null || bytes.length == 0) {
            return new Decoded.Refused<>(RejectReason.NO_VALUE, "the record has no value");
        }
        if (bytes[0] != MAGIC || bytes.length < HEADER_BYTES) {
            return new Decoded.Refused<>(RejectReason.MALFORMED, notOurFormat(bytes));
        }
        Reading<V> reading = reading(ByteBuffer.wrap(bytes).getInt(1));
        DatumReader<V> reader = reading.reader();
        return reader == null ? refusalOf(reading) : read(reader, reading.id(), bytes);
    }

    @SuppressWarnings("NullAway") // a reading has one or the other
    private static <V> Decoded<V> refusalOf(Reading<V> reading) {
        return reading.refusal();
    }

    private Decoded<V> read(DatumReader<V> reader, int id, byte[] bytes) {
        BoundedDecoder decoder = DECODING.get().over(bytes, HEADER_BYTES);
        try {
            V value = reader.read(null, decoder);
            if (decoder.left() > 0) {
                return malformed(id, bytes, decoder, "the record is over and bytes are left");
            }
            return new Decoded.Value<>(value);
        } catch (EOFException e) {
            return malformed(id, bytes, decoder, e.getMessage() == null ? "the bytes end too early" : e.getMessage());
        } catch (IOException | RuntimeException e) {
            return malformed(id, bytes, decoder, e.getMessage() == null ? e.toString() : e.getMessage());
        } catch (StackOverflowError e) {
            // A recursive schema of somebody else's: fields that we do not know are skipped by recursion.
            return malformed(id, bytes, decoder, "nested too deeply");
        }
    }

    private Decoded<V> malformed(int id, byte[] bytes, BoundedDecoder decoder, String why) {
        int at = bytes.length - decoder.left();
        return new Decoded.Refused<>(
                RejectReason.MALFORMED,
                "not a " + schema.getName() + " of schema id " + id + ", at byte " + at + " of " + bytes.length + ": "
                        + why);
    }

    private static String notOurFormat(byte[] bytes) {
        if (bytes[0] != MAGIC) {
            String looks = bytes[0] == '{' || bytes[0] == '[' ? " (it looks like JSON)" : "";
            return "the first byte is " + (bytes[0] & 0xff) + ", not 0: this is not the schema registry's wire format"
                    + looks;
        }
        return bytes.length + " bytes cannot even hold a schema id";
    }

    private Reading<V> reading(int id) {
        Reading<V> last = lastReading;
        if (last != null && last.id() == id) {
            return last;
        }
        Reading<V> known = readings.get(id);
        if (known == null) {
            known = newReading(id);
            if (known.reader() == null
                    && known.refusal() != null
                    && known.refusal().reason() == RejectReason.UNKNOWN_SCHEMA) {
                return known; // may be registered later: not ours to remember
            }
            if (readings.size() >= MAX_READERS) {
                readings.clear();
            }
            readings.put(id, known);
        }
        lastReading = known;
        return known;
    }

    private Reading<V> newReading(int id) {
        SchemaIds.Found found = ids.find(id);
        if (found instanceof SchemaIds.Found.Known known) {
            return readingOf(id, known.schema());
        } else if (found instanceof SchemaIds.Found.NotAvro notAvro) {
            return refuse(id, RejectReason.WRONG_SCHEMA, notAvro.detail());
        } else if (found instanceof SchemaIds.Found.Unknown unknown) {
            return refuse(id, RejectReason.UNKNOWN_SCHEMA, unknown.detail());
        }
        throw new IllegalStateException("no such answer: " + found);
    }

    private Reading<V> readingOf(int id, Schema written) {
        if (written.getType() != Schema.Type.RECORD || !written.getFullName().equals(schema.getFullName())) {
            return refuse(
                    id,
                    RejectReason.WRONG_SCHEMA,
                    "schema id " + id + " is " + written.getFullName() + ", expected " + schema.getFullName());
        }
        try {
            SchemaCompatibility.SchemaPairCompatibility pair =
                    SchemaCompatibility.checkReaderWriterCompatibility(schema, written);
            if (pair.getType() == SchemaCompatibilityType.COMPATIBLE) {
                return new Reading<>(id, new SpecificDatumReader<>(written, schema, data), null);
            }
            return refuse(
                    id,
                    RejectReason.WRONG_SCHEMA,
                    "schema id " + id + " is a " + schema.getFullName() + " that cannot be read as ours: "
                            + Schemas.incompatibilities(pair));
        } catch (AvroRuntimeException | StackOverflowError e) {
            return refuse(
                    id,
                    RejectReason.WRONG_SCHEMA,
                    "schema id " + id + " cannot be compared with ours: " + e.getMessage());
        }
    }

    private static <V> Reading<V> refuse(int id, RejectReason reason, String detail) {
        return new Reading<>(id, null, new Decoded.Refused<>(reason, detail));
    }

    /** Returns a serialiser for producers; a null value is a tombstone and stays null. */
    public Serializer<V> serializer() {
        return (topic, value) -> value == null ? null : encode(value);
    }

    /** Returns a deserialiser for consumers that trust the topic: what {@link #decode} refuses is a {@link SerializationException}. */
    public Deserializer<V> deserializer() {
        return (topic, bytes) -> {
            if (bytes == null) {
                return null;
            }
            Decoded<V> decoded = decode(bytes);
            if (decoded instanceof Decoded.Value<V> value) {
                return value.value();
            }
            Decoded.Refused<V> refused = (Decoded.Refused<V>) decoded;
            throw new SerializationException(topic + ": " + refused.reason() + ": " + refused.detail());
        };
    }

    /** Returns both. */
    public Serde<V> serde() {
        return Serdes.serdeFrom(serializer(), deserializer());
    }
}
