package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledKafkaTest {
    private static final List<TopicPartition> PARTITIONS = IntStream.range(0, TransactionsUnderWay.PARTITIONS)
            .mapToObj(partition -> new TopicPartition(TransactionsUnderWay.TOPIC, partition))
            .toList();

    @TempDir
    Path data;

    /** Every one of them is committed on all partitions, or aborted on all: none stays open, and none is torn. */
    @Test
    void transactionsThatWereUnderWayEndAfterTheNextStart() throws Exception {
        Path folder = data.resolve("kafka");
        killWhileTransactionsAreUnderWay(folder);

        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, 0);
                KafkaConsumer<String, String> committed = consumer(kafka, "read_committed");
                KafkaConsumer<String, String> all = consumer(kafka, "read_uncommitted")) {
            Awaitility.await("no transaction is open")
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () -> assertThat(committed.endOffsets(PARTITIONS)).isEqualTo(all.endOffsets(PARTITIONS)));

            Map<Integer, Set<String>> values = read(committed);
            assertThat(values).hasSize(PARTITIONS.size());
            assertThat(values.values()).allSatisfy(each -> assertThat(each).isEqualTo(values.get(0)));
            assertThat(values.get(0)).hasSizeGreaterThan(20);
        }
    }

    private void killWhileTransactionsAreUnderWay(Path folder) throws Exception {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TransactionsUnderWay.class.getName(),
                        folder.toString()))
                .redirectError(data.resolve("killed.log").toFile())
                .start();
        try (BufferedReader said = process.inputReader()) {
            String line = said.readLine();
            while (line != null && !line.equals(TransactionsUnderWay.UNDER_WAY)) {
                line = said.readLine();
            }
            assertThat(line).as("what the broker said last, see %s", data).isNotNull();
        } finally {
            process.destroyForcibly();
            process.onExit().join();
        }
    }

    private static KafkaConsumer<String, String> consumer(EmbeddedKafka kafka, String isolation) {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        kafka.bootstrapServers(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        isolation),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private static Map<Integer, Set<String>> read(KafkaConsumer<String, String> consumer) {
        consumer.assign(PARTITIONS);
        consumer.seekToBeginning(PARTITIONS);
        Map<TopicPartition, Long> ends = consumer.endOffsets(PARTITIONS);
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        while (PARTITIONS.stream().anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
            consumer.poll(Duration.ofMillis(100)).forEach(records::add);
        }
        Map<Integer, Set<String>> values = new TreeMap<>();
        records.forEach(record ->
                values.computeIfAbsent(record.partition(), p -> new HashSet<>()).add(record.value()));
        return values;
    }
}
