package io.millrace.broker.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Latency by distance. */
class DistancesTest {
    private final Distances distances = new Distances(List.of(
            new Distances.Position("shanghai", 31.15, 121.12),
            new Distances.Position("zhongwei", 37.50, 105.19),
            new Distances.Position("suzhou", 31.30, 120.60),
            new Distances.Position("antipode", -31.15, -58.88)));

    @Test
    void theWayOfLightInFibreHalfAsLongAgain() {
        // 1,604 km by the great circle: 12.0 ms at 1.5 times the way and 200 km per millisecond.
        assertThat(distances.micros("shanghai", "zhongwei"))
                .isBetween(11_900L, 12_300L)
                .isEqualTo(distances.micros("zhongwei", "shanghai"));
        assertThat(distances.micros("shanghai", "antipode")).isBetween(150_000L, 150_200L);
    }

    @Test
    void notLessThanInsideAHub() {
        assertThat(distances.micros("shanghai", "suzhou")).isEqualTo(5_000);
        assertThat(distances.micros("shanghai", "shanghai")).isEqualTo(5_000);
        assertThat(distances.micros("unheard-of", "unheard-of")).isEqualTo(5_000);
    }

    @Test
    void nothingIsKnownOfAPlaceWithoutAPosition() {
        assertThat(distances.micros("shanghai", "atlantis")).isEqualTo(Distances.UNKNOWN);
        assertThat(distances.micros("atlantis", "shanghai")).isEqualTo(Distances.UNKNOWN);
        assertThat(distances.knows("atlantis")).isFalse();
        assertThat(distances.knows("zhongwei")).isTrue();
    }
}
