package io.millrace.broker.stream;

import io.millrace.broker.placement.IntVector;
import io.millrace.broker.placement.NodeOffer;
import io.millrace.broker.placement.Quantum;
import io.millrace.broker.placement.Storage;
import io.millrace.schemas.NodeCapacity;
import io.millrace.schemas.NodeStatus;
import io.millrace.schemas.QuantumTraits;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link NodeOffer} and its Avro record. */
final class OfferCodec {
    private OfferCodec() {}

    static NodeOffer read(NodeCapacity capacity) {
        return new NodeOffer(
                capacity.getNodeId(),
                capacity.getCentreId(),
                capacity.getPoolId(),
                SpecCodec.kind(capacity.getKind()),
                capacity.getModel(),
                switch (capacity.getStatus()) {
                    case SELLABLE -> NodeOffer.NodeStatus.SELLABLE;
                    case DRAINING -> NodeOffer.NodeStatus.DRAINING;
                    case LOST, UNKNOWN -> NodeOffer.NodeStatus.LOST;
                },
                capacity.getCpuTotalMillicores(),
                capacity.getCpuSellableMillicores(),
                capacity.getMemoryTotalMib(),
                capacity.getMemorySellableMib(),
                IntVector.copyOf(capacity.getDeviceSellableMilli()),
                capacity.getPriceMicroCnyPerDeviceHour(),
                capacity.getPriceMicroCnyPerCoreHour(),
                capacity.getObservedAtMillis(),
                capacity.getSequence(),
                quantum(capacity.getQuantum()),
                Storage.of(capacity.getStorageTotalGib(), capacity.getStorageTotalMibPerSecond()),
                Storage.of(capacity.getStorageSellableGib(), capacity.getStorageSellableMibPerSecond()),
                capacity.getPriceMicroCnyPerGibHour());
    }

    static NodeCapacity write(NodeOffer offer, String marketId) {
        return new NodeCapacity(
                offer.nodeId(),
                offer.centreId(),
                offer.poolId(),
                marketId,
                SpecCodec.kind(offer.kind()),
                offer.model(),
                switch (offer.status()) {
                    case SELLABLE -> NodeStatus.SELLABLE;
                    case DRAINING -> NodeStatus.DRAINING;
                    case LOST -> NodeStatus.LOST;
                },
                offer.cpuTotalMillicores(),
                offer.cpuSellableMillicores(),
                offer.memoryTotalMib(),
                offer.memorySellableMib(),
                integers(offer.deviceSellableMilli()),
                offer.priceMicroCnyPerDeviceHour(),
                offer.priceMicroCnyPerCoreHour(),
                offer.observedAtMillis(),
                offer.sequence(),
                quantum(offer.quantum()),
                offer.storageTotal().gib(),
                offer.storageSellable().gib(),
                offer.storageTotal().mibPerSecond(),
                offer.storageSellable().mibPerSecond(),
                offer.priceMicroCnyPerGibHour());
    }

    private static @Nullable Quantum quantum(@Nullable QuantumTraits traits) {
        return traits == null
                ? null
                : new Quantum(traits.getQubits(), traits.getTwoQubitFidelityPpm(), traits.getShotsPerHour());
    }

    private static @Nullable QuantumTraits quantum(@Nullable Quantum quantum) {
        return quantum == null
                ? null
                : new QuantumTraits(quantum.qubits(), quantum.twoQubitFidelityPpm(), quantum.shotsPerHour());
    }

    static List<Integer> integers(IntVector vector) {
        List<Integer> integers = new ArrayList<>(vector.size());
        for (int i = 0; i < vector.size(); i++) {
            integers.add(vector.get(i));
        }
        return integers;
    }
}
