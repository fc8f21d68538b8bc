package io.millrace.broker.routing;

import io.millrace.broker.market.ComputeSpec;
import io.millrace.broker.market.MarketSummary;
import io.millrace.broker.placement.Demand;
import io.millrace.broker.placement.Relaxation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a market has of what is asked. Of a request with alternatives it is about one of them: the first that there is room
 * for, else the first at an acceptable price, else the first that the market has at all.
 *
 * @param nodes nodes of the kind and models asked
 * @param hasRoom true if there seems to be room at an acceptable price
 * @param alternative the alternative, by its place in the order
 * @param replicas replicas that it is at most
 * @param missing of these, those that there seems to be no room for, where fewer would do; else 0
 * @param askMicroCnyPerHour its ask for a device or core where a replica costs least: where there is room, or else where
 *     there are any, or else at all
 * @param storageAskMicroCnyPerHour its ask for a GiB of storage there
 * @param sellable thousandths of devices, or of cores, that the market sells, of all alternatives
 * @param free of these, what is free
 */
record Offer(
        int nodes,
        boolean hasRoom,
        int alternative,
        int replicas,
        int missing,
        long askMicroCnyPerHour,
        long storageAskMicroCnyPerHour,
        long sellable,
        long free) {

    private static final int NONE = Integer.MAX_VALUE;

    static Offer of(ComputeSpec spec, Demand demand, List<MarketSummary.Row> rows) {
        boolean devices = spec.devices() > 0;
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
            int alternative = demand.alternativeOf(row.model());
            first = Math.min(first, alternative);
            if (ask(spec, row) <= demand.maxPriceMicroCnyPerHour()) {
                acceptable = Math.min(acceptable, alternative);
                withRoom = fitsIn(spec, demand, row) ? Math.min(withRoom, alternative) : withRoom;
            }
        }
        int chosen = withRoom != NONE ? withRoom : acceptable != NONE ? acceptable : first != NONE ? first : 0;
        MarketSummary.Row cheapest = cheapest(spec, demand, rows, chosen);
        int replicas = demand.replicasOf(chosen);
        return new Offer(
                nodes,
                withRoom != NONE,
                chosen,
                replicas,
                withRoom == NONE ? 0 : replicas - mostReplicas(spec, demand, rows, chosen),
                cheapest == null ? Long.MAX_VALUE : ask(spec, cheapest),
                cheapest == null ? 0 : cheapest.lowestPriceMicroCnyPerGibHour(),
                sellable,
                free);
    }

    /** Where there is room, or else where there are any, or else at all. */
    private static MarketSummary.@Nullable Row cheapest(
            ComputeSpec spec, Demand demand, List<MarketSummary.Row> rows, int alternative) {
        MarketSummary.Row cheapest = null;
        double lowest = Double.MAX_VALUE;
        int best = -1;
        for (MarketSummary.Row row : rows) {
            if (demand.suits(row.kind(), row.model(), 0) && demand.alternativeOf(row.model()) == alternative) {
                long ask = ask(spec, row);
                // Nodes without devices have no ask for one: theirs is 0.
                boolean hasAny = spec.devices() == 0 || row.sellableMilliDevices() > 0;
                boolean accepted = ask <= demand.maxPriceMicroCnyPerHour();
                // A dearer row that is cheap in storage must not stand for one at an acceptable price.
                int worth = accepted && fitsIn(spec, demand, row) ? 3 : accepted && hasAny ? 2 : hasAny ? 1 : 0;
                double price = priceOfReplica(spec, ask, row.lowestPriceMicroCnyPerGibHour());
                if (worth > best || (worth == best && price < lowest)) {
                    best = worth;
                    lowest = price;
                    cheapest = row;
                }
            }
        }
        return cheapest;
    }

    /** What it asks for all replicas for an hour, in millionths of a CNY. */
    double priceMicroCnyPerHour(ComputeSpec spec) {
        return priceOfReplica(spec, askMicroCnyPerHour, storageAskMicroCnyPerHour) * replicas;
    }

    private static double priceOfReplica(ComputeSpec spec, long ask, long storageAsk) {
        long milli = spec.devices() > 0 ? spec.milliPerReplica() : spec.cpuMillicores();
        return ask * (milli / 1e3) + (double) storageAsk * spec.storage().gib();
    }

    /** As many replicas as there seems to be room for in one row, from the least that will do to all. */
    private static int mostReplicas(ComputeSpec spec, Demand demand, List<MarketSummary.Row> rows, int alternative) {
        int least = demand.leastReplicasOf(alternative);
        int all = demand.replicasOf(alternative);
        int most = least;
        for (MarketSummary.Row row : rows) {
            if (most < all
                    && demand.suits(row.kind(), row.model(), 0)
                    && demand.alternativeOf(row.model()) == alternative
                    && ask(spec, row) <= demand.maxPriceMicroCnyPerHour()) {
                // What there is room for, there is room for less of.
                most = (int) Relaxation.largest(most, all + 1L, replicas -> roomFor(spec, (int) replicas, row))
                        .orElse(most);
            }
        }
        return most;
    }

    private static long ask(ComputeSpec spec, MarketSummary.Row row) {
        return spec.devices() > 0 ? row.lowestPriceMicroCnyPerDeviceHour() : row.lowestPriceMicroCnyPerCoreHour();
    }

    private static boolean fitsIn(ComputeSpec spec, Demand demand, MarketSummary.Row row) {
        return roomFor(spec, demand.leastReplicasOf(demand.alternativeOf(row.model())), row);
    }

    /** With so much less free, if so much is asked. */
    Offer less(long taken, long asked) {
        if (taken == 0) {
            return this;
        }
        long left = Math.max(0, free - taken);
        return new Offer(
                nodes,
                hasRoom && left >= asked,
                alternative,
                replicas,
                missing,
                askMicroCnyPerHour,
                storageAskMicroCnyPerHour,
                sellable,
                left);
    }

    /** Share of what the market sells that is taken, 0 to 1. */
    double taken() {
        return sellable == 0 ? 1 : 1 - (double) free / sellable;
    }

    /** As far as sums over nodes can tell. */
    private static boolean roomFor(ComputeSpec spec, int replicas, MarketSummary.Row row) {
        if (!row.largestFreeStorage().covers(spec.storage())
                || !row.freeStorage().covers(spec.storage().times(replicas))) {
            return false;
        }
        long milliAsked = spec.milliPerReplica() * replicas;
        if (spec.devices() == 0) {
            return row.freeCpuMillicores() >= spec.cpuMillicores() * replicas;
        }
        return spec.milliPerDevice() < 1000
                ? row.freeMilliDevices() >= milliAsked
                : row.largestFreeDevices() >= spec.devices() && row.freeDevices() * 1000 >= milliAsked;
    }
}
