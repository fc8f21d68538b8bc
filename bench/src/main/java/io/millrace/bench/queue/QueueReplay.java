package io.millrace.bench.queue;

import static java.util.Objects.requireNonNull;

import io.millrace.bench.core.CoreTerms;
import io.millrace.bench.queue.Workload.Arrival;
import io.millrace.bench.trace.TraceNode;
import io.millrace.broker.market.Command;
import io.millrace.broker.market.Event;
import io.millrace.broker.market.Market;
import io.millrace.broker.market.MarketSettings;
import io.millrace.broker.market.MarketState;
import io.millrace.broker.placement.PlacementPolicy;
import io.millrace.broker.queue.ClassLimits;
import io.millrace.broker.queue.QueueSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Plays a workload through one market in its own time: each job arrives, waits, starts, and is released when it has run as
 * long as it really runs. What gives way goes on where it was when it is placed again.
 */
final class QueueReplay {
    private final Market market;
    private final MarketState state;
    private final Workload workload;
    private final QueueOutcome outcome;
    private final Map<String, Arrival> jobs = new HashMap<>();
    private final Map<String, Long> leftMillis = new HashMap<>();
    private final Map<String, Long> startedAtMillis = new HashMap<>();
    /** Releases, and looks at the clock when a notice is over. */
    private final PriorityQueue<Due> due = new PriorityQueue<>();

    private record Due(long atMillis, String requestId, int allocationNumber) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(atMillis, other.atMillis);
            return byTime != 0 ? byTime : requestId.compareTo(other.requestId);
        }
    }

    QueueReplay(Workload workload, QueueSettings settings, PlacementPolicy policy) {
        MarketSettings rules =
                new MarketSettings(3_600_000, Integer.MAX_VALUE, 366L * 86_400_000, settings, ClassLimits.NONE);
        this.market = new Market(rules, policy);
        this.state = new MarketState("bench", settings);
        this.workload = workload;
        this.outcome = new QueueOutcome(workload, settings.discipline());
    }

    /** Plays all of it, until the last job has run. */
    QueueOutcome run() {
        for (TraceNode node : workload.nodes()) {
            execute(new Command.UpdateNode(0, CoreTerms.offer(node, node.name())));
        }
        long begin = System.nanoTime();
        for (Arrival job : workload.jobs()) {
            playUntil(job.arrivesAtMillis());
            jobs.put(job.requestId(), job);
            leftMillis.put(job.requestId(), job.runsMillis());
            outcome.arrived(job);
            execute(new Command.Submit(
                    job.arrivesAtMillis(), job.requestId(), job.accountId(), job.spec(), 0, true, List.of()));
        }
        outcome.lastArrival();
        playUntil(Long.MAX_VALUE);
        outcome.took(System.nanoTime() - begin);
        return outcome;
    }

    private void playUntil(long untilMillis) {
        while (!due.isEmpty() && due.element().atMillis <= untilMillis) {
            Due next = due.remove();
            if (next.allocationNumber == 0) {
                execute(new Command.Tick(next.atMillis));
            } else {
                var request = state.request(next.requestId);
                // One that gave way in the meantime is released when it has run again.
                if (request != null && request.allocationNumber() == next.allocationNumber && isRunning(next)) {
                    execute(new Command.Release(next.atMillis, next.requestId, request.accountId()));
                }
            }
        }
    }

    private boolean isRunning(Due next) {
        return startedAtMillis.containsKey(next.requestId);
    }

    private void execute(Command command) {
        market.execute(state, command, this::on);
        // The service takes what changed to persist it; here it must not pile up.
        state.takeChanges();
    }

    private void on(Event event, long nowMillis) {
        switch (event) {
            case Event.Allocated e -> {
                startedAtMillis.put(e.requestId(), nowMillis);
                long left = leftMillis.getOrDefault(e.requestId(), 0L);
                due.add(new Due(nowMillis + left, e.requestId(), e.allocationNumber()));
                outcome.started(job(e.requestId()), nowMillis);
            }
            case Event.PreemptionNoticed e -> due.add(new Due(e.endsAtMillis(), e.requestId(), 0));
            case Event.Ended e -> {
                long started = requireNonNull(startedAtMillis.remove(e.requestId()), "it never started");
                long ran = e.endedAtMillis() - started;
                long left = leftMillis.merge(e.requestId(), -ran, Long::sum);
                boolean done = e.cause() != Event.EndCause.PREEMPTED;
                outcome.stopped(job(e.requestId()), started, e.endedAtMillis(), done);
                if (done && left > 0) {
                    throw new IllegalStateException(e + " has " + left + " ms left to run");
                }
            }
            case Event.Refused e -> outcome.refused(job(e.requestId()), e.reason());
            case Event.MarketHalted e -> throw new IllegalStateException("the market halted: " + e.detail());
            default -> {}
        }
    }

    private Arrival job(String requestId) {
        Arrival job = jobs.get(requestId);
        if (job == null) {
            throw new IllegalStateException("an event names " + requestId + ", which never came");
        }
        return job;
    }
}
