package io.millrace.broker.audit;

import io.millrace.broker.MarketRules;
import io.millrace.broker.catalogue.Catalogue;
import io.millrace.broker.market.Command;
import io.millrace.broker.market.Event;
import io.millrace.broker.market.MarketState;
import io.millrace.broker.stream.CommandCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What would have come of a stretch of a market's record under other rules.
 *
 * <p>Goes through the record twice. First under its own rules, which must give the events that were recorded; that course
 * is the one compared with. Then again from the same state, under the other rules. Requests and nodes come as they came;
 * what tenants did depends on what they got, so:
 *
 * <ul>
 *   <li>who gave something back keeps it as long as in the record, from whenever it starts;
 *   <li>the clock ticks where something falls due and the record is silent;
 *   <li>a release or an extension of what does not run changes nothing; a request that is withdrawn is withdrawn;
 *   <li>a market is replayed alone: who is deflected here and was not in the record is asked nowhere else, and who went to
 *       another market in the record and would have been served here is counted here.
 * </ul>
 */
public final class WhatIf implements Audit.Observer {
    private static final int MOST_EXAMPLES = 20;
    /** A market hears the clock within a second of what falls due. */
    private static final long CLOCK_MILLIS = 1_000;
    /** If the record has nothing for so long after that, the clock did not tick: nothing was due in that course of things. */
    private static final long SILENCE_MILLIS = 4_000;

    private final Span span;
    private final Catalogue catalogue;
    private @Nullable Fork fork;
    private @Nullable Tally tally;
    private @Nullable Stays stays;
    private long lastOffset = -1;
    private long lastMillis;
    private long commands;

    /** Where the other course begins: before the command at the offset. */
    private record Fork(MarketState state, MarketRules rules, long offset, long commandMillis) {
        /** What runs was settled up to then. */
        long settledMillis() {
            return state.meta().timeMillis();
        }
    }

    private WhatIf(Span span, Catalogue catalogue) {
        this.span = span;
        this.catalogue = catalogue;
    }

    /**
     * A request of which something else came.
     *
     * @param requestId the request
     * @param recorded what came of it: RAN, or why it did not run
     * @param other what would have come of it
     */
    public record Changed(String requestId, String recorded, String other) {}

    /**
     * Both courses of things.
     *
     * @param marketId the market
     * @param fromMillis time of the first command that counts
     * @param toMillis time of the last
     * @param commands commands between them
     * @param rules the other rules, at the beginning
     * @param recorded what came of the requests
     * @param other what would have come of them
     * @param changed requests of which something else would have come
     * @param sooner requests that run in both and would have started sooner
     * @param later requests that run in both and would have started later
     * @param examples the first of those changed, by id; at most 20
     * @param millis how long it took
     */
    public record Result(
            String marketId,
            long fromMillis,
            long toMillis,
            long commands,
            MarketRules rules,
            Outcomes recorded,
            Outcomes other,
            long changed,
            long sooner,
            long later,
            List<Changed> examples,
            long millis) {
        /** Copies the list. */
        public Result {
            examples = List.copyOf(examples);
        }
    }

    /**
     * Replays a stretch of a record.
     *
     * @param change the other rules, made of those that hold
     * @param catalogue says what devices draw
     * @throws RecordingException if there is nothing to begin with, or if the record does not replay under its own rules
     */
    public static Result run(Recording recording, Span span, UnaryOperator<MarketRules> change, Catalogue catalogue) {
        long started = System.nanoTime();
        WhatIf recorded = new WhatIf(span, catalogue);
        Audit.Report report = Audit.run(recording, span, recorded);
        if (!report.isOk()) {
            throw new RecordingException("the record of " + recording.marketId()
                    + " does not replay under its own rules (millrace audit shows where): what it would have been under"
                    + " others would mean nothing");
        }
        Fork fork = recorded.fork;
        Tally before = recorded.tally;
        Stays stays = recorded.stays;
        if (fork == null || before == null || stays == null) {
            throw new RecordingException("nothing happened in " + recording.marketId() + " in the time asked for");
        }
        Tally other = recorded.replay(recording, report.start(), change, fork, stays);
        Outcomes outcomesBefore = before.at(recorded.lastMillis);
        Outcomes outcomesOther = other.at(recorded.lastMillis);
        return recorded.compare(
                recording.marketId(),
                change.apply(fork.rules()),
                before,
                outcomesBefore,
                other,
                outcomesOther,
                started);
    }

    @Override
    public void before(Recording.Placed placed, Replayed market) {
        long nowMillis = placed.command().getTimeMillis();
        if (fork == null && nowMillis >= span.fromMillis()) {
            MarketState state = market.state().copy(market.rules().settings().queue());
            fork = new Fork(state, market.rules(), placed.offset(), nowMillis);
            tally = new Tally(state, fork.settledMillis(), catalogue);
            lastMillis = Math.max(nowMillis, fork.settledMillis());
            stays = new Stays(state);
        }
    }

    @Override
    public boolean endsWithTheFirstDifference() {
        return true;
    }

    @Override
    public void carriedOut(Recording.Placed placed, Command command, List<Event> events) {
        if (tally != null && stays != null) {
            tally.on(command, events);
            stays.on(events);
            commands++;
            lastOffset = placed.offset();
            lastMillis = Math.max(lastMillis, command.timeMillis());
        }
    }

    private Tally replay(
            Recording recording, Checkpoint start, UnaryOperator<MarketRules> change, Fork from, Stays release) {
        Tally counted = new Tally(from.state(), from.settledMillis(), catalogue);
        release.replay(from.state());
        Replayed market = new Replayed(from.state(), from.rules());
        market.under(change.apply(from.rules()));
        List<Checkpoint> ahead = new ArrayList<>(recording.checkpoints());
        ahead.removeIf(each -> each.nextCommandOffset() <= from.offset());
        try (Recording.Cursor<Recording.Placed> log = recording.commands(start)) {
            for (Recording.Placed placed = log.next();
                    placed != null && placed.offset() <= lastOffset;
                    placed = log.next()) {
                while (!ahead.isEmpty() && ahead.getFirst().nextCommandOffset() <= placed.offset()) {
                    market.under(change.apply(ahead.removeFirst().rules()));
                }
                if (placed.offset() >= from.offset()) {
                    carryOut(CommandCodec.read(placed.command()), market, counted, release);
                }
            }
        }
        return counted;
    }

    private static void carryOut(Command command, Replayed market, Tally counted, Stays release) {
        long now = command.timeMillis();
        while (true) {
            long tick = market.state().nextDueMillis() + CLOCK_MILLIS;
            Command.Release due = release.next(market.state(), Math.min(now, tick));
            if (due != null) {
                executeOne(due, market, counted, release);
            } else if (tick <= now - SILENCE_MILLIS && market.state().meta().halted() == null) {
                executeOne(new Command.Tick(tick), market, counted, release);
            } else {
                break;
            }
        }
        Command next = release.replaces(command) ? new Command.Tick(now) : command;
        executeOne(next, market, counted, release);
    }

    private static void executeOne(Command command, Replayed market, Tally counted, Stays release) {
        List<Event> events = new ArrayList<>();
        market.execute(command, (event, now) -> events.add(event));
        counted.on(command, events);
        release.on(events);
    }

    private Result compare(
            String marketId,
            MarketRules rules,
            Tally before,
            Outcomes outcomesBefore,
            Tally other,
            Outcomes outcomesOther,
            long startedNanos) {
        List<Changed> examples = new ArrayList<>();
        long changed = 0;
        long sooner = 0;
        long later = 0;
        for (Map.Entry<String, Tally.Fate> each : before.fates().entrySet()) {
            Tally.Fate now = other.fates().get(each.getKey());
            String outcome = now == null ? "NOT ASKED" : now.outcome();
            if (!outcome.equals(each.getValue().outcome())) {
                changed++;
                if (examples.size() < MOST_EXAMPLES) {
                    examples.add(new Changed(each.getKey(), each.getValue().outcome(), outcome));
                }
            } else if (now != null) {
                long laterMillis = Tally.laterMillis(now, each.getValue());
                sooner += laterMillis < 0 ? 1 : 0;
                later += laterMillis > 0 ? 1 : 0;
            }
        }
        return new Result(
                marketId,
                fork == null ? lastMillis : fork.commandMillis(),
                lastMillis,
                commands,
                rules,
                outcomesBefore,
                outcomesOther,
                changed,
                sooner,
                later,
                examples,
                (System.nanoTime() - startedNanos) / 1_000_000);
    }
}
