package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CloudEventsTest {

    @Test
    void theAttributesAreHeaders() {
        Map<String, String> headers = new HashMap<>();
        CloudEvents.headers(
                        "guizhou-7", "/markets/guizhou", "io.millrace.AllocationDecision", "r-1", 1_700_000_000_123L)
                .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        assertThat(headers)
                .containsOnly(
                        Map.entry("ce_specversion", "1.0"),
                        Map.entry("ce_id", "guizhou-7"),
                        Map.entry("ce_source", "/markets/guizhou"),
                        Map.entry("ce_type", "io.millrace.AllocationDecision"),
                        Map.entry("ce_subject", "r-1"),
                        Map.entry("ce_time", "2023-11-14T22:13:20.123Z"),
                        Map.entry("content-type", "application/avro"));
    }
}
