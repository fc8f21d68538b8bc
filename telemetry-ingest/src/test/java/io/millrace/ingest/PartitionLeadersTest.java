package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class PartitionLeadersTest {
    private static final Map<Integer, Optional<String>> BOTH = Map.of(0, Optional.empty(), 1, Optional.empty());

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private PartitionLeaders.Question answer = () -> BOTH;
    private final PartitionLeaders leaders = new PartitionLeaders(() -> answer.ask(), nanos::get);

    private void seconds(int seconds) {
        nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
        leaders.ask();
    }

    @Test
    void nothingIsHeardBeforeTheFirstAnswer() {
        assertThat(leaders.test(0)).isFalse();
        leaders.ask();
        assertThat(leaders.test(0)).isTrue();
        assertThat(leaders.test(2)).isFalse();
    }

    @Test
    void aPartitionWhoseLeaderIsAwayIsNotHeardUntilItIsBack() {
        leaders.ask();
        answer = () -> Map.of(0, Optional.empty(), 1, Optional.of("no leader"));
        seconds(4);
        assertThat(leaders.test(1)).as("a short hiccup").isTrue();
        seconds(2);
        assertThat(leaders.test(0)).isTrue();
        assertThat(leaders.test(1)).isFalse();
        answer = () -> BOTH;
        seconds(1);
        assertThat(leaders.test(1)).isTrue();
    }

    @Test
    void aClusterThatDoesNotAnswerIsNotHeard() {
        leaders.ask();
        answer = () -> {
            throw new ExecutionException(new TimeoutException("away"));
        };
        seconds(6);
        assertThat(leaders.test(0)).isFalse();
        answer = () -> {
            throw new IllegalStateException("closed");
        };
        seconds(1);
        assertThat(leaders.test(0)).isFalse();
        answer = () -> BOTH;
        seconds(1);
        assertThat(leaders.test(0)).isTrue();
    }
}
