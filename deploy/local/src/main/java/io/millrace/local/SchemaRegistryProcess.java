package io.millrace.local;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A schema registry (Apicurio, which speaks the Confluent protocol) as a child process on the loopback address: its
 * libraries would quarrel with ours in one JVM. Subjects are kept in an H2 file in its folder, what it prints in
 * {@code registry.log} there; it refuses schemas that are not BACKWARD_TRANSITIVE unless a subject says otherwise.
 *
 * <p>The child ends with this process, however that ends: it is started through a shell that waits on a pipe from here,
 * and the pipe closes when this process is gone. Thread-safe.
 */
public final class SchemaRegistryProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SchemaRegistryProcess.class);
    private static final Duration LONGEST_START = Duration.ofMinutes(2);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 50;

    /**
     * Runs the command given as arguments, in place of this shell, with a watcher beside it that ends it as soon as the pipe
     * on standard input closes. Ctrl-C reaches every process of a terminal: the registry ignores it, so that the services
     * which still need it stop first.
     */
    static final String ENDS_WITH_PARENT = """
            trap '' INT HUP
            exec 3<&0
            (read -r never <&3; kill -TERM $$ || exit 0; sleep 5; kill -KILL $$) 2> /dev/null &
            exec 3<&-
            exec "$@" < /dev/null
            """;

    private final Process process;
    private final FolderLock lock;
    private final int port;

    private SchemaRegistryProcess(Process process, FolderLock lock, int port) {
        this.process = process;
        this.lock = lock;
        this.port = port;
    }

    /**
     * Starts the registry and returns when it answers.
     *
     * @param home the unpacked server, with {@code quarkus-run.jar} in it
     * @param folder what it stores and prints; made if missing, kept at the end
     * @param port TCP port, 0 for any free one
     * @throws UserError if the server is not there or does not start, the port is in use, or another registry has the folder
     */
    public static SchemaRegistryProcess start(Path home, Path folder, int port) {
        if (!Files.isRegularFile(home.resolve("quarkus-run.jar"))) {
            throw new UserError("the schema registry is not in " + home
                    + ": the build unpacks it there (mvn package), or name its folder with -D" + RegistryHome.PROPERTY);
        }
        FolderLock lock = FolderLock.acquire(folder);
        @Nullable SchemaRegistryProcess registry = null;
        try {
            Files.createDirectories(folder);
            OrphanedProcess.end(folder.resolve("registry.pid"));
            int httpPort = Ports.claim(port, "the schema registry", "--registry-port");
            int managementPort = Ports.free();
            Path log = folder.resolve("registry.log");
            Process process = spawn(home, folder, log, httpPort, managementPort);
            OrphanedProcess.record(folder.resolve("registry.pid"), process.toHandle());
            registry = new SchemaRegistryProcess(process, lock, httpPort);
            registry.awaitReady(managementPort, log);
            LOG.info("Schema registry serves on {} from {}", registry.url(), folder);
            return registry;
        } catch (IOException e) {
            closeAfterFailure(registry, lock);
            throw new UserError("the schema registry did not start from " + folder + ": " + e.getMessage(), e);
        } catch (RuntimeException e) {
            closeAfterFailure(registry, lock);
            throw e;
        }
    }

    /** What Confluent clients take as {@code schema.registry.url}. */
    public String url() {
        return "http://" + Ports.HOST + ":" + port + "/apis/ccompat/v7";
    }

    /** The TCP port it listens on. */
    public int port() {
        return port;
    }

    /** Completed if the registry ends by itself. */
    public CompletableFuture<String> failure() {
        return process.onExit().thenApply(ended -> "the schema registry ended with status " + ended.exitValue());
    }

    /** Stops the registry and waits for its end. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("The schema registry did not stop within {} s and is killed", LONGEST_STOP.toSeconds());
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        lock.close();
        LOG.info("Schema registry stopped");
    }

    private static Process spawn(Path home, Path folder, Path log, int httpPort, int managementPort)
            throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                "/bin/sh",
                "-c",
                ENDS_WITH_PARENT,
                "registry",
                java.toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                // It starts in half the time, and is never busy.
                "-XX:TieredStopAtLevel=1",
                "-jar",
                "quarkus-run.jar"));
        builder.directory(home.toFile());
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.to(log.toFile()));
        String database = folder.toAbsolutePath() + File.separator + "registry";
        builder.environment()
                .putAll(Map.of(
                        "QUARKUS_HTTP_HOST",
                        Ports.HOST,
                        "QUARKUS_HTTP_PORT",
                        Integer.toString(httpPort),
                        "QUARKUS_MANAGEMENT_HOST",
                        Ports.HOST,
                        "QUARKUS_MANAGEMENT_PORT",
                        Integer.toString(managementPort),
                        "APICURIO_STORAGE_KIND",
                        "sql",
                        "APICURIO_STORAGE_SQL_KIND",
                        "h2",
                        "APICURIO_DATASOURCE_URL",
                        "jdbc:h2:file:" + database,
                        "APICURIO_RULES_GLOBAL_COMPATIBILITY",
                        "BACKWARD_TRANSITIVE"));
        return builder.start();
    }

    private void awaitReady(int managementPort, Path log) throws IOException {
        HttpRequest ready = HttpRequest.newBuilder(
                        URI.create("http://" + Ports.HOST + ":" + managementPort + "/health/ready"))
                .timeout(Duration.ofSeconds(2))
                .build();
        long deadline = System.nanoTime() + LONGEST_START.toNanos();
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (!answers(client, ready)) {
                if (!process.isAlive()) {
                    throw new UserError("the schema registry ended with status " + process.exitValue()
                            + " while it started; the end of " + log + " says:" + System.lineSeparator() + tail(log));
                }
                if (System.nanoTime() > deadline) {
                    throw new UserError("the schema registry did not get ready within " + LONGEST_START.toSeconds()
                            + " s; the end of " + log + " says:" + System.lineSeparator() + tail(log));
                }
                process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("interrupted while the schema registry started", e);
        }
    }

    private static boolean answers(HttpClient client, HttpRequest ready) throws InterruptedException {
        try {
            return client.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static String tail(Path log) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            List<String> all = lines.toList();
            return String.join(System.lineSeparator(), all.subList(Math.max(0, all.size() - 8), all.size()));
        }
    }

    private static void closeAfterFailure(@Nullable SchemaRegistryProcess registry, FolderLock lock) {
        if (registry == null) {
            lock.close();
        } else {
            registry.close();
        }
    }
}
