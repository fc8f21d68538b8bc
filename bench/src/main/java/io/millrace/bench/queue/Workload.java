package io.millrace.bench.queue;

import io.millrace.bench.trace.SyntheticOpenb;
import io.millrace.bench.trace.Trace;
import io.millrace.bench.trace.TraceJob;
import io.millrace.bench.trace.TraceNode;
import io.millrace.broker.market.ComputeSpec;
import io.millrace.broker.placement.Latitude;
import io.millrace.broker.placement.Storage;
import io.millrace.broker.queue.PriorityClass;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Nodes, and jobs that come faster than they can be served. Everything that is drawn comes from the seed, so all
 * disciplines get the same.
 *
 * @param name what it is
 * @param nodes the nodes
 * @param jobs the jobs, by arrival
 */
record Workload(String name, List<TraceNode> nodes, List<Arrival> jobs) {
    private static final long SECOND = 1_000;
    private static final long HOUR_SECONDS = 3_600;
    private static final long DAY_SECONDS = 24 * HOUR_SECONDS;
    private static final long WAIT_SECONDS = 366 * DAY_SECONDS;
    private static final int NODES_EVERY = 8;
    /** Six hours of rush and six of calm. */
    private static final long PHASE_SECONDS = 6 * HOUR_SECONDS;

    private static final double CALM = 0.5;

    /** Who asks, how much of all jobs is theirs, and what weight they have. */
    private static final List<Tenant> TENANTS = List.of(
            new Tenant("bulk", 0.50, 1),
            new Tenant("lab", 0.20, 1),
            new Tenant("city", 0.15, 2),
            new Tenant("shop", 0.10, 1),
            new Tenant("care", 0.05, 1));

    private record Tenant(String accountId, double part, int weight) {}

    /**
     * A job.
     *
     * @param requestId its id
     * @param accountId who asks
     * @param spec what it asks; its term is longer than it runs
     * @param arrivesAtMillis when it comes
     * @param runsMillis how long it really runs
     */
    record Arrival(String requestId, String accountId, ComputeSpec spec, long arrivesAtMillis, long runsMillis) {
        /** Thousandths of devices. */
        long milliDevices() {
            return (long) spec.replicas() * spec.devices() * spec.milliPerDevice();
        }
    }

    /** Copies the lists. */
    Workload {
        nodes = List.copyOf(nodes);
        jobs = List.copyOf(jobs);
    }

    static Map<String, Integer> weights() {
        Map<String, Integer> weights = new TreeMap<>();
        TENANTS.forEach(tenant -> weights.put(tenant.accountId, tenant.weight));
        return weights;
    }

    /**
     * An eighth of openb's nodes; jobs of 1 to 8 GPUs that run for minutes to a day, and come for six hours at this load,
     * for six at half of the capacity, and so on.
     */
    static Workload synthetic(int count, double rush, long seed) {
        Random random = new Random(seed);
        List<TraceNode> nodes = aPartOf(SyntheticOpenb.nodes());
        double capacity = milliDevices(nodes);
        List<Arrival> jobs = new ArrayList<>();
        double nowSeconds = 0;
        for (int i = 0; i < count; i++) {
            int devices = drawDevices(random);
            int milli = devices == 1 && random.nextInt(4) == 0 ? 500 : 1000;
            long runs = drawRun(random);
            jobs.add(arrival(
                    "job-" + i,
                    random,
                    new Shape(List.of(), 1, devices, milli, devices * 4_000L, devices * 16_384L),
                    (long) (nowSeconds * SECOND),
                    runs));
            // The next comes when this one's device-time has been offered at the load of the phase.
            double load = (long) (nowSeconds / PHASE_SECONDS) % 2 == 0 ? rush : CALM;
            double gapSeconds = (double) devices * milli * runs / SECOND / (capacity * load);
            nowSeconds += gapSeconds * -Math.log(1 - random.nextDouble());
        }
        return new Workload("synthetic", nodes, jobs);
    }

    private static List<TraceNode> aPartOf(List<TraceNode> all) {
        List<TraceNode> nodes = new ArrayList<>();
        for (int i = 0; i < all.size(); i += NODES_EVERY) {
            nodes.add(all.get(i));
        }
        return nodes;
    }

    /**
     * An eighth of the nodes of a trace, for all of openb's would hold all of its jobs at once; its jobs with their lives, coming in their order so fast that they are this part of the capacity. A life of
     * more than a day counts as a day: a few pods of the trace live for months, and would be nearly all of the load.
     */
    static Workload of(Trace trace, double load, long seed) {
        Random random = new Random(seed);
        List<TraceJob> timed = new ArrayList<>(trace.jobs().stream()
                .filter(job -> job.isTimed() && job.lifetimeSeconds() > 0)
                .sorted(Comparator.comparingLong(TraceJob::arrivesAtSeconds))
                .toList());
        List<TraceNode> nodes = aPartOf(trace.nodes());
        double capacity = milliDevices(nodes);
        double offeredAtSeconds = 0;
        List<Arrival> jobs = new ArrayList<>();
        for (TraceJob job : timed) {
            Shape shape = new Shape(
                    job.models(),
                    job.replicas(),
                    job.devices(),
                    job.milliPerDevice(),
                    job.cpuMillicores(),
                    job.memoryMib());
            long arrives = (long) (offeredAtSeconds * SECOND);
            long runsSeconds = Math.min(job.lifetimeSeconds(), DAY_SECONDS);
            jobs.add(arrival(job.name(), random, shape, arrives, runsSeconds * SECOND));
            offeredAtSeconds += (double) job.milliDevices() * runsSeconds / (capacity * load);
        }
        return new Workload("openb", nodes, jobs);
    }

    /** What a job takes. */
    private record Shape(
            List<String> models, int replicas, int devices, int milliPerDevice, long cpuMillicores, long memoryMib) {}

    private static Arrival arrival(String id, Random random, Shape shape, long arrivesAtMillis, long runsMillis) {
        // Who asks says one to three times what is needed.
        long termMillis = (long) (runsMillis * (1 + 2 * random.nextDouble()));
        long term = termMillis / SECOND + 1;
        PriorityClass priority = drawClass(random);
        ComputeSpec spec = new ComputeSpec(
                null,
                shape.models,
                shape.replicas,
                shape.devices,
                shape.milliPerDevice,
                shape.cpuMillicores,
                shape.memoryMib,
                term,
                WAIT_SECONDS,
                List.of(),
                null,
                priority,
                priority == PriorityClass.LOW,
                null,
                null,
                Latitude.NONE,
                null,
                null,
                Storage.NONE);
        return new Arrival(id, drawTenant(random), spec, arrivesAtMillis, runsMillis);
    }

    private static int drawDevices(Random random) {
        int draw = random.nextInt(100);
        return draw < 60 ? 1 : draw < 78 ? 2 : draw < 92 ? 4 : 8;
    }

    /** Log-normal around half an hour, a minute to a day. */
    private static long drawRun(Random random) {
        double seconds = 1_800 * Math.exp(1.4 * random.nextGaussian());
        long whole = (long) Math.max(60, Math.min(DAY_SECONDS, seconds));
        return whole * SECOND;
    }

    private static PriorityClass drawClass(Random random) {
        int draw = random.nextInt(100);
        return draw < 10 ? PriorityClass.LOW : draw < 95 ? PriorityClass.NORMAL : PriorityClass.HIGH;
    }

    private static String drawTenant(Random random) {
        double draw = random.nextDouble();
        for (Tenant tenant : TENANTS) {
            draw -= tenant.part;
            if (draw < 0) {
                return tenant.accountId;
            }
        }
        return TENANTS.getLast().accountId;
    }

    static long milliDevices(List<TraceNode> nodes) {
        return nodes.stream().mapToLong(node -> node.devices() * 1000L).sum();
    }
}
