package io.millrace.ingest;

import io.millrace.schemas.AdmissionStatus;
import io.millrace.schemas.CentreProfile;
import io.millrace.schemas.CentreReport;
import io.millrace.schemas.DeviceHealth;
import io.millrace.schemas.DeviceReport;
import io.millrace.schemas.Kind;
import io.millrace.schemas.NodeReport;
import io.millrace.schemas.Pool;
import io.millrace.schemas.Precision;
import io.millrace.schemas.PrecisionPeak;
import java.util.ArrayList;
import java.util.List;

/** Records that pass every check: centre c1 of guizhou with a pool of two devices a node and one of CPU nodes. */
public final class Records {
    private Records() {}

    public static CentreProfile profile() {
        return profile("c1", "guizhou", AdmissionStatus.ADMITTED);
    }

    public static CentreProfile profile(String centreId, String hubId, AdmissionStatus admission) {
        return CentreProfile.newBuilder()
                .setCentreId(centreId)
                .setName("Centre " + centreId)
                .setHubId(hubId)
                .setAdmission(admission)
                .setPools(new ArrayList<>(List.of(
                        Pool.newBuilder()
                                .setPoolId("ai")
                                .setKind(Kind.INTELLIGENT)
                                .setModel("910B")
                                .setDevicesPerNode(2)
                                .setDeviceMemoryGib(64)
                                .setInterconnect("HCCS")
                                .setPeaks(new ArrayList<>(List.of(
                                        new PrecisionPeak(Precision.FP16, 376_000L),
                                        new PrecisionPeak(Precision.INT8, 640_000L))))
                                .setPriceMicroCnyPerDeviceHour(12_000_000)
                                .setPriceMicroCnyPerCoreHour(200_000)
                                .build(),
                        Pool.newBuilder()
                                .setPoolId("cpu")
                                .setKind(Kind.GENERAL)
                                .setPriceMicroCnyPerCoreHour(150_000)
                                .build())))
                .setUpdatedAtMillis(1_700_000_000_000L)
                .build();
    }

    public static DeviceReport device(int usedOutsideMilli) {
        return DeviceReport.newBuilder()
                .setHealth(DeviceHealth.HEALTHY)
                .setUsedOutsideMilli(usedOutsideMilli)
                .build();
    }

    public static NodeReport report(String nodeId, long sequence, long observedAtMillis) {
        return NodeReport.newBuilder()
                .setNodeId(nodeId)
                .setCentreId(nodeId.substring(0, nodeId.indexOf('/')))
                .setPoolId("ai")
                .setObservedAtMillis(observedAtMillis)
                .setSequence(sequence)
                .setIntervalSeconds(10)
                .setCpuTotalMillicores(64_000)
                .setCpuUsedOutsideMillicores(4_000)
                .setMemoryTotalMib(512_000)
                .setMemoryUsedOutsideMib(12_000)
                .setDevices(new ArrayList<>(List.of(device(0), device(250))))
                .setPowerWatts(3_000L)
                .setStorageTotalGib(8_000)
                .setStorageUsedOutsideGib(1_000)
                .setStorageTotalMibPerSecond(2_000)
                .setStorageUsedOutsideMibPerSecond(500)
                .build();
    }

    public static NodeReport cpuReport(String nodeId, long sequence, long observedAtMillis) {
        NodeReport report = report(nodeId, sequence, observedAtMillis);
        report.setPoolId("cpu");
        report.setDevices(new ArrayList<>());
        return report;
    }

    public static CentreReport site(String centreId, long sequence, long observedAtMillis) {
        return CentreReport.newBuilder()
                .setCentreId(centreId)
                .setObservedAtMillis(observedAtMillis)
                .setSequence(sequence)
                .setItPowerWatts(1_000_000)
                .setFacilityPowerWatts(1_180_000)
                .setEnergyPriceMicroCnyPerKwh(350_000)
                .setCarbonGramsPerKwh(420)
                .setGreenPermille(810)
                .setStorageTotalGib(100_000)
                .setStorageUsedGib(60_000)
                .setNetworkMbps(400_000)
                .build();
    }
}
