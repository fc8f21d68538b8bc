package io.millrace.local.scenario;

import io.millrace.local.scenario.Centre.PoolOfNodes;
import io.millrace.schemas.CentreReport;
import java.util.ArrayList;
import java.util.List;

/** A centre that reports on its site; its servers report for themselves. Not thread-safe. */
final class SimulatedCentre {
    private static final long STORAGE_GIB_PER_NODE = 20_000;

    private final Centre centre;
    private final List<SimulatedNode> nodes = new ArrayList<>();

    SimulatedCentre(long seed, Centre centre) {
        this.centre = centre;
        for (PoolOfNodes pool : centre.pools()) {
            for (int number = 1; number <= pool.nodes(); number++) {
                nodes.add(new SimulatedNode(seed, centre.id(), pool.type(), number));
            }
        }
    }

    List<SimulatedNode> nodes() {
        return nodes;
    }

    /** What the centre says at this time. */
    CentreReport report(long nowMillis) {
        long itPowerWatts = nodes.stream().mapToLong(SimulatedNode::powerWatts).sum();
        long storageGib = nodes.size() * STORAGE_GIB_PER_NODE;
        return CentreReport.newBuilder()
                .setCentreId(centre.id())
                .setObservedAtMillis(nowMillis)
                .setSequence(nowMillis)
                .setItPowerWatts(itPowerWatts)
                .setFacilityPowerWatts(itPowerWatts * centre.site().puePermille() / 1000)
                .setEnergyPriceMicroCnyPerKwh(NodeType.micro(centre.site().cnyPerKwh()))
                .setCarbonGramsPerKwh(centre.site().carbonGramsPerKwh())
                .setGreenPermille(centre.site().greenPermille())
                .setStorageTotalGib(storageGib)
                .setStorageUsedGib(storageGib * 6 / 10)
                .setNetworkMbps(centre.site().uplinkGbps() * 1000L)
                .build();
    }
}
