package io.millrace.broker.market;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.placement.FragmentationAware;
import io.millrace.broker.placement.NaiveFragmentation;
import io.millrace.broker.placement.NodeOfferBuilder;
import io.millrace.broker.placement.PlacementPolicy;
import io.millrace.broker.placement.Policies;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The default policy inside a market: caches change nothing, and neither does a restart. */
class FragmentationAwareTest {
    private static final int COMMANDS = 3_000;
    private static final int BETWEEN_RESTARTS = 97;

    /** Node updates, departures, gangs and a queue; the naive policy works everything out anew. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void decidesAsTheNaiveOneAndAsOneThatIsRestarted(long seed) {
        decidesAsTheNaiveOneAndAsOneThatIsRestarted(seed, RandomCommands.log(seed, COMMANDS));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void theSameWithStorage(long seed) {
        decidesAsTheNaiveOneAndAsOneThatIsRestarted(
                seed, RandomCommands.log(RandomCommands.withStorage(seed), COMMANDS));
    }

    private static void decidesAsTheNaiveOneAndAsOneThatIsRestarted(long seed, List<Command> log) {
        Run fast = new Run(new FragmentationAware());
        Run naive = new Run(new NaiveFragmentation());
        Run restarted = new Run(new FragmentationAware());
        Random order = new Random(seed);
        int step = 0;
        for (Command command : log) {
            Run.Step expected = naive.execute(command);
            assertThat(fast.execute(command))
                    .as("seed %d, command %d: %s", seed, step, command)
                    .isEqualTo(expected);
            assertThat(restarted.execute(command))
                    .as("seed %d, restarted, command %d", seed, step)
                    .isEqualTo(expected);
            if (++step % BETWEEN_RESTARTS == 0) {
                restarted = restarted.restart(order);
            }
        }
        assertThat(fast.hash()).isEqualTo(naive.hash());
        assertThat(restarted.hash()).isEqualTo(naive.hash());
    }

    /** Nobody checks what comes over Kafka before the market does, and it must not learn from what it refuses as wrong. */
    @ParameterizedTest
    @ValueSource(ints = {-20, 0, 1001, 5000, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void learnsNothingFromWhatContradictsItself(int milliPerDevice) {
        Run run = new Run(new FragmentationAware());
        run.execute(Told.update(NodeOfferBuilder.node("a").gpus(4)).at(1));
        for (int i = 0; i < 10; i++) {
            run.execute(Told.submit("wrong-" + i, SpecBuilder.gpus(1).milliPerDevice(milliPerDevice))
                    .at(2 + i));
            assertThat(run.execute(Told.submit("right-" + i, SpecBuilder.share(200))
                                    .at(2 + i))
                            .events())
                    .singleElement()
                    .isInstanceOf(Event.Allocated.class);
        }
    }

    static List<String> names() {
        return Policies.names();
    }

    /** Every policy replays, from the beginning and after restarts. */
    @ParameterizedTest
    @MethodSource("names")
    void everyPolicyReplays(String name) {
        PlacementPolicy policy = Policies.named(name);
        List<Command> log = RandomCommands.log(21, COMMANDS);
        Run run = new Run(policy);
        List<Run.Step> steps = new ArrayList<>();
        log.forEach(command -> steps.add(run.execute(command)));
        Run again = new Run(Policies.named(name));
        Random order = new Random(5);
        for (int step = 0; step < log.size(); step++) {
            assertThat(again.execute(log.get(step)))
                    .as("%s, command %d", name, step)
                    .isEqualTo(steps.get(step));
            if (step % BETWEEN_RESTARTS == 0) {
                again = again.restart(order);
            }
        }
        assertThat(again.hash()).isEqualTo(run.hash());
    }
}
