package io.millrace.broker.audit;

import io.millrace.broker.market.Command;
import io.millrace.broker.market.Event;
import io.millrace.broker.stream.CommandCodec;
import io.millrace.broker.stream.EventCodec;
import io.millrace.schemas.MarketEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides a market's commands again and holds the events and the hash of the state against the record.
 *
 * <p>Begins with a snapshot. At every later one the state that was carried here must have its hash; if other rules hold from
 * there on, they hold here, too. After a difference the rest of the stretch up to the next snapshot proves nothing: it is
 * left out, and the audit goes on from that snapshot.
 */
public final class Audit {
    private final Recording recording;
    private final Span span;
    private final Observer observer;
    private final List<Checkpoint> checkpoints;
    private final List<Difference> differences = new ArrayList<>();
    private Checkpoint start;
    private Replayed market;
    private int ahead;
    private boolean lost;
    private long commands;
    private long skipped;
    private long pending;
    private long events;
    private int snapshots;
    private long lastSequence;
    private long lastTimeMillis;
    /** Hash of the state behind the last recorded event, once it is reached. */
    private @Nullable Long hashAtEnd;

    private Audit(Recording recording, Span span, Observer observer) {
        this.recording = recording;
        this.span = span;
        this.observer = observer;
        this.checkpoints = recording.checkpoints();
        this.start = span.start(recording);
        this.market = new Replayed(recording.restore(start), start.rules());
        this.ahead = checkpoints.indexOf(start) + 1;
        this.lastSequence = start.sequence();
        this.lastTimeMillis = start.timeMillis();
    }

    /** Looks on while an audit goes through a record. */
    interface Observer {
        /** Comes next. */
        default void before(Recording.Placed placed, Replayed market) {}

        /** True if what comes after a difference is of no interest. */
        default boolean endsWithTheFirstDifference() {
            return false;
        }

        /** Was carried out, and led to what is recorded. */
        void carriedOut(Recording.Placed placed, Command command, List<Event> events);
    }

    /**
     * What an audit found.
     *
     * @param marketId the market
     * @param start the snapshot that it began with
     * @param commands commands that were carried out again
     * @param events events that were decided again
     * @param snapshots later snapshots whose hash was compared
     * @param skipped commands between a difference and the next snapshot: not compared
     * @param pending commands at the end of the record that have no events there yet: not compared
     * @param endHash hash of the state at the end
     * @param endSequence sequence at the end
     * @param endMillis time of the market at the end
     * @param millis how long it took
     * @param differences at most one for every stretch between two snapshots
     */
    public record Report(
            String marketId,
            Checkpoint start,
            long commands,
            long events,
            int snapshots,
            long skipped,
            long pending,
            long endHash,
            long endSequence,
            long endMillis,
            long millis,
            List<Difference> differences) {
        /** Copies the list. */
        public Report {
            differences = List.copyOf(differences);
        }

        /** True if nothing differs. */
        public boolean isOk() {
            return differences.isEmpty();
        }
    }

    /**
     * Audits a stretch of a record.
     *
     * @throws RecordingException if there is nothing to begin with, or a snapshot that is needed is damaged
     */
    public static Report run(Recording recording, Span span) {
        return run(recording, span, (placed, command, events) -> {});
    }

    static Report run(Recording recording, Span span, Observer observer) {
        long started = System.nanoTime();
        Audit audit = new Audit(recording, span, observer);
        audit.replay();
        return new Report(
                recording.marketId(),
                audit.start,
                audit.commands,
                audit.events,
                audit.snapshots,
                audit.skipped,
                audit.pending,
                audit.hashAtEnd == null ? audit.market.state().hash() : audit.hashAtEnd,
                audit.lastSequence,
                audit.lastTimeMillis,
                (System.nanoTime() - started) / 1_000_000,
                audit.differences);
    }

    private void replay() {
        // Events before commands: what is added meanwhile is then a command without events, never the other way round.
        try (Lookahead recorded = new Lookahead(recording.events(start));
                Recording.Cursor<Recording.Placed> log = recording.commands(start)) {
            Recording.Placed placed = log.next();
            while (placed != null
                    && placed.command().getTimeMillis() <= span.toMillis()
                    && pending == 0
                    && !(lost && observer.endsWithTheFirstDifference())) {
                pass(placed.offset(), recorded);
                if (lost) {
                    skipped++;
                } else {
                    carryOut(placed, recorded);
                }
                placed = log.next();
            }
            for (; placed != null && pending > 0; placed = log.next()) {
                pending++;
            }
            MarketEvent unexplained = recorded.peek();
            if (placed == null && pending == 0 && !lost && unexplained != null) {
                differ("an event was recorded that no command explains", null, unexplained, null);
            }
        }
    }

    /** Compares with the snapshots that stand before this command. */
    private void pass(long offset, Lookahead recorded) {
        while (ahead < checkpoints.size() && checkpoints.get(ahead).nextCommandOffset() <= offset) {
            Checkpoint next = checkpoints.get(ahead++);
            if (!lost && (market.sequence() != next.sequence() || market.state().hash() != next.stateHash())) {
                differ(
                        "the state at the snapshot of %s is another: sequence %d and hash %016x recorded, %d and %016x decided"
                                .formatted(
                                        Instant.ofEpochMilli(next.timeMillis()),
                                        next.sequence(),
                                        next.stateHash(),
                                        market.sequence(),
                                        market.state().hash()),
                        null,
                        null,
                        null);
            }
            if (lost) {
                market = new Replayed(recording.restore(next), next.rules());
                recorded.skipTo(next.sequence());
                lost = false;
            } else {
                snapshots++;
                market.under(next.rules());
            }
        }
    }

    private void carryOut(Recording.Placed placed, Lookahead recorded) {
        if (recorded.peek() == null && hashAtEnd == null) {
            hashAtEnd = market.state().hash();
        }
        observer.before(placed, market);
        Command command = CommandCodec.read(placed.command());
        List<Event> led = new ArrayList<>();
        List<MarketEvent> decided = new ArrayList<>();
        market.execute(command, (event, now) -> {
            led.add(event);
            decided.add(new MarketEvent(
                    recording.marketId(),
                    market.sequence(),
                    now,
                    placed.command().getCommandId(),
                    EventCodec.write(event, recording.marketId())));
        });
        if (!decided.isEmpty() && recorded.peek() == null) {
            // The record ends before this command: it was not carried out when it was read.
            pending = 1;
            return;
        }
        commands++;
        for (MarketEvent again : decided) {
            MarketEvent before = recorded.next();
            if (!again.equals(before)) {
                differ(
                        before == null ? "an event was not recorded" : "another event was recorded",
                        placed,
                        before,
                        again);
                return;
            }
            events++;
            lastSequence = again.getSequence();
            lastTimeMillis = again.getTimeMillis();
        }
        observer.carriedOut(placed, command, led);
    }

    private void differ(
            String what,
            Recording.@Nullable Placed placed,
            @Nullable MarketEvent recorded,
            @Nullable MarketEvent decided) {
        lost = true;
        MarketEvent any = decided == null ? recorded : decided;
        differences.add(new Difference(
                what,
                any == null ? market.sequence() : any.getSequence(),
                placed == null ? null : placed.command(),
                placed == null ? -1 : placed.offset(),
                recorded,
                decided));
    }

    /** Recorded events, of which the next can be looked at. */
    private static final class Lookahead implements AutoCloseable {
        private final Recording.Cursor<MarketEvent> cursor;
        private @Nullable MarketEvent head;

        Lookahead(Recording.Cursor<MarketEvent> cursor) {
            this.cursor = cursor;
            this.head = cursor.next();
        }

        @Nullable MarketEvent peek() {
            return head;
        }

        @Nullable MarketEvent next() {
            MarketEvent next = head;
            head = next == null ? null : cursor.next();
            return next;
        }

        /** To the first event after this one. */
        void skipTo(long sequence) {
            while (head != null && head.getSequence() <= sequence) {
                head = cursor.next();
            }
        }

        @Override
        public void close() {
            cursor.close();
        }
    }
}
