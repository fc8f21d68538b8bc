package io.millrace.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.Test;

/** Two tasks of one thread; commits 25 ms apart, or 100 ms if it falls behind. */
class CommitPaceTest {
    private static final long START = 1_000_000;

    private final CommitPace pace = new CommitPace(25, 100);
    private final MockProcessorContext<Object, Object> first = context();
    private final MockProcessorContext<Object, Object> second = context();
    private final CommitPace.Task firstTask = pace.of(first);
    private final CommitPace.Task secondTask = pace.of(second);

    private static MockProcessorContext<Object, Object> context() {
        MockProcessorContext<Object, Object> context = new MockProcessorContext<>();
        context.setCurrentSystemTimeMs(START);
        return context;
    }

    /** Whether the task asks for a commit so many milliseconds after the start. */
    private static boolean commitsAt(MockProcessorContext<Object, Object> context, long afterMillis) {
        context.setCurrentSystemTimeMs(START + afterMillis);
        context.resetCommit();
        context.scheduledPunctuators().getFirst().getPunctuator().punctuate(START + afterMillis);
        return context.committed();
    }

    @Test
    void commitsAtOnceAndThenNoSoonerThanTheEarlyInterval() {
        firstTask.took(START);
        assertThat(commitsAt(first, 0)).isTrue();
        firstTask.took(START);
        assertThat(commitsAt(first, 24)).isFalse();
        assertThat(commitsAt(first, 25)).isTrue();
    }

    @Test
    void asksForNothingWhereNothingWasDone() {
        assertThat(commitsAt(first, 0)).isFalse();
        firstTask.took(START);
        assertThat(commitsAt(first, 0)).isTrue();
        assertThat(commitsAt(first, 1_000)).isFalse();
    }

    /** The tasks of a thread are committed together: another commit would have nothing to do and cost as much. */
    @Test
    void aCommitOfOneTaskIsTheOthersToo() {
        firstTask.took(START);
        secondTask.took(START);
        assertThat(commitsAt(first, 0)).isTrue();
        assertThat(commitsAt(second, 30)).isFalse();
        secondTask.took(START + 30);
        assertThat(commitsAt(second, 30)).isTrue();
    }

    @Test
    void whoDoesNotKeepUpWaitsForTheInterval() {
        firstTask.took(START);
        assertThat(commitsAt(first, 0)).isTrue();
        second.setCurrentSystemTimeMs(START + 90);
        secondTask.took(START + 90 - 201);
        firstTask.took(START + 90);
        assertThat(commitsAt(first, 90)).as("the thread is behind").isFalse();
        assertThat(commitsAt(first, 100)).isTrue();
    }

    @Test
    void aThreadThatHasCaughtUpIsEarlyAgain() {
        first.setCurrentSystemTimeMs(START);
        firstTask.took(START - 10_000);
        assertThat(commitsAt(first, 0)).isTrue();
        firstTask.took(START);
        assertThat(commitsAt(first, 24)).isFalse();
        assertThat(commitsAt(first, 25)).isTrue();
    }

    @Test
    void recordsThatWaitedForAnIntervalInTheLogAreNotBehind() {
        firstTask.took(START);
        assertThat(commitsAt(first, 0)).isTrue();
        firstTask.took(START - 200);
        assertThat(commitsAt(first, 25)).isTrue();
    }

    @Test
    void whatNobodyWaitsForWaitsForTheInterval() {
        firstTask.did();
        assertThat(commitsAt(first, 0)).isTrue();
        firstTask.did();
        assertThat(commitsAt(first, 99)).isFalse();
        assertThat(commitsAt(first, 100)).isTrue();
    }
}
