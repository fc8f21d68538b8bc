package io.millrace.broker.market;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.placement.BestFit;
import io.millrace.broker.placement.Figure;
import io.millrace.broker.placement.Policies;
import io.millrace.broker.placement.Relaxation;
import io.millrace.broker.placement.Relaxation.What;
import io.millrace.broker.queue.QueueSettings.Discipline;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * In busy markets made up from seeds, everything that is told to help a request with its budget or its turn does: asked for
 * in the same moment it is granted, and after the wait that is named, too, where nobody else comes before it.
 */
class EasingSimulationTest {
    private static final int SEEDS = 60;
    private static final int COMMANDS = 600;

    /** How often each kind of change was tried. */
    private final Map<What, Integer> tried = new EnumMap<>(What.class);

    @Test
    void whatIsToldHelps() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            run(seed);
        }
        assertThat(tried.keySet()).contains(What.DEVICES, What.SHARE, What.REPLICAS, What.TERM, What.WAIT);
        assertThat(tried.getOrDefault(What.WAIT, 0)).isGreaterThan(10);
    }

    private void run(long seed) {
        MarketSettings settings = Simulation.settings(seed);
        Market market = market(settings);
        MarketState state = new MarketState(MarketTable.MARKET, settings.queue());
        RandomCommands commands = new RandomCommands(seed);
        List<Command> log = new ArrayList<>();
        for (int step = 0; step < COMMANDS; step++) {
            Command command = commands.next();
            log.add(command);
            market.execute(state, command, (event, now) -> {});
            // Another account's, so that budgets come up often.
            Command.Submit probe = probe(command, "beta", state.timeMillis());
            if (probe != null) {
                Event told = market.decide(state, probe, state.timeMillis()).getFirst();
                String where = "seed " + seed + ", command " + step + ": " + probe + " was told " + told;
                for (Relaxation change : changes(told)) {
                    if (change.what() == What.WAIT) {
                        if (isAlone(state, settings, told)) {
                            count(What.WAIT);
                            wait(settings, log, probe, change.amount(), where);
                        }
                    } else if (change.now()) {
                        count(change.what());
                        Command.Submit changed = changed(probe, change);
                        assertThat(market.decide(state, changed, state.timeMillis()))
                                .as(where)
                                .singleElement()
                                .isInstanceOf(Event.Allocated.class);
                    }
                }
            }
        }
    }

    /** Where waits are looked at, a policy that learns nothing on the way. */
    private static Market market(MarketSettings settings) {
        boolean fair = settings.queue().discipline() == Discipline.FAIR;
        return new Market(settings, fair ? Policies.named(Policies.DEFAULT) : new BestFit());
    }

    private void count(What what) {
        tried.merge(what, 1, Integer::sum);
    }

    private static Command.@Nullable Submit probe(Command command, String accountId, long now) {
        return command instanceof Command.Submit submit
                ? new Command.Submit(now, "probe", accountId, submit.spec(), 9, true, List.of())
                : null;
    }

    private static List<Relaxation> changes(Event told) {
        Explanation explanation = explanation(told);
        return isBudget(explanation) || explanation.summary().startsWith("it would fit")
                ? explanation.shortfall().relaxations()
                : List.of();
    }

    private static Explanation explanation(Event told) {
        return switch (told) {
            case Event.Queued queued -> queued.explanation();
            case Event.Refused refused -> refused.explanation();
            default -> Explanation.NONE;
        };
    }

    private static boolean isBudget(Explanation explanation) {
        return explanation.figures().stream().anyMatch(figure -> figure.what() == Figure.What.BUDGET);
    }

    /** Nobody but the first could come before it, and nobody gives way to anybody. */
    private static boolean isAlone(MarketState state, MarketSettings settings, Event told) {
        return settings.queue().discipline() != Discipline.FAIR
                && state.queued() <= (isBudget(explanation(told)) ? 0 : 1);
    }

    /** Plays the log again, up to then and on to the time named. */
    private static void wait(
            MarketSettings settings, List<Command> log, Command.Submit probe, long atMillis, String where) {
        Market market = market(settings);
        MarketState state = new MarketState(MarketTable.MARKET, settings.queue());
        log.forEach(command -> market.execute(state, command, (event, now) -> {}));
        for (Request due = state.agenda().nextDue();
                due != null && due.untilMillis() < atMillis;
                due = state.agenda().nextDue()) {
            market.execute(state, new Command.Tick(due.untilMillis()), (event, now) -> {});
        }
        market.execute(state, new Command.Tick(atMillis), (event, now) -> {});
        Command.Submit then =
                new Command.Submit(atMillis, probe.requestId(), probe.accountId(), probe.spec(), 9, true, List.of());
        assertThat(market.decide(state, then, atMillis))
                .as(where)
                .singleElement()
                .isInstanceOf(Event.Allocated.class);
    }

    private static Command.Submit changed(Command.Submit probe, Relaxation change) {
        ComputeSpec spec = probe.spec();
        long amount = change.amount();
        boolean share = change.what() == What.SHARE;
        ComputeSpec other = new ComputeSpec(
                spec.kind(),
                spec.models(),
                change.what() == What.REPLICAS ? (int) amount : spec.replicas(),
                change.what() == What.DEVICES ? (int) amount : spec.devices(),
                share ? (int) amount : spec.milliPerDevice(),
                spec.cpuMillicores(),
                spec.memoryMib(),
                change.what() == What.TERM ? amount : spec.durationSeconds(),
                spec.maxWaitSeconds(),
                spec.hubs(),
                spec.maxPriceMicroCnyPerHour(),
                spec.priority(),
                spec.preemptible(),
                spec.deadlineMillis(),
                spec.need(),
                spec.latitude(),
                spec.quantum(),
                spec.siting(),
                spec.storage());
        return new Command.Submit(
                probe.timeMillis(), "changed", probe.accountId(), other, probe.attempt(), true, List.of());
    }
}
