package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KilledKafkaTest {
    private static final List<TopicPartition> PARTITIONS = IntStream.range(0, TransactionsUnderWay.PARTITIONS)
            .mapToObj(partition -> new TopicPartition(TransactionsUnderWay.TOPIC, partition))
            .toList();
    private static final Duration LONG = Duration.ofSeconds(60);

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
                    .atMost(LONG)
                    .untilAsserted(
                            () -> assertThat(committed.endOffsets(PARTITIONS)).isEqualTo(all.endOffsets(PARTITIONS)));

            Map<Integer, Set<String>> values = read(committed);
            assertThat(values).hasSize(PARTITIONS.size());
            assertThat(values.values()).allSatisfy(each -> assertThat(each).isEqualTo(values.get(0)));
            assertThat(values.get(0)).hasSizeGreaterThan(TransactionsUnderWay.FEW);
            for (int number = 0; number < TransactionsUnderWay.PRODUCERS; number++) {
                String name = TransactionsUnderWay.name(number);
                assertThat(values.get(0))
                        .as("as many values of %s as its last offset says", name)
                        .filteredOn(value -> value.startsWith(name + "/"))
                        .hasSize((int) committedOffset(kafka, name) + 1);
            }
        }
    }

    private void killWhileTransactionsAreUnderWay(Path folder) {
        Path log = data.resolve("killed.log");
        try (ChildJvm broker =
                new ChildJvm(TransactionsUnderWay.class.getName(), List.of(folder.toString()), Map.of(), log)) {
            broker.start();
            Awaitility.await(TransactionsUnderWay.UNDER_WAY).atMost(LONG).untilAsserted(() -> {
                assertThat(log).content().contains(TransactionsUnderWay.UNDER_WAY);
            });
            broker.kill();
        }
    }

    private static long committedOffset(EmbeddedKafka kafka, String group) {
        // A group with an open transaction does not answer whoever reads committed records.
        try (KafkaConsumer<String, String> consumer = consumer(kafka, "read_committed", group)) {
            OffsetAndMetadata offset =
                    consumer.committed(Set.of(PARTITIONS.get(0)), LONG).get(PARTITIONS.get(0));
            return offset == null ? -1 : offset.offset();
        }
    }

    private static KafkaConsumer<String, String> consumer(EmbeddedKafka kafka, String isolation) {
        return consumer(kafka, isolation, "reader");
    }

    private static KafkaConsumer<String, String> consumer(EmbeddedKafka kafka, String isolation, String group) {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        kafka.bootstrapServers(),
                        ConsumerConfig.GROUP_ID_CONFIG,
                        group,
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
