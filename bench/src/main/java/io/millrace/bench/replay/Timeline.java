package io.millrace.bench.replay;

import io.millrace.bench.trace.TraceJob;
import java.util.List;

/**
 * When things that happened in the trace are to happen in the replay. Immutable.
 *
 * <p>Arrivals alone are sent evenly. Where jobs also leave, the clock of the trace runs faster by one constant factor, so
 * that the rhythm of the trace is kept and the mean rate of arrivals is the one asked. Without a rate there are no times:
 * everything is sent at once, in the order of the trace's clock.
 */
final class Timeline {
    private static final double NANOS_PER_SECOND = 1e9;
    /** For traces in which everything happens in one second. */
    private static final long SHORTEST_SPAN_SECONDS = 1;

    private final List<TraceJob> jobs;
    private final double perSecond;
    private final boolean even;
    private final long firstSeconds;
    private final double nanosPerTraceSecond;

    private Timeline(List<TraceJob> jobs, double perSecond, boolean even) {
        this.jobs = List.copyOf(jobs);
        this.perSecond = perSecond;
        this.even = even;
        this.firstSeconds = jobs.isEmpty() ? 0 : jobs.getFirst().arrivesAtSeconds();
        long span = jobs.isEmpty() ? 0 : jobs.getLast().arrivesAtSeconds() - firstSeconds;
        this.nanosPerTraceSecond = jobs.size() / perSecond / Math.max(SHORTEST_SPAN_SECONDS, span) * NANOS_PER_SECOND;
    }

    /** One arrival after the other at this rate. */
    static Timeline evenly(List<TraceJob> jobs, double perSecond) {
        return new Timeline(jobs, perSecond, true);
    }

    /** The trace's own rhythm, compressed to this mean rate. Jobs are in the order of their arrival. */
    static Timeline compressed(List<TraceJob> jobs, double perSecond) {
        return new Timeline(jobs, perSecond, false);
    }

    /** No times: as fast as it goes. */
    static Timeline asFastAsItGoes(List<TraceJob> jobs) {
        return new Timeline(jobs, Double.POSITIVE_INFINITY, false);
    }

    /** True if things have a time in the replay. */
    boolean isTimed() {
        return perSecond != Double.POSITIVE_INFINITY;
    }

    /** When the k-th job arrives, nanoseconds from the start of the replay. */
    long arrivalNanos(int k) {
        if (!isTimed()) {
            return 0;
        }
        return even
                ? (long) (k / perSecond * NANOS_PER_SECOND)
                : nanos((double) jobs.get(k).arrivesAtSeconds());
    }

    /** When this second of the trace is reached, nanoseconds from the start of the replay. */
    long nanos(double traceSeconds) {
        return isTimed() ? (long) ((traceSeconds - firstSeconds) * nanosPerTraceSecond) : 0;
    }

    /** The second of the trace that is reached so long after the start of the replay. */
    double traceSeconds(long nanos) {
        return firstSeconds + nanos / nanosPerTraceSecond;
    }

    /** Seconds of the trace that pass in one of the replay; 0 where there is no such factor. */
    double factor() {
        return isTimed() && !even ? NANOS_PER_SECOND / nanosPerTraceSecond : 0;
    }
}
