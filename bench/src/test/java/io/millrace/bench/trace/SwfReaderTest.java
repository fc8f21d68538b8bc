package io.millrace.bench.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.bench.trace.SwfReader.Machine;
import io.millrace.local.UserError;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SwfReaderTest {
    private static final Machine AS_THE_FILE_SAYS = new Machine(0, 0);
    private static final String JOB = "1 0 0 600 4 -1 -1 4 900 -1 1 1 1 1 1 1 -1 -1\n";

    @TempDir
    Path folder;

    @Test
    void theMachineComesFromTheHeader() throws URISyntaxException {
        Trace trace = SwfReader.read(small(), AS_THE_FILE_SAYS);

        assertThat(trace.nodes()).hasSize(4).allSatisfy(node -> {
            assertThat(node.cpuMillicores()).isEqualTo(4000);
            assertThat(node.devices()).isZero();
        });
        assertThat(trace.cpuMillicores()).isEqualTo(16_000);
    }

    @Test
    void jobsThatNeverRanAreSkipped() throws URISyntaxException {
        Trace trace = SwfReader.read(small(), AS_THE_FILE_SAYS);

        assertThat(trace.skipped()).isEqualTo(2);
        assertThat(trace.jobs()).extracting(TraceJob::name).hasSize(10).doesNotContain("job-6", "job-8");
    }

    @ParameterizedTest
    @CsvSource({
        "job-1, 1, 4000, 0, 600", // as many as a node has
        "job-3, 1, 2000, 20, 120", // nothing requested: what it got
        "job-4, 2, 4000, 30, 240", // two whole nodes
        "job-5, 2, 3000, 40, 60", // six in two halves, not 4 + 2
        "job-7, 5, 1000, 60, 90", // five divides only into ones
    })
    void processorsBecomeReplicas(String name, int replicas, long cpu, long arrives, long lifetime)
            throws URISyntaxException {
        TraceJob job = SwfReader.read(small(), AS_THE_FILE_SAYS).jobs().stream()
                .filter(j -> j.name().equals(name))
                .findAny()
                .orElseThrow();

        assertThat(job.replicas()).isEqualTo(replicas);
        assertThat(job.cpuMillicores()).isEqualTo(cpu);
        assertThat(job.devices()).isZero();
        assertThat(job.arrivesAtSeconds()).isEqualTo(arrives);
        assertThat(job.lifetimeSeconds()).isEqualTo(lifetime);
    }

    @Test
    void aPrimeTooLargeForOnesIsRoundedUp() throws IOException {
        Path file = file("; MaxNodes: 2000\n; MaxProcs: 16000\n1 0 0 600 10007 -1 -1 10007 900 -1 1 1 1 1 1 1 -1 -1\n");

        TraceJob job = SwfReader.read(file, AS_THE_FILE_SAYS).jobs().getFirst();

        assertThat(job.replicas()).isEqualTo(1251);
        assertThat(job.cpuMillicores()).isEqualTo(8000);
    }

    @Test
    void theMachineCanBeGiven() throws IOException {
        Trace trace = SwfReader.read(file(JOB), new Machine(3, 2));

        assertThat(trace.nodes()).hasSize(3);
        assertThat(trace.jobs().getFirst().replicas()).isEqualTo(2);
    }

    @Test
    void withoutMaxNodesEveryProcessorIsANode() throws IOException {
        Trace trace = SwfReader.read(file("; MaxProcs: 8\n" + JOB), AS_THE_FILE_SAYS);

        assertThat(trace.nodes()).hasSize(8);
        assertThat(trace.jobs().getFirst().replicas()).isEqualTo(4);
    }

    @Test
    void errorsNameFileLineAndField() throws IOException {
        assertThatThrownBy(() -> SwfReader.read(file(JOB), AS_THE_FILE_SAYS))
                .isInstanceOf(UserError.class)
                .hasMessageContainingAll("MaxNodes", "--swf-nodes");
        assertThatThrownBy(() -> SwfReader.read(file("; MaxProcs: 8\n" + JOB + "1 2 3\n"), AS_THE_FILE_SAYS))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("log.swf:3: 3 fields");
        assertThatThrownBy(() ->
                        SwfReader.read(file("; MaxProcs: 8\n" + JOB.replace(" 600 ", " long ")), AS_THE_FILE_SAYS))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("log.swf:2: field 4 is 'long'");
        assertThatThrownBy(() -> SwfReader.read(file("; MaxProcs: 0\n" + JOB), AS_THE_FILE_SAYS))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("log.swf:1: MaxProcs is 0");
        assertThatThrownBy(() -> SwfReader.read(file("; MaxProcs: 8\n"), AS_THE_FILE_SAYS))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("has no jobs");
        assertThatThrownBy(() -> SwfReader.read(folder.resolve("none.swf"), AS_THE_FILE_SAYS))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("is not a file");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("log.swf"), text);
    }

    private static Path small() throws URISyntaxException {
        return Path.of(Objects.requireNonNull(SwfReaderTest.class.getResource("small.swf"))
                .toURI());
    }
}
