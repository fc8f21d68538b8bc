package io.millrace.broker.placement;

/**
 * Fullest first: a device that is already shared, the fuller the better; then free devices of a node at work, the fewer
 * the better; an idle node last, the smaller the better (GpuPacking of the FGD paper's simulator, after MLaaS, NSDI '22).
 */
public final class Packing extends ScoredNodes {

    @Override
    double score(Supply supply, SuppliedNode node, Demand demand) {
        if (demand.devices() == 0) {
            return 0;
        }
        int whole = node.wholeDevices();
        if (whole == node.devices()) {
            return 33 - whole;
        }
        int fullest = demand.sharesDevice() ? leastFreeThatFits(node, demand.milliPerDevice()) : 1000;
        return fullest == 1000 ? Math.max(33, 50 - demand.devices()) : 100 - fullest / 100;
    }

    private static int leastFreeThatFits(SuppliedNode node, int milli) {
        int least = 1000;
        for (int device = 0; device < node.devices(); device++) {
            int free = node.freeMilli(device);
            if (free >= milli && free < least) {
                least = free;
            }
        }
        return least;
    }

    @Override
    public String toString() {
        return "packing";
    }
}
