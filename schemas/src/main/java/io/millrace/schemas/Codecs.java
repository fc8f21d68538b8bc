package io.millrace.schemas;

import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.testutil.MockSchemaRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * The codecs of a process over one connection to the schema registry. One per process; thread-safe.
 *
 * <p>Closing it closes the connection; a codec that has seen its schemas goes on working without.
 */
public final class Codecs implements AutoCloseable {

    private static final String MOCK = "mock://";
    private static final int CACHE_CAPACITY = 10_000;

    private final SchemaRegistryClient client;
    private final SchemaIds ids;
    private final Map<String, Codec<?>> codecs = new ConcurrentHashMap<>();

    private Codecs(SchemaRegistryClient client, boolean registersItself) {
        this.client = client;
        this.ids = new SchemaIds(client, registersItself, System::nanoTime);
    }

    /**
     * Connects to a registry; nothing is asked until the first record.
     *
     * @param registryUrl where its Confluent-compatible API is, e.g. {@code http://127.0.0.1:8081/apis/ccompat/v7}, several
     *     separated by commas; or {@code mock://scope} for unit tests, where schemas are registered when they are first
     *     written
     * @throws IllegalArgumentException if that is no such address
     */
    public static Codecs connect(String registryUrl) {
        return new Codecs(client(registryUrl), registryUrl.startsWith(MOCK));
    }

    static SchemaRegistryClient client(String registryUrl) {
        if (registryUrl.startsWith(MOCK)) {
            return MockSchemaRegistry.getClientForScope(
                    registryUrl.substring(MOCK.length()), List.of(new AvroSchemaProvider()));
        }
        List<String> urls = List.of(registryUrl.split("\\s*,\\s*", -1));
        for (String url : urls) {
            if (!url.startsWith("http://") && !url.startsWith("https://")) {
                throw new IllegalArgumentException(
                        "schema registry \"" + url + "\": expected an address that begins with http:// or https://");
            }
        }
        // A stream waits while the registry is asked: fail within seconds and let the caller try again.
        return new CachedSchemaRegistryClient(
                urls,
                CACHE_CAPACITY,
                List.of(new AvroSchemaProvider()),
                Map.of(
                        "http.connect.timeout.ms", 2_000,
                        "http.read.timeout.ms", 5_000,
                        "max.retries", 2,
                        "retries.wait.ms", 200,
                        "retries.max.wait.ms", 1_000));
    }

    /** Returns the codec of a topic's values. */
    public <V extends SpecificRecord> Codec<V> of(Topic<V> topic) {
        return codec(topic.subject(), topic.valueType());
    }

    /**
     * Returns the codec of a record that a service keeps in a store: its subject is the record's full name.
     *
     * @throws IllegalArgumentException if it is not one of {@link Schemas#state()}, which alone are registered
     */
    public <V extends SpecificRecord> Codec<V> state(Class<V> type) {
        if (!Schemas.state().contains(type)) {
            throw new IllegalArgumentException(type.getName() + " is not in Schemas.state()");
        }
        return codec(SpecificData.get().getSchema(type).getFullName(), type);
    }

    // A subject has one record type: the catalogue and the full name say which.
    @SuppressWarnings("unchecked")
    private <V extends SpecificRecord> Codec<V> codec(String subject, Class<V> type) {
        return (Codec<V>) codecs.computeIfAbsent(subject, s -> new Codec<>(s, type, ids));
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing the schema registry's client", e);
        }
    }
}
