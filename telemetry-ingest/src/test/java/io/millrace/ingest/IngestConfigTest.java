package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingest.stream.StreamSettings;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IngestConfigTest {
    @Test
    void everyKeyHasADefaultAndASentence() {
        for (ConfigDef.ConfigKey key : IngestConfig.definition().configKeys().values()) {
            assertThat(key.hasDefault()).as(key.name).isTrue();
            assertThat(key.documentation).as(key.name).endsWith(".").hasSizeGreaterThan(20);
        }
    }

    @Test
    void theDefaultsAreThoseOfTheContract() {
        StreamSettings settings = new IngestConfig(Map.of()).streamSettings();
        assertThat(settings.markets()).hasSize(8).contains("guizhou", "beijing-tianjin-hebei");
        assertThat(settings.window().futureMillis()).isEqualTo(30_000);
        assertThat(settings.window().ageMillis()).isEqualTo(600_000);
        assertThat(settings.tickMillis()).isEqualTo(1_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "markets|guizhou,guizhou|different",
                "markets|gui zhou|gui zhou",
                "report.age.ms|-1|report.age.ms",
                "tick.interval.ms|fast|tick.interval.ms",
                "telemetry.batch.max|0|telemetry.batch.max",
                "report.agee.ms|5|report.age.ms"
            })
    void aWrongValueIsNamedInOneLine(String key, String value, String named) {
        assertThatThrownBy(() -> new IngestConfig(Map.of(key, value)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(named)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void theProducerGivesUpWhenTheCallDoes() {
        Map<String, Object> properties =
                new IngestConfig(Map.of("telemetry.write.timeout.ms", "3000")).writerProperties();
        assertThat(properties).containsEntry("delivery.timeout.ms", 3_000).containsEntry("acks", "all");
    }
}
