package io.millrace.bench.pipeline;

import io.millrace.bench.load.RecordSender;
import io.millrace.bench.load.TopicReader;
import io.millrace.local.UserError;
import io.millrace.runtime.CommitPace;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * The bare engine: reads a record, puts it into a logged in-memory store, writes it out. With the settings of
 * broker-service, on topics with as many partitions and records of the size of a request.
 */
final class BareStage extends Stage {
    private static final String IN = "bench.bare.in";
    private static final String OUT = "bench.bare.out";
    private static final String STORE = "bare";
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final long LOOK_NANOS = 20_000_000;
    /** Keys repeat, or the store would grow as long as the bench runs. */
    private static final int KEYS = 1 << 16;

    private final KafkaStreams streams;
    private final TopicReader reader;
    private final RecordSender sender;
    private final List<byte[]> values;

    /**
     * Starts it.
     *
     * @param streamsProperties those of broker-service
     * @param stateFolder its own
     * @param partitions as many as compute.requests has
     * @param values records as tenants send them, used again and again
     */
    BareStage(
            String bootstrapServers,
            Map<String, Object> streamsProperties,
            CommitPace commits,
            Path stateFolder,
            int partitions,
            RecordSender sender,
            List<byte[]> values) {
        this.sender = sender;
        this.values = values;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(
                            List.of(new NewTopic(IN, partitions, (short) 1), new NewTopic(OUT, partitions, (short) 1)))
                    .all()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        }
        Map<String, Object> properties = new HashMap<>(streamsProperties);
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "bench-bare");
        properties.put(StreamsConfig.CLIENT_ID_CONFIG, "bench-bare");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, stateFolder.toString());
        this.streams = new KafkaStreams(topology(commits), new StreamsConfig(properties));
        this.reader = TopicReader.fromEnd(bootstrapServers, OUT, (record, seenNanos) -> {
            byte[] value = record.value();
            answered(ByteBuffer.wrap(value).getLong(value.length - Long.BYTES), seenNanos);
        });
        streams.start();
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (streams.state() != KafkaStreams.State.RUNNING) {
            if (System.nanoTime() > end) {
                close();
                throw new UserError("the bare engine was not running after " + START_LIMIT.toSeconds() + " s");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static Topology topology(CommitPace commits) {
        return new Topology()
                .addSource("in", new ByteArrayDeserializer(), new ByteArrayDeserializer(), IN)
                .addProcessor("store", () -> new Copy(commits), "in")
                .addStateStore(
                        Stores.keyValueStoreBuilder(
                                        Stores.inMemoryKeyValueStore(STORE), Serdes.ByteArray(), Serdes.ByteArray())
                                .withLoggingEnabled(Map.of()),
                        "store")
                .addSink("out", OUT, new ByteArraySerializer(), new ByteArraySerializer(), "store");
    }

    /** Puts and forwards. */
    private static final class Copy implements Processor<byte[], byte[], byte[], byte[]> {
        private final CommitPace commits;
        private ProcessorContext<byte[], byte[]> context;
        private CommitPace.Task pace;
        private KeyValueStore<byte[], byte[]> store;

        Copy(CommitPace commits) {
            this.commits = commits;
        }

        @Override
        public void init(ProcessorContext<byte[], byte[]> context) {
            this.context = context;
            this.pace = commits.of(context);
            this.store = context.getStateStore(STORE);
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            pace.took(record.timestamp());
            store.put(record.key(), record.value());
            context.forward(record);
        }
    }

    @Override
    String name() {
        return "bare engine";
    }

    @Override
    void send(long index) {
        byte[] template = values.get((int) (index % values.size()));
        byte[] value = template.clone();
        ByteBuffer.wrap(value).putLong(value.length - Long.BYTES, index);
        sender.send(IN, "bare-" + index % KEYS, value);
    }

    @Override
    void requireAlive() {
        reader.requireAlive();
        if (streams.state() == KafkaStreams.State.ERROR) {
            throw new IllegalStateException("the bare engine stopped");
        }
    }

    @Override
    public void close() {
        reader.close();
        streams.close(Duration.ofSeconds(10));
    }
}
