package io.millrace.bench.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The figures are those published of the trace. */
class SyntheticOpenbTest {
    private final Trace trace = new Trace(SyntheticOpenb.nodes(), SyntheticOpenb.jobs(1), 0);

    @Test
    void theNodesAreThoseOfTheTrace() {
        assertThat(trace.nodes()).hasSize(1213);
        assertThat(trace.milliDevicesByModel())
                .hasToString(
                        "{A10=2000, G2=4392000, G3=312000, P100=265000, T4=842000, V100M16=195000, V100M32=204000}");
        assertThat(trace.nodes()).extracting(TraceNode::name).doesNotHaveDuplicates();
    }

    @Test
    void theJobsHaveItsProportions() {
        List<TraceJob> jobs = trace.jobs();

        assertThat(jobs).hasSize(8152);
        assertThat(jobs).filteredOn(j -> j.devices() == 0).hasSize(1088);
        assertThat(jobs).filteredOn(j -> j.milliPerDevice() < 1000).hasSize(3078);
        assertThat(jobs)
                .filteredOn(j -> j.devices() == 1 && j.milliPerDevice() == 1000)
                .hasSize(3911);
        assertThat(jobs).filteredOn(j -> j.devices() == 2).hasSize(16);
        assertThat(jobs).filteredOn(j -> j.devices() == 4).hasSize(15);
        assertThat(jobs).filteredOn(j -> j.devices() == 8).hasSize(44);
        assertThat((double) jobs.stream().mapToLong(TraceJob::milliDevices).sum())
                .isCloseTo(6_086_800, within(6_086_800 * 0.02));
    }

    @Test
    void theOrderFollowsTheSeed() {
        assertThat(SyntheticOpenb.jobs(7)).isEqualTo(SyntheticOpenb.jobs(7)).isNotEqualTo(SyntheticOpenb.jobs(8));
    }
}
