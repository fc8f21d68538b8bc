package io.millrace.bench.core;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.bench.load.Environment;
import io.millrace.bench.load.Figures;
import io.millrace.broker.BrokerConfig;
import io.millrace.broker.placement.Policies;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code millrace bench core}. */
@Command(
        name = "core",
        mixinStandardHelpOptions = true,
        description = {
            "Measures one market, decide and apply, on openb's 1,213 nodes and on copies of them: arrivals and departures at"
                    + " 90 %% load, one thread, the policy that broker-service has by default.",
            "A decision is a submit decided; the departures that keep the load are paid for by it and not counted. Commands are"
                    + " both."
        })
public final class CoreCommand implements Callable<Integer> {
    private static final double LOAD = 0.9;
    private static final int BATCH = 100;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Measured seconds of each size (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--copies",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,10,100",
            description = "How many times the 1,213 nodes (default: ${DEFAULT-VALUE}).")
    private List<Integer> copies = List.of();

    @Option(
            names = "--policy",
            paramLabel = "NAME",
            description =
                    "How it places (default: as broker-service by default). Known: random, dot-product, clustering, packing,"
                            + " best-fit, fgd, fragmentation-aware.")
    private @Nullable String policy;

    @Option(names = "--json", description = "Print one JSON object and nothing else.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /**
     * What one size of market did.
     *
     * @param nodes its nodes
     * @param allocations its allocations
     * @param speed on one thread
     * @param grantedShare share of them that was granted
     * @param bytesPerNode heap of an empty market by its nodes
     * @param bytesPerAllocation heap that filling it took, by its allocations
     */
    private record Size(
            int nodes,
            long allocations,
            Speed speed,
            double grantedShare,
            long bytesPerNode,
            long bytesPerAllocation) {}

    /**
     * How fast it was.
     *
     * @param decisionsPerSecond submits decided per second of the clock
     * @param decisionsPerCpuSecond per second of CPU, which is what counts where others use the machine, too
     * @param commandsPerSecond commands carried out per second of the clock
     */
    private record Speed(double decisionsPerSecond, double decisionsPerCpuSecond, double commandsPerSecond) {}

    @Override
    public Integer call() {
        if (seconds < 1 || copies.stream().anyMatch(n -> n < 1)) {
            throw new ParameterException(spec.commandLine(), "--seconds and --copies must be 1 or more");
        }
        String placement =
                policy == null ? new BrokerConfig(Map.of()).placementPolicy().toString() : policy;
        if (!Policies.names().contains(placement)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--policy: no policy is named " + placement + ", known are " + Policies.names());
        }
        List<Size> sizes = new ArrayList<>();
        for (int n : copies) {
            PrintWriter err = spec.commandLine().getErr();
            err.println("measuring " + n + " x openb");
            err.flush();
            sizes.add(measure(placement, n));
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? json(sizes).toPrettyString() : text(sizes));
        out.flush();
        return 0;
    }

    private Size measure(String placement, int n) {
        long empty = heapBytes();
        CoreLoad load = new CoreLoad(Policies.named(placement), n);
        long supplied = heapBytes();
        load.fillTo(LOAD);
        long filled = heapBytes();
        long bytesPerNode = (supplied - empty) / load.nodes();
        long bytesPerAllocation = (filled - supplied) / Math.max(1, load.allocations());
        turnOver(load);
        run(load, Duration.ofSeconds(seconds).dividedBy(2));
        Speed speed = run(load, Duration.ofSeconds(seconds));
        return new Size(load.nodes(), load.allocations(), speed, load.grantedShare(), bytesPerNode, bytesPerAllocation);
    }

    /**
     * Until all that filled the market has gone: what came while nobody left stands otherwise than what takes the place of
     * others, and the heap, which was emptied to be measured, has to grow again.
     */
    private static void turnOver(CoreLoad load) {
        long end = load.decided() + load.allocations();
        while (load.decided() < end) {
            load.step(LOAD);
        }
    }

    private static Speed run(CoreLoad load, Duration length) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = load.decided();
        long commandsBefore = load.commands();
        long cpuBefore = threads.getCurrentThreadCpuTime();
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < length.toNanos()) {
            for (int i = 0; i < BATCH; i++) {
                load.step(LOAD);
            }
        }
        double nanos = System.nanoTime() - begin;
        double cpuNanos = threads.getCurrentThreadCpuTime() - cpuBefore;
        double second = TimeUnit.SECONDS.toNanos(1);
        double decided = (load.decided() - before) * second;
        return new Speed(decided / nanos, decided / cpuNanos, (load.commands() - commandsBefore) * second / nanos);
    }

    private static long heapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static ObjectNode json(List<Size> sizes) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("load", LOAD);
        ArrayNode list = json.putArray("sizes");
        for (Size size : sizes) {
            list.addObject()
                    .put("nodes", size.nodes())
                    .put("allocations", size.allocations())
                    .put("decisionsPerSecond", Math.round(size.speed().decisionsPerSecond()))
                    .put("decisionsPerCpuSecond", Math.round(size.speed().decisionsPerCpuSecond()))
                    .put("commandsPerSecond", Math.round(size.speed().commandsPerSecond()))
                    .put("grantedShare", Figures.rounded(size.grantedShare()))
                    .put("bytesPerNode", size.bytesPerNode())
                    .put("bytesPerAllocation", size.bytesPerAllocation());
        }
        Environment.here().addTo(json);
        return json;
    }

    private static String text(List<Size> sizes) {
        Formatter out = new Formatter(Locale.ROOT);
        out.format(
                "%10s%14s%14s%18s%14s%10s%12s%18s%n",
                "nodes",
                "allocations",
                "decisions/s",
                "decisions/CPU s",
                "commands/s",
                "granted",
                "bytes/node",
                "bytes/allocation");
        for (Size size : sizes) {
            out.format(
                    "%,10d%,14d%,14.0f%,18.0f%,14.0f%9.1f%%%,12d%,18d%n",
                    size.nodes(),
                    size.allocations(),
                    size.speed().decisionsPerSecond(),
                    size.speed().decisionsPerCpuSecond(),
                    size.speed().commandsPerSecond(),
                    100 * size.grantedShare(),
                    size.bytesPerNode(),
                    size.bytesPerAllocation());
        }
        return out + Environment.here().text();
    }
}
