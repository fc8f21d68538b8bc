package io.millrace.ingest.capacity;

/** Whether a node can be sold, named as in the contract. */
public enum NodeStatus {
    /** Takes new work. */
    SELLABLE,
    /** Keeps its work and takes no more. */
    DRAINING,
    /** Silent for too long, or its centre sells no more. */
    LOST
}
