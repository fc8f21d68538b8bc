package io.millrace.bench.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.Outcome;
import io.millrace.schemas.Reason;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReplayBookTest {
    private static final long NOW = TimeUnit.MILLISECONDS.toNanos(40);
    private final ReplayBook book = new ReplayBook(4);

    @Test
    void servedAtOnceAndReleased() {
        book.submitted(0, 0);
        assertThat(book.tally().unanswered()).isEqualTo(1);

        assertThat(book.decided(0, Answers.allocated("G2", 2, 1000, 8000), NOW)).isFalse();
        Tally running = book.tally();
        assertThat(running.allocatedAtOnce()).isEqualTo(1);
        assertThat(running.unanswered()).isZero();
        assertThat(running.milliByModel()).isEqualTo(Map.of("G2", 2000L));
        assertThat(running.cpuMillicores()).isEqualTo(8000);

        assertThat(book.leaves(0)).isTrue();
        assertThat(book.tally().releasesUnanswered()).isEqualTo(1);
        book.decided(0, Answers.of(Outcome.RELEASED), NOW);
        Tally gone = book.tally();
        assertThat(gone.milliDevices()).isZero();
        assertThat(gone.peakMilliDevices()).isEqualTo(2000);
        assertThat(gone.left()).isEqualTo(1);
        assertThat(gone.running()).isZero();
        assertThat(gone.releasesUnanswered()).isZero();
    }

    /** The grant that took the place of another is read first: they are in different partitions. */
    @Test
    void whatIsAllocatedAtOnceGoesByTheOrderOfTheMarket() {
        book.submitted(0, 0);
        book.submitted(1, 0);
        book.decided(0, Answers.at(1, Answers.allocated("G2", 2, 1000, 8000)), NOW);
        book.decided(1, Answers.at(3, Answers.allocated("G2", 1, 1000, 9000)), NOW);
        book.leaves(0);
        book.decided(0, Answers.at(2, Answers.of(Outcome.RELEASED)), NOW);

        assertThat(book.tally().peakMilliDevices()).isEqualTo(2000);
        assertThat(book.tally().peakCpuMillicores()).isEqualTo(9000);
        assertThat(book.tally().milliDevices()).isEqualTo(1000);
    }

    @Test
    void refusedByReason() {
        book.submitted(0, 0);
        book.decided(0, Answers.refused(Reason.NO_CAPACITY), NOW);

        assertThat(book.tally().refusedByReason()).isEqualTo(Map.of(Reason.NO_CAPACITY, 1));
        assertThat(book.tally().decided()).isEqualTo(1);
        assertThat(book.leaves(0)).isFalse();
    }

    @Test
    void oneThatWaitedIsToBePlannedWhenItStarts() {
        book.submitted(0, 0);
        book.decided(0, Answers.of(Outcome.QUEUED), NOW);
        assertThat(book.leaves(0)).isFalse();

        assertThat(book.decided(0, Answers.allocated("T4", 1, 500, 100), NOW)).isTrue();

        Tally tally = book.tally();
        assertThat(tally.queued()).isEqualTo(1);
        assertThat(tally.allocatedAtOnce()).isZero();
        assertThat(tally.servedAfterWaiting()).isEqualTo(1);
        assertThat(tally.waiting()).isZero();
        assertThat(tally.decided()).isEqualTo(1);
        assertThat(book.leaves(0)).isTrue();
    }

    /** The release was sent before it was known that the job waits. */
    @Test
    void aReleaseThatCameTooEarlyIsForgotten() {
        book.submitted(0, 0);
        assertThat(book.leaves(0)).isTrue();
        book.decided(0, Answers.of(Outcome.QUEUED), NOW);
        book.decided(0, Answers.of(Outcome.COMMAND_REFUSED), NOW);
        assertThat(book.tally().releasesUnanswered()).isZero();

        assertThat(book.decided(0, Answers.allocated("T4", 1, 500, 100), NOW)).isTrue();
    }

    @Test
    void whatGaveUpWaitingIsNotAFirstAnswer() {
        book.submitted(0, 0);
        book.decided(0, Answers.of(Outcome.QUEUED), NOW);
        book.decided(0, Answers.refused(Reason.WAIT_EXPIRED), NOW);

        Tally tally = book.tally();
        assertThat(tally.gaveUp()).isEqualTo(1);
        assertThat(tally.refused()).isZero();
        assertThat(tally.waiting()).isZero();
    }

    @Test
    void aRevokedOneWaitsAgain() {
        book.submitted(0, 0);
        book.decided(0, Answers.allocated("T4", 1, 500, 100), NOW);
        book.decided(0, Answers.of(Outcome.REVOKED), NOW);
        book.decided(0, Answers.of(Outcome.QUEUED), NOW);
        assertThat(book.tally().waiting()).isEqualTo(1);
        assertThat(book.tally().milliDevices()).isZero();

        assertThat(book.decided(0, Answers.allocated("T4", 1, 500, 100), NOW)).isTrue();
        assertThat(book.tally().queued()).isZero();
        assertThat(book.tally().milliDevices()).isEqualTo(500);
    }

    @Test
    void latencyIsThatOfTheFirstAnswerFromTheIntendedTime() {
        book.submitted(0, 0);
        book.decided(0, Answers.of(Outcome.QUEUED), NOW);
        book.decided(0, Answers.repeated(), 100 * NOW);
        book.decided(0, Answers.allocated("T4", 1, 500, 100), 100 * NOW);

        assertThat(book.latencies().count()).isEqualTo(1);
        assertThat(book.latencies().max()).isBetween(39.9, 40.1);
    }
}
