package io.millrace.broker.audit;

import io.millrace.broker.market.MarketState;
import io.millrace.broker.stream.SnapshotCodec;
import io.millrace.schemas.Decoded;
import io.millrace.schemas.MarketCommand;
import io.millrace.schemas.MarketEvent;
import io.millrace.schemas.MarketSnapshot;
import io.millrace.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** A market's record in Kafka. Several markets may share its partition. */
final class KafkaRecording implements Recording {
    private static final long SLACK_MILLIS = 60_000;

    private final MarketLogs logs;
    private final String marketId;
    private final int partition;
    private final List<Checkpoint> checkpoints;

    KafkaRecording(MarketLogs logs, String marketId, int partition, List<Checkpoint> checkpoints) {
        this.logs = logs;
        this.marketId = marketId;
        this.partition = partition;
        this.checkpoints = List.copyOf(checkpoints);
    }

    @Override
    public String marketId() {
        return marketId;
    }

    @Override
    public List<Checkpoint> checkpoints() {
        return checkpoints;
    }

    @Override
    public MarketState restore(Checkpoint checkpoint) {
        List<MarketSnapshot> parts = new ArrayList<>();
        try (TopicReader<MarketSnapshot> reader = logs.reader(Topics.MARKET_SNAPSHOTS, partition)) {
            reader.from(checkpoint.offset());
            for (ConsumerRecord<byte[], byte[]> record = reader.next(); record != null; record = reader.next()) {
                MarketSnapshot part = MarketLogs.required(reader.decode(record), record);
                if (part.getMarketId().equals(marketId)) {
                    parts.add(part);
                    if (part.getLast()) {
                        break;
                    }
                }
            }
        }
        try {
            return SnapshotCodec.read(parts);
        } catch (IllegalArgumentException e) {
            throw new RecordingException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public Cursor<Placed> commands(Checkpoint from) {
        TopicReader<MarketCommand> reader = logs.reader(Topics.MARKET_COMMANDS, partition);
        reader.from(from.nextCommandOffset());
        byte[] key = marketId.getBytes(StandardCharsets.UTF_8);
        return new Cursor<>() {
            @Override
            public @Nullable Placed next() {
                for (ConsumerRecord<byte[], byte[]> record = reader.next(); record != null; record = reader.next()) {
                    // The market put what it could not read, and what was not meant for it, with the dead letters; the
                    // same is left out here.
                    if (Arrays.equals(record.key(), key)
                            && reader.decode(record) instanceof Decoded.Value<MarketCommand> command
                            && command.value().getMarketId().equals(marketId)) {
                        return new Placed(record.offset(), command.value());
                    }
                }
                return null;
            }

            @Override
            public void close() {
                reader.close();
            }
        };
    }

    @Override
    public Cursor<MarketEvent> events(Checkpoint after) {
        TopicReader<MarketEvent> reader = logs.reader(Topics.MARKET_EVENTS, partition);
        MarketEvent first = seek(reader, after);
        return new Cursor<>() {
            private @Nullable MarketEvent head = first;

            @Override
            public @Nullable MarketEvent next() {
                MarketEvent next = head;
                head = next == null ? null : nextOfMarket(reader);
                return next;
            }

            @Override
            public void close() {
                reader.close();
            }
        };
    }

    /**
     * The first event after the snapshot. Times of records are no more than a hint at where it is: whether the reader began
     * early enough, the sequences say.
     */
    private @Nullable MarketEvent seek(TopicReader<MarketEvent> reader, Checkpoint after) {
        for (long slackMillis = SLACK_MILLIS; slackMillis < after.timestampMillis(); slackMillis *= 60) {
            reader.fromTime(after.timestampMillis() - slackMillis);
            MarketEvent first = nextOfMarket(reader);
            if (first != null && first.getSequence() <= after.sequence() + 1) {
                return skipTo(reader, first, after);
            }
        }
        reader.fromBeginning();
        MarketEvent first = nextOfMarket(reader);
        return first == null ? null : skipTo(reader, first, after);
    }

    private @Nullable MarketEvent skipTo(TopicReader<MarketEvent> reader, MarketEvent first, Checkpoint after) {
        MarketEvent event = first;
        while (event != null && event.getSequence() <= after.sequence()) {
            event = nextOfMarket(reader);
        }
        return event;
    }

    private @Nullable MarketEvent nextOfMarket(TopicReader<MarketEvent> reader) {
        for (ConsumerRecord<byte[], byte[]> record = reader.next(); record != null; record = reader.next()) {
            MarketEvent event = MarketLogs.required(reader.decode(record), record);
            if (event.getMarketId().equals(marketId)) {
                return event;
            }
        }
        return null;
    }
}
