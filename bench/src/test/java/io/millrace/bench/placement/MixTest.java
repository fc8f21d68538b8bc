package io.millrace.bench.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.bench.trace.SyntheticOpenb;
import io.millrace.bench.trace.Trace;
import io.millrace.bench.trace.TraceJob;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class MixTest {
    private static final Trace TRACE = new Trace(SyntheticOpenb.nodes(), SyntheticOpenb.jobs(42), 0);

    @Test
    void sharedAndLargeAreSharesOfWhatIsAsked() {
        assertThat(share(Mix.named("shared-40"), job -> job.devices() == 1 && job.milliPerDevice() < 1000))
                .isCloseTo(0.40, within(0.01));
        assertThat(share(Mix.named("large-50"), job -> job.devices() > 1)).isCloseTo(0.50, within(0.01));
        assertThat(share(Mix.named("shared-100"), job -> job.devices() == 1 && job.milliPerDevice() < 1000))
                .isEqualTo(1);
    }

    @Test
    void asMuchIsAskedAsBefore() {
        assertThat(asked(Mix.named("large-50").of(TRACE).jobs(), job -> true))
                .isCloseTo(asked(TRACE.jobs(), job -> true), within(20_000L));
    }

    @Test
    void cpuIsAPartOfTheJobsWithoutDevices() {
        long before = onCpu(TRACE);

        assertThat(onCpu(Mix.named("cpu-0").of(TRACE))).isZero();
        assertThat(onCpu(Mix.named("cpu-250").of(TRACE))).isEqualTo(before * 250 / 100);
    }

    @Test
    void modelLimitsAPartOfTheJobsToOneModelEach() {
        List<TraceJob> withDevices = Mix.named("model-25").of(TRACE).jobs().stream()
                .filter(job -> job.devices() > 0)
                .toList();

        List<TraceJob> limited =
                withDevices.stream().filter(job -> job.models().size() == 1).toList();
        assertThat((double) limited.size() / withDevices.size()).isCloseTo(0.25, within(0.03));
        assertThat(limited)
                .allSatisfy(job -> assertThat(TRACE.milliDevicesByModel())
                        .containsKey(job.models().getFirst()));
    }

    @Test
    void theSameMixIsTheSame() {
        assertThat(Mix.named("large-20").of(TRACE))
                .isEqualTo(Mix.named("large-20").of(TRACE));
    }

    @Test
    void othersAreRefusedWithTheReason() {
        for (String name : List.of("", "shared", "large-", "big-20", "large-20 ", "cpu--1")) {
            assertThatThrownBy(() -> Mix.named(name)).hasMessageContaining("'" + name + "' is no mix");
        }
        assertThatThrownBy(() -> Mix.named("shared-101")).hasMessage("'shared-101' asks for more than 100 %");
    }

    private static double share(Mix mix, Predicate<TraceJob> isMeant) {
        List<TraceJob> jobs = mix.of(TRACE).jobs();
        return (double) asked(jobs, isMeant) / asked(jobs, job -> true);
    }

    private static long asked(List<TraceJob> jobs, Predicate<TraceJob> isMeant) {
        return jobs.stream().filter(isMeant).mapToLong(TraceJob::milliDevices).sum();
    }

    private static long onCpu(Trace trace) {
        return trace.jobs().stream().filter(job -> job.devices() == 0).count();
    }
}
