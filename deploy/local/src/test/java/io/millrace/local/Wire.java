package io.millrace.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.runtime.Json;
import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.Codecs;
import io.millrace.schemas.Decoded;
import io.millrace.schemas.RejectedRecord;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A platform seen from outside: sends any bytes to its topics and any text to its HTTP, and hears what becomes of them. */
final class Wire implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Platform platform;
    private final Codecs codecs;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> answers;
    private final HttpClient http = HttpClient.newHttpClient();
    /** By the place of the record that was refused, topic-partition@offset. */
    private final Map<String, RejectedRecord> letters = new HashMap<>();

    private final List<AllocationDecision> decisions = new ArrayList<>();

    /** A status and JSON. */
    record Answer(int status, JsonNode json) {
        String text(String field) {
            return json.path(field).asText();
        }
    }

    Wire(Platform platform) {
        this.platform = platform;
        codecs = Codecs.connect(platform.registryUrl());
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", platform.bootstrapServers(), "linger.ms", 0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        answers = new KafkaConsumer<>(
                Map.of("bootstrap.servers", platform.bootstrapServers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = new ArrayList<>();
        for (Topic<?> topic :
                List.of(Topics.TELEMETRY_REJECTED, Topics.COMPUTE_REJECTED, Topics.ALLOCATION_DECISIONS)) {
            answers.partitionsFor(topic.name())
                    .forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
        }
        answers.assign(partitions);
        answers.seekToBeginning(partitions);
    }

    <V extends SpecificRecord> byte[] bytes(Topic<V> topic, V value) {
        return codecs.of(topic).encode(value);
    }

    /** Writes a record; to the partition of its key if none is named. Returns its place. */
    String send(Topic<?> topic, @Nullable Integer partition, byte @Nullable [] key, byte @Nullable [] value) {
        try {
            RecordMetadata at = producer.send(new ProducerRecord<>(topic.name(), partition, key, value))
                    .get();
            return place(at.topic(), at.partition(), at.offset());
        } catch (ExecutionException e) {
            throw new IllegalStateException("not written to " + topic, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** How many partitions a topic has. */
    int partitions(Topic<?> topic) {
        return producer.partitionsFor(topic.name()).size();
    }

    /** The last record of a key, in the partition of that key; empty if there is none, or it cannot be read. */
    <V extends SpecificRecord> Optional<V> last(Topic<V> topic, String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        TopicPartition partition =
                new TopicPartition(topic.name(), BuiltInPartitioner.partitionForKey(bytes, partitions(topic)));
        try (KafkaConsumer<byte[], byte[]> reader = new KafkaConsumer<>(
                Map.of("bootstrap.servers", platform.bootstrapServers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            reader.assign(List.of(partition));
            reader.seekToBeginning(List.of(partition));
            long end = reader.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            byte[] last = null;
            while (reader.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record : reader.poll(Duration.ofMillis(50))) {
                    last = Arrays.equals(record.key(), bytes) ? record.value() : last;
                }
            }
            return codecs.of(topic).decode(last) instanceof Decoded.Value<V> value
                    ? Optional.of(value.value())
                    : Optional.empty();
        }
    }

    /** Waits for the dead letter of the record at this place. */
    RejectedRecord letter(String place) {
        Awaitility.await(place).atMost(PATIENCE).pollInSameThread().until(() -> {
            listen();
            return letters.containsKey(place);
        });
        RejectedRecord letter = letters.get(place);
        if (letter == null) {
            throw new AssertionError("gone: " + place);
        }
        return letter;
    }

    /** Waits for the decisions on a request, so many of them, and returns the last. */
    AllocationDecision decision(String requestId, int number) {
        List<AllocationDecision> found = new ArrayList<>();
        Awaitility.await(requestId).atMost(PATIENCE).pollInSameThread().until(() -> {
            listen();
            found.clear();
            decisions.stream()
                    .filter(decision -> decision.getRequestId().equals(requestId))
                    .forEach(found::add);
            return found.size() >= number;
        });
        return found.get(number - 1);
    }

    private void listen() {
        for (ConsumerRecord<byte[], byte[]> record : answers.poll(Duration.ofMillis(50))) {
            if (record.topic().equals(Topics.ALLOCATION_DECISIONS.name())) {
                decisions.add(read(Topics.ALLOCATION_DECISIONS, record.value()));
            } else {
                RejectedRecord letter = read(Topics.COMPUTE_REJECTED, record.value());
                letters.put(place(letter.getTopic(), letter.getPartition(), letter.getOffset()), letter);
            }
        }
    }

    private <V extends SpecificRecord> V read(Topic<V> topic, byte[] value) {
        return codecs.of(topic).deserializer().deserialize(topic.name(), value);
    }

    private static String place(String topic, int partition, long offset) {
        return topic + "-" + partition + "@" + offset;
    }

    Answer ingest(String method, String path, String body) {
        return call(platform.ingestUrl().orElseThrow(), method, path, body, "application/json");
    }

    Answer broker(String method, String path, String body) {
        return call(platform.brokerUrl().orElseThrow(), method, path, body, "application/json");
    }

    Answer call(URI service, String method, String path, String body, String type) {
        try {
            HttpResponse<byte[]> response = http.send(
                    HttpRequest.newBuilder(service.resolve(path))
                            .timeout(PATIENCE)
                            .header("Content-Type", type)
                            .method(method, BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), Json.parse(response.body()));
        } catch (IOException e) {
            throw new IllegalStateException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What a service says at a path, as it is. */
    String text(URI service, String path) {
        try {
            return http.send(
                            HttpRequest.newBuilder(service.resolve(path))
                                    .timeout(PATIENCE)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new IllegalStateException(path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        producer.close();
        answers.close();
        http.close();
        codecs.close();
    }
}
