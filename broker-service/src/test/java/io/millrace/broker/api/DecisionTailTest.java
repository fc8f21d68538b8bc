package io.millrace.broker.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.Codec;
import io.millrace.schemas.Codecs;
import io.millrace.schemas.Outcome;
import io.millrace.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DecisionTailTest {
    private static final String TOPIC = Topics.ALLOCATION_DECISIONS.name();
    private static final TopicPartition FIRST = new TopicPartition(TOPIC, 0);
    private static final TopicPartition SECOND = new TopicPartition(TOPIC, 1);

    private final Codecs codecs = Codecs.connect("mock://decision-tail-test");
    private final Codec<AllocationDecision> codec = codecs.of(Topics.ALLOCATION_DECISIONS);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Queue<MockConsumer<String, byte[]>> consumers = new ConcurrentLinkedQueue<>();
    private final Seen seen = new Seen();
    private @Nullable DecisionTail tail;

    @AfterEach
    void close() {
        if (tail != null) {
            tail.close();
        }
        codecs.close();
    }

    @Test
    void followsFromTheEndOfEveryPartition() {
        MockConsumer<String, byte[]> consumer = consumer(10, 20);
        start(List.of(consumer));
        consumer.schedulePollTask(() -> {
            consumer.addRecord(record(FIRST, 10, "r1", 501));
            consumer.addRecord(record(SECOND, 20, "r2", 502));
        });
        await().untilAsserted(() -> assertThat(seen.ids).containsExactlyInAnyOrder("r1@501", "r2@502"));
        assertThat(tail().notFollowing()).isEmpty();
        assertThat(tail().problem()).isEmpty();
    }

    @Test
    void whatNobodyWantsIsNotEvenDecoded() {
        MockConsumer<String, byte[]> consumer = consumer(0, 0);
        start(List.of(consumer));
        consumer.schedulePollTask(() -> {
            consumer.addRecord(bytes(FIRST, 0, "unwanted", new byte[] {1, 2, 3}));
            consumer.addRecord(record(FIRST, 1, "r1", 501));
        });
        await().untilAsserted(() -> assertThat(seen.ids).containsExactly("r1@501"));
        assertThat(meters.counter("millrace.decision.tail.undelivered").count()).isZero();
    }

    @Test
    void bytesThatAreNoDecisionAreSteppedOver() {
        MockConsumer<String, byte[]> consumer = consumer(0, 0);
        start(List.of(consumer));
        consumer.schedulePollTask(() -> {
            consumer.addRecord(bytes(FIRST, 0, "r0", "nonsense".getBytes(StandardCharsets.UTF_8)));
            consumer.addRecord(record(FIRST, 1, "r1", 501));
        });
        await().untilAsserted(() -> assertThat(seen.ids).containsExactly("r1@501"));
        assertThat(meters.counter("millrace.decision.tail.undelivered").count()).isEqualTo(1);
    }

    @Test
    void aListenersMistakeStopsNothing() {
        MockConsumer<String, byte[]> consumer = consumer(0, 0);
        start(List.of(consumer));
        consumer.schedulePollTask(() -> {
            consumer.addRecord(record(FIRST, 0, Seen.BREAKS, 500));
            consumer.addRecord(record(FIRST, 1, "r1", 501));
        });
        await().untilAsserted(() -> assertThat(seen.ids).containsExactly("r1@501"));
        assertThat(meters.counter("millrace.decision.tail.undelivered").count()).isEqualTo(1);
    }

    @Test
    void afterAFailureItGoesOnWhereItStopped() {
        MockConsumer<String, byte[]> failing = consumer(5, 0);
        MockConsumer<String, byte[]> unable = new MockConsumer<>("latest");
        MockConsumer<String, byte[]> healthy = consumer(9, 0);
        start(List.of(failing, unable, healthy));
        failing.schedulePollTask(() -> failing.addRecord(record(FIRST, 5, "r5", 505)));
        failing.schedulePollTask(() -> failing.setPollException(new KafkaException("no broker")));
        healthy.schedulePollTask(() -> {
            healthy.addRecord(record(FIRST, 6, "r6", 506));
            healthy.addRecord(record(FIRST, 9, "r9", 509));
        });
        await().untilAsserted(() -> assertThat(seen.ids).containsExactly("r5@505", "r6@506", "r9@509"));
        assertThat(tail().notFollowing()).isEmpty();
        assertThat(meters.counter("millrace.decision.tail.restarts").count()).isEqualTo(2);
        assertThat(failing.closed()).isTrue();
    }

    @Test
    void whileThereIsNoTopicItIsNotReady() {
        start(List.of(new MockConsumer<>("latest"), consumer(0, 0)));
        await().untilAsserted(() -> assertThat(tail().notFollowing()).isEmpty());
        assertThat(meters.counter("millrace.decision.tail.restarts").count()).isEqualTo(1);
        tail().close();
        assertThat(tail().notFollowing()).contains("decisions are not followed");
        assertThat(tail().problem()).isPresent();
    }

    private DecisionTail tail() {
        return Objects.requireNonNull(tail);
    }

    private void start(List<MockConsumer<String, byte[]>> inOrder) {
        consumers.addAll(inOrder);
        tail = DecisionTail.start(this::nextConsumer, codec, List.of(seen), meters);
    }

    private Consumer<String, byte[]> nextConsumer() {
        MockConsumer<String, byte[]> next = consumers.poll();
        if (next == null) {
            throw new KafkaException("the test has no more consumers");
        }
        return next;
    }

    private static MockConsumer<String, byte[]> consumer(long... endOffsets) {
        MockConsumer<String, byte[]> consumer = new MockConsumer<>("latest");
        Node node = new Node(1, "127.0.0.1", 9092);
        Node[] nodes = {node};
        consumer.updatePartitions(
                TOPIC,
                IntStream.range(0, endOffsets.length)
                        .mapToObj(partition -> new PartitionInfo(TOPIC, partition, node, nodes, nodes))
                        .toList());
        for (int partition = 0; partition < endOffsets.length; partition++) {
            consumer.updateBeginningOffsets(Map.of(new TopicPartition(TOPIC, partition), 0L));
            consumer.updateEndOffsets(Map.of(new TopicPartition(TOPIC, partition), endOffsets[partition]));
        }
        return consumer;
    }

    private ConsumerRecord<String, byte[]> record(TopicPartition at, long offset, String requestId, long timeMillis) {
        byte[] value = codec.encode(Decisions.of(requestId, Outcome.ALLOCATED));
        return record(at, offset, requestId, timeMillis, value);
    }

    private static ConsumerRecord<String, byte[]> bytes(TopicPartition at, long offset, String key, byte[] value) {
        return record(at, offset, key, 500, value);
    }

    private static ConsumerRecord<String, byte[]> record(
            TopicPartition at, long offset, String key, long timeMillis, byte[] value) {
        return new ConsumerRecord<>(
                at.topic(),
                at.partition(),
                offset,
                timeMillis,
                TimestampType.CREATE_TIME,
                key.length(),
                value.length,
                key,
                value,
                new RecordHeaders(),
                Optional.empty());
    }

    /** Remembers what it was given. */
    private static final class Seen implements DecisionListener {
        static final String BREAKS = "breaks";
        final List<String> ids = new CopyOnWriteArrayList<>();

        @Override
        public boolean wants(String requestId) {
            return !requestId.equals("unwanted");
        }

        @Override
        public void accept(AllocationDecision decision, long recordTimeMillis) {
            if (decision.getRequestId().equals(BREAKS)) {
                throw new IllegalStateException("as the test wants it");
            }
            ids.add(decision.getRequestId() + "@" + recordTimeMillis);
        }
    }
}
