package io.millrace.bench.trace;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** In which order the jobs of a trace are sent. Stateless; the same seed gives the same order everywhere. */
public final class ArrivalOrder {
    private ArrivalOrder() {}

    /** By arrival time; jobs of the same time, and those without one, stay in the order of the file. */
    public static List<TraceJob> asRecorded(List<TraceJob> jobs) {
        List<TraceJob> ordered = new ArrayList<>(jobs);
        ordered.sort(Comparator.comparingLong(TraceJob::arrivesAtSeconds));
        return ordered;
    }

    /**
     * Shuffled. The k-th job takes the k-th arrival time of the trace and keeps its own lifetime, so that only the order
     * of what is asked changes and not the rhythm.
     */
    public static List<TraceJob> shuffled(List<TraceJob> jobs, long seed) {
        List<TraceJob> recorded = asRecorded(jobs);
        List<TraceJob> drawn = new ArrayList<>(recorded);
        Collections.shuffle(drawn, new Random(seed));
        List<TraceJob> ordered = new ArrayList<>(drawn.size());
        for (int i = 0; i < drawn.size(); i++) {
            TraceJob job = drawn.get(i);
            ordered.add(new TraceJob(
                    job.name(),
                    job.models(),
                    job.replicas(),
                    job.devices(),
                    job.milliPerDevice(),
                    job.cpuMillicores(),
                    job.memoryMib(),
                    recorded.get(i).arrivesAtSeconds(),
                    job.lifetimeSeconds()));
        }
        return ordered;
    }
}
