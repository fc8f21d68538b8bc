package io.millrace.bench.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.placement.BestFit;
import io.millrace.broker.queue.QueueSettings;
import io.millrace.broker.queue.QueueSettings.Discipline;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A workload is played to its end, and twice to the same figures. */
class QueueReplayTest {

    private static QueueOutcome play(Discipline discipline) {
        Workload workload = Workload.synthetic(600, 4, 3);
        return new QueueReplay(workload, QueueSettings.DEFAULT.with(discipline), new BestFit()).run();
    }

    @ParameterizedTest
    @EnumSource(Discipline.class)
    void allJobsRunAndTheFiguresAreTheSameAgain(Discipline discipline) {
        QueueOutcome outcome = play(discipline);
        QueueOutcome again = play(discipline);
        assertThat(outcome.finished() + outcome.refusals()).isEqualTo(600);
        assertThat(outcome.waitMinutes(99)).isPositive().isEqualTo(again.waitMinutes(99));
        assertThat(outcome.meanSlowdown()).isGreaterThanOrEqualTo(1).isEqualTo(again.meanSlowdown());
        assertThat(outcome.utilisation()).isBetween(0.01, 1.0).isEqualTo(again.utilisation());
        assertThat(outcome.fairness()).isBetween(0.2, 1.0).isEqualTo(again.fairness());
    }
}
