package io.millrace.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.broker.market.MarketSettings;
import io.millrace.broker.market.Siting;
import io.millrace.broker.routing.RoutingPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.streams.StreamsConfig;
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
        assertThat(config.getLong(BrokerConfig.STREAMS_COMMIT_INTERVAL_MS)).isEqualTo(100);
        assertThat(config.getLong(BrokerConfig.STREAMS_COMMIT_EARLY_MS)).isEqualTo(25);
        // By Kafka's clock it would commit once more, whatever was just committed.
        assertThat(config.streamsProperties(0)).containsEntry("commit.interval.ms", 1_000L);
    }

    @Test
    void kafkaTakesEveryIntervalThatIsAllowed() {
        for (String interval : List.of("1", "1000", "5000")) {
            Map<String, Object> properties =
                    new BrokerConfig(Map.of("streams.commit.interval.ms", interval)).streamsProperties(0);
            assertThat(new StreamsConfig(properties).getLong("commit.interval.ms"))
                    .isBetween(Long.parseLong(interval), 5_000L);
        }
        assertThatThrownBy(() -> new BrokerConfig(Map.of("streams.commit.interval.ms", "5001")))
                .hasMessageContaining("streams.commit.interval.ms");
    }

    @Test
    void thePolicyBetweenMarketsIsAsConfigured() {
        RoutingPolicy usual = new BrokerConfig(Map.of()).routingPolicy();
        assertThat(usual.distances().micros("yangtze-delta", "ningxia")).isBetween(11_000L, 13_000L);
        RoutingPolicy defaults = RoutingPolicy.DEFAULT;
        assertThat(usual).usingRecursiveComparison().ignoringFields("distances").isEqualTo(defaults);
        RoutingPolicy ours = new BrokerConfig(Map.of(
                        "routing.weights", "CARBON:3000,PRICE:1",
                        "routing.tenant.weights", "a:b/CARBON:5000",
                        "routing.hub.positions", "here:-1.5:2"))
                .routingPolicy();
        assertThat(ours.weightsPermille()).isEqualTo(Map.of(Siting.Term.CARBON, 3_000, Siting.Term.PRICE, 1));
        assertThat(ours.tenantWeightsPermille()).isEqualTo(Map.of("a:b", Map.of(Siting.Term.CARBON, 5_000)));
        assertThat(ours.distances().knows("here")).isTrue();
        assertThat(ours.distances().knows("gansu")).isFalse();
    }

    @Test
    void boundsThatCrossAreNoBounds() {
        BrokerConfig crossed =
                new BrokerConfig(Map.of("routing.weight.min.permille", "5", "routing.weight.max.permille", "4"));
        assertThatThrownBy(crossed::routingPolicy)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("routing.weight.max.permille, which is 4");
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
        "accounts.classes, acme, account:class",
        "accounts.classes, 'acme:high', URGENT",
        "accounts.classes, ':HIGH', account:class",
        "accounts.classes, 'a:LOW,a:HIGH', twice",
        "routing.weights, CARBON, thousandths",
        "routing.weights, ROOM:1, CONFIDENCE",
        "routing.weights, 'CARBON:1,CARBON:2', twice",
        "routing.weights, CARBON:1000001, 1000000",
        "routing.tenant.weights, CARBON:1, account/term",
        "routing.tenant.weights, acme/CARBON:-1, thousandths",
        "routing.hub.positions, gansu:35, latitude",
        "routing.hub.positions, gansu:95:100, -90 to 90",
        "routing.hub.positions, gansu:35:1e3, degrees",
        "routing.hub.positions, 'gansu:1:1,gansu:1:2', twice",
        "routing.assumed.pue.permille, 999, 1000",
    })
    void aWrongValueIsNamed(String key, String value, String named) {
        assertThatThrownBy(() -> new BrokerConfig(Map.of(key, value)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(named)
                .hasMessageNotContaining("\n");
    }
}
