package io.millrace.ingest.capacity;

import java.util.List;

/**
 * Live capacity of a pool, centre, hub or the nation. Immutable.
 *
 * @param scope what it is about
 * @param scopeId which one
 * @param parentId the scope that this one is part of; empty for the nation
 * @param rows one per kind and model, sorted by them; none if there is nothing there any more
 * @param asOfMillis when the newest report in it was measured
 */
public record Summary(Scope scope, String scopeId, String parentId, List<Row> rows, long asOfMillis) {
    /**
     * Capacity of one kind and model.
     *
     * @param kind the kind
     * @param model the device model; empty for CPU nodes
     * @param totals the sums
     */
    public record Row(Kind kind, String model, Totals totals) {}

    public Summary {
        rows = List.copyOf(rows);
    }

    /** The summary of a pool. */
    public static Summary of(Share pool) {
        return new Summary(
                Scope.POOL,
                pool.scopeId(),
                pool.centreId(),
                pool.isEmpty() ? List.of() : List.of(new Row(pool.kind(), pool.model(), pool.totals())),
                pool.asOfMillis());
    }

    /** Its key: "hub:guizhou". */
    public String key() {
        return scope.key(scopeId);
    }

    /** True if there is nothing there any more. */
    public boolean isEmpty() {
        return rows.isEmpty();
    }
}
