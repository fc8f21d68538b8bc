package io.millrace.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthTest {

    private final Health health = new Health();

    @Test
    void aProcessWithoutChecksIsWell() {
        assertThat(health.live().well()).isTrue();
        assertThat(health.live().json()).hasToString("{\"ok\":true,\"checks\":[]}");
    }

    @Test
    void oneProblemIsEnough() {
        health.ready("a", Optional::empty);
        health.ready("b", () -> Optional.of("still reading"));
        assertThat(health.live().well()).isTrue();
        assertThat(health.ready().well()).isFalse();
        assertThat(health.ready().json())
                .hasToString("{\"ok\":false,\"checks\":[{\"name\":\"a\",\"ok\":true},"
                        + "{\"name\":\"b\",\"ok\":false,\"problem\":\"still reading\"}]}");
    }

    @Test
    void aCheckThatFailsIsAProblem() {
        health.live("c", () -> {
            throw new IllegalStateException("no idea");
        });
        assertThat(health.live().well()).isFalse();
        assertThat(health.live().json().toString()).contains("no idea");
    }
}
