package io.millrace.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerServiceTest {
    private final ByteArrayOutputStream complaints = new ByteArrayOutputStream();

    @Test
    void aWrongValueEndsItWithOneLine() {
        assertThat(run("queue.max=-5")).isEqualTo(2);
        assertThat(complaint())
                .startsWith("broker-service: ")
                .contains("queue.max")
                .hasLineCount(1);
    }

    @Test
    void theEnvironmentAndTheFileAreReadToo(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("broker.properties");
        Files.writeString(file, "tick.interval.ms = never\n");
        assertThat(run(file.toString())).isEqualTo(2);
        assertThat(complaint()).contains("tick.interval.ms").contains("never").hasLineCount(1);

        complaints.reset();
        int code = BrokerService.run(
                new String[] {file.toString(), "tick.interval.ms=1000"},
                Map.of("MILLRACE_PLACEMENT_POLICY", "luck"),
                new PrintStream(complaints, true, StandardCharsets.UTF_8));
        assertThat(code).isEqualTo(2);
        assertThat(complaint()).contains("placement.policy").contains("luck").hasLineCount(1);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThat(run("no-such-file.properties")).isEqualTo(2);
        assertThat(complaint()).contains("no-such-file.properties").hasLineCount(1);
    }

    @Test
    void twoFilesAreOneTooMany() {
        assertThat(run("one.properties", "two.properties")).isEqualTo(2);
        assertThat(complaint())
                .contains("one.properties")
                .contains("two.properties")
                .hasLineCount(1);
    }

    @Test
    void aPortThatIsTakenEndsItWithOneLine() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket silentBroker = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int code = run(
                    "http.port=" + taken.getLocalPort(),
                    "bootstrap.servers=127.0.0.1:" + silentBroker.getLocalPort(),
                    "schema.registry.url=mock://broker-service-test");
            assertThat(code).isEqualTo(1);
            assertThat(complaint())
                    .startsWith("broker-service: cannot start: cannot listen at 127.0.0.1:" + taken.getLocalPort())
                    .hasLineCount(1);
        }
    }

    private int run(String... arguments) {
        return BrokerService.run(arguments, Map.of(), new PrintStream(complaints, true, StandardCharsets.UTF_8));
    }

    private String complaint() {
        return complaints.toString(StandardCharsets.UTF_8).strip();
    }
}
