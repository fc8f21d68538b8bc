package io.millrace.ingest.capacity;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Centres, hubs and the nation as sums over pools. Only what a changed pool belongs to is added up, afresh and from the
 * pools themselves: a nation of thousands of pools costs a fraction of a millisecond, and nothing can drift.
 * Single-threaded.
 */
public final class Summaries {
    private static final Comparator<ScopeId> ORDER =
            Comparator.comparing(ScopeId::scope).thenComparing(ScopeId::id);

    private final TreeMap<String, Share> pools = new TreeMap<>();
    private final TreeSet<ScopeId> changed = new TreeSet<>(ORDER);

    private record ScopeId(Scope scope, String id) {}

    /** The pool is like this now; an empty one is forgotten. */
    public void put(Share pool) {
        touch(pool);
        Share before = pool.isEmpty() ? pools.remove(pool.scopeId()) : pools.put(pool.scopeId(), pool);
        if (before != null) {
            touch(before);
        }
    }

    /** A scope that was published before a restart: it is published again, or said to be gone. */
    public void published(Scope scope, String scopeId) {
        changed.add(new ScopeId(scope, scopeId));
    }

    /** The scopes that a pool put since the last call belongs to, or belonged to. */
    public List<Summary> drain() {
        Map<ScopeId, Sum> sums = new TreeMap<>(ORDER);
        changed.forEach(id -> sums.put(id, new Sum(id)));
        for (Share pool : pools.values()) {
            for (ScopeId id : scopesOf(pool)) {
                Sum sum = sums.get(id);
                if (sum != null) {
                    sum.add(pool);
                }
            }
        }
        changed.clear();
        return sums.values().stream().map(Sum::summary).toList();
    }

    private void touch(Share pool) {
        changed.addAll(scopesOf(pool));
    }

    private static List<ScopeId> scopesOf(Share pool) {
        return List.of(
                new ScopeId(Scope.CENTRE, pool.centreId()),
                new ScopeId(Scope.HUB, pool.hubId()),
                new ScopeId(Scope.NATION, Scope.NATION_ID));
    }

    private static final class Sum {
        private record RowId(Kind kind, String model) {}

        private final ScopeId of;
        private final TreeMap<RowId, Totals> rows =
                new TreeMap<>(Comparator.comparing(RowId::kind).thenComparing(RowId::model));
        private String parentId = "";
        private long asOfMillis;

        private Sum(ScopeId of) {
            this.of = of;
        }

        private void add(Share pool) {
            rows.computeIfAbsent(new RowId(pool.kind(), pool.model()), unused -> new Totals())
                    .add(pool.totals());
            if (pool.asOfMillis() >= asOfMillis) {
                asOfMillis = pool.asOfMillis();
                parentId = parentOf(pool);
            }
        }

        private String parentOf(Share pool) {
            return switch (of.scope()) {
                case POOL -> pool.centreId();
                case CENTRE -> pool.hubId();
                case HUB -> Scope.NATION_ID;
                case NATION -> "";
            };
        }

        private Summary summary() {
            List<Summary.Row> sorted = new ArrayList<>(rows.size());
            rows.forEach((row, totals) -> sorted.add(new Summary.Row(row.kind(), row.model(), totals)));
            return new Summary(of.scope(), of.id(), parentId, sorted, asOfMillis);
        }
    }
}
