package io.millrace.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.TaskId;
import org.junit.jupiter.api.Test;

class ThreadFailuresTest {

    private static final int MAX = 10;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<Long> pauses = new ArrayList<>();
    private final ThreadFailures failures = new ThreadFailures("test", registry, MAX, pauses::add);

    @Test
    void threadsAreReplacedUntilTooManyDied() {
        for (int i = 0; i < MAX; i++) {
            assertThat(failures.handle(new IllegalStateException("boom")))
                    .isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
        }
        assertThat(failures.handle(new IllegalStateException("last boom")))
                .isEqualTo(StreamThreadExceptionResponse.SHUTDOWN_CLIENT);
        assertThat(count("replaced")).isEqualTo(MAX);
        assertThat(count("gave_up")).isEqualTo(1);
        assertThat(failures.last()).hasValueSatisfying(last -> assertThat(last).contains("last boom"));
        assertThat(pauses).isSorted().startsWith(100L, 200L, 400L).endsWith(10_000L);
    }

    private double count(String action) {
        return registry.get("millrace.streams.thread.failures")
                .tag("action", action)
                .counter()
                .count();
    }

    @Test
    void theReasonIsOneLineThatSaysWhere() {
        Throwable error = new StreamsException(
                "Exception caught in process\nwith much text",
                new IllegalArgumentException("first line\n  second line"),
                new TaskId(1, 3));
        assertThat(ThreadFailures.summary(error))
                .startsWith("java.lang.IllegalArgumentException: first line second line at io.millrace.runtime."
                        + "ThreadFailuresTest")
                .endsWith("in task 1_3")
                .doesNotContain("\n");
    }
}
