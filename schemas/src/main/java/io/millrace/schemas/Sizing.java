package io.millrace.schemas;

import java.util.EnumMap;
import java.util.Map;

/**
 * How large the topics are made. Immutable.
 *
 * @param partitions partitions per group of topics; every group is named, each has at least one
 * @param replicationFactor copies of each partition, at least one
 */
public record Sizing(Map<Partitioning, Integer> partitions, short replicationFactor) {

    public Sizing {
        if (replicationFactor < 1) {
            throw new IllegalArgumentException("replication factor " + replicationFactor + ": at least 1");
        }
        for (Partitioning group : Partitioning.values()) {
            Integer count = partitions.get(group);
            if (count == null || count < 1) {
                throw new IllegalArgumentException("partitions of " + group + ": " + count + ", expected at least 1");
            }
        }
        partitions = Map.copyOf(partitions);
    }

    /** Returns a sizing with the same number of partitions for every group. */
    public static Sizing of(int partitions, int replicationFactor) {
        Map<Partitioning, Integer> all = new EnumMap<>(Partitioning.class);
        for (Partitioning group : Partitioning.values()) {
            all.put(group, partitions);
        }
        return new Sizing(all, (short) replicationFactor);
    }

    /** Returns the same with another number of partitions for one group. */
    public Sizing with(Partitioning group, int count) {
        Map<Partitioning, Integer> changed = new EnumMap<>(partitions);
        changed.put(group, count);
        return new Sizing(changed, replicationFactor);
    }

    /** Returns the number of partitions of a group's topics. */
    public int partitions(Partitioning group) {
        Integer count = partitions.get(group);
        if (count == null) {
            throw new IllegalStateException("no partitions for " + group);
        }
        return count;
    }
}
