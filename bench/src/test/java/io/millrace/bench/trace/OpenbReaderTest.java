package io.millrace.bench.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.local.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenbReaderTest {
    private static final String NODES = """
            sn,cpu_milli,memory_mib,gpu,model
            openb-node-0000,64000,262144,2,P100
            openb-node-0001,104000,524288,4,T4
            openb-node-0002,94000,262144,0,
            """;
    private static final String POD_HEADER =
            "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,scheduled_time\n";
    private static final String POD = "pod-1,6000,12288,1,460,T4|V100M32|V100M32,LS,Running,427061,12902960,427061\n";

    @TempDir
    Path folder;

    @Test
    void nodes() throws IOException {
        Trace trace = read(NODES, POD_HEADER + POD);

        assertThat(trace.nodes())
                .containsExactly(
                        new TraceNode("openb-node-0000", "P100", 2, 64_000, 262_144),
                        new TraceNode("openb-node-0001", "T4", 4, 104_000, 524_288),
                        new TraceNode("openb-node-0002", "", 0, 94_000, 262_144));
        assertThat(trace.milliDevicesByModel()).hasToString("{P100=2000, T4=4000}");
    }

    @Test
    void aSharedPodWithAListOfModels() throws IOException {
        TraceJob job = read(NODES, POD_HEADER + POD).jobs().getFirst();

        assertThat(job)
                .isEqualTo(
                        new TraceJob("pod-1", List.of("T4", "V100M32"), 1, 1, 460, 6000, 12_288, 427_061, 12_475_899));
        assertThat(job.milliDevices()).isEqualTo(460);
        assertThat(job.isTimed()).isTrue();
    }

    @Test
    void aPodWithoutGpuAndCpuAsksForATenthOfACore() throws IOException {
        TraceJob job = read(NODES, POD_HEADER + "p,0,1024,0,0,,LS,Running,0,10,0\n")
                .jobs()
                .getFirst();

        assertThat(job.cpuMillicores()).isEqualTo(100);
        assertThat(job.devices()).isZero();
        assertThat(job.milliDevices()).isZero();
    }

    @Test
    void timesMayBeMissing() throws IOException {
        TraceJob job = read(NODES, "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec\np,100,1024,8,1000,G2\n")
                .jobs()
                .getFirst();

        assertThat(job.isTimed()).isFalse();
        assertThat(job.milliDevices()).isEqualTo(8000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "p,many,1,1,1000,,LS,Running,0,10,0; cpu_milli is 'many'",
                "p,1,-5,1,1000,,LS,Running,0,10,0; memory_mib is -5",
                "p,1,1,1,1001,,LS,Running,0,10,0; gpu_milli is 1001",
                "p,1,1,2,500,,LS,Running,0,10,0; only a single GPU can be shared",
                "p,1,1,1,0,,LS,Running,0,10,0; gpu_milli is 0",
                "p,1,1,0,7,,LS,Running,0,10,0; num_gpu is 0 and gpu_milli is 7",
                "p,1,1,1,1000,T4||G2,LS,Running,0,10,0; separated by |",
                "p,1,1,1,1000,,LS,Running,20,10,0; deletion_time 10 is before creation_time 20",
                "p,1,1,1; Not enough column values",
                "p,1,1,1,1000,,LS,Running,0,10,0,0; Too many entries",
            })
    void aPodThatCannotBeReadIsNamedByFileAndLine(String row, String what) {
        assertThatThrownBy(() -> read(NODES, POD_HEADER + POD + row + "\n"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("pods.csv:3: ")
                .hasMessageContaining(what);
    }

    @Test
    void aNodeThatCannotBeReadIsNamedByFileAndLine() {
        assertThatThrownBy(() -> read(NODES + "n,1,1,2,\n", POD_HEADER + POD))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("nodes.csv:5: gpu is 2 and model is empty");
    }

    @Test
    void aFileOfAnotherKindIsToldByItsHeader() {
        assertThatThrownBy(() -> read(POD_HEADER + POD, POD_HEADER + POD))
                .isInstanceOf(UserError.class)
                .hasMessageContainingAll("nodes.csv:1: the header lacks", "sn", "model");
        assertThatThrownBy(() -> read(NODES, POD_HEADER))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no rows");
        assertThatThrownBy(() -> OpenbReader.read(folder.resolve("none"), folder.resolve("none")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("is not a file");
    }

    private Trace read(String nodes, String pods) throws IOException {
        return OpenbReader.read(
                Files.writeString(folder.resolve("nodes.csv"), nodes),
                Files.writeString(folder.resolve("pods.csv"), pods));
    }
}
