package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaTest {
    private static final String TOPIC = "greetings";

    @TempDir
    Path data;

    @Test
    void recordsAndCommittedOffsetsOutliveARestart() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(data.resolve("kafka"), 0)) {
            createTopic(kafka);
            send(kafka, "first");
            assertThat(readAndCommit(kafka, 1)).containsExactly("first");
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.start(data.resolve("kafka"), 0)) {
            send(kafka, "second");
            assertThat(readAndCommit(kafka, 1)).containsExactly("second");
        }
    }

    @Test
    void aBrokerThatComesBackWithoutItsCoordinatorsIsStartedOnceMore() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(data.resolve("kafka"), 0)) {
            createTopic(kafka);
            send(kafka, "first");
        }
        List<String> asked = new ArrayList<>();
        try (EmbeddedKafka kafka = EmbeddedKafka.start(data.resolve("kafka"), 0, address -> !asked.add(address))) {
            assertThat(asked).containsExactly(kafka.bootstrapServers());
            assertThat(readAndCommit(kafka, 1)).containsExactly("first");
        }
    }

    @Test
    void transactionsWork() {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(data.resolve("kafka"), 0)) {
            createTopic(kafka);
            try (KafkaProducer<String, String> producer = producer(kafka, Map.of("transactional.id", "t"))) {
                producer.initTransactions();
                producer.beginTransaction();
                Future<RecordMetadata> givenUp = producer.send(new ProducerRecord<>(TOPIC, "k", "given up"));
                producer.flush();
                assertThat(givenUp).isDone();
                producer.abortTransaction();
                producer.beginTransaction();
                Future<RecordMetadata> committed = producer.send(new ProducerRecord<>(TOPIC, "k", "committed"));
                producer.commitTransaction();
                assertThat(committed).isDone();
            }
            assertThat(readAndCommit(kafka, 1)).containsExactly("committed");
        }
    }

    @Test
    void aMistypedTopicDoesNotBecomeATopic() {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(data.resolve("kafka"), 0);
                KafkaProducer<String, String> producer =
                        producer(kafka, Map.of(ProducerConfig.MAX_BLOCK_MS_CONFIG, 1000));
                Admin admin = admin(kafka)) {
            assertThatThrownBy(() ->
                            producer.send(new ProducerRecord<>("gretings", "v")).get())
                    .hasMessageContaining("gretings");
            assertThatThrownBy(() -> admin.describeTopics(List.of("gretings"))
                            .allTopicNames()
                            .get())
                    .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }

    @Test
    void aPortInUseIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            assertThatThrownBy(() -> EmbeddedKafka.start(data.resolve("kafka"), taken.getLocalPort()))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining(taken.getLocalPort() + " for Kafka is in use")
                    .hasMessageContaining("--kafka-port");
        }
    }

    @Test
    void aFolderInUseIsRefusedAndTheBrokerThatHasItGoesOn() throws Exception {
        Path folder = data.resolve("kafka");
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, 0)) {
            assertThatThrownBy(() -> EmbeddedKafka.start(folder, 0))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining(folder + " is in use by another millrace (process "
                            + ProcessHandle.current().pid() + ")");
            createTopic(kafka);
            send(kafka, "still here");
            assertThat(readAndCommit(kafka, 1)).containsExactly("still here");
        }
    }

    @Test
    void aFolderWithOtherThingsInItIsRefusedAndLeftAlone() throws IOException {
        Path folder = Files.createDirectories(data.resolve("kafka"));
        Files.writeString(folder.resolve("thesis.txt"), "three years of work");
        assertThatThrownBy(() -> EmbeddedKafka.start(folder, 0))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("thesis.txt")
                .hasMessageContaining("not Kafka's");
        assertThat(folder).isDirectoryContaining(file -> file.endsWith("thesis.txt"));
    }

    @Test
    void aFolderOfAnotherFormatIsRefused() throws IOException {
        Path folder = Files.createDirectories(data.resolve("kafka"));
        Files.writeString(folder.resolve("meta.properties"), "version=7\nnode.id=1\ncluster.id=abc\n");
        assertThatThrownBy(() -> EmbeddedKafka.start(folder, 0))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("did not start from " + folder)
                .hasMessageContaining("another version");
    }

    private static void createTopic(EmbeddedKafka kafka) {
        try (Admin admin = admin(kafka)) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)))
                    .all()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        }
    }

    private static void send(EmbeddedKafka kafka, String value) throws Exception {
        try (KafkaProducer<String, String> producer = producer(kafka, Map.of())) {
            producer.send(new ProducerRecord<>(TOPIC, "k", value)).get();
        }
    }

    private static List<String> readAndCommit(EmbeddedKafka kafka, int count) {
        Map<String, Object> config = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers(),
                ConsumerConfig.GROUP_ID_CONFIG, "readers",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        List<String> seen = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    seen.add(record.value());
                }
                return seen.size() >= count;
            });
            consumer.commitSync();
        }
        return seen;
    }

    private static KafkaProducer<String, String> producer(EmbeddedKafka kafka, Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    private static Admin admin(EmbeddedKafka kafka) {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()));
    }
}
