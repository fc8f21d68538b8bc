package io.millrace.broker.routing;

/**
 * What is known of how well a market is heard.
 *
 * @param nodes nodes that report
 * @param nodesLost nodes that have fallen silent
 * @param asOfMillis when the newest of their reports was measured
 */
public record Telemetry(long nodes, long nodesLost, long asOfMillis) {
    /** A report is news for this part of the time after which nothing is believed. */
    private static final int FRESH_PART = 10;

    /**
     * How far it is to be believed, in thousandths: the share of the nodes that report, less by age. Full up to a tenth of
     * {@code staleMillis}, then evenly down to nothing at {@code staleMillis}.
     */
    int confidencePermille(long nowMillis, long staleMillis) {
        if (nodes <= 0) {
            return 0;
        }
        long age = Math.max(0, nowMillis - asOfMillis);
        long fresh = staleMillis / FRESH_PART;
        if (age >= staleMillis) {
            return 0;
        }
        double freshness = age <= fresh ? 1 : (double) (staleMillis - age) / (staleMillis - fresh);
        return (int) StrictMath.round(1000 * freshness * nodes / (nodes + Math.max(0, nodesLost)));
    }
}
