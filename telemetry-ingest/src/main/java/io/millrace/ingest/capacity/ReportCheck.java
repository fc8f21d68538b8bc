package io.millrace.ingest.capacity;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a node's report is taken: ids, the centre and pool behind them, ranges, time, sequence. Checks run in
 * the order of {@link Refusal}, so a report that is wrong in several ways is always refused for the same reason.
 *
 * <p>Stateless and immutable; any thread. A report that passes makes no garbage here but one small object.
 */
public final class ReportCheck {
    /** Most devices of one node. */
    public static final int MAX_DEVICES = 1_024;

    /** Most CPU of one node: 100,000 cores. */
    public static final long MAX_CPU_MILLICORES = 100_000_000L;

    /** Most memory of one node: 1 PiB. */
    public static final long MAX_MEMORY_MIB = 1L << 30;

    /** Most storage of one node: 1 EiB. */
    public static final long MAX_STORAGE_GIB = 1L << 30;

    /** Most storage bandwidth of one node: 1 PiB/s. */
    public static final long MAX_STORAGE_MIB_PER_SECOND = 1L << 30;

    /** Most power of one node: 10 MW. */
    public static final long MAX_POWER_WATTS = 10_000_000L;

    /** Longest promise until the next report: an hour. */
    public static final int MAX_INTERVAL_SECONDS = 3_600;

    /** Highest sequence: the nanoseconds of the clock until the year 2096 fit. */
    public static final long MAX_SEQUENCE = 4_000_000_000_000_000_000L;

    private static final int PERMILLE = 1_000;
    private static final int MIN_CELSIUS = -273;
    private static final int MAX_CELSIUS = 1_000;

    private final TimeWindow window;

    public ReportCheck(TimeWindow window) {
        this.window = window;
    }

    /**
     * All checks but that of the sequence.
     *
     * @param key key of the record, or null if it has none
     * @param report the report
     * @param centre the profile on record for the centre that the report names, or null
     * @param nowMillis the clock here
     * @return why it is refused, or null if it is not
     */
    public @Nullable Rejection check(@Nullable String key, Report report, @Nullable Centre centre, long nowMillis) {
        Rejection identity = identity(key, report, centre);
        if (identity != null) {
            return identity;
        }
        Rejection numbers = numbers(report, centre);
        return numbers != null ? numbers : window.check(report.observedAtMillis(), nowMillis);
    }

    /** The last check: null, or a refusal if the sequence is not higher than the last one taken from this node. */
    public static @Nullable Rejection sequence(long sequence, long lastSequence) {
        if (sequence > lastSequence) {
            return null;
        }
        return sequence == lastSequence
                ? new Rejection(Refusal.DUPLICATE_SEQUENCE, "sequence " + sequence + " was taken before")
                : new Rejection(
                        Refusal.STALE_SEQUENCE,
                        "sequence " + sequence + " is lower than " + lastSequence + ", which was taken before");
    }

    private static @Nullable Rejection identity(@Nullable String key, Report report, @Nullable Centre centre) {
        if (!report.nodeId().equals(key)) {
            return new Rejection(
                    Refusal.KEY_MISMATCH,
                    (key == null ? "the record has no key" : "the key " + Ids.shown(key) + " is not the nodeId")
                            + "; it must be " + Ids.shown(report.nodeId()));
        }
        String invalid = invalidId(report);
        if (invalid != null) {
            return new Rejection(Refusal.INVALID_ID, invalid);
        }
        if (centre == null) {
            return new Rejection(Refusal.UNKNOWN_CENTRE, "no profile of centre " + report.centreId() + " is on record");
        }
        if (!centre.admission().sells()) {
            return new Rejection(
                    Refusal.CENTRE_NOT_ADMITTED,
                    "centre " + centre.centreId() + " is " + centre.admission() + "; it must be ADMITTED or PROBATION");
        }
        if (centre.pool(report.poolId()) == null) {
            return new Rejection(
                    Refusal.UNKNOWN_POOL, "centre " + centre.centreId() + " has no pool " + report.poolId());
        }
        if (!Ids.isOf(report.nodeId(), report.centreId())) {
            return new Rejection(
                    Refusal.IDENTITY_MISMATCH,
                    "node " + report.nodeId() + " is not of centre " + report.centreId() + " that the report names");
        }
        return null;
    }

    private static @Nullable String invalidId(Report report) {
        if (!Ids.validNode(report.nodeId())) {
            return "nodeId is " + Ids.shown(report.nodeId()) + "; it must be centreId/name, each " + Ids.RULE;
        }
        if (!Ids.valid(report.centreId())) {
            return "centreId is " + Ids.shown(report.centreId()) + "; it must be " + Ids.RULE;
        }
        if (!Ids.valid(report.poolId())) {
            return "poolId is " + Ids.shown(report.poolId()) + "; it must be " + Ids.RULE;
        }
        return null;
    }

    private static @Nullable Rejection numbers(Report report, @Nullable Centre centre) {
        Ranges ranges = new Ranges()
                .within("sequence", report.sequence(), 0, MAX_SEQUENCE)
                .within("intervalSeconds", report.intervalSeconds(), 1, MAX_INTERVAL_SECONDS)
                .within("cpuTotalMillicores", report.cpuTotalMillicores(), 0, MAX_CPU_MILLICORES)
                .part(
                        "cpuUsedOutsideMillicores",
                        report.cpuUsedOutsideMillicores(),
                        "cpuTotalMillicores",
                        report.cpuTotalMillicores())
                .within("memoryTotalMib", report.memoryTotalMib(), 0, MAX_MEMORY_MIB)
                .part("memoryUsedOutsideMib", report.memoryUsedOutsideMib(), "memoryTotalMib", report.memoryTotalMib())
                .within("powerWatts", report.powerWatts(), 0, MAX_POWER_WATTS)
                .within("number of devices", report.devices().size(), 0, MAX_DEVICES);
        storage(ranges, report.storageTotal(), report.storageUsedOutside());
        devices(ranges, report.devices());
        Pool pool = centre == null ? null : centre.pool(report.poolId());
        if (pool != null && pool.devicesPerNode() != report.devices().size()) {
            ranges.fail("the report has " + report.devices().size() + " devices; a node of pool " + pool.scopeId()
                    + " has " + pool.devicesPerNode() + " (one that failed is reported as FAILED at its index)");
        }
        return ranges.rejection();
    }

    private static void storage(Ranges ranges, Storage total, Storage used) {
        ranges.within("storageTotalGib", total.gib(), 0, MAX_STORAGE_GIB)
                .part("storageUsedOutsideGib", used.gib(), "storageTotalGib", total.gib())
                .within("storageTotalMibPerSecond", total.mibPerSecond(), 0, MAX_STORAGE_MIB_PER_SECOND)
                .part(
                        "storageUsedOutsideMibPerSecond",
                        used.mibPerSecond(),
                        "storageTotalMibPerSecond",
                        total.mibPerSecond());
    }

    private static void devices(Ranges ranges, List<Device> devices) {
        for (int index = 0; index < devices.size() && ranges.ok(); index++) {
            Device device = devices.get(index);
            if (!inOrder(device)) {
                String at = "devices[" + index + "].";
                ranges.within(at + "usedOutsideMilli", device.usedOutsideMilli(), 0, Device.WHOLE_MILLI)
                        .within(at + "busyPermille", device.busyPermille(), 0, PERMILLE)
                        .within(at + "temperatureCelsius", device.temperatureCelsius(), MIN_CELSIUS, MAX_CELSIUS);
            }
        }
    }

    /** The same question as {@link #devices} asks, without the names: nearly every device is in order. */
    private static boolean inOrder(Device device) {
        return within(device.usedOutsideMilli(), 0, Device.WHOLE_MILLI)
                && (device.busyPermille() == null || within(device.busyPermille(), 0, PERMILLE))
                && (device.temperatureCelsius() == null
                        || within(device.temperatureCelsius(), MIN_CELSIUS, MAX_CELSIUS));
    }

    private static boolean within(int value, int low, int high) {
        return value >= low && value <= high;
    }
}
