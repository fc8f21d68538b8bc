package io.millrace.local;

import io.millrace.schemas.Kind;
import io.millrace.schemas.NodeCapacity;
import io.millrace.schemas.NodeStatus;
import java.util.Collections;

/** Nodes with eight wholly free devices, as telemetry-ingest tells them. */
final class A100Nodes {
    private static final int DEVICES = 8;

    private A100Nodes() {}

    /** One of a market's only centre and pool. */
    static NodeCapacity node(String marketId, int number) {
        return NodeCapacity.newBuilder()
                .setNodeId(marketId + "-centre/node-" + number)
                .setCentreId(marketId + "-centre")
                .setPoolId("a100")
                .setMarketId(marketId)
                .setKind(Kind.INTELLIGENT)
                .setModel("A100-80G")
                .setStatus(NodeStatus.SELLABLE)
                .setCpuTotalMillicores(96_000L)
                .setCpuSellableMillicores(96_000L)
                .setMemoryTotalMib(1_000_000L)
                .setMemorySellableMib(1_000_000L)
                .setDeviceSellableMilli(Collections.nCopies(DEVICES, 1_000))
                .setPriceMicroCnyPerDeviceHour(36_000_000L)
                .setPriceMicroCnyPerCoreHour(0L)
                .setObservedAtMillis(System.currentTimeMillis())
                .setSequence(1L)
                .build();
    }
}
