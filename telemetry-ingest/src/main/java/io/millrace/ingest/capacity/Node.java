package io.millrace.ingest.capacity;

/** A node as last heard of. Owned and changed by its {@link NodeTable} only; single-threaded like it. */
public final class Node {
    private final String nodeId;
    private Capacity capacity;
    private Heard heard;

    /** When its silence has lasted too long, on the clock of {@link Listening}. */
    long deadlineMillis;

    /** The bucket of {@link Leases} that will look at it. */
    long bucket = Leases.NO_BUCKET;

    Node(String nodeId, Capacity capacity, Heard heard) {
        this.nodeId = nodeId;
        this.capacity = capacity;
        this.heard = heard;
    }

    void now(Capacity capacity, Heard heard) {
        this.capacity = capacity;
        this.heard = heard;
    }

    /** Its id. */
    public String nodeId() {
        return nodeId;
    }

    /** What it can sell. */
    public Capacity capacity() {
        return capacity;
    }

    /** Its last report. */
    public Heard heard() {
        return heard;
    }

    boolean isLost() {
        return capacity.status() == NodeStatus.LOST;
    }
}
