package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoordinatorsTest {
    private static final int PARTITIONS = 4;

    @TempDir
    Path data;

    @Test
    void thoseOfABrokerThatServesAnswer() {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(data.resolve("kafka"), 0)) {
            assertThat(new Coordinators(kafka.bootstrapServers(), PARTITIONS).serveWithin(Duration.ofSeconds(30)))
                    .isTrue();
        }
    }

    @Test
    void whereNoBrokerIsNobodyAnswers() {
        String nobody = Ports.HOST + ":" + Ports.free();

        assertThat(new Coordinators(nobody, PARTITIONS).serveWithin(Duration.ofSeconds(1)))
                .isFalse();
    }
}
