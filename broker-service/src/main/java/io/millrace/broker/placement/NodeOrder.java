package io.millrace.broker.placement;

import java.util.Map;
import java.util.TreeMap;

/**
 * Gives every node a number by which nodes compare as their ids do, for ties are frequent and texts slow to compare. A new
 * node gets a number between those of its neighbours; if there is none left, all are numbered anew.
 */
final class NodeOrder {
    /** Between nodes that are numbered side by side; room for thirty nodes that come between the same two. */
    private static final long STEP = 1L << 32;

    private final TreeMap<String, SuppliedNode> byId = new TreeMap<>();

    /** Numbers a node; true if others had to be given other numbers. */
    boolean add(SuppliedNode node) {
        Map.Entry<String, SuppliedNode> lower = byId.lowerEntry(node.id());
        Map.Entry<String, SuppliedNode> higher = byId.higherEntry(node.id());
        byId.put(node.id(), node);
        if (lower == null) {
            node.order = higher == null ? 0 : higher.getValue().order - STEP;
            return false;
        }
        long before = lower.getValue().order;
        if (higher == null) {
            node.order = before + STEP;
            return false;
        }
        node.order = before + (higher.getValue().order - before) / 2;
        return node.order == before && numberAnew();
    }

    void remove(SuppliedNode node) {
        byId.remove(node.id());
    }

    private boolean numberAnew() {
        long next = 0;
        for (SuppliedNode each : byId.values()) {
            each.order = next;
            next += STEP;
        }
        return true;
    }
}
