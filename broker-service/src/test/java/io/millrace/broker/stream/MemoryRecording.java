package io.millrace.broker.stream;

import io.millrace.broker.MarketRules;
import io.millrace.broker.audit.Checkpoint;
import io.millrace.broker.audit.Recording;
import io.millrace.broker.audit.RecordingException;
import io.millrace.broker.market.MarketState;
import io.millrace.schemas.MarketCommand;
import io.millrace.schemas.MarketEvent;
import io.millrace.schemas.MarketSnapshot;
import io.millrace.schemas.Topics;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A record of one market in lists, which tests may falsify. */
final class MemoryRecording implements Recording {
    final List<Placed> commands = new ArrayList<>();
    final List<MarketEvent> events = new ArrayList<>();
    final List<List<MarketSnapshot>> snapshots = new ArrayList<>();

    /** What a topology wrote. */
    static MemoryRecording of(BrokerDriver broker) {
        MemoryRecording recording = new MemoryRecording();
        for (MarketCommand command : broker.read(Topics.MARKET_COMMANDS)) {
            recording.commands.add(new Placed(recording.commands.size(), command));
        }
        recording.events.addAll(broker.read(Topics.MARKET_EVENTS));
        broker.read(Topics.MARKET_SNAPSHOTS).forEach(recording::add);
        return recording;
    }

    /** What a market makes of these commands; before some of them it goes on under other rules. */
    static MemoryRecording of(List<Placed> commands, List<MarketRules> rules, int everyCommands) {
        MemoryRecording recording = new MemoryRecording();
        recording.commands.addAll(commands);
        String marketId = commands.getFirst().command().getMarketId();
        MarketState state =
                new MarketState(marketId, rules.getFirst().settings().queue());
        for (int i = 0; i < commands.size(); i++) {
            MarketRules now = rules.get(i / everyCommands % rules.size());
            if (i % everyCommands == 0) {
                state = state.copy(now.settings().queue());
                SnapshotCodec.write(state, commands.get(i).offset(), now, "test", recording::add);
            }
            MarketCommand command = commands.get(i).command();
            MarketState market = state;
            now.market()
                    .execute(
                            market,
                            CommandCodec.read(command),
                            (event, at) -> recording.events.add(new MarketEvent(
                                    marketId,
                                    market.meta().sequence(),
                                    at,
                                    command.getCommandId(),
                                    EventCodec.write(event, marketId))));
        }
        return recording;
    }

    private void add(MarketSnapshot part) {
        if (part.getPart() == 0) {
            snapshots.add(new ArrayList<>());
        }
        snapshots.getLast().add(part);
    }

    @Override
    public String marketId() {
        return commands.getFirst().command().getMarketId();
    }

    @Override
    public List<Checkpoint> checkpoints() {
        List<Checkpoint> checkpoints = new ArrayList<>();
        for (int i = 0; i < snapshots.size(); i++) {
            MarketSnapshot first = snapshots.get(i).getFirst();
            if (first.getNextCommandOffset() >= commands.getFirst().offset()) {
                checkpoints.add(new Checkpoint(
                        first.getSequence(),
                        first.getNextCommandOffset(),
                        first.getTimeMillis(),
                        first.getStateHash(),
                        SnapshotCodec.rules(first),
                        first.getRelease(),
                        i,
                        0));
            }
        }
        return checkpoints;
    }

    @Override
    public MarketState restore(Checkpoint checkpoint) {
        try {
            return SnapshotCodec.read(snapshots.get((int) checkpoint.offset()));
        } catch (IllegalArgumentException e) {
            throw new RecordingException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public Cursor<Placed> commands(Checkpoint from) {
        return cursor(commands.stream().filter(each -> each.offset() >= from.nextCommandOffset()));
    }

    @Override
    public Cursor<MarketEvent> events(Checkpoint after) {
        return cursor(events.stream().filter(each -> each.getSequence() > after.sequence()));
    }

    private static <T> Cursor<T> cursor(Stream<T> values) {
        Iterator<T> each = values.iterator();
        return new Cursor<>() {
            @Override
            public @Nullable T next() {
                return each.hasNext() ? each.next() : null;
            }

            @Override
            public void close() {}
        };
    }
}
