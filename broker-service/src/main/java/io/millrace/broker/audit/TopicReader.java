package io.millrace.broker.audit;

import io.millrace.schemas.Codec;
import io.millrace.schemas.Decoded;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** One partition from a place to the end that it had when the reader was made. Not thread-safe. */
final class TopicReader<V extends SpecificRecord> implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final Codec<V> codec;
    private final long end;
    private Iterator<ConsumerRecord<byte[], byte[]>> batch = Collections.emptyIterator();

    TopicReader(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, Codec<V> codec) {
        this.consumer = consumer;
        this.partition = partition;
        this.codec = codec;
        consumer.assign(List.of(partition));
        // With read_committed this is the last stable offset: nothing before it is open.
        this.end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    }

    void fromBeginning() {
        batch = Collections.emptyIterator();
        consumer.seekToBeginning(List.of(partition));
    }

    void from(long offset) {
        batch = Collections.emptyIterator();
        consumer.seek(partition, offset);
    }

    /** From the first record with this time or a later one. */
    void fromTime(long timestampMillis) {
        OffsetAndTimestamp found =
                consumer.offsetsForTimes(Map.of(partition, timestampMillis)).get(partition);
        from(found == null ? end : found.offset());
    }

    /**
     * The next record, or null at the end.
     *
     * @throws RecordingException if Kafka is silent for too long
     */
    @Nullable ConsumerRecord<byte[], byte[]> next() {
        long silentSince = System.nanoTime();
        while (!batch.hasNext()) {
            if (consumer.position(partition) >= end) {
                return null;
            }
            batch = consumer.poll(POLL).iterator();
            if (!batch.hasNext() && System.nanoTime() - silentSince > SILENCE.toNanos()) {
                throw new RecordingException("Kafka sends nothing of " + partition + " after offset "
                        + consumer.position(partition) + " for " + SILENCE.toSeconds() + " s");
            }
        }
        ConsumerRecord<byte[], byte[]> next = batch.next();
        return next.offset() < end ? next : null;
    }

    Decoded<V> decode(ConsumerRecord<byte[], byte[]> record) {
        return codec.decode(record.value());
    }

    @Override
    public void close() {
        consumer.close();
    }
}
