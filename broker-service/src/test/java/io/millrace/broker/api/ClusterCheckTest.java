package io.millrace.broker.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClusterCheckTest {
    private static final String TOPIC = "compute.requests";
    private static final Node BROKER = new Node(1, "127.0.0.1", 9092);

    private final List<KafkaFutureImpl<TopicDescription>> questions = new ArrayList<>();
    // Close to the end of its range, as the clock of a machine may be.
    private long nanos = Long.MAX_VALUE - Duration.ofSeconds(20).toNanos();
    private final ClusterCheck check = new ClusterCheck(admin(), TOPIC, () -> nanos);

    /** Answers when told to. */
    private Admin admin() {
        return (Admin) Proxy.newProxyInstance(
                Admin.class.getClassLoader(), new Class<?>[] {Admin.class}, (self, method, args) -> {
                    assertThat(method.getName()).isEqualTo("describeTopics");
                    questions.add(new KafkaFutureImpl<>());
                    return new Answer(Map.of(TOPIC, questions.getLast()));
                });
    }

    private static final class Answer extends DescribeTopicsResult {
        Answer(Map<String, KafkaFuture<TopicDescription>> topics) {
            super(null, topics);
        }
    }

    private void answer(@Nullable Node... leaders) {
        List<TopicPartitionInfo> partitions = new ArrayList<>();
        for (Node leader : leaders) {
            partitions.add(new TopicPartitionInfo(partitions.size(), leader, List.of(BROKER), List.of()));
        }
        questions.getLast().complete(new TopicDescription(TOPIC, false, partitions));
    }

    private void pass(int seconds) {
        nanos += Duration.ofSeconds(seconds).toNanos();
    }

    @Test
    void untilTheFirstAnswerItIsNotReady() {
        assertThat(check.problem()).hasValue("the brokers were not asked yet");
        assertThat(check.problem()).isPresent();
        assertThat(questions).hasSize(1);
        answer(BROKER, BROKER);
        assertThat(check.problem()).isEmpty();
    }

    @Test
    void partitionsWithoutALeaderAreNamed() {
        assertThat(check.problem()).isPresent();
        answer(BROKER, null, Node.noNode());
        assertThat(check.problem()).hasValue("2 partitions of compute.requests have no leader");
    }

    @Test
    void theBrokersAreNotAskedMoreThanOnceInTwoSecondsNorTwiceAtOnce() {
        assertThat(check.problem()).isPresent();
        answer(BROKER);
        pass(2);
        assertThat(check.problem()).isEmpty();
        assertThat(questions).hasSize(1);
        pass(1);
        assertThat(check.problem()).isEmpty();
        assertThat(check.problem()).isEmpty();
        assertThat(questions).hasSize(2);
    }

    /** A probe each half minute is a slow one, and no reason to doubt the answer to the one before. */
    @Test
    void whoLooksRarelyHearsTheAnswerToTheQuestionBefore() {
        assertThat(check.problem()).isPresent();
        answer(BROKER);
        for (int probe = 0; probe < 3; probe++) {
            pass(30);
            assertThat(check.problem()).isEmpty();
            answer(BROKER);
        }
        pass(30);
        assertThat(check.problem()).isEmpty();
        questions.getLast().completeExceptionally(new TimeoutException("no broker"));
        pass(30);
        assertThat(check.problem()).hasValueSatisfying(text -> assertThat(text).contains("no broker"));
        answer(BROKER);
        assertThat(check.problem()).isEmpty();
    }

    @Test
    void aQuestionThatIsNeverAnsweredSpoilsTheGoodNews() {
        assertThat(check.problem()).isPresent();
        answer(BROKER);
        pass(3);
        assertThat(check.problem()).isEmpty();
        pass(15);
        assertThat(check.problem()).isEmpty();
        pass(1);
        assertThat(check.problem()).hasValue("the brokers have not answered for 16 s");
        answer(BROKER);
        assertThat(check.problem()).isEmpty();
    }
}
