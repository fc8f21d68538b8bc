package io.millrace.broker.routing;

import io.millrace.broker.market.ComputeSpec;
import io.millrace.broker.market.MarketSummary;
import io.millrace.broker.placement.Demand;
import java.util.Arrays;
import java.util.List;

/**
 * What a market has of what is asked. Of a request with alternatives it is about one of them: the first that there is room
 * for, else the first at an acceptable price, else the first that the market has at all.
 *
 * @param nodes nodes of the kind and models asked
 * @param hasRoom true if there seems to be room at an acceptable price
 * @param alternative the alternative, by its place in the order
 * @param replicas replicas that it is at most
 * @param askMicroCnyPerHour its lowest ask for a device or core: where there is room, or else where there are any, or else at all
 * @param sellable thousandths of devices, or of cores, that the market sells, of all alternatives
 * @param free of these, what is free
 */
record Offer(
        int nodes, boolean hasRoom, int alternative, int replicas, long askMicroCnyPerHour, long sellable, long free) {

    private static final int NONE = Integer.MAX_VALUE;

    static Offer of(ComputeSpec spec, Demand demand, List<MarketSummary.Row> rows) {
        boolean devices = spec.devices() > 0;
        Asks asks = new Asks(Math.max(1, demand.latitude().alternatives().size()));
        int withRoom = NONE;
        int acceptable = NONE;
        int first = NONE;
        int nodes = 0;
        long sellable = 0;
        long free = 0;
        for (MarketSummary.Row row : rows) {
            if (!demand.suits(row.kind(), row.model(), 0)) {
                continue;
            }
            nodes += row.nodes();
            sellable += devices ? row.sellableMilliDevices() : row.freeCpuMillicores();
            free += devices ? row.freeMilliDevices() : row.freeCpuMillicores();
            long ask = devices ? row.lowestPriceMicroCnyPerDeviceHour() : row.lowestPriceMicroCnyPerCoreHour();
            int alternative = demand.alternativeOf(row.model());
            boolean acceptsAsk = ask <= demand.maxPriceMicroCnyPerHour();
            boolean hasRoom = acceptsAsk && roomFor(spec, demand.leastReplicasOf(alternative), row);
            // Nodes without devices have no ask for one: theirs is 0.
            boolean hasAny = !devices || row.sellableMilliDevices() > 0;
            asks.note(alternative, ask, hasRoom, hasAny);
            first = Math.min(first, alternative);
            acceptable = acceptsAsk ? Math.min(acceptable, alternative) : acceptable;
            withRoom = hasRoom ? Math.min(withRoom, alternative) : withRoom;
        }
        int chosen = withRoom != NONE ? withRoom : acceptable != NONE ? acceptable : first != NONE ? first : 0;
        return new Offer(nodes, withRoom != NONE, chosen, demand.replicasOf(chosen), asks.of(chosen), sellable, free);
    }

    /** The lowest asks, by alternative. */
    private static final class Asks {
        private final long[] withRoom;
        private final long[] withAny;
        private final long[] all;

        Asks(int alternatives) {
            withRoom = none(alternatives);
            withAny = none(alternatives);
            all = none(alternatives);
        }

        private static long[] none(int alternatives) {
            long[] asks = new long[alternatives];
            Arrays.fill(asks, Long.MAX_VALUE);
            return asks;
        }

        void note(int alternative, long ask, boolean hasRoom, boolean hasAny) {
            all[alternative] = Math.min(all[alternative], ask);
            withAny[alternative] = hasAny ? Math.min(withAny[alternative], ask) : withAny[alternative];
            withRoom[alternative] = hasRoom ? Math.min(withRoom[alternative], ask) : withRoom[alternative];
        }

        long of(int alternative) {
            if (withRoom[alternative] < Long.MAX_VALUE) {
                return withRoom[alternative];
            }
            return withAny[alternative] < Long.MAX_VALUE ? withAny[alternative] : all[alternative];
        }
    }

    /** With so much less free, if so much is asked. */
    Offer less(long taken, long asked) {
        if (taken == 0) {
            return this;
        }
        long left = Math.max(0, free - taken);
        return new Offer(nodes, hasRoom && left >= asked, alternative, replicas, askMicroCnyPerHour, sellable, left);
    }

    /** Share of what the market sells that is taken, 0 to 1. */
    double taken() {
        return sellable == 0 ? 1 : 1 - (double) free / sellable;
    }

    /** As far as sums over nodes can tell. */
    private static boolean roomFor(ComputeSpec spec, int replicas, MarketSummary.Row row) {
        long milliAsked = spec.milliPerReplica() * replicas;
        if (spec.devices() == 0) {
            return row.freeCpuMillicores() >= spec.cpuMillicores() * replicas;
        }
        return spec.milliPerDevice() < 1000
                ? row.freeMilliDevices() >= milliAsked
                : row.largestFreeDevices() >= spec.devices() && row.freeDevices() * 1000 >= milliAsked;
    }
}
