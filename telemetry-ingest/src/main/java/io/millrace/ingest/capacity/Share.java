package io.millrace.ingest.capacity;

/**
 * What a pool has, or the part of it that one partition knows. Immutable; its totals are not changed by anybody.
 *
 * @param centreId its centre
 * @param poolId its id inside the centre
 * @param hubId its hub
 * @param kind its kind
 * @param model its device model; empty for CPU nodes
 * @param totals the sums
 * @param asOfMillis when the newest report in it was measured
 */
public record Share(
        String centreId, String poolId, String hubId, Kind kind, String model, Totals totals, long asOfMillis) {

    /** The pool's id among all pools: "centreId/poolId". */
    public String scopeId() {
        return centreId + '/' + poolId;
    }

    /** True if no node is in it. */
    public boolean isEmpty() {
        return totals.isEmpty();
    }

    /** True if only the time differs, if anything does. */
    boolean sameSumsAs(Share other) {
        return hubId.equals(other.hubId)
                && kind == other.kind
                && model.equals(other.model)
                && totals.equals(other.totals);
    }
}
