package io.millrace.ingest.stream;

import io.millrace.ingest.capacity.Scope;
import io.millrace.ingest.capacity.Share;
import io.millrace.ingest.capacity.Summaries;
import io.millrace.ingest.capacity.Summary;
import io.millrace.schemas.CapacitySummary;
import java.time.Duration;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Centres, hubs and the nation as sums over pools. There is one such task in the whole application: all pools come
 * together in the one partition of its topic, a few thousand a second at the very most. Keeps the pools and the summaries
 * published; when it comes to life, each summary is published again, or said to be gone. One thread, the task's.
 */
final class ScopeTask implements TaskProcessor.Task<String, byte[]> {
    private final ProcessorContext<Object, Object> context;
    private final Parts parts;
    private final KeyValueStore<String, byte[]> pools;
    private final KeyValueStore<String, byte[]> published;
    private final Summaries summaries = new Summaries();
    private final Cancellable ticks;

    ScopeTask(ProcessorContext<Object, Object> context, Parts parts) {
        this.context = context;
        this.parts = parts;
        this.pools = context.getStateStore(IngestTopology.POOLS);
        this.published = context.getStateStore(IngestTopology.PUBLISHED_SUMMARIES);
        try (KeyValueIterator<String, byte[]> all = pools.all()) {
            while (all.hasNext()) {
                summaries.put(FromContract.share(parts.shares().own(all.next().value)));
            }
        }
        try (KeyValueIterator<String, byte[]> all = published.all()) {
            while (all.hasNext()) {
                CapacitySummary summary = parts.summaries().own(all.next().value);
                summaries.published(Scope.valueOf(summary.getScope().name()), summary.getScopeId());
            }
        }
        this.ticks = context.schedule(
                Duration.ofMillis(IngestTopology.rollUpMillis(parts.settings())),
                PunctuationType.WALL_CLOCK_TIME,
                this::tick);
    }

    @Override
    public void process(Record<String, byte[]> record) {
        Share pool = FromContract.share(parts.shares().own(record.value()));
        if (pool.isEmpty()) {
            pools.delete(record.key());
        } else {
            pools.put(record.key(), record.value());
        }
        summaries.put(pool);
    }

    private void tick(long now) {
        for (Summary summary : summaries.drain()) {
            if (summary.isEmpty()) {
                published.delete(summary.key());
                context.forward(new Record<>(summary.key(), null, now), IngestTopology.SCOPE_SUMMARIES_OUT);
            } else {
                byte[] bytes = parts.summaries().encode(ToContract.summary(summary));
                published.put(summary.key(), bytes);
                context.forward(new Record<>(summary.key(), bytes, now), IngestTopology.SCOPE_SUMMARIES_OUT);
            }
        }
    }

    @Override
    public void close() {
        ticks.cancel();
    }
}
