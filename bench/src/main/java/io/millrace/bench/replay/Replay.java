package io.millrace.bench.replay;

import io.millrace.bench.load.RunIds;
import io.millrace.bench.trace.TraceJob;
import io.millrace.schemas.ComputeRequest;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Sends the jobs of a trace, and lets them leave, in the order of the trace's clock.
 *
 * <p>A job that was served at once leaves at the time at which it left in the trace. Its release is sent then even if the
 * answer to its request has not been read yet, since the request lies before it in the log. A job that had to wait leaves a
 * lifetime after it started.
 *
 * <p>Without a rate the clock of the trace stands at what was sent last, and at most {@link #MAX_UNANSWERED} requests are
 * on their way.
 *
 * <p>One thread runs it; {@link #starts} may be called by any.
 */
final class Replay {
    /** Enough to keep the pipeline busy, and few enough for the order of the trace to mean something. */
    static final int MAX_UNANSWERED = 2000;

    private static final Duration STALL = Duration.ofSeconds(60);
    private static final long LOOK_NANOS = 1_000_000;

    private final List<TraceJob> jobs;
    private final boolean departures;
    private final Timeline timeline;
    private final RunIds ids;
    private final JobRequests requests;
    private final ReplayBook book;
    private final Consumer<ComputeRequest> sink;
    private final Runnable onLook;

    private final PriorityQueue<Departure> planned =
            new PriorityQueue<>(Comparator.comparingDouble(Departure::atTraceSeconds));
    private final Queue<Integer> started = new ConcurrentLinkedQueue<>();
    private long startNanos;
    private double traceClockSeconds;
    private boolean stalled;

    private record Departure(double atTraceSeconds, int job) {}

    /**
     * A replay.
     *
     * @param jobs in the order of their arrival
     * @param departures whether jobs leave
     * @param timeline when
     * @param ids ids of the requests: the index is that of the job
     * @param requests what is said
     * @param book where it is noted
     * @param sink where requests go
     * @param onLook called every few milliseconds, for progress
     */
    Replay(
            List<TraceJob> jobs,
            boolean departures,
            Timeline timeline,
            RunIds ids,
            JobRequests requests,
            ReplayBook book,
            Consumer<ComputeRequest> sink,
            Runnable onLook) {
        this.jobs = jobs;
        this.departures = departures;
        this.timeline = timeline;
        this.ids = ids;
        this.requests = requests;
        this.book = book;
        this.sink = sink;
        this.onLook = onLook;
    }

    /** Called when a job starts that had to wait: it will leave a lifetime from now. */
    void starts(int job) {
        started.add(job);
    }

    /**
     * Sends everything and waits until all is answered and every job has left that could. Gives up when nothing is answered
     * for a minute; the book then shows what is missing.
     *
     * @return what it looked like when the last arrival was answered, before the remaining jobs left
     */
    Tally run() {
        startNanos = System.nanoTime();
        for (int k = 0; k < jobs.size() && !stalled; k++) {
            arrive(k);
        }
        while (book.unanswered() > 0 && !stalled) {
            depart(traceNow());
            look(LOOK_NANOS);
        }
        Tally afterArrivals = book.tally();
        while (departures && !allGone() && !stalled) {
            depart(timeline.isTimed() ? traceNow() : Double.POSITIVE_INFINITY);
            look(LOOK_NANOS);
        }
        return afterArrivals;
    }

    /** nanoTime at which the first arrival was due. */
    long startNanos() {
        return startNanos;
    }

    private void arrive(int k) {
        TraceJob job = jobs.get(k);
        if (timeline.isTimed()) {
            long due = startNanos + timeline.arrivalNanos(k);
            depart(Math.min(traceNow(), (double) job.arrivesAtSeconds()));
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                look(Math.min(LOOK_NANOS, left));
                depart(Math.min(traceNow(), (double) job.arrivesAtSeconds()));
            }
            book.submitted(k, due);
        } else {
            traceClockSeconds = (double) job.arrivesAtSeconds();
            depart(traceClockSeconds);
            while (book.unanswered() >= MAX_UNANSWERED && !stalled) {
                look(LOOK_NANOS);
            }
            book.submitted(k, System.nanoTime());
        }
        sink.accept(requests.submit(ids.id(k), job, System.currentTimeMillis()));
        if (departures && job.lifetimeSeconds() != TraceJob.UNKNOWN) {
            planned.add(new Departure((double) job.arrivesAtSeconds() + job.lifetimeSeconds(), k));
        }
    }

    /** Releases those whose time is over at this second of the trace. */
    private void depart(double untilTraceSeconds) {
        if (!departures) {
            return;
        }
        double now = traceNow();
        for (Integer job = started.poll(); job != null; job = started.poll()) {
            planned.add(new Departure(now + jobs.get(job).lifetimeSeconds(), job));
        }
        while (!planned.isEmpty() && planned.peek().atTraceSeconds() <= untilTraceSeconds) {
            Departure next = planned.remove();
            traceClockSeconds = Math.max(traceClockSeconds, next.atTraceSeconds());
            if (book.leaves(next.job())) {
                sink.accept(requests.release(ids.id(next.job()), System.currentTimeMillis()));
            }
        }
    }

    private double traceNow() {
        return timeline.isTimed() ? timeline.traceSeconds(System.nanoTime() - startNanos) : traceClockSeconds;
    }

    private boolean allGone() {
        Tally tally = book.tally();
        return planned.isEmpty() && started.isEmpty() && tally.waiting() == 0 && tally.releasesUnanswered() == 0;
    }

    private void look(long nanos) {
        onLook.run();
        stalled = stalled || hasStalled();
        LockSupport.parkNanos(nanos);
    }

    /** True if something should have been answered and for long nothing was. */
    private boolean hasStalled() {
        Tally tally = book.tally();
        boolean expected =
                tally.unanswered() > 0 || tally.releasesUnanswered() > 0 || (tally.waiting() > 0 && planned.isEmpty());
        long silentSince = Math.max(tally.lastDecisionNanos(), tally.lastSentNanos());
        return expected && System.nanoTime() - silentSince > STALL.toNanos();
    }
}
