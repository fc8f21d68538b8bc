package io.millrace.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunIdsTest {
    private final RunIds ids = new RunIds("replay-x1");

    @Test
    void theIndexComesBackFromTheKey() {
        for (long index : new long[] {0, 7, 8151, 999_999_999_999L}) {
            assertThat(ids.index(bytes(ids.id(index)))).isEqualTo(index);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "replay-x1", "replay-x1-", "replay-x2-7", "replay-x1-7a", "replay-x1--7", "other"})
    void keysOfOthersHaveNone(String key) {
        assertThat(ids.index(bytes(key))).isEqualTo(-1);
    }

    @Test
    void runsOfDifferentMillisecondsDiffer() {
        RunIds one = RunIds.startedAt("bench", 1_000_000);
        RunIds other = RunIds.startedAt("bench", 1_000_001);

        assertThat(other.index(bytes(one.id(3)))).isEqualTo(-1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
