package io.millrace.bench.micro;

import io.millrace.bench.core.CoreLoad;
import io.millrace.broker.BrokerConfig;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Decisions a second on one core: decide and apply, at 90 % load of the openb cluster, with the default policy. An
 * operation is one arrival with the departures that make room for it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 3, jvmArgsAppend = "-Xmx4g")
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 2)
public class MarketBenchmark {
    private static final int BATCH = 100;
    private static final double LOAD = 0.9;

    /** How many copies of the cluster's 1,213 nodes. */
    @Param("1")
    public int copies;

    private CoreLoad load;

    /** Fills the market and lets it run until what is allocated is no longer what came first. */
    @Setup(Level.Trial)
    public void fill() {
        load = new CoreLoad(new BrokerConfig(Map.of()).placementPolicy(), copies);
        load.fillTo(LOAD);
        for (long i = 0, count = 2 * load.allocations(); i < count; i++) {
            load.step(LOAD);
        }
    }

    /** Some arrivals, with their departures. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long decide() {
        for (int i = 0; i < BATCH; i++) {
            load.step(LOAD);
        }
        return load.decided();
    }
}
