package io.millrace.broker.stream;

import static io.millrace.broker.market.SpecBuilder.gpus;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.placement.Demand;
import org.junit.jupiter.api.Test;

class RecentDeflectionsTest {
    private static final long NOW = 1_700_000_000_000L;
    private static final Demand PAIR = gpus(2).spec().demand();

    private final RecentDeflections deflections = new RecentDeflections();

    @Test
    void areOfAMarketAndADemand() {
        deflections.deflected("east", PAIR, NOW);
        assertThat(deflections.of(PAIR, NOW)).accepts("east").rejects("north");
        assertThat(deflections.of(gpus(1).spec().demand(), NOW)).rejects("east");
    }

    @Test
    void areSoonStale() {
        deflections.deflected("east", PAIR, NOW);
        assertThat(deflections.of(PAIR, NOW + RecentDeflections.FRESH_MILLIS)).accepts("east");
        assertThat(deflections.of(PAIR, NOW + RecentDeflections.FRESH_MILLIS + 1))
                .rejects("east");
    }

    @Test
    void doNotFillTheMemory() {
        deflections.deflected("east", PAIR, NOW);
        for (int cores = 1; cores <= RecentDeflections.MOST_DEMANDS; cores++) {
            deflections.deflected("east", gpus(1).cpu(cores).spec().demand(), NOW);
        }
        assertThat(deflections.of(PAIR, NOW)).rejects("east");
    }
}
