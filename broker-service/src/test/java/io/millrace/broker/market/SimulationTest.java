package io.millrace.broker.market;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Many small markets, each from a seed. {@code -Dmillrace.simulation.seeds=N} plays more of them, {@code
 * -Dmillrace.simulation.first=N} others.
 */
class SimulationTest {
    private static final int SEEDS = Integer.getInteger("millrace.simulation.seeds", 300);
    private static final long FIRST = Long.getLong("millrace.simulation.first", 1);
    private static final int COMMANDS = 2_000;

    @Test
    void everyMarketIsAsTheNaiveOne() {
        LongStream.range(FIRST, FIRST + SEEDS).parallel().forEach(seed -> new Simulation(seed, COMMANDS).run());
    }

    @Test
    void everyMarketWithStorageIsAsTheNaiveOne() {
        LongStream.range(FIRST, FIRST + SEEDS / 3)
                .parallel()
                .forEach(seed -> new Simulation(seed, COMMANDS, RandomCommands.withStorage(seed)).run());
    }
}
