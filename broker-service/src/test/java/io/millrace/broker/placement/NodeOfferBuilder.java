package io.millrace.broker.placement;

import io.millrace.broker.placement.NodeOffer.NodeStatus;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Offers as tests write them: what a test does not name is that of a common node with eight A100. */
public final class NodeOfferBuilder {
    private final String nodeId;
    private String centreId = "c1";
    private String poolId = "p1";
    private Kind kind = Kind.INTELLIGENT;
    private String model = "A100";
    private NodeStatus status = NodeStatus.SELLABLE;
    private long cpuTotalMillicores = 64_000;
    private long cpuSellableMillicores = 64_000;
    private long memoryTotalMib = 512 * 1024;
    private long memorySellableMib = 512 * 1024;
    private int[] deviceSellableMilli = new int[0];
    private long priceMicroCnyPerDeviceHour = 10_000_000;
    private long priceMicroCnyPerCoreHour = 100_000;
    private long observedAtMillis;
    private long sequence = 1;
    private @Nullable Quantum quantum;
    private Storage storageTotal = Storage.NONE;
    private Storage storageSellable = Storage.NONE;
    private long priceMicroCnyPerGibHour;

    private NodeOfferBuilder(String nodeId) {
        this.nodeId = nodeId;
    }

    /** A node with eight A100. */
    public static NodeOfferBuilder node(String nodeId) {
        return new NodeOfferBuilder(nodeId).gpus(8);
    }

    /** A node with 64 cores and no devices. */
    public static NodeOfferBuilder cpuNode(String nodeId) {
        return new NodeOfferBuilder(nodeId).kind(Kind.GENERAL).model("").pool("cpu");
    }

    public NodeOfferBuilder centre(String value) {
        centreId = value;
        return this;
    }

    public NodeOfferBuilder pool(String value) {
        poolId = value;
        return this;
    }

    public NodeOfferBuilder kind(Kind value) {
        kind = value;
        return this;
    }

    public NodeOfferBuilder model(String value) {
        model = value;
        return this;
    }

    public NodeOfferBuilder status(NodeStatus value) {
        status = value;
        return this;
    }

    public NodeOfferBuilder draining() {
        return status(NodeStatus.DRAINING);
    }

    public NodeOfferBuilder lost() {
        return status(NodeStatus.LOST);
    }

    /** So many devices, all to be sold. */
    public NodeOfferBuilder gpus(int count) {
        deviceSellableMilli = new int[count];
        Arrays.fill(deviceSellableMilli, 1000);
        return this;
    }

    /** Devices of which this can be sold. */
    public NodeOfferBuilder gpuMilli(int... sellable) {
        deviceSellableMilli = sellable.clone();
        return this;
    }

    /** CPU that it has, all of it to be sold. */
    public NodeOfferBuilder millicores(long value) {
        cpuTotalMillicores = value;
        return sellsMillicores(value);
    }

    /** CPU that can be sold, of what it has. */
    public NodeOfferBuilder sellsMillicores(long value) {
        cpuSellableMillicores = value;
        return this;
    }

    /** Memory that it has, all of it to be sold. */
    public NodeOfferBuilder mib(long value) {
        memoryTotalMib = value;
        return sellsMib(value);
    }

    /** Memory that can be sold, of what it has. */
    public NodeOfferBuilder sellsMib(long value) {
        memorySellableMib = value;
        return this;
    }

    public NodeOfferBuilder devicePrice(long microCnyPerHour) {
        priceMicroCnyPerDeviceHour = microCnyPerHour;
        return this;
    }

    public NodeOfferBuilder corePrice(long microCnyPerHour) {
        priceMicroCnyPerCoreHour = microCnyPerHour;
        return this;
    }

    public NodeOfferBuilder observed(long atMillis, long reportSequence) {
        observedAtMillis = atMillis;
        sequence = reportSequence;
        return this;
    }

    /** Storage that it has, all of it to be sold. */
    public NodeOfferBuilder storage(long gib, long mibPerSecond) {
        storageTotal = new Storage(gib, mibPerSecond);
        return sellsStorage(gib, mibPerSecond);
    }

    /** Storage that can be sold, of what it has. */
    public NodeOfferBuilder sellsStorage(long gib, long mibPerSecond) {
        storageSellable = new Storage(gib, mibPerSecond);
        return this;
    }

    public NodeOfferBuilder storagePrice(long microCnyPerGibHour) {
        priceMicroCnyPerGibHour = microCnyPerGibHour;
        return this;
    }

    /** A quantum processor. */
    public NodeOfferBuilder qpu(int qubits, int fidelityPpm, long shotsPerHour) {
        quantum = new Quantum(qubits, fidelityPpm, shotsPerHour);
        return kind(Kind.QUANTUM).gpus(1);
    }

    public NodeOffer offer() {
        return new NodeOffer(
                nodeId,
                centreId,
                poolId,
                kind,
                model,
                status,
                cpuTotalMillicores,
                cpuSellableMillicores,
                memoryTotalMib,
                memorySellableMib,
                IntVector.of(deviceSellableMilli),
                priceMicroCnyPerDeviceHour,
                priceMicroCnyPerCoreHour,
                observedAtMillis,
                sequence,
                quantum,
                storageTotal,
                storageSellable,
                priceMicroCnyPerGibHour);
    }
}
