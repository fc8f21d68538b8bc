package io.millrace.broker.api;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;
import org.jspecify.annotations.Nullable;

/**
 * Whether a topic can be written to now, as the brokers say. Answers at once with what it last heard and asks anew beside
 * it, so that a health check never waits for a broker that is away. Thread-safe.
 */
final class ClusterCheck implements AutoCloseable {
    private static final int ASK_MILLIS = 3_000;
    private static final long FRESH_NANOS = Duration.ofSeconds(2).toNanos();
    /** Asked this long ago and not answered, good news is none. */
    private static final long STALE_NANOS = Duration.ofSeconds(15).toNanos();

    private final Admin admin;
    private final String topic;
    private final LongSupplier nanoClock;
    /** When the question was asked that is not answered yet; null if there is none. */
    private final AtomicReference<@Nullable Long> asked = new AtomicReference<>();

    private volatile Heard heard;

    /** What the brokers said, and when. */
    private record Heard(Optional<String> problem, long nanos) {}

    ClusterCheck(Admin admin, String topic) {
        this(admin, topic, System::nanoTime);
    }

    ClusterCheck(Admin admin, String topic, LongSupplier nanoClock) {
        this.admin = admin;
        this.topic = topic;
        this.nanoClock = nanoClock;
        heard = new Heard(Optional.of("the brokers were not asked yet"), nanoClock.getAsLong() - STALE_NANOS);
    }

    /**
     * Why it cannot be written to; empty if it can. Says what the brokers said last and asks them again: whoever looks
     * rarely sees the answer to the question of the time before.
     */
    Optional<String> problem() {
        long now = nanoClock.getAsLong();
        if (now - heard.nanos() > FRESH_NANOS && asked.compareAndSet(null, now)) {
            ask();
        }
        Long open = asked.get();
        long unanswered = open == null ? 0 : now - open;
        Optional<String> problem = heard.problem();
        return problem.isEmpty() && unanswered > STALE_NANOS
                ? Optional.of("the brokers have not answered for " + unanswered / 1_000_000_000 + " s")
                : problem;
    }

    private void ask() {
        admin.describeTopics(List.of(topic), new DescribeTopicsOptions().timeoutMs(ASK_MILLIS))
                .allTopicNames()
                .whenComplete((topics, failure) -> {
                    heard = new Heard(
                            failure == null
                                    ? leaderless(topics.values())
                                    : Optional.of(
                                            "the brokers cannot be asked about " + topic + ": " + failure.getMessage()),
                            nanoClock.getAsLong());
                    asked.set(null);
                });
    }

    private Optional<String> leaderless(Collection<TopicDescription> topics) {
        long leaderless = topics.stream()
                .flatMap(description -> description.partitions().stream())
                .filter(ClusterCheck::hasNoLeader)
                .count();
        return leaderless == 0
                ? Optional.empty()
                : Optional.of(leaderless + " partitions of " + topic + " have no leader");
    }

    private static boolean hasNoLeader(TopicPartitionInfo partition) {
        return partition.leader() == null || partition.leader().isEmpty();
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
