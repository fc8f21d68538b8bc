package io.millrace.broker;

import io.millrace.broker.market.Market;
import io.millrace.broker.market.MarketSettings;
import io.millrace.broker.placement.PlacementPolicy;
import io.millrace.broker.placement.Policies;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * What a market decides by, as configuration: the same log under the same rules gives the same events. Snapshots record
 * them, so that whoever replays a log need not guess. Equal if all values are. Immutable.
 */
public final class MarketRules {
    private static final ConfigDef KEYS = keys();

    private final SortedMap<String, String> values;
    private final AbstractConfig config;

    private MarketRules(Map<String, String> values) {
        for (String key : values.keySet()) {
            if (!KEYS.names().contains(key)) {
                throw new ConfigException(
                        "this release knows no rule of a market with the key \"" + key + "\": a newer one wrote it");
            }
        }
        this.config = new AbstractConfig(KEYS, values, false);
        this.values = Collections.unmodifiableSortedMap(textOf(config));
    }

    private static SortedMap<String, String> textOf(AbstractConfig config) {
        SortedMap<String, String> text = new TreeMap<>();
        KEYS.configKeys()
                .forEach((key, meaning) ->
                        text.put(key, ConfigDef.convertToString(config.values().get(key), meaning.type)));
        return text;
    }

    private static ConfigDef keys() {
        ConfigDef keys = new ConfigDef();
        BrokerConfig.rules(keys);
        return keys;
    }

    /** The rules of a service. */
    static MarketRules of(BrokerConfig service) {
        return new MarketRules(textOf(service));
    }

    /**
     * Rules that were recorded.
     *
     * @param values by key; a key that is missing has its default
     * @throws ConfigException if a key is not known here or a value is not allowed; its message is one line
     */
    public static MarketRules of(Map<String, String> values) {
        return new MarketRules(values);
    }

    /** The value of every rule, by its key. */
    public SortedMap<String, String> values() {
        return values;
    }

    /**
     * The same rules but for one.
     *
     * @throws ConfigException if there is no such key or the value is not allowed
     */
    public MarketRules with(String key, String value) {
        Map<String, String> changed = new TreeMap<>(values);
        changed.put(key, value);
        return new MarketRules(changed);
    }

    /** A market that decides by these rules. */
    public Market market() {
        return new Market(settings(), policy());
    }

    /** How nodes are chosen: a new instance of the policy. */
    public PlacementPolicy policy() {
        return Policies.named(config.getString(BrokerConfig.PLACEMENT_POLICY));
    }

    /** All but the choice of nodes. */
    public MarketSettings settings() {
        return new MarketSettings(
                Duration.ofSeconds(config.getLong(BrokerConfig.ANSWER_RETENTION_SECONDS))
                        .toMillis(),
                config.getInt(BrokerConfig.QUEUE_MAX),
                Duration.ofSeconds(config.getLong(BrokerConfig.REVOKED_WAIT_SECONDS))
                        .toMillis(),
                QueueKeys.read(config),
                QueueKeys.classLimits(config));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MarketRules rules && values.equals(rules.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
