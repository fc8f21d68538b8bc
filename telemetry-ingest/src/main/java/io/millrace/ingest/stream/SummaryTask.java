package io.millrace.ingest.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.ingest.capacity.Scope;
import io.millrace.schemas.CapacitySummary;
import io.millrace.schemas.Decoded;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Reads every summary on every instance, as everybody else can: so each instance answers questions about capacity by
 * itself, also when it is the only one left. One thread, the global one.
 */
final class SummaryTask implements TaskProcessor.Task<byte @Nullable [], byte @Nullable []> {
    private static final String HUB_PREFIX = Scope.HUB.key("");

    private final Parts parts;
    private final KeyValueStore<String, byte[]> kept;

    SummaryTask(ProcessorContext<?, ?> context, Parts parts) {
        this.parts = parts;
        this.kept = context.getStateStore(IngestTopology.SUMMARIES);
    }

    @Override
    public void process(Record<byte @Nullable [], byte @Nullable []> record) {
        byte[] rawKey = record.key();
        byte[] value = record.value();
        if (rawKey == null) {
            return;
        }
        String key = new String(rawKey, UTF_8);
        if (value == null) {
            kept.delete(key);
        } else {
            kept.put(key, value);
        }
        if (key.startsWith(HUB_PREFIX)) {
            String hubId = key.substring(HUB_PREFIX.length());
            if (value == null) {
                parts.metrics().hub(hubId, null);
            } else if (parts.summaries().decode(value) instanceof Decoded.Value<CapacitySummary> summary) {
                parts.metrics().hub(hubId, summary.value());
            }
        }
    }
}
