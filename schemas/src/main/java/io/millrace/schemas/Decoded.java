package io.millrace.schemas;

/** What bytes turned out to be. */
public sealed interface Decoded<V> {

    /** A record. */
    record Value<V>(V value) implements Decoded<V> {}

    /**
     * No record that is wanted here.
     *
     * @param reason one of NO_VALUE, MALFORMED, UNKNOWN_SCHEMA, WRONG_SCHEMA
     * @param detail the same for people: what came, and what was expected
     */
    record Refused<V>(RejectReason reason, String detail) implements Decoded<V> {}
}
