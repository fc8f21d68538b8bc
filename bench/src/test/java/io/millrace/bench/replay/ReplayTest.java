package io.millrace.bench.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.load.RunIds;
import io.millrace.bench.trace.TraceJob;
import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.ComputeRequest;
import io.millrace.schemas.Outcome;
import io.millrace.schemas.Release;
import io.millrace.schemas.Submit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Against a platform of one device that answers at once. */
class ReplayTest {
    private static final RunIds IDS = new RunIds("test");
    private final List<String> said = new ArrayList<>();
    private final List<Integer> queue = new ArrayList<>();
    private final Map<Integer, Boolean> running = new HashMap<>();
    private final AtomicReference<@Nullable Replay> replay = new AtomicReference<>();

    @Test
    void departuresAndArrivalsAreInTheOrderOfTheTrace() {
        // b comes when a is there, and waits; c comes when both would be gone.
        List<TraceJob> jobs = List.of(job(0, 10), job(5, 10), job(100, 10));

        Tally end = run(jobs, true, Timeline.asFastAsItGoes(jobs));

        assertThat(said).containsExactly("submit 0", "submit 1", "release 0", "release 1", "submit 2", "release 2");
        assertThat(end.allocatedAtOnce()).isEqualTo(2);
        assertThat(end.queued()).isEqualTo(1);
        assertThat(end.servedAfterWaiting()).isEqualTo(1);
        assertThat(end.left()).isEqualTo(3);
        assertThat(end.unanswered()).isZero();
    }

    @Test
    void withTimesTheOrderIsTheSame() {
        List<TraceJob> jobs = List.of(job(0, 10), job(5, 10), job(1000, 10));

        Tally end = run(jobs, true, Timeline.compressed(jobs, 10));

        assertThat(said).containsExactly("submit 0", "submit 1", "release 0", "release 1", "submit 2", "release 2");
        assertThat(end.left()).isEqualTo(3);
    }

    @Test
    void arrivalsOnlyReleaseNothing() {
        List<TraceJob> jobs = List.of(job(0, 10), job(5, 10));

        Tally end = run(jobs, false, Timeline.evenly(jobs, 1000));

        assertThat(said).containsExactly("submit 0", "submit 1");
        assertThat(end.running()).isEqualTo(1);
        assertThat(end.decided()).isEqualTo(2);
    }

    @Test
    void aJobWithoutAnEndStays() {
        List<TraceJob> jobs = List.of(job(0, TraceJob.UNKNOWN));

        assertThat(run(jobs, true, Timeline.asFastAsItGoes(jobs)).running()).isEqualTo(1);
    }

    private Tally run(List<TraceJob> jobs, boolean departures, Timeline timeline) {
        ReplayBook book = new ReplayBook(jobs.size());
        JobRequests requests = new JobRequests("guizhou", 3600, 60);
        replay.set(new Replay(
                jobs, departures, timeline, IDS, requests, book, request -> answer(book, request), () -> {}));
        Objects.requireNonNull(replay.get()).run();
        return book.tally();
    }

    private void answer(ReplayBook book, ComputeRequest request) {
        int job = (int) IDS.index(request.getRequestId().getBytes(StandardCharsets.UTF_8));
        if (request.getAction() instanceof Submit) {
            said.add("submit " + job);
            if (running.isEmpty()) {
                running.put(job, true);
                tell(book, job, Answers.allocated("T4", 1, 1000, 1000));
            } else {
                queue.add(job);
                tell(book, job, Answers.of(Outcome.QUEUED));
            }
        } else if (request.getAction() instanceof Release) {
            said.add("release " + job);
            assertThat(running.remove(job)).isTrue();
            tell(book, job, Answers.of(Outcome.RELEASED));
            if (!queue.isEmpty()) {
                int next = queue.removeFirst();
                running.put(next, true);
                tell(book, next, Answers.allocated("T4", 1, 1000, 1000));
            }
        }
    }

    private void tell(ReplayBook book, int job, AllocationDecision decision) {
        if (book.decided(job, decision, System.nanoTime())) {
            Objects.requireNonNull(replay.get()).starts(job);
        }
    }

    private static TraceJob job(long arrives, long lifetime) {
        return new TraceJob("job", List.of(), 1, 1, 1000, 1000, 0, arrives, lifetime);
    }
}
