package io.millrace.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.bench.load.Pending.Answer;
import org.junit.jupiter.api.Test;

class PendingTest {
    private final Pending pending = new Pending();

    @Test
    void anAnswerCountsOnce() {
        pending.sent(0, 17);
        pending.sent(1, 18);

        assertThat(pending.intendedNanos(1)).isEqualTo(18);
        assertThat(pending.answered(1)).isEqualTo(Answer.FIRST);
        assertThat(pending.answered(1)).isEqualTo(Answer.REPEATED);
        assertThat(pending.sent()).isEqualTo(2);
        assertThat(pending.answered()).isEqualTo(1);
        assertThat(pending.repeated()).isEqualTo(1);
        assertThat(pending.outstanding()).isEqualTo(1);
    }

    @Test
    void whatWasNeverSentHasNoFirstAnswer() {
        assertThat(pending.answered(5)).isEqualTo(Answer.REPEATED);
    }

    @Test
    void everyNanoTimeIsATime() {
        for (int i = 0; i < 3; i++) {
            pending.sent(i, i);
            assertThat(pending.answered(i)).isEqualTo(Answer.FIRST);
        }
        pending.sent(3, -5);
        assertThat(pending.intendedNanos(3)).isEqualTo(-5);
        assertThat(pending.answered(3)).isEqualTo(Answer.FIRST);
    }

    @Test
    void placesAreUsedAgainOnceTheyAreAnswered() {
        pending.sent(0, 17);
        assertThatThrownBy(() -> pending.sent(Pending.CAPACITY, 18)).isInstanceOf(IllegalStateException.class);

        pending.answered(0);
        pending.sent(Pending.CAPACITY, 18);

        assertThat(pending.answered(Pending.CAPACITY)).isEqualTo(Answer.FIRST);
    }
}
