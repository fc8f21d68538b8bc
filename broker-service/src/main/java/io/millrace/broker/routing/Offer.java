package io.millrace.broker.routing;

import io.millrace.broker.market.ComputeSpec;
import io.millrace.broker.market.MarketSummary;
import java.util.List;

/**
 * What a market has of what is asked.
 *
 * @param nodes nodes of the kind and model
 * @param hasRoom true if there seems to be room at an acceptable price
 * @param sellable thousandths of devices, or of cores, that it sells
 * @param free of these, what is free
 * @param askMicroCnyPerHour lowest ask for a device or core
 */
record Offer(int nodes, boolean hasRoom, long sellable, long free, long askMicroCnyPerHour) {

    static Offer of(ComputeSpec spec, List<MarketSummary.Row> rows) {
        boolean devices = spec.devices() > 0;
        int nodes = 0;
        boolean hasRoom = false;
        long sellable = 0;
        long free = 0;
        long lowest = Long.MAX_VALUE;
        for (MarketSummary.Row row : rows) {
            if (!suits(spec, row)) {
                continue;
            }
            nodes += row.nodes();
            sellable += devices ? row.sellableMilliDevices() : row.freeCpuMillicores();
            free += devices ? row.freeMilliDevices() : row.freeCpuMillicores();
            long ask = devices ? row.lowestPriceMicroCnyPerDeviceHour() : row.lowestPriceMicroCnyPerCoreHour();
            lowest = Math.min(lowest, ask);
            hasRoom |= accepts(spec, ask) && roomFor(spec, row);
        }
        return new Offer(nodes, hasRoom, sellable, free, lowest);
    }

    static boolean accepts(ComputeSpec spec, long ask) {
        Long highest = spec.maxPriceMicroCnyPerHour();
        return highest == null || ask <= highest;
    }

    /** Share of what it sells that is taken, 0 to 1. */
    double taken() {
        return sellable == 0 ? 1 : 1 - (double) free / sellable;
    }

    /** As far as sums over nodes can tell. */
    private static boolean roomFor(ComputeSpec spec, MarketSummary.Row row) {
        long milliAsked = (long) spec.replicas() * spec.devices() * spec.milliPerDevice();
        if (spec.devices() == 0) {
            return row.freeCpuMillicores() >= spec.cpuMillicores() * spec.replicas();
        }
        return spec.milliPerDevice() < 1000
                ? row.freeMilliDevices() >= milliAsked
                : row.largestFreeDevices() >= spec.devices() && row.freeDevices() * 1000 >= milliAsked;
    }

    private static boolean suits(ComputeSpec spec, MarketSummary.Row row) {
        return (spec.kind() == null || spec.kind() == row.kind())
                && (spec.models().isEmpty() || spec.models().contains(row.model()));
    }
}
