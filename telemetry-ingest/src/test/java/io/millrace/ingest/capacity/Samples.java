package io.millrace.ingest.capacity;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A centre, a pool of it and a report that passes every check, to be spoilt one thing at a time. */
final class Samples {
    static final long NOW = 1_800_000_000_000L;
    static final TimeWindow WINDOW = new TimeWindow(30_000, 600_000);

    private Samples() {}

    static Pool pool(String centreId, String poolId, String hubId, int devices) {
        return new Pool(
                centreId,
                poolId,
                hubId,
                devices == 0 ? Kind.GENERAL : Kind.INTELLIGENT,
                devices == 0 ? "" : "910B",
                devices,
                12_000_000,
                200_000,
                devices == 0 ? Map.of() : Map.of(Precision.BF16, 400_001L));
    }

    static Centre centre(String centreId, String hubId, Admission admission) {
        return new Centre(
                centreId,
                hubId,
                admission,
                Map.of("ai", pool(centreId, "ai", hubId, 2), "cpu", pool(centreId, "cpu", hubId, 0)));
    }

    static Centre centre() {
        return centre("c1", "guizhou", Admission.ADMITTED);
    }

    static Device device(boolean healthy, int usedOutside) {
        return new Device(healthy, usedOutside, 500, 60);
    }

    static Draft report() {
        return new Draft();
    }

    /** A report in the making: in order until something is changed. */
    static final class Draft {
        String nodeId = "c1/n1";
        String centreId = "c1";
        String poolId = "ai";
        long observedAtMillis = NOW;
        long sequence = 7;
        int intervalSeconds = 10;
        boolean draining;
        long cpuTotal = 64_000;
        long cpuUsed = 4_000;
        long memoryTotal = 512_000;
        long memoryUsed = 12_000;
        Storage storageTotal = Storage.NONE;
        Storage storageUsed = Storage.NONE;
        List<Device> devices = new ArrayList<>(List.of(device(true, 0), device(true, 250)));

        @Nullable Long powerWatts = 3_000L;

        Draft node(String centre, String name) {
            centreId = centre;
            nodeId = centre + "/" + name;
            return this;
        }

        Draft pool(String pool) {
            poolId = pool;
            return this;
        }

        Draft devices(Device... all) {
            devices = List.of(all);
            return this;
        }

        Draft sequence(long value) {
            sequence = value;
            return this;
        }

        Draft observedAt(long millis) {
            observedAtMillis = millis;
            return this;
        }

        Draft interval(int seconds) {
            intervalSeconds = seconds;
            return this;
        }

        Draft draining() {
            draining = true;
            return this;
        }

        Draft cpu(long total, long used) {
            cpuTotal = total;
            cpuUsed = used;
            return this;
        }

        Draft memory(long total, long used) {
            memoryTotal = total;
            memoryUsed = used;
            return this;
        }

        Draft storage(Storage total, Storage used) {
            storageTotal = total;
            storageUsed = used;
            return this;
        }

        Draft power(@Nullable Long watts) {
            powerWatts = watts;
            return this;
        }

        Report make() {
            return new Report(
                    nodeId,
                    centreId,
                    poolId,
                    observedAtMillis,
                    sequence,
                    intervalSeconds,
                    draining,
                    cpuTotal,
                    cpuUsed,
                    memoryTotal,
                    memoryUsed,
                    devices,
                    powerWatts,
                    storageTotal,
                    storageUsed);
        }
    }
}
