package io.millrace.broker.market;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.placement.BestFit;
import io.millrace.broker.placement.Figure;
import io.millrace.broker.placement.Shortfall;
import io.millrace.broker.queue.ClassLimits;
import io.millrace.broker.queue.PriorityClass;
import io.millrace.broker.queue.QueueSettings;
import io.millrace.broker.queue.QueueSettings.Discipline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Plays the log of a seed through the market and through the naive one, compares every event of every command, and lets
 * the auditors look on after each.
 */
final class Simulation {
    /** Few may wait, and answers are forgotten while their ids are still in use. */
    static final MarketSettings SETTINGS = settings(0);

    private final long seed;
    private final int length;
    private final RandomCommands commands;

    Simulation(long seed, int length) {
        this(seed, length, new RandomCommands(seed));
    }

    Simulation(long seed, int length, RandomCommands commands) {
        this.seed = seed;
        this.length = length;
        this.commands = commands;
    }

    /** Fair two times of four; shares, ages, budgets and notices that count for something within a log. */
    static MarketSettings settings(long seed) {
        Discipline discipline = switch ((int) (seed % 4)) {
            case 1 -> Discipline.EASY;
            case 2 -> Discipline.FIFO;
            default -> Discipline.FAIR;
        };
        QueueSettings queue = new QueueSettings(
                discipline,
                seed % 5 == 0 ? 0 : 400_000 * (seed % 5),
                seed % 3 == 0 ? 0 : 500_000 * (seed % 3),
                Map.of("acme", 3),
                seed % 7 < 3 ? Map.of("beta", 1 + seed % 7, "intruder", 0L) : Map.of(),
                7_200_000,
                seed % 2 == 0 ? 30_000 : 1);
        ClassLimits classes = seed % 2 == 0
                ? ClassLimits.NONE
                : new ClassLimits(Map.of("acme", PriorityClass.URGENT), PriorityClass.HIGH);
        return new MarketSettings(1_800_000, 8, 120_000, queue, classes);
    }

    void run() {
        int step = 0;
        MarketSettings settings = settings(seed);
        Market market = new Market(settings, new BestFit());
        MarketState state = new MarketState(MarketTable.MARKET, settings.queue());
        NaiveMarket naive = new NaiveMarket(MarketTable.MARKET, settings);
        Auditor auditor = new Auditor();
        UsageAuditor usage = new UsageAuditor();
        for (; step < length; step++) {
            Command command = commands.next();
            try {
                auditor.on(command);
                List<Event> events = new ArrayList<>();
                market.execute(state, command, (event, now) -> {
                    events.add(withoutHint(event));
                    auditor.on(event, now);
                    usage.on(event);
                });
                assertThat(events).isEqualTo(naive.execute(command));
                auditor.check(state);
            } catch (AssertionError | RuntimeException broken) {
                throw new AssertionError(
                        "seed " + seed + ", command " + step + ": " + command + "\n" + broken.getMessage(), broken);
            }
        }
        usage.check();
    }

    /** What would fit, and why a node was chosen, is checked where placement is tested: for every hint, that it fits. */
    private static Event withoutHint(Event event) {
        return switch (event) {
            case Event.Queued e ->
                new Event.Queued(
                        e.requestId(),
                        e.accountId(),
                        e.spec(),
                        e.reason(),
                        e.waitsUntilMillis(),
                        e.remainingMillis(),
                        withoutHint(e.explanation()));
            case Event.Refused e ->
                new Event.Refused(e.requestId(), e.accountId(), e.spec(), e.reason(), withoutHint(e.explanation()));
            case Event.Deflected e ->
                new Event.Deflected(
                        e.requestId(), e.accountId(), e.spec(), e.attempt(), e.reason(), withoutHint(e.explanation()));
            case Event.Allocated e ->
                new Event.Allocated(
                        e.requestId(),
                        e.accountId(),
                        e.spec(),
                        e.grants(),
                        e.allocationNumber(),
                        e.startsAtMillis(),
                        e.endsAtMillis(),
                        withoutHint(e.explanation()));
            default -> event;
        };
    }

    private static Explanation withoutHint(Explanation explanation) {
        return new Explanation(
                explanation.summary(),
                explanation.nodesConsidered(),
                explanation.filtered(),
                "",
                Shortfall.NONE,
                explanation.figures().stream()
                        .filter(figure -> figure.what().compareTo(Figure.What.REPLICAS_ASKED) >= 0)
                        .toList());
    }
}
