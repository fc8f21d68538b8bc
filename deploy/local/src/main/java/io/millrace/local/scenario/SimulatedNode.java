package io.millrace.local.scenario;

import io.millrace.schemas.DeviceHealth;
import io.millrace.schemas.DeviceReport;
import io.millrace.schemas.NodeReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A server that reports on itself. How busy and how warm it is changes with every report; what it can sell changes seldom,
 * as outside tenants come and go, a device fails and is repaired, or the server falls silent for a while. Rates are far above
 * those of real servers, so that in the whole country something happens about each minute.
 *
 * <p>Deterministic in its seed and the times that it is asked. Not thread-safe.
 */
final class SimulatedNode {
    /** Seconds between two reports. */
    static final int INTERVAL_SECONDS = 10;

    private static final double REPORTS_PER_HOUR = 3600.0 / INTERVAL_SECONDS;
    /** Mean hours of one server until outside use changes; of one device until it fails; of one server until it is silent or drained. */
    private static final double OUTSIDE_CHANGE_HOURS = 1;

    private static final double DEVICE_FAILURE_HOURS = 180;
    private static final double SILENCE_HOURS = 100;
    private static final double DRAIN_HOURS = 160;
    private static final long MINUTE_MILLIS = 60_000;

    private final String nodeId;
    private final String centreId;
    private final NodeType type;
    private final SplittableRandom random;
    private final long[] repairedAtMillis;
    private final DeviceHealth[] health;
    private double utilisation;
    private int devicesUsedOutside;
    private int outsidePercent;
    private long silentUntilMillis;
    private long drainedUntilMillis;

    SimulatedNode(long seed, String centreId, NodeType type, int number) {
        this.nodeId = String.format("%s/%s-%04d", centreId, type.id(), number);
        this.centreId = centreId;
        this.type = type;
        // The node's own stream of chances: what one node does must not depend on how many others there are.
        this.random = new SplittableRandom(seed ^ (0x9E3779B97F4A7C15L * stableHash(nodeId)));
        this.repairedAtMillis = new long[type.devices()];
        this.health = new DeviceHealth[type.devices()];
        Arrays.fill(health, DeviceHealth.HEALTHY);
        this.utilisation = 0.4 + 0.4 * random.nextDouble();
        changeOutsideUse();
    }

    String nodeId() {
        return nodeId;
    }

    String centreId() {
        return centreId;
    }

    /** Power that it draws at the moment, in watts. */
    long powerWatts() {
        return Math.round(type.idleWatts() + utilisation * (type.busyWatts() - type.idleWatts()));
    }

    /**
     * What the node says at this time; empty while it is silent.
     *
     * @param nowMillis not before the time of the call before
     */
    Optional<NodeReport> report(long nowMillis) {
        live(nowMillis);
        if (nowMillis < silentUntilMillis) {
            return Optional.empty();
        }
        return Optional.of(NodeReport.newBuilder()
                .setNodeId(nodeId)
                .setCentreId(centreId)
                .setPoolId(type.id())
                .setObservedAtMillis(nowMillis)
                .setSequence(nowMillis)
                .setIntervalSeconds(INTERVAL_SECONDS)
                .setDraining(nowMillis < drainedUntilMillis)
                .setCpuTotalMillicores(type.millicores())
                .setCpuUsedOutsideMillicores(type.millicores() * outsidePercent / 100)
                .setMemoryTotalMib(type.memoryMib())
                .setMemoryUsedOutsideMib(type.memoryMib() * outsidePercent / 100)
                .setStorageTotalGib(type.storageGib())
                .setStorageUsedOutsideGib((long) type.storageGib() * outsidePercent / 100)
                .setStorageTotalMibPerSecond(type.storageMibPerSecond())
                .setStorageUsedOutsideMibPerSecond((long) type.storageMibPerSecond() * outsidePercent / 100)
                .setDevices(devices())
                .setPowerWatts(powerWatts())
                .build());
    }

    private List<DeviceReport> devices() {
        List<DeviceReport> devices = new ArrayList<>(type.devices());
        for (int i = 0; i < type.devices(); i++) {
            // Outside tenants have the last devices of a server: what the market grants grows from the first.
            boolean outside = i >= type.devices() - devicesUsedOutside;
            int busyPermille = health[i] == DeviceHealth.FAILED ? 0 : permille(utilisation + 0.1 * random.nextDouble());
            devices.add(DeviceReport.newBuilder()
                    .setHealth(health[i])
                    .setUsedOutsideMilli(outside ? 1000 : 0)
                    .setBusyPermille(busyPermille)
                    .setTemperatureCelsius(35 + busyPermille * 40 / 1000)
                    .build());
        }
        return devices;
    }

    private void live(long nowMillis) {
        utilisation = Math.clamp(utilisation + 0.04 * (random.nextDouble() - 0.5), 0.05, 0.95);
        if (happens(OUTSIDE_CHANGE_HOURS)) {
            changeOutsideUse();
        }
        if (happens(SILENCE_HOURS)) {
            silentUntilMillis = nowMillis + MINUTE_MILLIS + random.nextLong(2 * MINUTE_MILLIS);
        }
        if (happens(DRAIN_HOURS)) {
            drainedUntilMillis = nowMillis + 5 * MINUTE_MILLIS;
        }
        for (int i = 0; i < health.length; i++) {
            if (health[i] != DeviceHealth.HEALTHY && nowMillis >= repairedAtMillis[i]) {
                health[i] = DeviceHealth.HEALTHY;
            } else if (health[i] == DeviceHealth.HEALTHY && happens(DEVICE_FAILURE_HOURS)) {
                health[i] = random.nextBoolean() ? DeviceHealth.FAILED : DeviceHealth.DEGRADED;
                repairedAtMillis[i] = nowMillis + 3 * MINUTE_MILLIS + random.nextLong(7 * MINUTE_MILLIS);
            }
        }
    }

    private void changeOutsideUse() {
        outsidePercent = 2 + random.nextInt(7);
        double chance = random.nextDouble();
        devicesUsedOutside = type.devices() < 2 || chance < 0.8 ? 0 : chance < 0.95 ? 1 : 2;
    }

    private boolean happens(double meanHours) {
        return random.nextDouble() < 1 / (meanHours * REPORTS_PER_HOUR);
    }

    private static int permille(double share) {
        return Math.clamp(Math.round(share * 1000), 0, 1000);
    }

    /** String.hashCode is specified, and spreads short names too little. */
    private static long stableHash(String text) {
        long hash = 1125899906842597L;
        for (int i = 0; i < text.length(); i++) {
            hash = 31 * hash + text.charAt(i);
        }
        return hash;
    }
}
