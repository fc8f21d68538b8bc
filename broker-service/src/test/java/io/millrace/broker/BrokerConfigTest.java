package io.millrace.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.broker.market.MarketSettings;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrokerConfigTest {

    @Test
    void everythingHasADefault() {
        BrokerConfig config = new BrokerConfig(Map.of());
        assertThat(config.markets())
                .containsExactly(
                        "beijing-tianjin-hebei",
                        "yangtze-delta",
                        "greater-bay-area",
                        "chengdu-chongqing",
                        "inner-mongolia",
                        "guizhou",
                        "gansu",
                        "ningxia");
        assertThat(config.marketSettings()).isEqualTo(MarketSettings.DEFAULT);
        assertThat(config.tickInterval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.marketCapacityInterval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.getLong(BrokerConfig.STREAMS_COMMIT_INTERVAL_MS)).isEqualTo(25);
    }

    @Test
    void everyKeySaysWhatItMeans() {
        assertThat(BrokerConfig.definition().configKeys().values())
                .hasSizeGreaterThan(20)
                .allSatisfy(key ->
                        assertThat(key.documentation).as(key.name).endsWith(".").hasSizeGreaterThan(15));
    }

    @ParameterizedTest
    @CsvSource({
        "markets, '', markets",
        "markets, 'guizhou,guizhou', guizhou",
        "markets, 'a|b', a|b",
        "placement.policy, worst-fit, best-fit",
        "answer.retention.seconds, 5, 60",
        "queue.max, -1, queue.max",
        "queue.max, many, queue.max",
        "tick.interval.ms, 0, 10",
        "http.waiting.max, 0, 1",
        "tick.intervall.ms, 1000, tick.interval.ms",
    })
    void aWrongValueIsNamed(String key, String value, String named) {
        assertThatThrownBy(() -> new BrokerConfig(Map.of(key, value)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(named)
                .hasMessageNotContaining("\n");
    }
}
