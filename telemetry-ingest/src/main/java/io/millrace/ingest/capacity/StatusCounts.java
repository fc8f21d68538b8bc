package io.millrace.ingest.capacity;

import java.util.concurrent.atomic.AtomicLongArray;

/** Nodes by status, for the gauges: written by the one thread that owns the table, read by any. */
@SuppressWarnings("EnumOrdinal") // places in an array that never leaves this object
public final class StatusCounts {
    private final AtomicLongArray counts = new AtomicLongArray(NodeStatus.values().length);

    void add(NodeStatus status, long amount) {
        counts.lazySet(status.ordinal(), counts.get(status.ordinal()) + amount);
    }

    /** Nodes of this status. */
    public long get(NodeStatus status) {
        return counts.get(status.ordinal());
    }
}
