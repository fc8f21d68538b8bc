package io.millrace.ingest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows which partitions of a topic can be heard: whose broker answered a moment ago. A consumer cannot tell a partition
 * whose broker is away from one in which nobody speaks; but the silence of the one is no fault of the nodes, and to take
 * them for lost would revoke everything that runs on them. Asks once a second, in a thread of its own; thread-safe.
 */
final class PartitionLeaders implements IntPredicate, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionLeaders.class);
    private static final long PERIOD_MILLIS = 1_000;
    private static final int TIMEOUT_MILLIS = 2_000;
    private static final long FRESH_NANOS = Duration.ofSeconds(5).toNanos();

    /** Finds out which partitions can be heard. */
    @FunctionalInterface
    interface Question {
        /**
         * Returns, for each partition, why it cannot be heard, or empty.
         *
         * @throws ExecutionException if none can be asked
         */
        Map<Integer, Optional<String>> ask() throws ExecutionException, InterruptedException;
    }

    private final Question question;
    private final LongSupplier nanoClock;
    private final Map<Integer, Long> answeredNanos = new ConcurrentHashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(runnable -> {
        Thread asking = new Thread(runnable, "partition-leaders");
        asking.setDaemon(true);
        return asking;
    });
    private boolean failing;

    PartitionLeaders(Question question, LongSupplier nanoClock) {
        this.question = question;
        this.nanoClock = nanoClock;
    }

    /** Asks the leaders of a topic's partitions where these end. Uses the client and does not close it. */
    static Question of(Admin admin, String topic) {
        return () -> {
            TopicDescription description = Objects.requireNonNull(
                    admin.describeTopics(List.of(topic), new DescribeTopicsOptions().timeoutMs(TIMEOUT_MILLIS))
                            .allTopicNames()
                            .get()
                            .get(topic),
                    topic);
            Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
            description
                    .partitions()
                    .forEach(partition ->
                            ends.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest()));
            ListOffsetsResult answers = admin.listOffsets(ends, new ListOffsetsOptions().timeoutMs(TIMEOUT_MILLIS));
            Map<Integer, Optional<String>> found = new TreeMap<>();
            for (TopicPartition partition : ends.keySet()) {
                found.put(partition.partition(), problem(answers.partitionResult(partition)));
            }
            return found;
        };
    }

    private static Optional<String> problem(KafkaFuture<?> answer) throws InterruptedException {
        try {
            var unused = answer.get();
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(String.valueOf(e.getCause()));
        }
    }

    void start() {
        var unused = thread.scheduleWithFixedDelay(this::ask, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public boolean test(int partition) {
        Long answered = answeredNanos.get(partition);
        return answered != null && nanoClock.getAsLong() - answered < FRESH_NANOS;
    }

    void ask() {
        try {
            Map<Integer, Optional<String>> problems = question.ask();
            long now = nanoClock.getAsLong();
            List<String> all = new ArrayList<>();
            problems.forEach((partition, problem) -> {
                if (problem.isEmpty()) {
                    answeredNanos.put(partition, now);
                } else {
                    all.add(partition + ": " + problem.get());
                }
            });
            say(String.join("; ", all));
        } catch (ExecutionException e) {
            say(String.valueOf(e.getCause()));
        } catch (RuntimeException e) {
            // Whatever it is: an exception that got away would end the asking for good.
            say(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Once when it begins and once when it ends. */
    private void say(String problem) {
        if (!problem.isEmpty() && !failing) {
            LOG.warn("partitions of reports cannot be heard, so their nodes' silence does not count: {}", problem);
        } else if (problem.isEmpty() && failing) {
            LOG.info("all partitions of reports can be heard again");
        }
        failing = !problem.isEmpty();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
