package io.millrace.local;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest.TxnMarkerEntry;
import org.apache.kafka.common.requests.WriteTxnMarkersResponse;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what the coordinator of a broker that was killed had decided on transactions and not yet told the partitions.
 *
 * <p>Kafka 4.3.1 loses such decisions at the next start: while the broker registers, its partitions have no leader for a
 * moment, which the coordinator takes for partitions that were deleted (KAFKA-20734). The transaction stays open for ever,
 * and whoever reads committed records or takes over the group waits for ever, too. The decision itself stands in the
 * coordinator's log: here it is read, and the partitions are told, as the coordinator would have done.
 */
final class DecidedTransactions {
    private static final Logger LOG = LoggerFactory.getLogger(DecidedTransactions.class);
    /** From this version on, the decision carries the epoch after that of the records. */
    private static final short VERSION_WITH_EPOCH_BUMP = 2;
    /** Records of each partition of the coordinator's log that are read: a decision that was lost is among the last ones. */
    private static final long TAIL_RECORDS = 50_000;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String host;
    private final int port;

    /** Of the broker that serves there, the only one of its cluster. */
    DecidedTransactions(String host, int port) {
        this.host = host;
        this.port = port;
    }

    /** An open transaction on a partition. */
    private record Open(TopicPartition partition, long producerId, int epoch, int coordinatorEpoch) {}

    /**
     * Ends what is open and decided. What is open and not decided is left: its coordinator aborts it in its own time.
     *
     * @return how many partitions were told
     * @throws IOException if the broker does not answer in time
     */
    int carryOut() throws IOException {
        List<Open> open = open();
        if (open.isEmpty()) {
            return 0;
        }
        Map<Long, TransactionLogValue> decided = decided();
        List<TxnMarkerEntry> markers = new ArrayList<>();
        for (Open each : open) {
            TransactionLogValue decision = decided.get(each.producerId());
            if (decision != null && decision.producerEpoch() == each.epoch() + 1) {
                markers.add(new TxnMarkerEntry(
                        each.producerId(),
                        decision.producerEpoch(),
                        each.coordinatorEpoch(),
                        result(decision),
                        List.of(each.partition()),
                        VERSION_WITH_EPOCH_BUMP));
                LOG.warn(
                        "ending an open transaction as decided: {} partition={} producer={} epoch={}",
                        result(decision),
                        each.partition(),
                        each.producerId(),
                        each.epoch());
            }
        }
        for (TxnMarkerEntry marker : markers) {
            write(marker);
        }
        return markers.size();
    }

    private static TransactionResult result(TransactionLogValue decision) {
        return decision.transactionStatus() == TransactionState.PREPARE_COMMIT.id()
                ? TransactionResult.COMMIT
                : TransactionResult.ABORT;
    }

    private List<Open> open() throws IOException {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, host + ":" + port))) {
            Collection<String> topics = admin.listTopics(new ListTopicsOptions().listInternal(true))
                    .names()
                    .get();
            List<TopicPartition> partitions = new ArrayList<>();
            admin.describeTopics(topics)
                    .allTopicNames()
                    .get()
                    .forEach((topic, of) -> of.partitions()
                            .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition()))));
            List<Open> open = new ArrayList<>();
            for (Map.Entry<TopicPartition, PartitionProducerState> each :
                    admin.describeProducers(partitions).all().get().entrySet()) {
                for (ProducerState producer : each.getValue().activeProducers()) {
                    if (producer.currentTransactionStartOffset().isPresent()) {
                        open.add(new Open(
                                each.getKey(),
                                producer.producerId(),
                                producer.producerEpoch(),
                                producer.coordinatorEpoch().orElse(0)));
                    }
                }
            }
            return open;
        } catch (ExecutionException e) {
            throw new IOException("the broker does not say which transactions are open", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asking which transactions are open", e);
        }
    }

    /** The last decision on a transaction of each producer. */
    private Map<Long, TransactionLogValue> decided() throws IOException {
        Map<Long, TransactionLogValue> decided = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, host + ":" + port),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> log = consumer.partitionsFor(Topic.TRANSACTION_STATE_TOPIC_NAME).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(log);
            Map<TopicPartition, Long> ends = consumer.endOffsets(log);
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(log);
            ends.forEach((partition, end) ->
                    consumer.seek(partition, Math.max(begins.getOrDefault(partition, 0L), end - TAIL_RECORDS)));
            long begunNanos = System.nanoTime();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                if (System.nanoTime() - begunNanos > PATIENCE.toNanos()) {
                    throw new IOException("the log of transactions was not read within " + PATIENCE);
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    if (record.value() != null) {
                        TransactionLogValue value = value(ByteBuffer.wrap(record.value()));
                        if (isDecision(value)) {
                            decided.put(value.producerId(), value);
                        }
                    }
                }
            }
        }
        return decided;
    }

    private static TransactionLogValue value(ByteBuffer bytes) {
        short version = bytes.getShort();
        return new TransactionLogValue(new ByteBufferAccessor(bytes), version);
    }

    private static boolean isDecision(TransactionLogValue value) {
        return value.clientTransactionVersion() >= VERSION_WITH_EPOCH_BUMP
                && (value.transactionStatus() == TransactionState.PREPARE_COMMIT.id()
                        || value.transactionStatus() == TransactionState.PREPARE_ABORT.id());
    }

    /** As a coordinator does. The clients that Kafka has for this can only abort. */
    private void write(TxnMarkerEntry marker) throws IOException {
        WriteTxnMarkersRequest request = new WriteTxnMarkersRequest.Builder(List.of(marker)).build();
        RequestHeader header = new RequestHeader(ApiKeys.WRITE_TXN_MARKERS, request.version(), "millrace", 1);
        ByteBuffer payload = request.serializeWithHeader(header);
        try (Socket socket = new Socket()) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.connect(new InetSocketAddress(host, port), (int) PATIENCE.toMillis());
            byte[] frame = new byte[Integer.BYTES + payload.remaining()];
            ByteBuffer.wrap(frame).putInt(payload.remaining()).put(payload);
            socket.getOutputStream().write(frame);
            DataInputStream answers = new DataInputStream(socket.getInputStream());
            byte[] answer = answers.readNBytes(answers.readInt());
            WriteTxnMarkersResponse response =
                    (WriteTxnMarkersResponse) AbstractResponse.parseResponse(ByteBuffer.wrap(answer), header);
            Map<TopicPartition, Errors> errors =
                    response.errorsByProducerId().getOrDefault(marker.producerId(), Map.of());
            errors.forEach((partition, error) -> {
                // The coordinator may have told it meanwhile.
                if (error != Errors.NONE) {
                    LOG.warn("the end of the transaction was not taken: {} partition={}", error, partition);
                }
            });
        }
    }
}
