package io.millrace.broker.market;

import io.millrace.broker.placement.Grant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which requests have something granted on which node: a few at a time, each once. */
final class Holders {
    private final Map<String, List<String>> byNode = new HashMap<>();

    void add(Grant grant, String requestId) {
        byNode.computeIfAbsent(grant.nodeId(), id -> new ArrayList<>(4)).add(requestId);
    }

    void remove(Grant grant, String requestId) {
        List<String> ids = byNode.get(grant.nodeId());
        if (ids == null) {
            return;
        }
        int at = ids.indexOf(requestId);
        if (at >= 0) {
            // Their order is nobody's business, see below.
            String last = ids.removeLast();
            if (at < ids.size()) {
                ids.set(at, last);
            }
        }
    }

    /** Sorted, for the order reaches events. */
    List<String> on(String nodeId) {
        return byNode.getOrDefault(nodeId, List.of()).stream()
                .sorted()
                .distinct()
                .toList();
    }
}
