package io.millrace.broker.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class RecordTimeTest {
    private static long timeOf(long stamped) {
        return new RecordTime()
                .extract(
                        new ConsumerRecord<>(
                                "compute.requests",
                                0,
                                0,
                                stamped,
                                TimestampType.CREATE_TIME,
                                -1,
                                -1,
                                "r1",
                                "value",
                                new RecordHeaders(),
                                Optional.empty()),
                        7);
    }

    @Test
    void aStampIsKeptAsItIs() {
        assertThat(timeOf(0)).isZero();
        assertThat(timeOf(4_102_444_800_000L)).isEqualTo(4_102_444_800_000L);
    }

    @Test
    void aRecordWithoutAStampDoesNotStopTheStream() {
        assertThat(timeOf(-1)).isBetween(System.currentTimeMillis() - 60_000, System.currentTimeMillis());
    }
}
