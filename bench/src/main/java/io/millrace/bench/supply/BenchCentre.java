package io.millrace.bench.supply;

import io.millrace.bench.trace.TraceNode;
import io.millrace.schemas.AdmissionStatus;
import io.millrace.schemas.CentreProfile;
import io.millrace.schemas.DeviceHealth;
import io.millrace.schemas.DeviceReport;
import io.millrace.schemas.Kind;
import io.millrace.schemas.NodeReport;
import io.millrace.schemas.Pool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A centre made of nodes of a trace: one pool per model and number of devices, as a pool's nodes are alike. Immutable.
 *
 * <p>All models cost the same, so that the price does not steer what the trace leaves to placement.
 */
public final class BenchCentre {
    /** Longest promise that telemetry-ingest takes: nodes stay on record for three of these without a word. */
    private static final int INTERVAL_SECONDS = 3600;

    private static final long DEVICE_HOUR_MICRO_CNY = 10_000_000;
    private static final long CORE_HOUR_MICRO_CNY = 100_000;

    private final String centreId;
    private final String hubId;
    private final List<TraceNode> nodes;
    private final Map<Shape, String> pools = new LinkedHashMap<>();

    private record Shape(String model, int devices) {
        static Shape of(TraceNode node) {
            return new Shape(node.model(), node.devices());
        }
    }

    /** A centre of this hub with these nodes. */
    public BenchCentre(String centreId, String hubId, List<TraceNode> nodes) {
        this.centreId = centreId;
        this.hubId = hubId;
        this.nodes = List.copyOf(nodes);
        for (TraceNode node : nodes) {
            pools.computeIfAbsent(Shape.of(node), this::poolId);
        }
    }

    private String poolId(Shape shape) {
        String id =
                shape.devices() == 0 ? "cpu" : shape.model().replaceAll("[^A-Za-z0-9._-]", "-") + "-" + shape.devices();
        while (pools.containsValue(id)) {
            id += "x";
        }
        return id;
    }

    /** Id of the centre. */
    public String centreId() {
        return centreId;
    }

    /** Hub of the centre, and so its market. */
    public String hubId() {
        return hubId;
    }

    /** Its nodes. */
    public List<TraceNode> nodes() {
        return nodes;
    }

    /** Id of one of its nodes on the platform. */
    public String nodeId(TraceNode node) {
        return centreId + "/" + node.name();
    }

    /** What the operator of the hub has on record. */
    public CentreProfile profile(long nowMillis) {
        List<Pool> list = new ArrayList<>();
        pools.forEach((shape, id) -> list.add(Pool.newBuilder()
                .setPoolId(id)
                .setKind(shape.devices() == 0 ? Kind.GENERAL : Kind.INTELLIGENT)
                .setModel(shape.model())
                .setDevicesPerNode(shape.devices())
                .setPriceMicroCnyPerDeviceHour(shape.devices() == 0 ? 0 : DEVICE_HOUR_MICRO_CNY)
                .setPriceMicroCnyPerCoreHour(CORE_HOUR_MICRO_CNY)
                .build()));
        return CentreProfile.newBuilder()
                .setCentreId(centreId)
                .setName("bench: " + centreId)
                .setHubId(hubId)
                .setAdmission(AdmissionStatus.ADMITTED)
                .setPools(list)
                .setUpdatedAtMillis(nowMillis)
                .build();
    }

    /**
     * A report of a node in order, all of it for sale but some CPU.
     *
     * @param sequence higher than in any report of the node before
     * @param cpuUsedOutsideMillicores CPU that is not for sale
     */
    public NodeReport report(TraceNode node, long nowMillis, long sequence, long cpuUsedOutsideMillicores) {
        List<DeviceReport> devices = new ArrayList<>(node.devices());
        for (int i = 0; i < node.devices(); i++) {
            devices.add(new DeviceReport(DeviceHealth.HEALTHY, 0, null, null));
        }
        return NodeReport.newBuilder()
                .setNodeId(nodeId(node))
                .setCentreId(centreId)
                .setPoolId(pools.get(Shape.of(node)))
                .setObservedAtMillis(nowMillis)
                .setSequence(sequence)
                .setIntervalSeconds(INTERVAL_SECONDS)
                .setCpuTotalMillicores(node.cpuMillicores())
                .setCpuUsedOutsideMillicores(cpuUsedOutsideMillicores)
                .setMemoryTotalMib(node.memoryMib())
                .setDevices(devices)
                .build();
    }
}
