package io.millrace.broker.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.schemas.Outcome;
import io.millrace.schemas.Reason;
import io.millrace.schemas.RejectReason;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The meters of the streams, in one place. Labels are enums and market ids: bounded. Thread-safe. */
final class BrokerMeters {
    private final MeterRegistry registry;
    private final Map<Answer, Counter> decisions = new ConcurrentHashMap<>();
    private final Map<RejectReason, Counter> rejected = new EnumMap<>(RejectReason.class);
    private final Map<String, AtomicLong> queued = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> allocations = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> halted = new ConcurrentHashMap<>();
    private final Timer decisionTime;
    private final Counter commands;
    private final Counter usage;

    private record Answer(Outcome outcome, Reason reason) {}

    BrokerMeters(MeterRegistry registry) {
        this.registry = registry;
        decisionTime = Timer.builder("millrace.decision")
                .description("Time from the request's record to its first answer, commit not included")
                .serviceLevelObjectives(
                        Duration.ofMillis(5),
                        Duration.ofMillis(10),
                        Duration.ofMillis(25),
                        Duration.ofMillis(50),
                        Duration.ofMillis(100),
                        Duration.ofMillis(250),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5))
                .register(registry);
        commands = Counter.builder("millrace.commands")
                .description("Commands carried out by markets")
                .register(registry);
        // From the start on: a rate over a counter that appears with its first event does not see that event.
        for (RejectReason reason : RejectReason.values()) {
            rejected.put(
                    reason,
                    Counter.builder("millrace.records.rejected")
                            .description("Records put aside as dead letters")
                            .tag("reason", reason.name())
                            .register(registry));
        }
        usage = Counter.builder("millrace.usage.records")
                .description("Usage records written")
                .register(registry);
    }

    void command() {
        commands.increment();
    }

    void usage(int records) {
        usage.increment(records);
    }

    void decision(Outcome outcome, Reason reason) {
        decisions
                .computeIfAbsent(
                        new Answer(outcome, reason),
                        answer -> Counter.builder("millrace.decisions")
                                .description("Decisions by outcome and reason")
                                .tag("outcome", answer.outcome().name())
                                .tag("reason", answer.reason().name())
                                .register(registry))
                .increment();
    }

    void answeredAfter(long millis) {
        decisionTime.record(Duration.ofMillis(Math.max(0, millis)));
    }

    void rejected(RejectReason reason) {
        Counter counter = rejected.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }

    void market(String marketId, long allocationsNow, long queuedNow, boolean haltedNow) {
        gauge(allocations, "millrace.market.allocations", "Allocations that run", marketId)
                .set(allocationsNow);
        gauge(queued, "millrace.market.queued", "Requests that wait", marketId).set(queuedNow);
        gauge(halted, "millrace.market.halted", "1 if the market halted on a broken invariant", marketId)
                .set(haltedNow ? 1 : 0);
    }

    private AtomicLong gauge(Map<String, AtomicLong> gauges, String name, String description, String marketId) {
        return gauges.computeIfAbsent(marketId, market -> {
            AtomicLong value = new AtomicLong();
            io.micrometer.core.instrument.Gauge.builder(name, value, AtomicLong::get)
                    .description(description)
                    .tag("market", market)
                    .register(registry);
            return value;
        });
    }
}
