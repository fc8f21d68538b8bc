package io.millrace.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** An embedded broker in a JVM of its own, with transactions one after the other, until it is killed. */
final class TransactionsUnderWay {
    static final String TOPIC = "pairs";
    static final int PARTITIONS = 8;
    /** Said when so many transactions of one producer are committed. */
    static final String UNDER_WAY = "under way";

    static final int FEW = 20;
    static final int PRODUCERS = 4;

    private TransactionsUnderWay() {}

    public static void main(String[] args) throws Exception {
        EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(args[0]), 0);
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
        for (int number = 0; number < PRODUCERS; number++) {
            String name = name(number);
            Thread.ofPlatform().name(name).start(() -> write(kafka.bootstrapServers(), name));
        }
    }

    static String name(int producer) {
        return "producer-" + producer;
    }

    /** The same value to every partition, or to none; and as many offsets as values. */
    private static void write(String bootstrapServers, String name) {
        try (KafkaProducer<String, String> producer = producer(bootstrapServers, name);
                KafkaConsumer<String, String> group = group(bootstrapServers, name)) {
            producer.initTransactions();
            for (int count = 0; ; count++) {
                producer.beginTransaction();
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    producer.send(new ProducerRecord<>(TOPIC, partition, null, name + "/" + count));
                }
                // The group of a partition is loaded some time after the partition has a leader.
                producer.sendOffsetsToTransaction(
                        Map.of(new TopicPartition(TOPIC, 0), new OffsetAndMetadata(count)), group.groupMetadata());
                producer.commitTransaction();
                if (count == FEW) {
                    System.out.println(UNDER_WAY);
                }
            }
        }
    }

    private static KafkaProducer<String, String> producer(String bootstrapServers, String name) {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG, name,
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 1_000),
                new StringSerializer(),
                new StringSerializer());
    }

    private static KafkaConsumer<String, String> group(String bootstrapServers, String name) {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                        ConsumerConfig.GROUP_ID_CONFIG, name),
                new StringDeserializer(),
                new StringDeserializer());
    }
}
