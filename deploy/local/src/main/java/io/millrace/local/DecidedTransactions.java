package io.millrace.local;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest.TxnMarkerEntry;
import org.apache.kafka.common.requests.WriteTxnMarkersResponse;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
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
    /** Records of each partition of the coordinator's log that are read: a decision that was lost is among the last ones. */
    private static final long TAIL_RECORDS = 50_000;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(200);

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
     * Ends what is open and decided, and returns when all its partitions have taken it. What is open and still under way
     * is left: its coordinator aborts it in its own time. What is open and of which the log says nothing is left, too, and
     * logged with a warning: nobody will end it.
     *
     * @return how many partitions took the end of a transaction
     * @throws IOException if the broker does not answer in time, or does not take all in time
     */
    int carryOut() throws IOException {
        long begunNanos = System.nanoTime();
        List<Open> open = open();
        if (open.isEmpty()) {
            return 0;
        }
        Decisions decisions = decisions(begunNanos);
        open.forEach(each -> explain(each, decisions));
        int taken = 0;
        while (true) {
            List<TxnMarkerEntry> markers = markers(open, decisions);
            if (markers.isEmpty()) {
                return taken;
            }
            for (TxnMarkerEntry marker : markers) {
                taken += isTaken(marker) ? 1 : 0;
            }
            // A partition that refuses may still be loading what it holds, above all one with the offsets of groups; or
            // its coordinator has told it meanwhile, and nothing is open any more.
            pause();
            open = open();
            if (isOver(begunNanos)) {
                throw new IOException(
                        markers(open, decisions).size() + " ends of transactions were not taken within " + PATIENCE);
            }
        }
    }

    private static void explain(Open open, Decisions decisions) {
        Decisions.Decision decision = decisions.on(open.producerId(), open.epoch());
        if (decision != null) {
            LOG.warn(
                    "ending an open transaction as decided: {} partition={} producer={} epoch={}",
                    decision.result(),
                    open.partition(),
                    open.producerId(),
                    open.epoch());
        } else if (!decisions.isOngoing(open.producerId(), open.epoch())) {
            LOG.warn(
                    "an open transaction that nobody will end: partition={} producer={} epoch={}",
                    open.partition(),
                    open.producerId(),
                    open.epoch());
        }
    }

    private static List<TxnMarkerEntry> markers(List<Open> open, Decisions decisions) {
        List<TxnMarkerEntry> markers = new ArrayList<>();
        for (Open each : open) {
            Decisions.Decision decision = decisions.on(each.producerId(), each.epoch());
            if (decision != null) {
                markers.add(new TxnMarkerEntry(
                        each.producerId(),
                        decision.markerEpoch(),
                        each.coordinatorEpoch(),
                        decision.result(),
                        List.of(each.partition()),
                        decision.version()));
            }
        }
        return markers;
    }

    private List<Open> open() throws IOException {
        try (Admin admin = Admin.create(clientConfig())) {
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
            throw interrupted(e);
        }
    }

    private Decisions decisions(long begunNanos) throws IOException {
        Decisions decisions = new Decisions();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(clientConfig(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> log = consumer.partitionsFor(Topic.TRANSACTION_STATE_TOPIC_NAME).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(log);
            Map<TopicPartition, Long> ends = consumer.endOffsets(log);
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(log);
            ends.forEach((partition, end) ->
                    consumer.seek(partition, Math.max(begins.getOrDefault(partition, 0L), end - TAIL_RECORDS)));
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                if (isOver(begunNanos)) {
                    throw new IOException("the log of transactions was not read within " + PATIENCE);
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(PAUSE)) {
                    if (record.value() != null) {
                        decisions.add(value(ByteBuffer.wrap(record.value())));
                    }
                }
            }
            return decisions;
        } catch (org.apache.kafka.common.errors.TimeoutException e) {
            throw new IOException("the log of transactions was not read within " + PATIENCE, e);
        }
    }

    private static TransactionLogValue value(ByteBuffer bytes) {
        short version = bytes.getShort();
        return new TransactionLogValue(new ByteBufferAccessor(bytes), version);
    }

    private Map<String, Object> clientConfig() {
        return Map.of(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                host + ":" + port,
                CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis(),
                CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis());
    }

    /** Says so if not: one partition that cannot be told keeps no other from it. */
    private boolean isTaken(TxnMarkerEntry marker) {
        try {
            Map<TopicPartition, Errors> errors = write(marker);
            errors.values().removeIf(error -> error == Errors.NONE);
            if (!errors.isEmpty()) {
                LOG.info("the end of a transaction was not taken: {} producer={}", errors, marker.producerId());
            }
            return errors.isEmpty();
        } catch (IOException e) {
            LOG.warn("the end of a transaction was not delivered: {}", marker, e);
            return false;
        }
    }

    /** As a coordinator does. The clients that Kafka has for this can only abort. */
    private Map<TopicPartition, Errors> write(TxnMarkerEntry marker) throws IOException {
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
            byte[] answer = new byte[answers.readInt()];
            answers.readFully(answer);
            WriteTxnMarkersResponse response =
                    (WriteTxnMarkersResponse) AbstractResponse.parseResponse(ByteBuffer.wrap(answer), header);
            return response.errorsByProducerId().getOrDefault(marker.producerId(), Map.of());
        }
    }

    private static boolean isOver(long begunNanos) {
        return System.nanoTime() - begunNanos > PATIENCE.toNanos();
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IOException("interrupted while transactions that were decided are carried out", e);
    }
}
