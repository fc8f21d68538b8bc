package io.millrace.ingest.capacity;

import java.util.Iterator;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Running sums per pool over the nodes of one partition: a node is added and taken away in constant time. Knows what it
 * last published of each pool, so that only news are published, and a pool that lost its last node here is said to be
 * empty once. Single-threaded.
 */
final class PoolSums {
    private final TreeMap<String, PoolSum> sums = new TreeMap<>();
    private final long refreshMillis;

    /** @param refreshMillis how often a pool is published of which nothing but the time of its newest report changed */
    PoolSums(long refreshMillis) {
        this.refreshMillis = refreshMillis;
    }

    /** Takes up what was published before a restart. Before any node is added. */
    void published(Share share) {
        PoolSum sum = sums.computeIfAbsent(share.scopeId(), unused -> new PoolSum());
        sum.published = share;
    }

    void add(Node node) {
        Capacity capacity = node.capacity();
        PoolSum sum = sums.computeIfAbsent(capacity.pool().scopeId(), unused -> new PoolSum());
        sum.pool = capacity.pool();
        sum.totals.add(capacity, node.heard(), 1);
        sum.asOfMillis = Math.max(sum.asOfMillis, node.heard().observedAtMillis());
    }

    void remove(Node node) {
        PoolSum sum = sums.get(node.capacity().pool().scopeId());
        if (sum == null) {
            throw new IllegalStateException("node " + node.nodeId() + " is in no sum");
        }
        sum.totals.add(node.capacity(), node.heard(), -1);
    }

    /** A report changed nothing but the time. */
    void touch(Node node) {
        PoolSum sum = sums.get(node.capacity().pool().scopeId());
        if (sum != null) {
            sum.asOfMillis = Math.max(sum.asOfMillis, node.heard().observedAtMillis());
        }
    }

    /** Hands over every share that is news. */
    void publish(long nowMillis, Consumer<Share> news) {
        for (Iterator<PoolSum> each = sums.values().iterator(); each.hasNext(); ) {
            PoolSum sum = each.next();
            Share share = sum.share();
            if (share != null && sum.isNews(share, nowMillis, refreshMillis)) {
                news.accept(share);
                sum.published = share;
                sum.publishedAtMillis = nowMillis;
            }
            if (sum.totals.isEmpty()) {
                each.remove();
            }
        }
    }

    private static final class PoolSum {
        private final Totals totals = new Totals();
        private @Nullable Pool pool;
        private long asOfMillis;
        private @Nullable Share published;
        private long publishedAtMillis;

        /** What is to be known now; null if nobody ever heard of it. */
        private @Nullable Share share() {
            Share last = published;
            if (totals.isEmpty()) {
                return last == null
                        ? null
                        : new Share(
                                last.centreId(),
                                last.poolId(),
                                last.hubId(),
                                last.kind(),
                                last.model(),
                                totals.copy(),
                                last.asOfMillis());
            }
            Pool of = pool;
            if (of == null) {
                throw new IllegalStateException("a sum without a pool has nodes: " + totals);
            }
            Totals sums = totals.copy();
            long milliDevices = sums.get(Totals.Measure.SELLABLE_MILLI_DEVICES);
            of.peaksGigaOpsPerSecond()
                    .forEach((precision, peak) -> sums.addPeak(precision, peakOf(milliDevices, peak)));
            return new Share(of.centreId(), of.poolId(), of.hubId(), of.kind(), of.model(), sums, asOfMillis);
        }

        /** Divided before multiplied, so that nothing the checks let through can overflow; exact all the same. */
        private static long peakOf(long milliDevices, long peak) {
            return peak * (milliDevices / Device.WHOLE_MILLI)
                    + peak * (milliDevices % Device.WHOLE_MILLI) / Device.WHOLE_MILLI;
        }

        private boolean isNews(Share share, long nowMillis, long refreshMillis) {
            Share last = published;
            return last == null
                    || !share.sameSumsAs(last)
                    || (share.asOfMillis() != last.asOfMillis() && nowMillis - publishedAtMillis >= refreshMillis);
        }
    }
}
