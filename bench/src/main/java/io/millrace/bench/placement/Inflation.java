package io.millrace.bench.placement;

import io.millrace.bench.core.CoreTerms;
import io.millrace.bench.trace.Trace;
import io.millrace.bench.trace.TraceJob;
import io.millrace.bench.trace.TraceNode;
import io.millrace.broker.market.Command;
import io.millrace.broker.market.ComputeSpec;
import io.millrace.broker.market.Event;
import io.millrace.broker.market.Market;
import io.millrace.broker.market.MarketSettings;
import io.millrace.broker.market.MarketState;
import io.millrace.broker.placement.Forecast;
import io.millrace.broker.placement.NodeOffer;
import io.millrace.broker.placement.PlacementPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * The protocol of the FGD paper (USENIX ATC '23): the jobs of a trace arrive in random order, with more of them drawn until
 * they ask for 1.3 times the devices, and none leaves. Each is put to a real market, which has to answer at once. What is
 * allocated is read off when so much has arrived, both as shares of all devices.
 */
final class Inflation {
    private static final double TUNED_TO = 1.3;
    private static final double TYPICAL = 0.95;
    private static final MarketSettings SETTINGS = new MarketSettings(86_400_000, 0, 0);

    private final Trace trace;
    private final long capacityMilli;

    Inflation(Trace trace) {
        this.trace = trace;
        this.capacityMilli =
                trace.nodes().stream().mapToLong(node -> node.devices() * 1000L).sum();
    }

    /**
     * What one run came to.
     *
     * @param at100 mean of what was allocated while 100 % had arrived, rounded, in per cent
     * @param at130 the same at 130 %
     * @param decisions submits decided
     * @param nanos time that this took
     */
    record Run(double at100, double at130, int decisions, long nanos) {}

    Run run(PlacementPolicy policy, long seed) {
        Random random = new Random(seed);
        List<TraceJob> jobs = arrivals(random);
        Market market = new Market(SETTINGS, policy);
        MarketState state = new MarketState("bench");
        supply(market, state, random);
        List<Command> submits = new ArrayList<>();
        for (int i = 0; i < jobs.size(); i++) {
            submits.add(submit(i, jobs.get(i)));
        }

        Means means = new Means();
        long[] allocated = new long[1];
        long arrived = 0;
        long begin = System.nanoTime();
        for (int i = 0; i < jobs.size(); i++) {
            arrived += jobs.get(i).devices() == 0 ? 0 : jobs.get(i).milliDevices();
            market.execute(state, submits.get(i), (event, now) -> allocated[0] += granted(event));
            state.takeChanges();
            int percent = (int) Math.round(100.0 * arrived / capacityMilli);
            means.add(percent, 100.0 * allocated[0] / capacityMilli);
        }
        long nanos = System.nanoTime() - begin;
        return new Run(means.at(100), means.at(130), jobs.size(), nanos);
    }

    /** Means of what is allocated, by the per cent that arrived. */
    private static final class Means {
        private final TreeMap<Integer, double[]> sumAndCount = new TreeMap<>();

        void add(int percent, double allocated) {
            double[] mean = sumAndCount.computeIfAbsent(percent, p -> new double[2]);
            mean[0] += allocated;
            mean[1]++;
        }

        /** Where one job leaps over a per cent, as in a small cluster, what was allocated before it arrived. */
        double at(int percent) {
            Map.Entry<Integer, double[]> mean = sumAndCount.floorEntry(percent);
            return mean == null ? 0 : mean.getValue()[0] / mean.getValue()[1];
        }
    }

    /**
     * What no policy can surpass in this run: see {@link Bound}.
     *
     * @return most that can be allocated of what arrives until 100 % and 130 % are rounded up to the next, in per cent
     */
    double[] bound(long seed) {
        List<TraceJob> jobs = arrivals(new Random(seed));
        Bound bound = new Bound(trace);
        return new double[] {bound.percent(until(100, jobs)), bound.percent(until(130, jobs))};
    }

    private List<TraceJob> until(int percent, List<TraceJob> jobs) {
        long arrived = 0;
        int count = 0;
        while (count < jobs.size() && Math.round(100.0 * arrived / capacityMilli) <= percent) {
            TraceJob job = jobs.get(count++);
            arrived += job.devices() == 0 ? 0 : job.milliDevices();
        }
        return jobs.subList(0, count);
    }

    /**
     * The shapes that the paper gives to FGD: the most frequent ones that make up 95 % of the jobs. The other policies are
     * given nothing.
     */
    Forecast typical() {
        Map<TraceJob, Integer> counts = new LinkedHashMap<>();
        for (TraceJob job : trace.jobs()) {
            counts.merge(shape(job), 1, Integer::sum);
        }
        List<Map.Entry<TraceJob, Integer>> byCount = new ArrayList<>(counts.entrySet());
        byCount.sort(Map.Entry.<TraceJob, Integer>comparingByValue().reversed());
        List<Map.Entry<TraceJob, Integer>> typical = new ArrayList<>();
        long covered = 0;
        for (Map.Entry<TraceJob, Integer> entry : byCount) {
            if (covered < TYPICAL * trace.jobs().size()) {
                typical.add(entry);
                covered += entry.getValue();
            }
        }
        List<Forecast.Expected> expected = new ArrayList<>();
        for (Map.Entry<TraceJob, Integer> entry : typical) {
            TraceJob job = entry.getKey();
            expected.add(new Forecast.Expected(
                    null,
                    job.models(),
                    job.devices(),
                    job.milliPerDevice(),
                    job.cpuMillicores(),
                    job.memoryMib(),
                    entry.getValue() * 1_000_000L / covered,
                    0));
        }
        return new Forecast(expected, 0, 1, 1);
    }

    private static TraceJob shape(TraceJob job) {
        return new TraceJob(
                "",
                job.models(),
                1,
                job.devices(),
                job.milliPerDevice(),
                job.cpuMillicores(),
                job.memoryMib(),
                TraceJob.UNKNOWN,
                TraceJob.UNKNOWN);
    }

    private static long granted(Event event) {
        return switch (event) {
            case Event.Allocated e -> {
                long milli = (long) e.spec().devices() * e.spec().milliPerDevice();
                yield e.spec().devices() == 0 ? 0 : e.spec().replicas() * milli;
            }
            case Event.MarketHalted e -> throw new IllegalStateException("the market halted: " + e.detail());
            default -> 0;
        };
    }

    /** All jobs, shuffled, and more of them. As in the paper, a job of many devices counts here as one. */
    private List<TraceJob> arrivals(Random random) {
        List<TraceJob> jobs = new ArrayList<>(trace.jobs());
        Collections.shuffle(jobs, random);
        long sum = jobs.stream().mapToLong(Inflation::milliPerDevice).sum();
        while (true) {
            TraceJob drawn = trace.jobs().get(random.nextInt(trace.jobs().size()));
            sum += milliPerDevice(drawn);
            if (sum > TUNED_TO * capacityMilli) {
                return jobs;
            }
            jobs.add(drawn);
        }
    }

    private static long milliPerDevice(TraceJob job) {
        return job.devices() == 0 ? 0 : job.milliPerDevice();
    }

    /** Nodes in a random order, which is that of their ids: ties go to the first. */
    private void supply(Market market, MarketState state, Random random) {
        List<TraceNode> nodes = new ArrayList<>(trace.nodes());
        Collections.shuffle(nodes, random);
        for (int i = 0; i < nodes.size(); i++) {
            NodeOffer offer = CoreTerms.offer(nodes.get(i), "bench/%07d".formatted(i));
            market.execute(state, new Command.UpdateNode(0, offer), (event, now) -> {});
        }
        state.takeChanges();
    }

    private static Command submit(int number, TraceJob job) {
        ComputeSpec spec = CoreTerms.spec(job, 3_600);
        return new Command.Submit(number, "job-" + number, "bench", spec, 0, true, List.of());
    }
}
