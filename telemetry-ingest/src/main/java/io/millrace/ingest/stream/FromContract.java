package io.millrace.ingest.stream;

import io.millrace.ingest.capacity.Admission;
import io.millrace.ingest.capacity.Capacity;
import io.millrace.ingest.capacity.Centre;
import io.millrace.ingest.capacity.Device;
import io.millrace.ingest.capacity.Heard;
import io.millrace.ingest.capacity.Kind;
import io.millrace.ingest.capacity.NodeStatus;
import io.millrace.ingest.capacity.Pool;
import io.millrace.ingest.capacity.Precision;
import io.millrace.ingest.capacity.Quantum;
import io.millrace.ingest.capacity.Report;
import io.millrace.ingest.capacity.Share;
import io.millrace.ingest.capacity.SiteReport;
import io.millrace.ingest.capacity.Storage;
import io.millrace.ingest.capacity.Totals;
import io.millrace.schemas.CapacityRow;
import io.millrace.schemas.CentreProfile;
import io.millrace.schemas.CentreReport;
import io.millrace.schemas.DeviceHealth;
import io.millrace.schemas.DeviceReport;
import io.millrace.schemas.NodeCapacity;
import io.millrace.schemas.NodeReport;
import io.millrace.schemas.NodeState;
import io.millrace.schemas.PoolShare;
import io.millrace.schemas.PrecisionPeak;
import io.millrace.schemas.QuantumTraits;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns records of the contract into what the rules of supply work with. Stateless. */
public final class FromContract {
    private FromContract() {}

    /** A node's report, not checked. */
    public static Report report(NodeReport record) {
        List<DeviceReport> reported = record.getDevices();
        List<Device> devices = new ArrayList<>(reported.size());
        for (DeviceReport device : reported) {
            devices.add(new Device(
                    device.getHealth() == DeviceHealth.HEALTHY,
                    device.getUsedOutsideMilli(),
                    device.getBusyPermille(),
                    device.getTemperatureCelsius()));
        }
        return new Report(
                record.getNodeId(),
                record.getCentreId(),
                record.getPoolId(),
                record.getObservedAtMillis(),
                record.getSequence(),
                record.getIntervalSeconds(),
                record.getDraining(),
                record.getCpuTotalMillicores(),
                record.getCpuUsedOutsideMillicores(),
                record.getMemoryTotalMib(),
                record.getMemoryUsedOutsideMib(),
                devices,
                record.getPowerWatts(),
                Storage.of(record.getStorageTotalGib(), record.getStorageTotalMibPerSecond()),
                Storage.of(record.getStorageUsedOutsideGib(), record.getStorageUsedOutsideMibPerSecond()));
    }

    /** A centre's report, not checked. */
    public static SiteReport site(CentreReport record) {
        return new SiteReport(
                record.getCentreId(),
                record.getObservedAtMillis(),
                record.getSequence(),
                record.getItPowerWatts(),
                record.getFacilityPowerWatts(),
                record.getEnergyPriceMicroCnyPerKwh(),
                record.getCarbonGramsPerKwh(),
                record.getGreenPermille(),
                record.getStorageTotalGib(),
                record.getStorageUsedGib(),
                record.getNetworkMbps());
    }

    /** A profile that has passed {@link ProfileCheck}. */
    static Centre centre(CentreProfile record) {
        Map<String, Pool> pools = new HashMap<>();
        for (io.millrace.schemas.Pool pool : record.getPools()) {
            pools.put(
                    pool.getPoolId(),
                    new Pool(
                            record.getCentreId(),
                            pool.getPoolId(),
                            record.getHubId(),
                            Kind.valueOf(pool.getKind().name()),
                            pool.getModel(),
                            pool.getDevicesPerNode(),
                            pool.getPriceMicroCnyPerDeviceHour(),
                            pool.getPriceMicroCnyPerCoreHour(),
                            pool.getPriceMicroCnyPerGibHour(),
                            peaks(pool.getPeaks()),
                            quantum(pool.getQuantum())));
        }
        return new Centre(
                record.getCentreId(),
                record.getHubId(),
                Admission.valueOf(record.getAdmission().name()),
                pools);
    }

    /**
     * What a node could sell when it was saved. Its pool is as the node saw it: without peaks, which belong to the
     * profile and come with it.
     */
    static Capacity capacity(NodeCapacity record) {
        Pool pool = new Pool(
                record.getCentreId(),
                record.getPoolId(),
                record.getMarketId(),
                Kind.valueOf(record.getKind().name()),
                record.getModel(),
                record.getDeviceSellableMilli().size(),
                record.getPriceMicroCnyPerDeviceHour(),
                record.getPriceMicroCnyPerCoreHour(),
                record.getPriceMicroCnyPerGibHour(),
                Map.of(),
                quantum(record.getQuantum()));
        return Capacity.kept(
                pool,
                status(record.getStatus()),
                record.getCpuTotalMillicores(),
                record.getCpuSellableMillicores(),
                record.getMemoryTotalMib(),
                record.getMemorySellableMib(),
                record.getDeviceSellableMilli().stream()
                        .mapToInt(Integer::intValue)
                        .toArray(),
                Storage.of(record.getStorageTotalGib(), record.getStorageTotalMibPerSecond()),
                Storage.of(record.getStorageSellableGib(), record.getStorageSellableMibPerSecond()));
    }

    /** The last report of a node when it was saved. */
    static Heard heard(NodeState record) {
        return new Heard(
                record.getCapacity().getSequence(),
                record.getCapacity().getObservedAtMillis(),
                record.getHeardAtMillis(),
                record.getLeaseMillis(),
                record.getDevices(),
                record.getDevicesHealthy(),
                record.getPowerWatts());
    }

    /** A pool, or a partition's share of it. */
    static Share share(PoolShare record) {
        CapacityRow row = record.getRow();
        Totals totals = new Totals()
                .add(Totals.Measure.NODES, row.getNodes())
                .add(Totals.Measure.NODES_LOST, row.getNodesLost())
                .add(Totals.Measure.DEVICES, row.getDevices())
                .add(Totals.Measure.DEVICES_HEALTHY, row.getDevicesHealthy())
                .add(Totals.Measure.SELLABLE_MILLI_DEVICES, row.getSellableMilliDevices())
                .add(Totals.Measure.SELLABLE_CPU_MILLICORES, row.getCpuSellableMillicores())
                .add(Totals.Measure.SELLABLE_MEMORY_MIB, row.getMemorySellableMib())
                .add(Totals.Measure.SELLABLE_STORAGE_GIB, row.getStorageSellableGib())
                .add(Totals.Measure.SELLABLE_STORAGE_MIB_PER_SECOND, row.getStorageSellableMibPerSecond());
        for (PrecisionPeak peak : row.getSellablePeaks()) {
            totals.addPeak(Precision.valueOf(peak.getPrecision().name()), peak.getPeakGigaOpsPerSecond());
        }
        String poolId = record.getPoolScopeId().substring(record.getCentreId().length() + 1);
        return new Share(
                record.getCentreId(),
                poolId,
                record.getHubId(),
                Kind.valueOf(row.getKind().name()),
                row.getModel(),
                totals,
                record.getAsOfMillis());
    }

    private static @Nullable Quantum quantum(@Nullable QuantumTraits traits) {
        return traits == null
                ? null
                : new Quantum(traits.getQubits(), traits.getTwoQubitFidelityPpm(), traits.getShotsPerHour());
    }

    /** A precision younger than this release reads as UNKNOWN, perhaps several of them; they are left out of sums. */
    private static Map<Precision, Long> peaks(List<PrecisionPeak> records) {
        Map<Precision, Long> peaks = new EnumMap<>(Precision.class);
        for (PrecisionPeak peak : records) {
            if (peak.getPrecision() != io.millrace.schemas.Precision.UNKNOWN) {
                peaks.put(Precision.valueOf(peak.getPrecision().name()), peak.getPeakGigaOpsPerSecond());
            }
        }
        return peaks;
    }

    /** A status younger than this release is treated as lost, as the contract says. */
    private static NodeStatus status(io.millrace.schemas.NodeStatus status) {
        return status == io.millrace.schemas.NodeStatus.UNKNOWN ? NodeStatus.LOST : NodeStatus.valueOf(status.name());
    }
}
