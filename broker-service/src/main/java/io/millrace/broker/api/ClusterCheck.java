package io.millrace.broker.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.common.TopicPartitionInfo;

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
    private final AtomicBoolean asking = new AtomicBoolean();
    private final AtomicLong heardNanos = new AtomicLong();
    private final AtomicLong askedNanos = new AtomicLong();
    private volatile Optional<String> heard = Optional.of("the brokers were not asked yet");

    ClusterCheck(Admin admin, String topic) {
        this.admin = admin;
        this.topic = topic;
        heardNanos.set(System.nanoTime() - STALE_NANOS);
    }

    /**
     * Why it cannot be written to; empty if it can. Says what the brokers said last and asks them again: whoever looks
     * rarely sees the answer to the question of the time before.
     */
    Optional<String> problem() {
        long now = System.nanoTime();
        if (now - heardNanos.get() > FRESH_NANOS && asking.compareAndSet(false, true)) {
            askedNanos.set(now);
            ask();
        }
        long unanswered = asking.get() ? now - askedNanos.get() : 0;
        return heard.isEmpty() && unanswered > STALE_NANOS
                ? Optional.of("the brokers have not answered for " + unanswered / 1_000_000_000 + " s")
                : heard;
    }

    private void ask() {
        admin.describeTopics(List.of(topic), new DescribeTopicsOptions().timeoutMs(ASK_MILLIS))
                .allTopicNames()
                .whenComplete((topics, failure) -> {
                    if (failure != null) {
                        heard = Optional.of("the brokers cannot be asked about " + topic + ": " + failure.getMessage());
                    } else {
                        long leaderless = topics.values().stream()
                                .flatMap(description -> description.partitions().stream())
                                .filter(ClusterCheck::hasNoLeader)
                                .count();
                        heard = leaderless == 0
                                ? Optional.empty()
                                : Optional.of(leaderless + " partitions of " + topic + " have no leader");
                    }
                    heardNanos.set(System.nanoTime());
                    asking.set(false);
                });
    }

    private static boolean hasNoLeader(TopicPartitionInfo partition) {
        return partition.leader() == null || partition.leader().isEmpty();
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
