package io.millrace.broker.market;

import io.millrace.broker.placement.SuppliedNode;
import java.util.ArrayList;
import java.util.List;

/** Which requests have something granted on which node: a few at a time, each once. */
final class Holders {
    /** By {@link SuppliedNode#number}. */
    private final List<List<String>> byNode = new ArrayList<>();

    void add(SuppliedNode node, String requestId) {
        while (byNode.size() <= node.number()) {
            byNode.add(new ArrayList<>());
        }
        byNode.get(node.number()).add(requestId);
    }

    void remove(SuppliedNode node, String requestId) {
        List<String> ids = byNode.get(node.number());
        int at = indexOf(ids, requestId);
        if (at >= 0) {
            // Their order is nobody's business, see below.
            String last = ids.removeLast();
            if (at < ids.size()) {
                ids.set(at, last);
            }
        }
    }

    /** Mostly it is the very object that was added, and no other one's characters need to be read. */
    @SuppressWarnings("ReferenceEquality")
    private static int indexOf(List<String> ids, String requestId) {
        for (int i = 0; i < ids.size(); i++) {
            if (ids.get(i) == requestId) {
                return i;
            }
        }
        return ids.indexOf(requestId);
    }

    /** Sorted, for the order reaches events. */
    List<String> on(SuppliedNode node) {
        return node.number() < byNode.size()
                ? byNode.get(node.number()).stream().sorted().distinct().toList()
                : List.of();
    }
}
