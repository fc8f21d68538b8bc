package io.millrace.broker.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndsTest {
    private final Ends ends = new Ends();

    /** Against a tree: comes and goes at random, in phases that fill it and that empty it. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void keepsTheOrderThatATreeKeeps(long seed) {
        Random random = new Random(seed);
        TreeSet<Request> tree = new TreeSet<>(Ends::compare);
        List<Request> known = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            boolean filling = step / 4_000 % 2 == 0;
            if (known.isEmpty() || random.nextInt(10) < (filling ? 7 : 3)) {
                // Few times, so that many end at one; and often the latest of all.
                long until = random.nextBoolean() ? random.nextInt(200) : step;
                Request request = endingAt("r-" + step, until);
                ends.add(request);
                tree.add(request);
                known.add(request);
            } else {
                int which = random.nextInt(3) == 0 ? known.indexOf(tree.first()) : random.nextInt(known.size());
                Request request = known.remove(which);
                ends.remove(request);
                tree.remove(request);
            }
            assertThat(ends.isEmpty()).isEqualTo(tree.isEmpty());
            if (!tree.isEmpty()) {
                assertThat(ends.first()).isSameAs(tree.first());
            }
            if (step % 500 == 0) {
                assertThat(ends).as("step %d", step).containsExactlyElementsOf(tree);
            }
        }
    }

    @Test
    void whatIsNotThereCannotGo() {
        ends.add(endingAt("a", 5));

        assertThatThrownBy(() -> ends.remove(endingAt("a", 6)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("request a is not known to end at 6");
        assertThatThrownBy(() -> new Ends().remove(endingAt("a", 6))).isInstanceOf(IllegalStateException.class);
    }

    private static Request endingAt(String id, long untilMillis) {
        return new Request(
                id,
                "account",
                SpecBuilder.gpus(1).spec(),
                Request.Status.ALLOCATED,
                Reason.NONE,
                List.of(),
                1,
                0,
                untilMillis,
                0,
                1,
                0,
                1,
                0,
                0,
                Explanation.NONE);
    }
}
