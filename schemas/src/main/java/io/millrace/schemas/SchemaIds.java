package io.millrace.schemas;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.avro.Schema;

/**
 * Asks the registry which schema has an id and which id has a schema. Thread-safe.
 *
 * <p>Anybody can write any id into a record, so an id that the registry does not know must be cheap the second time: it is
 * remembered for a while. Ids are given out in a row; those far beyond the highest one ever seen cannot all be remembered,
 * so only a few of them are looked up per interval and the rest is called unknown unseen.
 */
final class SchemaIds {

    /** What an id stands for. */
    sealed interface Found {
        record Known(Schema schema) implements Found {}

        /** Registered, and no Avro schema that can be read. */
        record NotAvro(String detail) implements Found {}

        record Unknown(String detail) implements Found {}
    }

    /** How long an unknown id stays unknown: a producer that registers late is heard after this time. */
    static final long MISS_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** Ids that another process may have registered since we last saw one. */
    static final int PLAUSIBLE = 1_000;
    /** Look-ups of implausible ids per {@link #MISS_NANOS}. */
    static final int IMPLAUSIBLE_LOOKUPS = 20;

    private static final int NOT_FOUND = 404;
    private static final int MAX_MISSES = 10_000;

    private final SchemaRegistryClient client;
    private final boolean registersItself;
    private final LongSupplier nanoTime;
    private final Map<Integer, Long> missedAt = new ConcurrentHashMap<>();
    private volatile int highest;
    private long windowStart;
    private int lookupsInWindow;

    /**
     * Asks through a client.
     *
     * @param registersItself whether a schema is registered when it is first written: for mock registries only
     * @param nanoTime a clock as {@link System#nanoTime()}
     */
    SchemaIds(SchemaRegistryClient client, boolean registersItself, LongSupplier nanoTime) {
        this.client = client;
        this.registersItself = registersItself;
        this.nanoTime = nanoTime;
        this.windowStart = nanoTime.getAsLong();
    }

    /**
     * Finds the id under which a subject has a schema.
     *
     * @throws RegistryUnavailableException if the registry cannot be asked
     * @throws IllegalStateException if the schema is not registered
     */
    int idOf(String subject, Schema schema) {
        AvroSchema registered = new AvroSchema(schema);
        try {
            int id = registersItself ? client.register(subject, registered) : client.getId(subject, registered);
            highest = Math.max(highest, id);
            missedAt.remove(id);
            return id;
        } catch (RestClientException e) {
            if (isNotFound(e)) {
                throw new IllegalStateException(
                        "schema " + schema.getFullName() + " of this release is not registered under subject " + subject
                                + ": install the contract first",
                        e);
            }
            throw unavailable("look up subject " + subject, e);
        } catch (IOException e) {
            throw unavailable("look up subject " + subject, e);
        }
    }

    /**
     * Finds the schema with an id.
     *
     * @throws RegistryUnavailableException if the registry cannot be asked
     */
    Found find(int id) {
        if (id <= 0) {
            return new Found.Unknown("schema id " + id + ": ids are positive");
        }
        long now = nanoTime.getAsLong();
        Long missed = missedAt.get(id);
        if (missed != null && now - missed < MISS_NANOS) {
            return unknown(id);
        }
        if (id - PLAUSIBLE > highest && !mayLookUpImplausible(now)) {
            return new Found.Unknown("schema id " + id + ": not looked up, too many unknown ids came just before");
        }
        return lookUp(id, now);
    }

    private Found lookUp(int id, long now) {
        try {
            ParsedSchema parsed = client.getSchemaById(id);
            highest = Math.max(highest, id);
            missedAt.remove(id);
            return parsed instanceof AvroSchema avro
                    ? new Found.Known(avro.rawSchema())
                    : notAvro(id, parsed.schemaType());
        } catch (RestClientException e) {
            if (isNotFound(e)) {
                if (missedAt.size() >= MAX_MISSES) {
                    missedAt.clear();
                }
                missedAt.put(id, now);
                return unknown(id);
            }
            throw unavailable("look up schema id " + id, e);
        } catch (IOException e) {
            // The client's words for a schema that it got and could not read: another type, or references that are
            // gone.
            if (e.getMessage() != null && e.getMessage().startsWith("Invalid schema ")) {
                highest = Math.max(highest, id);
                return notAvro(id, "unreadable");
            }
            throw unavailable("look up schema id " + id, e);
        } catch (RuntimeException | StackOverflowError e) {
            // The registry has answered; reading its answer is what failed. Asking again would fail again.
            return notAvro(id, String.valueOf(e.getMessage()));
        }
    }

    private static Found notAvro(int id, String type) {
        return new Found.NotAvro("schema id " + id + " is registered and is not an Avro schema (" + type + ")");
    }

    private static Found unknown(int id) {
        return new Found.Unknown("schema id " + id + ": the registry does not know it");
    }

    private synchronized boolean mayLookUpImplausible(long now) {
        if (now - windowStart >= MISS_NANOS) {
            windowStart = now;
            lookupsInWindow = 0;
        }
        return lookupsInWindow++ < IMPLAUSIBLE_LOOKUPS;
    }

    /** A 404 of the registry itself. One from anything else that answers at this address says nothing about schemas. */
    private static boolean isNotFound(RestClientException e) {
        return e.getStatus() == NOT_FOUND && e.getErrorCode() / 100 == NOT_FOUND;
    }

    private static RegistryUnavailableException unavailable(String what, Exception cause) {
        return new RegistryUnavailableException(
                "the schema registry could not " + what + ": " + cause.getMessage(), cause);
    }
}
