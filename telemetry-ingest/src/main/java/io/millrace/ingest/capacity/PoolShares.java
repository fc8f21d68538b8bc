package io.millrace.ingest.capacity;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Puts pools together from the shares that the partitions know: a pool is the sum of the latest share of each. Adding up
 * afresh instead of adjusting means that a share that is repeated, replaced or empty needs no thought. Single-threaded.
 */
public final class PoolShares {
    /**
     * A pool that may have changed.
     *
     * @param whole the pool now; empty if no partition has a node of it any more
     * @param gone partitions whose share is empty and need not be kept
     */
    public record Change(Share whole, List<Integer> gone) {
        public Change {
            gone = List.copyOf(gone);
        }
    }

    private final Map<String, TreeMap<Integer, Share>> shares = new TreeMap<>();
    private final TreeSet<String> changed = new TreeSet<>();

    /** The latest share of a partition. */
    public void put(int partition, Share share) {
        shares.computeIfAbsent(share.scopeId(), unused -> new TreeMap<>()).put(partition, share);
        changed.add(share.scopeId());
    }

    /** The pools of which a share was put since the last call. Empty shares are forgotten by this. */
    public List<Change> drain() {
        List<Change> changes = new ArrayList<>(changed.size());
        for (String scopeId : changed) {
            TreeMap<Integer, Share> ofPool = shares.getOrDefault(scopeId, new TreeMap<>());
            changes.add(new Change(sum(ofPool), empties(ofPool)));
            ofPool.values().removeIf(Share::isEmpty);
            if (ofPool.isEmpty()) {
                shares.remove(scopeId);
            }
        }
        changed.clear();
        return changes;
    }

    private static List<Integer> empties(Map<Integer, Share> ofPool) {
        return ofPool.entrySet().stream()
                .filter(entry -> entry.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** While a profile changes, shares disagree for a moment about hub, kind or model: the newest that has nodes is right. */
    private static Share sum(Map<Integer, Share> ofPool) {
        Totals totals = new Totals();
        Share newest = ofPool.values().iterator().next();
        for (Share share : ofPool.values()) {
            totals.add(share.totals());
            if (newest.isEmpty() || (!share.isEmpty() && share.asOfMillis() > newest.asOfMillis())) {
                newest = share;
            }
        }
        return new Share(
                newest.centreId(),
                newest.poolId(),
                newest.hubId(),
                newest.kind(),
                newest.model(),
                totals,
                newest.asOfMillis());
    }
}
