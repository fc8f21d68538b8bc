package io.millrace.ingest.stream;

import io.millrace.ingest.capacity.Capacity;
import io.millrace.ingest.capacity.Heard;
import io.millrace.ingest.capacity.Node;
import io.millrace.ingest.capacity.Pool;
import io.millrace.ingest.capacity.Precision;
import io.millrace.ingest.capacity.Quantum;
import io.millrace.ingest.capacity.Refusal;
import io.millrace.ingest.capacity.Share;
import io.millrace.ingest.capacity.SiteReport;
import io.millrace.ingest.capacity.Summary;
import io.millrace.ingest.capacity.Totals;
import io.millrace.schemas.CapacityRow;
import io.millrace.schemas.CapacitySummary;
import io.millrace.schemas.CentreSite;
import io.millrace.schemas.Kind;
import io.millrace.schemas.NodeCapacity;
import io.millrace.schemas.NodeState;
import io.millrace.schemas.NodeStatus;
import io.millrace.schemas.PoolShare;
import io.millrace.schemas.PrecisionPeak;
import io.millrace.schemas.QuantumTraits;
import io.millrace.schemas.RejectReason;
import io.millrace.schemas.Scope;
import java.util.ArrayList;
import java.util.List;

/** Turns what the rules of supply found out into records of the contract. Stateless. */
public final class ToContract {
    private ToContract() {}

    /** The name of a refusal in the contract. */
    public static RejectReason reason(Refusal refusal) {
        return RejectReason.valueOf(refusal.name());
    }

    /** What a node can sell, as its last report gave it. */
    static NodeCapacity capacity(Node node, Capacity capacity) {
        Pool pool = capacity.pool();
        Heard heard = node.heard();
        List<Integer> devices = new ArrayList<>(capacity.devices());
        for (int index = 0; index < capacity.devices(); index++) {
            devices.add(capacity.deviceSellableMilli(index));
        }
        NodeCapacity record = new NodeCapacity();
        record.setNodeId(node.nodeId());
        record.setCentreId(pool.centreId());
        record.setPoolId(pool.poolId());
        record.setMarketId(pool.hubId());
        record.setKind(Kind.valueOf(pool.kind().name()));
        record.setModel(pool.model());
        record.setStatus(NodeStatus.valueOf(capacity.status().name()));
        record.setCpuTotalMillicores(capacity.cpuTotalMillicores());
        record.setCpuSellableMillicores(capacity.cpuSellableMillicores());
        record.setMemoryTotalMib(capacity.memoryTotalMib());
        record.setMemorySellableMib(capacity.memorySellableMib());
        record.setDeviceSellableMilli(devices);
        record.setPriceMicroCnyPerDeviceHour(pool.priceMicroCnyPerDeviceHour());
        record.setPriceMicroCnyPerCoreHour(pool.priceMicroCnyPerCoreHour());
        record.setPriceMicroCnyPerGibHour(pool.priceMicroCnyPerGibHour());
        record.setObservedAtMillis(heard.observedAtMillis());
        record.setSequence(heard.sequence());
        Quantum quantum = pool.quantum();
        if (quantum != null) {
            record.setQuantum(
                    new QuantumTraits(quantum.qubits(), quantum.twoQubitFidelityPpm(), quantum.shotsPerHour()));
        }
        record.setStorageTotalGib(capacity.storageTotal().gib());
        record.setStorageSellableGib(capacity.storageSellable().gib());
        record.setStorageTotalMibPerSecond(capacity.storageTotal().mibPerSecond());
        record.setStorageSellableMibPerSecond(capacity.storageSellable().mibPerSecond());
        return record;
    }

    /** A centre's site, as its last report gave it. */
    static CentreSite site(SiteReport report, String hubId) {
        return new CentreSite(
                report.centreId(),
                hubId,
                report.observedAtMillis(),
                report.sequence(),
                report.itPowerWatts(),
                report.facilityPowerWatts(),
                report.energyPriceMicroCnyPerKwh(),
                report.carbonGramsPerKwh(),
                report.greenPermille());
    }

    /** A node to be kept. */
    static NodeState state(Node node) {
        Heard heard = node.heard();
        NodeState record = new NodeState();
        record.setCapacity(capacity(node, node.capacity()));
        record.setDevices(heard.devices());
        record.setDevicesHealthy(heard.devicesHealthy());
        record.setLeaseMillis(heard.leaseMillis());
        record.setHeardAtMillis(heard.heardAtMillis());
        record.setPowerWatts(heard.powerWatts());
        return record;
    }

    /**
     * A partition's share of a pool.
     *
     * @param partition whose nodes these are; {@link PoolTask#WHOLE} for all
     */
    static PoolShare share(Share share, int partition) {
        PoolShare record = new PoolShare();
        record.setPoolScopeId(share.scopeId());
        record.setCentreId(share.centreId());
        record.setHubId(share.hubId());
        record.setPartition(partition);
        record.setRow(row(share.kind(), share.model(), share.totals()));
        record.setAsOfMillis(share.asOfMillis());
        return record;
    }

    /** A summary. */
    static CapacitySummary summary(Summary summary) {
        CapacitySummary record = new CapacitySummary();
        record.setScope(Scope.valueOf(summary.scope().name()));
        record.setScopeId(summary.scopeId());
        record.setParentId(summary.parentId());
        record.setRows(summary.rows().stream()
                .map(row -> row(row.kind(), row.model(), row.totals()))
                .toList());
        record.setAsOfMillis(summary.asOfMillis());
        return record;
    }

    private static CapacityRow row(io.millrace.ingest.capacity.Kind kind, String model, Totals totals) {
        CapacityRow row = new CapacityRow();
        row.setKind(Kind.valueOf(kind.name()));
        row.setModel(model);
        row.setNodes(totals.get(Totals.Measure.NODES));
        row.setNodesLost(totals.get(Totals.Measure.NODES_LOST));
        row.setDevices(totals.get(Totals.Measure.DEVICES));
        row.setDevicesHealthy(totals.get(Totals.Measure.DEVICES_HEALTHY));
        row.setSellableMilliDevices(totals.get(Totals.Measure.SELLABLE_MILLI_DEVICES));
        row.setCpuSellableMillicores(totals.get(Totals.Measure.SELLABLE_CPU_MILLICORES));
        row.setMemorySellableMib(totals.get(Totals.Measure.SELLABLE_MEMORY_MIB));
        row.setStorageSellableGib(totals.get(Totals.Measure.SELLABLE_STORAGE_GIB));
        row.setStorageSellableMibPerSecond(totals.get(Totals.Measure.SELLABLE_STORAGE_MIB_PER_SECOND));
        List<PrecisionPeak> peaks = new ArrayList<>();
        for (Precision precision : Precision.values()) {
            long peak = totals.peakGigaOpsPerSecond(precision);
            if (peak != 0) {
                peaks.add(new PrecisionPeak(io.millrace.schemas.Precision.valueOf(precision.name()), peak));
            }
        }
        row.setSellablePeaks(peaks);
        return row;
    }
}
