package io.millrace.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** broker-service in a JVM of its own, so that it can be killed as a machine dies: without a word. */
final class BrokerProcess implements AutoCloseable {
    private final Map<String, String> environment;
    private final Path log;
    private @Nullable Process process;

    BrokerProcess(Map<String, String> environment, Path log) {
        this.environment = environment;
        this.log = log;
    }

    void start() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                "io.millrace.broker.BrokerService"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("broker-service did not start", e);
        }
    }

    /** SIGKILL. */
    void kill() {
        Process running = process;
        if (running == null || !running.isAlive()) {
            throw new IllegalStateException("broker-service ended by itself; see " + log);
        }
        running.destroyForcibly();
        running.onExit().join();
    }

    @Override
    public void close() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            running.onExit().join();
        }
    }
}
