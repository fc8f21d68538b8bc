package io.millrace.bench.core;

import io.millrace.bench.trace.SyntheticOpenb;
import io.millrace.bench.trace.TraceJob;
import io.millrace.bench.trace.TraceNode;
import io.millrace.broker.market.Command;
import io.millrace.broker.market.ComputeSpec;
import io.millrace.broker.market.Event;
import io.millrace.broker.market.Market;
import io.millrace.broker.market.MarketSettings;
import io.millrace.broker.market.MarketState;
import io.millrace.broker.placement.PlacementPolicy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * One market with the nodes of openb, or with many copies of them, kept at a load by arrivals and departures. Decides and
 * applies as the service does, without Kafka. Not thread-safe.
 */
public final class CoreLoad {
    /** Answers are remembered for 60,000 requests: one comes every millisecond of the market's time. */
    private static final MarketSettings SETTINGS = new MarketSettings(60_000, 100_000, 3_600_000);

    private static final long TERM_SECONDS = 86_400;
    private static final int TICK_EVERY = 1000;
    private static final long SEED = 42;
    private static final String ACCOUNT = "bench";

    private final Market market;
    private final MarketState state = new MarketState("bench");
    private final List<ComputeSpec> specs = new ArrayList<>();
    private final Deque<Held> live = new ArrayDeque<>();
    private final int nodes;
    private final long capacityMilliDevices;
    private long heldMilliDevices;
    private long nowMillis;
    private long sent;
    private long allocated;
    private long commands;

    private record Held(String requestId, long milliDevices) {}

    /**
     * A market.
     *
     * @param policy how it places
     * @param copies of openb's 1,213 nodes
     */
    public CoreLoad(PlacementPolicy policy, int copies) {
        this.market = new Market(SETTINGS, policy);
        for (TraceJob job : SyntheticOpenb.jobs(SEED)) {
            specs.add(CoreTerms.spec(job, TERM_SECONDS));
        }
        List<TraceNode> cluster = SyntheticOpenb.nodes();
        long capacity = 0;
        for (int copy = 0; copy < copies; copy++) {
            for (TraceNode node : cluster) {
                execute(new Command.UpdateNode(0, CoreTerms.offer(node, "bench/" + node.name() + "-" + copy)));
                capacity += node.devices() * 1000L;
            }
        }
        this.nodes = copies * cluster.size();
        this.capacityMilliDevices = capacity;
    }

    /**
     * Sends arrivals, and no departures, until this share of the devices is allocated; or as far as the policy gets: no job of
     * all finds devices any more.
     */
    public void fillTo(double load) {
        long held = heldMilliDevices;
        int inVain = 0;
        while (heldMilliDevices < load * capacityMilliDevices && inVain < specs.size()) {
            arrive();
            inVain = heldMilliDevices > held ? 0 : inVain + 1;
            held = heldMilliDevices;
        }
    }

    /** One arrival, and as many departures of the oldest as bring the load back to this share. */
    public void step(double load) {
        arrive();
        while (heldMilliDevices > load * capacityMilliDevices) {
            Held oldest = live.removeFirst();
            heldMilliDevices -= oldest.milliDevices();
            execute(new Command.Release(nowMillis, oldest.requestId(), ACCOUNT));
        }
        if (sent % TICK_EVERY == 0) {
            execute(new Command.Tick(nowMillis));
        }
    }

    private void arrive() {
        ComputeSpec spec = specs.get((int) (sent % specs.size()));
        String requestId = "bench-" + sent;
        sent++;
        nowMillis++;
        execute(new Command.Submit(nowMillis, requestId, ACCOUNT, spec, 0, true, List.of()));
    }

    private void execute(Command command) {
        commands++;
        market.execute(state, command, (event, now) -> {
            if (event instanceof Event.Allocated granted) {
                ComputeSpec spec = granted.spec();
                long milli = (long) spec.replicas() * spec.devices() * spec.milliPerDevice();
                live.addLast(new Held(granted.requestId(), milli));
                heldMilliDevices += milli;
                allocated++;
            } else if (event instanceof Event.MarketHalted halted) {
                throw new IllegalStateException("the market halted: " + halted.detail());
            }
        });
        // The service takes what changed to persist it; here it must not pile up.
        state.takeChanges();
    }

    /** Nodes of the market. */
    public int nodes() {
        return nodes;
    }

    /** Allocations that run. */
    public long allocations() {
        return live.size();
    }

    /** Submits decided so far. */
    public long decided() {
        return sent;
    }

    /** Commands carried out so far: submits, releases, offers of nodes and ticks. */
    public long commands() {
        return commands;
    }

    /** Of the submits, the share that was granted. */
    public double grantedShare() {
        return sent == 0 ? 0 : (double) allocated / sent;
    }
}
