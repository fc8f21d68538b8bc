package io.millrace.bench.pipeline;

import io.millrace.bench.load.Latencies;
import io.millrace.bench.load.OpenLoop;
import io.millrace.bench.load.Percentiles;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Drives a stage. Stateless. */
final class Load {
    /** Enough for two seconds of the pipeline and for the bare engine's batches; the same for all, to be fair. */
    private static final int MAX_OUTSTANDING = 20_000;

    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(60);
    private static final long FULL_PARK_NANOS = 100_000;
    private static final long LOOK_NANOS = 1_000_000;

    private Load() {}

    /**
     * What a stage did at saturation.
     *
     * @param perSecond answers committed and read, a second
     * @param cpuSecondsPerMillion CPU time of the whole process for a million of them: the broker, the services, the load
     *     generator and the reader
     */
    record Throughput(double perSecond, double cpuSecondsPerMillion) {}

    /**
     * Sends as fast as the stage answers.
     *
     * @param warmUp not measured
     * @param measured measured
     */
    static Throughput saturate(Stage stage, Duration warmUp, Duration measured) {
        fill(stage, System.nanoTime() + warmUp.toNanos());
        long answeredBefore = stage.pending().answered();
        long cpuBefore = cpuNanos();
        long begin = System.nanoTime();
        fill(stage, begin + measured.toNanos());
        long nanos = System.nanoTime() - begin;
        long answered = stage.pending().answered() - answeredBefore;
        double cpuSeconds = (cpuNanos() - cpuBefore) / (double) TimeUnit.SECONDS.toNanos(1);
        drain(stage);
        return new Throughput(
                answered * (double) TimeUnit.SECONDS.toNanos(1) / nanos,
                answered == 0 ? 0 : cpuSeconds * 1_000_000 / answered);
    }

    private static void fill(Stage stage, long untilNanos) {
        for (long now = System.nanoTime(); now < untilNanos; now = System.nanoTime()) {
            if (stage.pending().outstanding() < MAX_OUTSTANDING) {
                stage.sendNext(now);
            } else {
                stage.requireAlive();
                LockSupport.parkNanos(FULL_PARK_NANOS);
            }
        }
    }

    /**
     * Sends at a rate, whatever the stage does.
     *
     * @return latencies of those that were due after the warm-up
     */
    static Percentiles atRate(Stage stage, int perSecond, Duration warmUp, Duration measured) {
        OpenLoop loop = new OpenLoop(System.nanoTime(), perSecond);
        long unmeasured = records(perSecond, warmUp);
        long total = unmeasured + records(perSecond, measured);
        Latencies latencies = new Latencies();
        for (long k = 0; k < total; k++) {
            if (k == unmeasured) {
                stage.measure(latencies);
            }
            OpenLoop.awaitDue(loop.dueNanos(k));
            stage.sendNext(loop.dueNanos(k));
        }
        drain(stage);
        stage.measure(null);
        return latencies.percentiles();
    }

    private static long records(int perSecond, Duration length) {
        return Math.max(1, perSecond * length.toMillis() / 1000);
    }

    /**
     * Waits until everything is answered.
     *
     * @throws IllegalStateException if that takes longer than a minute: something was lost
     */
    static void drain(Stage stage) {
        long end = System.nanoTime() + DRAIN_LIMIT.toNanos();
        while (!stage.isIdle()) {
            stage.requireAlive();
            if (System.nanoTime() > end) {
                throw new IllegalStateException(stage.name() + ": "
                        + stage.pending().outstanding() + " of "
                        + stage.pending().sent() + " records were not answered within " + DRAIN_LIMIT.toSeconds()
                        + " s");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static long cpuNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean os
                ? os.getProcessCpuTime()
                : 0;
    }
}
