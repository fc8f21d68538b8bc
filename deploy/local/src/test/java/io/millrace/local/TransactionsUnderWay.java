package io.millrace.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** An embedded broker in a JVM of its own, with transactions one after the other, until it is killed. */
final class TransactionsUnderWay {
    static final String TOPIC = "pairs";
    static final int PARTITIONS = 8;
    /** Said when transactions are being committed. */
    static final String UNDER_WAY = "under way";

    private static final int PRODUCERS = 4;
    private static final int FEW = 20;

    private TransactionsUnderWay() {}

    public static void main(String[] args) throws Exception {
        EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(args[0]), 0);
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
        for (int number = 0; number < PRODUCERS; number++) {
            String name = "producer-" + number;
            Thread.ofPlatform().name(name).start(() -> write(kafka.bootstrapServers(), name));
        }
    }

    /** The same value to every partition, or to none. */
    private static void write(String bootstrapServers, String name) {
        Map<String, Object> config = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                ProducerConfig.TRANSACTIONAL_ID_CONFIG, name,
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 1_000);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            for (int count = 0; ; count++) {
                producer.beginTransaction();
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    producer.send(new ProducerRecord<>(TOPIC, partition, null, name + "/" + count));
                }
                producer.commitTransaction();
                if (count == FEW) {
                    System.out.println(UNDER_WAY);
                }
            }
        }
    }
}
