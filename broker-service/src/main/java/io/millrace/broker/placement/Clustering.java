package io.millrace.broker.placement;

/**
 * Like to like: nodes that run only requests of the same size in devices, then such that run some, then idle ones, then
 * the others; among these the fullest (GpuClustering of the FGD paper's simulator, after Gandiva, OSDI '18).
 */
public final class Clustering extends ScoredNodes {
    private static final double LARGEST_MILLI_DEVICES = 8_000;

    @Override
    double score(Supply supply, SuppliedNode node, Demand demand) {
        if (demand.devices() == 0) {
            return 0;
        }
        int sizes = node.sizes();
        boolean same = node.runs(demand.devices(), demand.milliPerDevice());
        double band = same ? (sizes == 1 ? 75 : 50) : (sizes == 0 ? 25 : 0);
        return band + StrictMath.floor(25 * (1 - node.freeMilli() / LARGEST_MILLI_DEVICES));
    }

    @Override
    public String toString() {
        return "clustering";
    }
}
