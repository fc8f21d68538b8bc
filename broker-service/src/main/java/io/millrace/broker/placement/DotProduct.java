package io.millrace.broker.placement;

/**
 * Lowest product of what is asked and what is free, over CPU and devices, each as a share of the largest node (the
 * alignment of Tetris, Grandl et al., SIGCOMM '14, turned round as in the FGD paper: the fullest node that is least like
 * the request).
 */
public final class DotProduct extends ScoredNodes {
    private static final double LARGEST_MILLICORES = 128_000;
    private static final double LARGEST_MILLI_DEVICES = 8_000;

    @Override
    double score(Supply supply, SuppliedNode node, Demand demand) {
        double cpu = demand.cpuMillicores() / LARGEST_MILLICORES * (node.freeCpuMillicores() / LARGEST_MILLICORES);
        double devices = demand.milliPerReplica() / LARGEST_MILLI_DEVICES * (node.freeMilli() / LARGEST_MILLI_DEVICES);
        return -(cpu + devices);
    }

    @Override
    public String toString() {
        return "dot-product";
    }
}
