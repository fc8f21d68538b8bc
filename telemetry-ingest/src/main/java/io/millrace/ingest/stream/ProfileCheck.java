package io.millrace.ingest.stream;

import io.millrace.ingest.capacity.Ids;
import io.millrace.ingest.capacity.ReportCheck;
import io.millrace.schemas.CentreProfile;
import io.millrace.schemas.Kind;
import io.millrace.schemas.Pool;
import io.millrace.schemas.Precision;
import io.millrace.schemas.PrecisionPeak;
import io.millrace.schemas.QuantumTraits;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Says what is wrong with a profile of a centre: all of it, not just the first. What a release younger than this one may
 * have written (a kind, a precision, an admission status unknown here) is no mistake. Stateless and immutable.
 */
public final class ProfileCheck {
    /** Most pools of one centre. */
    public static final int MAX_POOLS = 1_000;

    /** Longest text, in characters: names for people, models, interconnects. */
    public static final int MAX_TEXT = 200;

    /** Fastest device: 10^18 operations per second. */
    public static final long MAX_PEAK_GIGA_OPS = 1_000_000_000L;

    /** Highest ask: a million CNY an hour. */
    public static final long MAX_PRICE_MICRO_CNY = 1_000_000_000_000L;
    /** Highest ask for a GiB of storage and hour: markets take no offer above it. */
    public static final long MAX_PRICE_MICRO_CNY_PER_GIB = 1_000_000L;

    /** The end of the year 9999. */
    private static final long MAX_TIME_MILLIS = 253_402_300_799_999L;

    private static final int MAX_DEVICE_MEMORY_GIB = 1 << 20;
    private static final int MAX_QUBITS = 100_000_000;
    private static final int PPM = 1_000_000;
    private static final long MAX_SHOTS_PER_HOUR = 1_000_000_000_000L;

    private final Set<String> markets;

    /** @param markets the hubs that there are */
    public ProfileCheck(Set<String> markets) {
        this.markets = Set.copyOf(markets);
    }

    /** Everything that is wrong: a path into the profile, what it is, what is allowed; empty if nothing is. */
    public List<String> problems(CentreProfile profile) {
        Findings found = new Findings();
        found.id("centreId", profile.getCentreId());
        found.text("name", profile.getName());
        found.when(
                !markets.contains(profile.getHubId()),
                "hubId is " + Ids.shown(profile.getHubId()) + "; the hubs are "
                        + String.join(", ", markets.stream().sorted().toList()));
        // One from after all times, say in microseconds, could never be followed by another.
        found.range("updatedAtMillis", profile.getUpdatedAtMillis(), 0, MAX_TIME_MILLIS);
        List<Pool> pools = profile.getPools();
        found.range("number of pools", pools.size(), 0, MAX_POOLS);
        Set<String> ids = new HashSet<>();
        for (int index = 0; index < pools.size() && index < MAX_POOLS; index++) {
            Pool pool = pools.get(index);
            String at = "pools[" + index + "].";
            found.when(
                    !ids.add(pool.getPoolId()),
                    at + "poolId is " + Ids.shown(pool.getPoolId()) + ", as that of a pool before it");
            pool(found, at, pool);
        }
        return found.all;
    }

    private static void pool(Findings found, String at, Pool pool) {
        found.id(at + "poolId", pool.getPoolId());
        found.text(at + "model", pool.getModel());
        found.text(at + "interconnect", pool.getInterconnect());
        found.range(at + "devicesPerNode", pool.getDevicesPerNode(), 0, ReportCheck.MAX_DEVICES);
        found.when(
                pool.getDevicesPerNode() > 0 && pool.getModel().isEmpty(),
                at + "model is empty; its nodes have devices");
        found.when(
                pool.getDevicesPerNode() == 0 && !pool.getModel().isEmpty(),
                at + "model is " + Ids.shown(pool.getModel()) + "; it must be empty, as its nodes have no devices");
        found.range(at + "deviceMemoryGib", pool.getDeviceMemoryGib(), 0, MAX_DEVICE_MEMORY_GIB);
        found.range(at + "priceMicroCnyPerDeviceHour", pool.getPriceMicroCnyPerDeviceHour(), 0, MAX_PRICE_MICRO_CNY);
        found.range(at + "priceMicroCnyPerCoreHour", pool.getPriceMicroCnyPerCoreHour(), 0, MAX_PRICE_MICRO_CNY);
        found.range(at + "priceMicroCnyPerGibHour", pool.getPriceMicroCnyPerGibHour(), 0, MAX_PRICE_MICRO_CNY_PER_GIB);
        peaks(found, at, pool.getPeaks());
        QuantumTraits quantum = pool.getQuantum();
        if (quantum != null) {
            found.when(
                    pool.getKind() != Kind.QUANTUM && pool.getKind() != Kind.UNKNOWN,
                    at + "quantum is given for a pool of kind " + pool.getKind());
            found.range(at + "quantum.qubits", quantum.getQubits(), 1, MAX_QUBITS);
            found.range(at + "quantum.twoQubitFidelityPpm", quantum.getTwoQubitFidelityPpm(), 0, PPM);
            found.range(at + "quantum.shotsPerHour", quantum.getShotsPerHour(), 0, MAX_SHOTS_PER_HOUR);
        }
    }

    private static void peaks(Findings found, String at, List<PrecisionPeak> peaks) {
        Set<Precision> seen = EnumSet.noneOf(Precision.class);
        for (int index = 0; index < peaks.size(); index++) {
            PrecisionPeak peak = peaks.get(index);
            String here = at + "peaks[" + index + "].";
            found.range(here + "peakGigaOpsPerSecond", peak.getPeakGigaOpsPerSecond(), 1, MAX_PEAK_GIGA_OPS);
            found.when(
                    peak.getPrecision() != Precision.UNKNOWN && !seen.add(peak.getPrecision()),
                    here + "precision is " + peak.getPrecision() + ", as that of a peak before it");
        }
    }

    private static final class Findings {
        private final List<String> all = new ArrayList<>();

        private void when(boolean wrong, String what) {
            if (wrong) {
                all.add(what);
            }
        }

        private void id(String path, String id) {
            when(!Ids.valid(id), path + " is " + Ids.shown(id) + "; it must be " + Ids.RULE);
        }

        private void text(String path, String text) {
            when(
                    text.length() > MAX_TEXT || text.chars().anyMatch(Character::isISOControl),
                    path + " is " + Ids.shown(text) + "; it must be at most " + MAX_TEXT
                            + " characters without control characters");
        }

        private void range(String path, long value, long low, long high) {
            when(value < low || value > high, path + " is " + value + "; allowed is " + low + " to " + high);
        }
    }
}
