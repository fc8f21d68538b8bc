package io.millrace.broker.market;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same log gives the same events, usage and state: from its beginning, and from any place in it. */
class ReplayTest {
    private static final int COMMANDS = 300;

    @Test
    void fromTheBeginning() {
        List<Command> log = RandomCommands.log(1, 5_000);
        Run run = new Run();
        Run again = new Run();
        assertThat(play(again, log)).isEqualTo(play(run, log));
        assertThat(again.hash()).isEqualTo(run.hash());
    }

    /** Cuts the log before every command, restarts from what is stored, and plays it to the end. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 7, 8})
    void fromEveryCut(long seed) {
        fromEveryCut(seed, RandomCommands.log(seed, COMMANDS));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void fromEveryCutWithStorage(long seed) {
        fromEveryCut(seed, RandomCommands.log(RandomCommands.withStorage(seed), COMMANDS));
    }

    private static void fromEveryCut(long seed, List<Command> log) {
        Random order = new Random(seed);
        Run run = new Run(Simulation.settings(seed));
        List<Run> restarted = new ArrayList<>();
        for (int cut = 0; cut < log.size(); cut++) {
            Run next = run.restart(order);
            assertThat(next.hash())
                    .as("seed %d, hash at the cut before %d", seed, cut)
                    .isEqualTo(run.hash());
            restarted.add(next);
            Command command = log.get(cut);
            Run.Step step = run.execute(command);
            for (int from = 0; from <= cut; from++) {
                Run.Step again = restarted.get(from).execute(command);
                if (!again.equals(step)) {
                    assertThat(again)
                            .as("seed %d, restarted before %d, at %d: %s", seed, from, cut, command)
                            .isEqualTo(step);
                }
            }
        }
        assertThat(restarted).allMatch(each -> each.hash() == run.hash());
    }

    /** What is decided depends on the log, and on nothing else that happens to be the same in this JVM. */
    @Test
    void otherLogsGiveOtherStates() {
        Run one = new Run();
        Run other = new Run();
        play(one, RandomCommands.log(1, COMMANDS));
        play(other, RandomCommands.log(2, COMMANDS));
        assertThat(one.hash()).isNotEqualTo(other.hash());
    }

    private static List<Run.Step> play(Run run, List<Command> log) {
        return log.stream().map(run::execute).toList();
    }
}
