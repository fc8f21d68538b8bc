package io.millrace.bench.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArrivalOrderTest {

    @Test
    void asRecordedIsByTimeAndThenAsInTheFile() {
        List<TraceJob> jobs = List.of(job("late", 9), job("first", 1), job("second", 1));

        assertThat(ArrivalOrder.asRecorded(jobs)).extracting(TraceJob::name).containsExactly("first", "second", "late");
    }

    @Test
    void shufflingKeepsTheRhythmAndTheJobs() {
        List<TraceJob> jobs = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            jobs.add(job("job-" + i, i * 10L));
        }

        List<TraceJob> shuffled = ArrivalOrder.shuffled(jobs, 42);

        assertThat(shuffled)
                .extracting(TraceJob::arrivesAtSeconds)
                .containsExactlyElementsOf(
                        jobs.stream().map(TraceJob::arrivesAtSeconds).toList());
        assertThat(shuffled)
                .extracting(TraceJob::name)
                .containsExactlyInAnyOrderElementsOf(
                        jobs.stream().map(TraceJob::name).toList())
                .isNotEqualTo(jobs.stream().map(TraceJob::name).toList())
                .containsExactlyElementsOf(ArrivalOrder.shuffled(jobs, 42).stream()
                        .map(TraceJob::name)
                        .toList())
                .isNotEqualTo(ArrivalOrder.shuffled(jobs, 43).stream()
                        .map(TraceJob::name)
                        .toList());
    }

    private static TraceJob job(String name, long arrives) {
        return new TraceJob(name, List.of(), 1, 0, 1000, 1000, 0, arrives, 60);
    }
}
