package io.millrace.bench.placement;

import io.millrace.bench.core.CoreTerms;
import io.millrace.bench.trace.Trace;
import io.millrace.bench.trace.TraceJob;
import io.millrace.bench.trace.TraceNode;
import io.millrace.broker.market.Command;
import io.millrace.broker.market.Event;
import io.millrace.broker.market.Market;
import io.millrace.broker.market.MarketSettings;
import io.millrace.broker.market.MarketState;
import io.millrace.broker.placement.PlacementPolicy;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * A cluster that work comes to and leaves: a job of the trace, drawn at random, every second, which runs for an
 * exponentially distributed time whose mean is such that all jobs together ask for a given share of the devices (Little's
 * law). Each is put to a real market, which has to answer at once; what is refused is lost (an Erlang loss system). Measured
 * when it has run for four mean times, for four more.
 */
final class Turnover {
    private static final double MEAN_TIMES_BEFORE = 4;
    private static final double MEAN_TIMES_MEASURED = 4;
    private static final long GAP_MILLIS = 1_000;
    private static final int TICK_EVERY = 1_000;
    private static final MarketSettings SETTINGS = new MarketSettings(86_400_000, 0, 0);
    /** No term ends by itself: a job leaves when it is done. */
    private static final long TERM_SECONDS = 365L * 86_400;

    private final Trace trace;
    private final long capacityMilli;
    private final double meanMilli;

    Turnover(Trace trace) {
        this.trace = trace;
        this.capacityMilli =
                trace.nodes().stream().mapToLong(node -> node.devices() * 1000L).sum();
        this.meanMilli = trace.jobs().stream()
                .mapToLong(TraceJob::milliDevices)
                .average()
                .orElseThrow(() -> new IllegalArgumentException("there are no jobs"));
    }

    /**
     * What one run came to, in per cent.
     *
     * @param allocated of all devices, averaged over time
     * @param grantedDevices of the devices asked for
     * @param grantedLarge of the jobs with several devices; 100 if there were none
     */
    record Run(double allocated, double grantedDevices, double grantedLarge) {}

    /** A job that runs. */
    private record Running(String requestId, long milli, long endsAtMillis) {
        static final Comparator<Running> BY_END =
                Comparator.comparingLong(Running::endsAtMillis).thenComparing(Running::requestId);
    }

    /** Of some jobs, how much was asked and how much of that was granted. */
    private static final class Share {
        private long asked;
        private long granted;

        void add(long amount, boolean isGranted) {
            asked += amount;
            granted += isGranted ? amount : 0;
        }

        double percent() {
            return asked == 0 ? 100 : 100.0 * granted / asked;
        }
    }

    /**
     * One run.
     *
     * @param load what is asked for at any time, of all devices
     */
    Run run(PlacementPolicy policy, double load, long seed) {
        Market market = new Market(SETTINGS, policy);
        MarketState state = new MarketState("bench");
        for (TraceNode node : trace.nodes()) {
            execute(market, state, new Command.UpdateNode(0, CoreTerms.offer(node, "bench/" + node.name())));
        }
        double meanJobs = load * capacityMilli / meanMilli;
        long first = Math.round(MEAN_TIMES_BEFORE * meanJobs);
        long end = first + Math.round(MEAN_TIMES_MEASURED * meanJobs);
        Random random = new Random(seed);
        PriorityQueue<Running> running = new PriorityQueue<>(Running.BY_END);
        Share devices = new Share();
        Share large = new Share();
        long held = 0;
        double heldSum = 0;
        for (long number = 0; number < end; number++) {
            long now = number * GAP_MILLIS;
            for (Running next = running.peek(); next != null && next.endsAtMillis() <= now; next = running.peek()) {
                running.remove();
                held -= next.milli();
                execute(market, state, new Command.Release(now, next.requestId(), "bench"));
            }
            TraceJob job = trace.jobs().get(random.nextInt(trace.jobs().size()));
            double lifetimeMillis = -StrictMath.log(1 - random.nextDouble()) * meanJobs * GAP_MILLIS;
            String id = "job-" + number;
            boolean granted = execute(
                    market,
                    state,
                    new Command.Submit(now, id, "bench", CoreTerms.spec(job, TERM_SECONDS), 0, true, List.of()));
            if (granted) {
                held += job.milliDevices();
                running.add(new Running(id, job.milliDevices(), now + (long) lifetimeMillis));
            }
            if (number % TICK_EVERY == 0) {
                execute(market, state, new Command.Tick(now));
            }
            if (number >= first) {
                heldSum += held;
                devices.add(job.milliDevices(), granted);
                if (job.devices() * job.replicas() > 1) {
                    large.add(1, granted);
                }
            }
        }
        return new Run(100 * heldSum / (end - first) / capacityMilli, devices.percent(), large.percent());
    }

    /** True if it allocated something. */
    private static boolean execute(Market market, MarketState state, Command command) {
        boolean[] allocated = new boolean[1];
        market.execute(state, command, (event, now) -> {
            if (event instanceof Event.MarketHalted halted) {
                throw new IllegalStateException("the market halted: " + halted.detail());
            }
            allocated[0] |= event instanceof Event.Allocated;
        });
        state.takeChanges();
        return allocated[0];
    }
}
