package io.millrace.bench.replay;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What was allocated at once, in the order of the market: decisions on different requests are read from different
 * partitions, and a grant may be seen before the release that made room for it. Not thread-safe.
 */
final class Occupancy {
    /** What a decision took, or gave back. */
    private record Change(long sequence, long milliDevices, long cpuMillicores) {}

    /**
     * The most that was allocated at once, of each.
     *
     * @param milliDevices thousandths of devices
     * @param cpuMillicores thousandths of a core
     */
    record Peak(long milliDevices, long cpuMillicores) {}

    private final List<Change> changes = new ArrayList<>();

    /** At this place in the order of the market so much was taken; negative is given back. */
    void change(long sequence, long milliDevices, long cpuMillicores) {
        changes.add(new Change(sequence, milliDevices, cpuMillicores));
    }

    Peak peak() {
        changes.sort(Comparator.comparingLong(Change::sequence));
        long milli = 0;
        long cpu = 0;
        long mostMilli = 0;
        long mostCpu = 0;
        for (Change change : changes) {
            milli += change.milliDevices;
            cpu += change.cpuMillicores;
            mostMilli = Math.max(mostMilli, milli);
            mostCpu = Math.max(mostCpu, cpu);
        }
        return new Peak(mostMilli, mostCpu);
    }
}
