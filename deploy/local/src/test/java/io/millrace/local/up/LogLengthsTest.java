package io.millrace.local.up;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.Topics;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

class LogLengthsTest {
    private static final TopicPartition PARTITION = new TopicPartition(Topics.COMPUTE_REQUESTS.name(), 0);

    private final List<KafkaFutureImpl<ListOffsetsResultInfo>> questions = new ArrayList<>();
    private final LogLengths lengths = new LogLengths(admin(), Map.of(Topics.COMPUTE_REQUESTS, List.of(PARTITION)));

    /** Answers when told to. */
    private Admin admin() {
        return (Admin) Proxy.newProxyInstance(
                Admin.class.getClassLoader(), new Class<?>[] {Admin.class}, (self, method, args) -> {
                    assertThat(method.getName()).isEqualTo("listOffsets");
                    questions.add(new KafkaFutureImpl<>());
                    return new ListOffsetsResult(Map.of(PARTITION, questions.getLast()));
                });
    }

    private void answer(int question, long end) {
        questions.get(question).complete(new ListOffsetsResultInfo(end, -1, Optional.empty()));
    }

    @Test
    void untilTheFirstAnswerNothingIsKnown() {
        lengths.ask();
        assertThat(lengths.of(Topics.COMPUTE_REQUESTS)).isEmpty();
        answer(0, 5);
        assertThat(lengths.of(Topics.COMPUTE_REQUESTS)).hasValue(5);
    }

    @Test
    void anAnswerThatANewerOneHasOvertakenChangesNothing() {
        lengths.ask();
        lengths.ask();
        answer(1, 40);
        answer(0, 25);
        assertThat(lengths.of(Topics.COMPUTE_REQUESTS)).hasValue(40);
    }
}
