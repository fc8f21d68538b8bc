package io.millrace.schemas;

/** What Kafka removes from a topic. */
public enum Cleanup {
    /** Records older than the retention. */
    DELETE("delete"),
    /** Records that a newer one with the same key replaces; the newest of each key stays for ever. */
    COMPACT("compact"),
    /** Both: the newest of each key, and that not longer than the retention. */
    COMPACT_AND_DELETE("compact,delete");

    private final String policy;

    Cleanup(String policy) {
        this.policy = policy;
    }

    /** Returns the value of the topic's {@code cleanup.policy}. */
    public String policy() {
        return policy;
    }

    /** Returns whether newer records replace older ones with the same key. */
    public boolean compacts() {
        return this != DELETE;
    }
}
