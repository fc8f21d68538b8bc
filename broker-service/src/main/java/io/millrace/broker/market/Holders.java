package io.millrace.broker.market;

import io.millrace.broker.placement.Grant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which requests have something granted on which node. */
final class Holders {
    private final Map<String, Set<String>> byNode = new HashMap<>();

    void add(Grant grant, String requestId) {
        byNode.computeIfAbsent(grant.nodeId(), id -> new HashSet<>()).add(requestId);
    }

    void remove(Grant grant, String requestId) {
        Set<String> ids = byNode.get(grant.nodeId());
        if (ids != null && ids.remove(requestId) && ids.isEmpty()) {
            byNode.remove(grant.nodeId());
        }
    }

    /** Sorted, for the order reaches events. */
    List<String> on(String nodeId) {
        return byNode.getOrDefault(nodeId, Set.of()).stream().sorted().toList();
    }
}
