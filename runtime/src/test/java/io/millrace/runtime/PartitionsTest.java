package io.millrace.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.Topics;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionsTest {
    private static final byte[] KEY = "c1/n3".getBytes(UTF_8);

    /** Partitions by another implementation of murmur2: producers in other languages must come to the same. */
    @ParameterizedTest
    @CsvSource({"1,0", "3,0", "4,3", "1000,723"})
    void aKeyBelongsWhereMurmur2PutsIt(int count, int partition) {
        Partitions partitions = Partitions.of(Map.of(Topics.TELEMETRY_REPORTS, count));

        assertThat(partitions.problem(Topics.TELEMETRY_REPORTS, partition, KEY)).isEmpty();
        assertThat(partitions.problem(Topics.TELEMETRY_REPORTS, partition + 1, KEY))
                .hasValueSatisfying(text -> assertThat(text)
                        .contains("in partition " + (partition + 1))
                        .contains("belongs to partition " + partition + " of " + count));
    }

    @Test
    void aRecordWithoutAKeyBelongsNowhereInParticular() {
        Partitions partitions = Partitions.of(Map.of(Topics.TELEMETRY_REPORTS, 4));
        assertThat(partitions.problem(Topics.TELEMETRY_REPORTS, 3, null)).isEmpty();
    }

    @Test
    void aTopicThatNobodyCountedIsAMistakeOfTheCode() {
        Partitions partitions = Partitions.of(Map.of(Topics.TELEMETRY_REPORTS, 4));
        assertThatThrownBy(() -> partitions.problem(Topics.COMPUTE_REQUESTS, 0, KEY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("compute.requests");
    }
}
