package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Decisions are written into the coordinator's log behind its back, which is how they look after it has lost them. */
class DecidedTransactionsTest {
    private static final String WRITER = "writer";
    private static final String GROUP = "group";
    private static final TopicPartition FIRST = new TopicPartition("topic", 0);
    private static final TopicPartition SECOND = new TopicPartition("topic", 1);

    @TempDir
    Path data;

    private EmbeddedKafka kafka;
    private Admin admin;
    private KafkaProducer<String, String> producer;
    private DecidedTransactions decided;

    @BeforeEach
    void beginATransaction() throws Exception {
        kafka = EmbeddedKafka.start(data.resolve("kafka"), 0);
        admin = Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()));
        admin.createTopics(List.of(new NewTopic(FIRST.topic(), 2, (short) 1)))
                .all()
                .get();
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        kafka.bootstrapServers(),
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        "writer"),
                new StringSerializer(),
                new StringSerializer());
        decided = new DecidedTransactions(Ports.HOST, kafka.port());

        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(FIRST.topic(), FIRST.partition(), null, "one"));
        producer.send(new ProducerRecord<>(SECOND.topic(), SECOND.partition(), null, "other"));
        try (KafkaConsumer<String, String> consumer = consumer()) {
            producer.sendOffsetsToTransaction(Map.of(FIRST, new OffsetAndMetadata(5)), consumer.groupMetadata());
        }
        producer.flush();
    }

    @AfterEach
    void stop() {
        producer.close(Duration.ZERO);
        admin.close();
        kafka.close();
    }

    @Test
    void aTransactionUnderWayIsLeftToItsCoordinator() throws Exception {
        assertThat(decided.carryOut()).isZero();

        producer.commitTransaction();
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(committed()).containsEntry(FIRST, 2L).containsEntry(SECOND, 2L));
    }

    @Test
    void aCommitThatWasDecidedIsToldToAllPartitionsAndTheGroup() throws Exception {
        decide(TransactionState.PREPARE_COMMIT);

        assertThat(decided.carryOut())
                .as("two partitions, and that of the group")
                .isEqualTo(3);

        assertThat(committed()).containsEntry(FIRST, 2L).containsEntry(SECOND, 2L);
        assertThat(committedOffset()).isEqualTo(5);
        assertThat(decided.carryOut()).as("left to do").isZero();
    }

    @Test
    void anAbortThatWasDecidedIsToldToAllPartitionsAndTheGroup() throws Exception {
        decide(TransactionState.PREPARE_ABORT);

        assertThat(decided.carryOut()).isEqualTo(3);

        assertThat(committed()).containsEntry(FIRST, 2L).containsEntry(SECOND, 2L);
        assertThat(committedOffset()).isEqualTo(-1);
    }

    private void decide(TransactionState decision) throws Exception {
        ProducerState open = admin.describeProducers(List.of(FIRST))
                .partitionResult(FIRST)
                .get()
                .activeProducers()
                .getFirst();
        TransactionLogValue value = new TransactionLogValue()
                .setProducerId(open.producerId())
                .setProducerEpoch((short) (open.producerEpoch() + 1))
                .setClientTransactionVersion((short) 2)
                .setTransactionStatus(decision.id());
        ByteBuffer bytes = MessageUtil.toVersionPrefixedByteBuffer((short) 1, value);
        byte[] written = new byte[bytes.remaining()];
        bytes.get(written);
        Map<String, Object> config = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka.bootstrapServers(),
                // The one client that may write to what belongs to Kafka.
                ProducerConfig.CLIENT_ID_CONFIG,
                "__admin_client");
        try (KafkaProducer<byte[], byte[]> log =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            String topic = Topic.TRANSACTION_STATE_TOPIC_NAME;
            // Where the coordinator has the rest of what it says of this writer.
            int partition =
                    Utils.abs(WRITER.hashCode()) % log.partitionsFor(topic).size();
            log.send(new ProducerRecord<>(topic, partition, new byte[] {0}, written))
                    .get();
        }
    }

    /** How far a reader of committed records gets: past an open transaction it does not. */
    private Map<TopicPartition, Long> committed() {
        try (KafkaConsumer<String, String> consumer = consumer()) {
            return consumer.endOffsets(List.of(FIRST, SECOND));
        }
    }

    /** -1 for none. */
    private long committedOffset() {
        try (KafkaConsumer<String, String> consumer = consumer()) {
            OffsetAndMetadata offset = consumer.committed(Set.of(FIRST)).get(FIRST);
            return offset == null ? -1 : offset.offset();
        }
    }

    private KafkaConsumer<String, String> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        kafka.bootstrapServers(),
                        ConsumerConfig.GROUP_ID_CONFIG,
                        GROUP,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new StringDeserializer(),
                new StringDeserializer());
    }
}
