package io.millrace.local.up;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace up} as a process of its own: how it ends, and what it leaves behind. */
class UpProcessTest {
    private static final Duration LONGEST_START = Duration.ofMinutes(3);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void killWhatIsLeft() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void afterAKillNothingIsLeftRunningAndTheNextStartGoesOnAndStopsWhenAsked() throws Exception {
        Process first = up("first");
        ProcessHandle registry = registry();
        assertThat(registry.isAlive()).isTrue();
        first.destroyForcibly();
        Awaitility.await().atMost(LONGEST_STOP).until(() -> !registry.isAlive());

        Process second = up("second");
        ProcessHandle secondRegistry = registry();
        second.destroy();
        assertThat(second.waitFor(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(said("second"))
                .contains("Stopping.", "Stopped after", "data are kept in")
                .as("nothing but what is for people")
                .doesNotContain("WARNING");
        assertThat(secondRegistry.isAlive()).isFalse();
        assertThat(folder.resolve("data/millrace.log")).content().contains("Kafka stopped");
    }

    @Test
    void aTrialStopsByItselfWhenAllIsReady() throws Exception {
        Process trial = up("trial", "--stop-when-ready");
        assertThat(trial.waitFor(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(trial.exitValue()).isZero();
        assertThat(said("trial"))
                .contains("Ready after", "Stopping.", "Stopped after")
                .doesNotContain("Exception");
    }

    @Test
    void theEnvironmentConfiguresTheServices() throws Exception {
        Process wrong = launch("wrong", Map.of("MILLRACE_ACCOUNTS_CLASSES", "acme:KING"));
        assertThat(wrong.waitFor(LONGEST_START.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(wrong.exitValue()).isEqualTo(1);
        assertThat(said("wrong"))
                .contains("accounts.classes", "acme:KING", "URGENT")
                .doesNotContain("\tat ");
    }

    private Process up(String name, String... more) throws Exception {
        Process process = launch(name, Map.of(), more);
        Awaitility.await().atMost(LONGEST_START).until(() -> said(name).contains("Ready after") || !process.isAlive());
        assertThat(said(name))
                .contains("Kafka ", "schema registry ", "telemetry-ingest ", "broker-service ", "Ready after");
        return process;
    }

    private Process launch(String name, Map<String, String> environment, String... more) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(optionsOfTheScript());
        command.addAll(List.of(
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                // The tests' own file would win otherwise.
                "-Dlog4j2.configurationFile=classpath:millrace-log4j2.xml",
                "io.millrace.local.Millrace",
                "up",
                "--data=" + folder.resolve("data"),
                "--no-scenario",
                "--kafka-port=0",
                "--registry-port=0",
                "--ingest-port=0",
                "--broker-port=0"));
        command.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output(name).toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    /** What {@code ./millrace} gives a JVM of this version. */
    private static List<String> optionsOfTheScript() throws Exception {
        Path script = Path.of(System.getProperty("basedir", "."), "..", "..", "millrace");
        Process asked = new ProcessBuilder(
                        "bash",
                        "-c",
                        "eval \"$(sed -n '/^jvm_options()/,/^}/p' \"$0\")\"; jvm_options \"$1\"",
                        script.toString(),
                        Integer.toString(Runtime.version().feature()))
                .start();
        String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(asked.waitFor()).isZero();
        return List.of(said.strip().split(" "));
    }

    private ProcessHandle registry() throws IOException {
        String pid =
                Files.readString(folder.resolve("data/registry/registry.pid")).split(" ", 2)[0];
        Optional<ProcessHandle> handle = ProcessHandle.of(Long.parseLong(pid));
        assertThat(handle).isPresent();
        return handle.orElseThrow();
    }

    private String said(String name) throws IOException {
        return Files.readString(output(name));
    }

    private Path output(String name) {
        return folder.resolve(name + ".out");
    }
}
