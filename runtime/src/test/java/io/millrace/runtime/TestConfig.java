package io.millrace.runtime;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;

/** The configuration of a service that exists in tests only. */
final class TestConfig extends ServiceConfig {

    TestConfig(Map<String, String> values) {
        super(definition(), values);
    }

    static ConfigDef definition() {
        return common("test-service", 0, 20)
                .define(
                        "belt.speed.ms",
                        ConfigDef.Type.LONG,
                        100L,
                        ConfigDef.Importance.LOW,
                        "Milliseconds per turn | of the belt.");
    }

    static TestConfig of(String... keysAndValues) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            values.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return new TestConfig(values);
    }
}
