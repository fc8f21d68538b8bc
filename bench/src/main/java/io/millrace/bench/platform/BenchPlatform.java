package io.millrace.bench.platform;

import io.millrace.bench.load.RecordSender;
import io.millrace.local.Platform;
import io.millrace.local.PlatformOptions;
import io.millrace.local.Progress;
import io.millrace.local.UserError;
import io.millrace.schemas.Codecs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A platform with a sender and codecs. One of its own is stopped and its folder removed when this is closed, or when the
 * process is told to stop. Thread-safe.
 */
public final class BenchPlatform implements AutoCloseable {
    private final String bootstrapServers;
    private final String registryUrl;
    private final Codecs codecs;
    private final RecordSender sender;
    private final @Nullable Platform own;
    private final @Nullable Path folder;
    private final Thread onShutdown = new Thread(this::stop, "bench-shutdown");
    private boolean stopped;

    private BenchPlatform(String bootstrapServers, String registryUrl, @Nullable Platform own, @Nullable Path folder) {
        this.bootstrapServers = bootstrapServers;
        this.registryUrl = registryUrl;
        this.own = own;
        this.folder = folder;
        this.codecs = Codecs.connect(registryUrl);
        this.sender = new RecordSender(bootstrapServers);
        Runtime.getRuntime().addShutdownHook(onShutdown);
    }

    /**
     * Starts one in a temporary folder.
     *
     * @param services whether with telemetry-ingest and broker-service
     * @throws UserError if it does not start
     */
    public static BenchPlatform own(boolean services, Progress progress) {
        Path folder;
        try {
            folder = Files.createTempDirectory("millrace-bench-");
        } catch (IOException e) {
            throw new UserError("no temporary folder can be made: " + e.getMessage(), e);
        }
        Platform platform =
                Platform.start(PlatformOptions.in(folder.resolve("data")).withServices(services), progress);
        return new BenchPlatform(platform.bootstrapServers(), platform.registryUrl(), platform, folder);
    }

    /** Uses one that is there already. */
    public static BenchPlatform running(String bootstrapServers, String registryUrl) {
        return new BenchPlatform(bootstrapServers, registryUrl, null, null);
    }

    /** What Kafka clients take as {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Where the schema registry is. */
    public String registryUrl() {
        return registryUrl;
    }

    /** The codecs of this process. */
    public Codecs codecs() {
        return codecs;
    }

    /** The one sender. */
    public RecordSender sender() {
        return sender;
    }

    /** A folder that is removed in the end; only where the platform is its own. */
    public Path folder() {
        if (folder == null) {
            throw new IllegalStateException("the platform is not our own");
        }
        return folder;
    }

    @Override
    public void close() {
        stop();
        try {
            Runtime.getRuntime().removeShutdownHook(onShutdown);
        } catch (IllegalStateException e) {
            // The process is stopping already.
        }
    }

    private synchronized void stop() {
        if (stopped) {
            return;
        }
        stopped = true;
        sender.close();
        codecs.close();
        if (own != null) {
            own.close();
        }
        if (folder != null) {
            remove(folder);
        }
    }

    private static void remove(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the temporary folder " + folder + " was not removed", e);
        }
    }
}
