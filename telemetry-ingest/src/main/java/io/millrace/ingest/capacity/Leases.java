package io.millrace.ingest.capacity;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Finds nodes whose deadline has passed without looking at the others. The simple equivalent is to go through all nodes
 * at every tick. Here a node stands in one bucket of a second; renewing its lease only moves its deadline, and the bucket,
 * when it falls due, passes on the nodes whose deadline has moved. So a report costs nothing, and a node is looked at once
 * per lease. Single-threaded.
 */
final class Leases {
    static final long NO_BUCKET = -1;

    private static final long BUCKET_MILLIS = 1_000;

    private final TreeMap<Long, List<Node>> buckets = new TreeMap<>();

    /** Gives the node until then. */
    void renew(Node node, long deadlineMillis) {
        node.deadlineMillis = deadlineMillis;
        long bucket = bucketOf(deadlineMillis);
        // An earlier deadline than promised moves the node; what it leaves behind is recognised by its bucket.
        if (node.bucket == NO_BUCKET || bucket < node.bucket) {
            enter(node, bucket);
        }
    }

    /** Forgets the node's deadline. */
    void end(Node node) {
        node.bucket = NO_BUCKET;
    }

    /** Hands over every node whose deadline is not after this moment; each has no deadline then. */
    void expire(long nowMillis, Consumer<Node> due) {
        long current = Math.floorDiv(nowMillis, BUCKET_MILLIS);
        for (Map.Entry<Long, List<Node>> first = buckets.firstEntry();
                first != null && first.getKey() <= current;
                first = buckets.firstEntry()) {
            buckets.remove(first.getKey());
            long bucket = first.getKey();
            for (Node node : first.getValue()) {
                if (node.bucket == bucket) {
                    if (node.deadlineMillis <= nowMillis) {
                        node.bucket = NO_BUCKET;
                        due.accept(node);
                    } else {
                        enter(node, Math.max(bucketOf(node.deadlineMillis), current + 1));
                    }
                }
            }
        }
    }

    private void enter(Node node, long bucket) {
        node.bucket = bucket;
        buckets.computeIfAbsent(bucket, unused -> new ArrayList<>()).add(node);
    }

    /** The first bucket that starts at or after the deadline: when it falls due, so has the deadline. */
    private static long bucketOf(long deadlineMillis) {
        return Math.ceilDiv(deadlineMillis, BUCKET_MILLIS);
    }
}
