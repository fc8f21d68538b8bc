package io.millrace.local.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundsTest {
    @Test
    void membersAreSpreadOverTheRoundAndTheFirstRoundIsQuick() {
        Rounds rounds = new Rounds(4, 20, 100);
        assertThat(at(rounds, 0)).containsExactly(0);
        assertThat(at(rounds, 4)).isEmpty();
        assertThat(at(rounds, 10)).containsExactly(1, 2);
        assertThat(at(rounds, 20)).containsExactly(3, 0);
        assertThat(at(rounds, 44)).isEmpty();
        assertThat(at(rounds, 45)).containsExactly(1);
        assertThat(at(rounds, 120)).containsExactly(2, 3, 0);
    }

    @Test
    void afterAPauseNobodyIsCalledTwice() {
        Rounds rounds = new Rounds(4, 20, 100);
        at(rounds, 0);
        assertThat(at(rounds, 10_000)).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(4);
        assertThat(at(rounds, 10_100)).containsExactlyInAnyOrder(0, 1, 2, 3);
    }

    @Test
    void anEmptyGroupIsNeverCalled() {
        assertThat(at(new Rounds(0, 20, 100), 1_000)).isEmpty();
    }

    private static List<Integer> at(Rounds rounds, long elapsedMillis) {
        List<Integer> called = new ArrayList<>();
        rounds.due(elapsedMillis, called::add);
        return called;
    }
}
