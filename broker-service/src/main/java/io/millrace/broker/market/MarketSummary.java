package io.millrace.broker.market;

import io.millrace.broker.placement.Kind;
import io.millrace.broker.placement.NodeOffer;
import io.millrace.broker.placement.Storage;
import io.millrace.broker.placement.SuppliedNode;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * What is free in a market, by kind and model: what intake chooses by.
 *
 * @param rows a row per kind and model, sorted by them
 * @param allocations allocations that run
 * @param queued requests that wait
 */
public record MarketSummary(List<Row> rows, long allocations, long queued) {

    /**
     * Nodes of one kind and model that take new work.
     *
     * @param kind their kind
     * @param model their device model; empty for CPU nodes
     * @param nodes how many
     * @param sellableMilliDevices thousandths of devices that can be sold
     * @param freeMilliDevices of these, what is free
     * @param freeDevices devices that are wholly free
     * @param largestFreeDevices most wholly free devices on one node
     * @param freeCpuMillicores free CPU, thousandths of a core
     * @param lowestPriceMicroCnyPerDeviceHour lowest ask for a device
     * @param lowestPriceMicroCnyPerCoreHour lowest ask for a core
     * @param lowestPriceMicroCnyPerGibHour lowest ask for a GiB of storage of the nodes that sell any; 0 if none does
     * @param freeStorage free storage
     * @param largestFreeStorage most that one node has free of it, and most bandwidth that one has
     */
    public record Row(
            Kind kind,
            String model,
            int nodes,
            long sellableMilliDevices,
            long freeMilliDevices,
            long freeDevices,
            int largestFreeDevices,
            long freeCpuMillicores,
            long lowestPriceMicroCnyPerDeviceHour,
            long lowestPriceMicroCnyPerCoreHour,
            long lowestPriceMicroCnyPerGibHour,
            Storage freeStorage,
            Storage largestFreeStorage) {

        private static Row empty(KindAndModel key) {
            return new Row(
                    key.kind,
                    key.model,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    Long.MAX_VALUE,
                    Long.MAX_VALUE,
                    Long.MAX_VALUE,
                    Storage.NONE,
                    Storage.NONE);
        }

        /** When all nodes are in it. */
        private Row whole() {
            return lowestPriceMicroCnyPerGibHour < Long.MAX_VALUE
                    ? this
                    : new Row(
                            kind,
                            model,
                            nodes,
                            sellableMilliDevices,
                            freeMilliDevices,
                            freeDevices,
                            largestFreeDevices,
                            freeCpuMillicores,
                            lowestPriceMicroCnyPerDeviceHour,
                            lowestPriceMicroCnyPerCoreHour,
                            0,
                            freeStorage,
                            largestFreeStorage);
        }

        private Row plus(SuppliedNode node) {
            NodeOffer offer = node.offer();
            long sellable = 0;
            for (int device = 0; device < offer.deviceSellableMilli().size(); device++) {
                sellable += offer.deviceSellableMilli().get(device);
            }
            Storage free = node.freeStorage().orNothing();
            return new Row(
                    kind,
                    model,
                    nodes + 1,
                    sellableMilliDevices + sellable,
                    freeMilliDevices + node.freeMilli(),
                    freeDevices + node.wholeDevices(),
                    Math.max(largestFreeDevices, node.wholeDevices()),
                    freeCpuMillicores + Math.max(0, node.freeCpuMillicores()),
                    Math.min(lowestPriceMicroCnyPerDeviceHour, offer.priceMicroCnyPerDeviceHour()),
                    Math.min(lowestPriceMicroCnyPerCoreHour, offer.priceMicroCnyPerCoreHour()),
                    offer.storageSellable().gib() > 0
                            ? Math.min(lowestPriceMicroCnyPerGibHour, offer.priceMicroCnyPerGibHour())
                            : lowestPriceMicroCnyPerGibHour,
                    freeStorage.plus(free),
                    largestFreeStorage.orMore(free));
        }
    }

    private record KindAndModel(Kind kind, String model) {
        static final Comparator<KindAndModel> ORDER =
                Comparator.comparing(KindAndModel::kind).thenComparing(KindAndModel::model);
    }

    /** Copies the list. */
    public MarketSummary {
        rows = List.copyOf(rows);
    }

    /** Sums up a market as it stands. */
    public static MarketSummary of(MarketState state) {
        TreeMap<KindAndModel, Row> rows = new TreeMap<>(KindAndModel.ORDER);
        for (SuppliedNode node : state.supply().nodes()) {
            if (node.isOpen()) {
                KindAndModel key =
                        new KindAndModel(node.offer().kind(), node.offer().model());
                rows.put(key, rows.computeIfAbsent(key, Row::empty).plus(node));
            }
        }
        return new MarketSummary(rows.values().stream().map(Row::whole).toList(), state.allocations(), state.queued());
    }
}
