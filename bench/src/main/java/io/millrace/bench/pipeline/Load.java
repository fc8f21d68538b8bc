package io.millrace.bench.pipeline;

import io.millrace.bench.load.Latencies;
import io.millrace.bench.load.OpenLoop;
import io.millrace.bench.load.Percentiles;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Drives a stage. Stateless. */
final class Load {
    private static final Duration DRAIN_LIMIT = Duration.ofMinutes(2);
    private static final Duration WARM_UP_WINDOW = Duration.ofSeconds(4);
    private static final int MAX_WARM_UP_WINDOWS = 16;
    /** So few, as a part of the most, that the compiler gets a core while the stage warms up. */
    private static final int WARM_UP_PART = 8;
    /** Share of the time above which the compilers count as still busy with what the stage runs. */
    private static final double COMPILING = 0.15;

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
     * Saturates a stage until the compiler has little left to do: two cores need minutes to compile a broker, Kafka Streams
     * and a service, in which the compiler has one of them, and a fixed time would measure it on a slow machine.
     */
    static void warmUp(Stage stage) {
        warmUp(stage, stage.mostOutstanding() / WARM_UP_PART, MAX_WARM_UP_WINDOWS);
        warmUp(stage, stage.mostOutstanding(), MAX_WARM_UP_WINDOWS / 2);
        drain(stage);
    }

    private static void warmUp(Stage stage, int outstanding, int windows) {
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        for (int window = 0; window < windows; window++) {
            long compiledBefore = compiler.getTotalCompilationTime();
            fill(stage, outstanding, System.nanoTime() + WARM_UP_WINDOW.toNanos());
            if (compiler.getTotalCompilationTime() - compiledBefore < COMPILING * WARM_UP_WINDOW.toMillis()) {
                return;
            }
        }
    }

    /**
     * Sends as fast as the stage answers.
     *
     * @param warmUp not measured
     * @param measured measured
     */
    static Throughput saturate(Stage stage, Duration warmUp, Duration measured) {
        fill(stage, stage.mostOutstanding(), System.nanoTime() + warmUp.toNanos());
        long answeredBefore = stage.pending().answered();
        long cpuBefore = cpuNanos();
        long begin = System.nanoTime();
        fill(stage, stage.mostOutstanding(), begin + measured.toNanos());
        long nanos = System.nanoTime() - begin;
        long answered = stage.pending().answered() - answeredBefore;
        double cpuSeconds = (cpuNanos() - cpuBefore) / (double) TimeUnit.SECONDS.toNanos(1);
        drain(stage);
        return new Throughput(
                answered * (double) TimeUnit.SECONDS.toNanos(1) / nanos,
                answered == 0 ? 0 : cpuSeconds * 1_000_000 / answered);
    }

    private static void fill(Stage stage, int outstanding, long untilNanos) {
        for (long now = System.nanoTime(); now < untilNanos; now = System.nanoTime()) {
            if (stage.pending().outstanding() < outstanding) {
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
     * @throws IllegalStateException if that takes longer than two minutes: something was lost
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
