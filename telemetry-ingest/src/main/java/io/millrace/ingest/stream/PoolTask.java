package io.millrace.ingest.stream;

import io.millrace.ingest.capacity.PoolShares;
import io.millrace.ingest.capacity.Share;
import io.millrace.ingest.capacity.Summary;
import io.millrace.schemas.PoolShare;
import java.time.Duration;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Pools as sums of the latest share of each partition. Keeps the shares; when the task comes to life, every pool is
 * published again. An empty share stays in the store until the tick that publishes what follows from it, in the same
 * transaction. One thread, the task's.
 */
final class PoolTask implements TaskProcessor.Task<String, byte[]> {
    /** Stands for a partition where a share is that of all partitions together. */
    static final int WHOLE = -1;

    private final ProcessorContext<Object, Object> context;
    private final Parts parts;
    private final KeyValueStore<String, byte[]> kept;
    private final PoolShares shares = new PoolShares();
    private final Cancellable ticks;

    PoolTask(ProcessorContext<Object, Object> context, Parts parts) {
        this.context = context;
        this.parts = parts;
        this.kept = context.getStateStore(IngestTopology.SHARES);
        try (KeyValueIterator<String, byte[]> all = kept.all()) {
            while (all.hasNext()) {
                PoolShare share = parts.shares().own(all.next().value);
                shares.put(share.getPartition(), FromContract.share(share));
            }
        }
        this.ticks = context.schedule(
                Duration.ofMillis(IngestTopology.rollUpMillis(parts.settings())),
                PunctuationType.WALL_CLOCK_TIME,
                this::tick);
    }

    @Override
    public void process(Record<String, byte[]> record) {
        PoolShare share = parts.shares().own(record.value());
        kept.put(key(record.key(), share.getPartition()), record.value());
        shares.put(share.getPartition(), FromContract.share(share));
    }

    private void tick(long now) {
        for (PoolShares.Change change : shares.drain()) {
            Share whole = change.whole();
            change.gone().forEach(partition -> kept.delete(key(whole.scopeId(), partition)));
            context.forward(
                    new Record<>(whole.scopeId(), parts.shares().encode(ToContract.share(whole, WHOLE)), now),
                    IngestTopology.POOLS_OUT);
            Summary summary = Summary.of(whole);
            context.forward(
                    new Record<>(
                            summary.key(),
                            summary.isEmpty() ? null : parts.summaries().encode(ToContract.summary(summary)),
                            now),
                    IngestTopology.POOL_SUMMARIES_OUT);
        }
    }

    private static String key(String scopeId, int partition) {
        return scopeId + '#' + partition;
    }

    @Override
    public void close() {
        ticks.cancel();
    }
}
