package io.millrace.runtime;

import io.millrace.schemas.Codec;
import io.millrace.schemas.Decoded;
import io.millrace.schemas.RegistryUnavailableException;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * A codec that waits while the schema registry cannot be asked: the record at hand is neither lost nor refused for
 * something that is not its fault. Thread-safe.
 */
public final class PatientCodec<V extends SpecificRecord> {
    private final Codec<V> codec;
    private final Patience patience;

    /** A codec with the patience of its service. */
    public PatientCodec(Codec<V> codec, Patience patience) {
        this.codec = codec;
        this.patience = patience;
    }

    /** Never throws for what the bytes are. */
    public Decoded<V> decode(byte @Nullable [] bytes) {
        try {
            return codec.decode(bytes);
        } catch (RegistryUnavailableException e) {
            return wait(e, () -> codec.decode(bytes));
        }
    }

    /** Of bytes that we wrote ourselves. */
    public V own(byte[] bytes) {
        return switch (decode(bytes)) {
            case Decoded.Value<V> value -> value.value();
            case Decoded.Refused<V> refused ->
                throw new IllegalStateException(
                        "what this service wrote under " + codec.subject() + " cannot be read: " + refused.detail());
        };
    }

    /** Writes a record; see {@link Codec#encode}. */
    public byte[] encode(V value) {
        try {
            return codec.encode(value);
        } catch (RegistryUnavailableException e) {
            return wait(e, () -> codec.encode(value));
        }
    }

    private <T> T wait(RegistryUnavailableException first, Supplier<T> again) {
        return patience.retry(first, again);
    }
}
