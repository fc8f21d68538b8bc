package io.millrace.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.broker.queue.PriorityClass;
import io.millrace.broker.queue.QueueSettings.Discipline;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class MarketRulesTest {
    private static final Map<String, String> SOME = Map.of(
            "placement.policy", "packing",
            "queue.max", "17",
            "queue.policy", "fifo",
            "accounts.weights", "acme:3,beta:2",
            "accounts.budgets", "acme:5000",
            "accounts.classes", "acme:URGENT,*:NORMAL");

    @Test
    void whatIsRecordedGivesTheSameRules() {
        MarketRules rules = new BrokerConfig(SOME).marketRules();
        MarketRules read = MarketRules.of(rules.values());
        assertThat(read).isEqualTo(rules).hasSameHashCodeAs(rules);
        assertThat(read.settings()).isEqualTo(new BrokerConfig(SOME).marketSettings());
        assertThat(read.settings().queue().weights()).containsEntry("acme", 3).containsEntry("beta", 2);
        assertThat(read.settings().classLimits().of("acme")).isEqualTo(PriorityClass.URGENT);
        assertThat(read.settings().classLimits().of("beta")).isEqualTo(PriorityClass.NORMAL);
        assertThat(read.settings().maxQueued()).isEqualTo(17);
        assertThat(read.policy().getClass().getSimpleName()).isEqualTo("Packing");
        assertThat(read).isNotEqualTo(MarketRules.of(Map.of()));
    }

    /** Also those that have their default, which another release may change. */
    @Test
    void everyRuleIsRecorded() {
        assertThat(MarketRules.of(Map.of()).values())
                .containsKeys(
                        "placement.policy",
                        "answer.retention.seconds",
                        "queue.max",
                        "revoked.wait.seconds",
                        "queue.half.life.seconds",
                        "accounts.budget.window.seconds")
                .doesNotContainKeys("markets", "http.port", "tick.interval.ms");
        assertThat(BrokerConfig.definition().names())
                .containsAll(List.copyOf(MarketRules.of(Map.of()).values().keySet()));
    }

    @Test
    void oneMayBeAnother() {
        MarketRules rules = MarketRules.of(SOME).with("queue.policy", "easy");
        assertThat(rules.settings().queue().discipline()).isEqualTo(Discipline.EASY);
        assertThat(rules.settings().maxQueued()).isEqualTo(17);
    }

    @Test
    void whatIsNotKnownIsNamed() {
        assertThatThrownBy(() -> MarketRules.of(Map.of("queue.colour", "red")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("queue.colour");
        assertThatThrownBy(() -> MarketRules.of(SOME).with("queue.policy", "luck"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("luck");
    }
}
