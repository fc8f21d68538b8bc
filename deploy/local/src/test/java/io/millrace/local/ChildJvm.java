package io.millrace.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A program of this class path in a JVM of its own, so that it can be killed as a machine dies: without a word. */
final class ChildJvm implements AutoCloseable {
    private final String mainClass;
    private final List<String> arguments;
    private final Map<String, String> environment;
    private final Path log;
    private @Nullable Process process;

    /** @param log what it prints and logs; appended to */
    ChildJvm(String mainClass, List<String> arguments, Map<String, String> environment, Path log) {
        this.mainClass = mainClass;
        this.arguments = arguments;
        this.environment = environment;
        this.log = log;
    }

    /** broker-service with this environment. */
    static ChildJvm broker(Map<String, String> environment, Path log) {
        return new ChildJvm("io.millrace.broker.BrokerService", List.of(), environment, log);
    }

    void start() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                // That of the tests would begin their log anew.
                "-Dlog4j2.configurationFile=classpath:millrace-log4j2.xml",
                "-Dmillrace.log.file=" + log,
                "-cp",
                System.getProperty("java.class.path"),
                mainClass));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(mainClass + " did not start", e);
        }
    }

    /** SIGKILL. */
    void kill() {
        Process running = process;
        if (running == null || !running.isAlive()) {
            throw new IllegalStateException(mainClass + " ended by itself; see " + log);
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
