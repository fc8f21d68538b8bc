package io.millrace.runtime;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.millrace.schemas.Topic;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.TaskMetadata;
import org.apache.kafka.streams.ThreadMetadata;
import org.apache.kafka.streams.Topology;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka Streams application and its life: checked before it starts, ready while it runs, threads that die are replaced (and
 * counted) until too many have died, closed in good time. Thread-safe.
 */
public final class StreamsApp implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StreamsApp.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private final String name;
    private final KafkaStreams streams;
    private final KafkaStreamsMetrics boundMetrics;
    private final ThreadFailures failures;
    private volatile boolean closing;

    private StreamsApp(String name, KafkaStreams streams, KafkaStreamsMetrics boundMetrics, ThreadFailures failures) {
        this.name = name;
        this.streams = streams;
        this.boundMetrics = boundMetrics;
        this.failures = failures;
    }

    /**
     * Checks the topics and starts the application. Returns at once; {@link Health} says when it is ready.
     *
     * @param name of the application, for people and metrics
     * @param topology built when the topics are known to be in order; given the partitions of all topics in the groups,
     *     which stay as they are: Streams refuses a topic that has grown, as its stores have not
     * @param coPartitioned groups of topics whose partition counts must be equal, because the topology joins them
     * @param boundPort port at which other instances reach this one
     * @throws IllegalStateException if a topic is missing or a group is not co-partitioned: says which
     * @throws KafkaException if the cluster cannot be asked
     */
    public static StreamsApp start(
            String name,
            Function<Partitions, Topology> topology,
            ServiceConfig config,
            Metrics metrics,
            Health health,
            List<List<Topic<?>>> coPartitioned,
            int boundPort) {
        Partitions partitions = checkCoPartitioned(config, coPartitioned);
        ThreadFailures failures = new ThreadFailures(name, metrics.registry());
        return start(name, topology.apply(partitions), config, metrics, health, boundPort, failures);
    }

    /** The second half, for tests. */
    static StreamsApp start(
            String name,
            Topology topology,
            ServiceConfig config,
            Metrics metrics,
            Health health,
            int boundPort,
            ThreadFailures failures) {
        Properties properties = new Properties();
        properties.putAll(config.streamsProperties(boundPort));
        KafkaStreams streams = new KafkaStreams(topology, properties);
        StreamsApp app = new StreamsApp(name, streams, metrics.bind(streams), failures);
        streams.setUncaughtExceptionHandler(failures);
        streams.setStateListener((now, before) -> LOG.info("streams {}: {} -> {}", name, before, now));
        health.live("streams:" + name, app::dead);
        health.ready("streams:" + name, app::notReady);
        streams.start();
        return app;
    }

    private static Partitions checkCoPartitioned(ServiceConfig config, List<List<Topic<?>>> groups) {
        TreeSet<String> names = new TreeSet<>();
        groups.forEach(group -> group.forEach(topic -> names.add(topic.name())));
        if (names.isEmpty()) {
            return Partitions.counted(Map.of());
        }
        try (Admin admin = Admin.create(config.adminProperties(config.applicationId() + "-start"))) {
            Map<String, Integer> counts = new TreeMap<>();
            admin.describeTopics(names)
                    .allTopicNames()
                    .get()
                    .forEach((topic, description) ->
                            counts.put(topic, description.partitions().size()));
            for (List<Topic<?>> group : groups) {
                Map<String, Integer> inGroup = new TreeMap<>(counts);
                inGroup.keySet().retainAll(group.stream().map(Topic::name).toList());
                if (new HashSet<>(inGroup.values()).size() > 1) {
                    throw new IllegalStateException(
                            "topics that are joined must have the same number of partitions, and have " + inGroup);
                }
            }
            return Partitions.counted(counts);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new IllegalStateException(
                        "one of the topics " + names + " is missing: install the contract first", e);
            }
            throw new KafkaException("checking topics " + names + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("checking topics: interrupted", e);
        }
    }

    private Optional<String> dead() {
        KafkaStreams.State state = streams.state();
        boolean stopped = state == KafkaStreams.State.ERROR
                || state == KafkaStreams.State.PENDING_ERROR
                || (state == KafkaStreams.State.NOT_RUNNING && !closing);
        if (!stopped) {
            return Optional.empty();
        }
        return Optional.of(
                "state " + state + failures.last().map(text -> ": " + text).orElse(""));
    }

    private Optional<String> notReady() {
        KafkaStreams.State state = streams.state();
        return state == KafkaStreams.State.RUNNING
                ? Optional.empty()
                : Optional.of("state " + state + ", expected RUNNING");
    }

    /** Returns the application itself, for queries. */
    public KafkaStreams streams() {
        return streams;
    }

    /** Returns state, threads and tasks with their offsets, as JSON. */
    public ObjectNode describe() {
        ObjectNode json = Json.object();
        json.put("name", name).put("state", streams.state().name());
        failures.last().ifPresent(text -> json.put("lastFailure", text));
        ArrayNode threads = json.putArray("threads");
        for (ThreadMetadata thread : streams.metadataForLocalThreads()) {
            ObjectNode node = threads.addObject();
            node.put("name", thread.threadName()).put("state", thread.threadState());
            tasks(node.putArray("activeTasks"), thread.activeTasks());
            tasks(node.putArray("standbyTasks"), thread.standbyTasks());
        }
        return json;
    }

    private static void tasks(ArrayNode array, Iterable<TaskMetadata> tasks) {
        for (TaskMetadata task : tasks) {
            ObjectNode node = array.addObject().put("id", task.taskId().toString());
            ObjectNode committed = node.putObject("committed");
            task.committedOffsets().forEach((partition, offset) -> committed.put(partition.toString(), offset));
            ObjectNode end = node.putObject("end");
            task.endOffsets().forEach((partition, offset) -> end.put(partition.toString(), offset));
        }
    }

    @Override
    public void close() {
        closing = true;
        boundMetrics.close();
        // Out of the group at once: others take over, or this one comes back, without waiting for a session to expire.
        CloseOptions leaving = CloseOptions.timeout(CLOSE_TIMEOUT)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
        if (!streams.close(leaving)) {
            LOG.warn("streams {} did not close within {} s", name, CLOSE_TIMEOUT.toSeconds());
        }
    }
}
