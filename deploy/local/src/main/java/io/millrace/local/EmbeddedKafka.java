package io.millrace.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker with its controller (KRaft) in this JVM: the real server, one replica of everything, on the loopback
 * address. What it stores stays in its folder, so that the next start finds topics, records and committed offsets.
 *
 * <p>Thread-safe. One folder serves one broker at a time: it is locked.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);
    private static final int NODE_ID = 1;
    private static final String META_PROPERTIES = "meta.properties";
    private static final int COORDINATOR_PARTITIONS = 4;
    /** Reading the logs of a day takes a second or two. */
    private static final Duration COORDINATORS_PATIENCE = Duration.ofSeconds(40);

    private final KafkaRaftServer server;
    private final FolderLock lock;
    private final int port;
    private final CompletableFuture<String> failure;

    private EmbeddedKafka(KafkaRaftServer server, FolderLock lock, int port, CompletableFuture<String> failure) {
        this.server = server;
        this.lock = lock;
        this.port = port;
        this.failure = failure;
    }

    /**
     * Starts a broker and returns when it serves.
     *
     * @param folder what it stores; made if missing, kept at the end
     * @param port TCP port, 0 for any free one
     * @throws UserError if the port is in use, another broker has the folder, or the folder holds something else
     */
    public static EmbeddedKafka start(Path folder, int port) {
        return start(
                folder,
                port,
                bootstrapServers ->
                        new Coordinators(bootstrapServers, COORDINATOR_PARTITIONS).serveWithin(COORDINATORS_PATIENCE));
    }

    /** @param serves whether a broker that came back does all that it should; if not, it is started once more */
    static EmbeddedKafka start(Path folder, int port, Predicate<String> serves) {
        int listenerPort = Ports.claim(port, "Kafka", "--kafka-port");
        // Kafka's own lock comes too late: by then a second controller has written to the first one's metadata.
        FolderLock lock = FolderLock.acquire(folder);
        @Nullable KafkaRaftServer server = null;
        try {
            Properties properties = properties(folder, listenerPort, Ports.free());
            boolean isNew = prepare(folder, properties);
            CompletableFuture<String> failure = failureInsteadOfExit();
            server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
            server.startup();
            if (!isNew) {
                if (!serves.test(address(listenerPort))) {
                    LOG.warn("Kafka came back without its coordinators: starting it once more");
                    stopQuietly(server);
                    server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
                    server.startup();
                }
                carryOutDecided(listenerPort);
            }
            LOG.info("Kafka serves on {}:{} from {}", Ports.HOST, listenerPort, folder);
            return new EmbeddedKafka(server, lock, listenerPort, failure);
        } catch (Throwable e) {
            // KafkaRaftServer is Scala: checked exceptions come out of it undeclared.
            stopQuietly(server);
            lock.close();
            throw explained(folder, e);
        }
    }

    private static void carryOutDecided(int port) {
        try {
            new DecidedTransactions(Ports.HOST, port).carryOut();
        } catch (IOException | RuntimeException e) {
            // What it mends is rare: a broker that serves is worth more than one that does not start for it.
            LOG.warn("transactions that were open when the broker was killed may stay open", e);
        }
    }

    /** What clients take as {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return address(port);
    }

    private static String address(int port) {
        return Ports.HOST + ":" + port;
    }

    /** The TCP port it listens on. */
    public int port() {
        return port;
    }

    /** Completed with the reason if the broker gives up by itself, for example because the disk is full. */
    public CompletableFuture<String> failure() {
        return failure.copy();
    }

    /** Stops the broker, with its logs flushed and marked as clean. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
        lock.close();
        LOG.info("Kafka stopped");
    }

    private static Properties properties(Path folder, int port, int controllerPort) {
        Properties p = new Properties();
        p.put("process.roles", "broker,controller");
        p.put("node.id", Integer.toString(NODE_ID));
        // Static voters: with dynamic ones the controller's port would be on record in the folder and could not change.
        p.put("controller.quorum.voters", NODE_ID + "@" + Ports.HOST + ":" + controllerPort);
        p.put(
                "listeners",
                "PLAINTEXT://" + Ports.HOST + ":" + port + ",CONTROLLER://" + Ports.HOST + ":" + controllerPort);
        p.put("advertised.listeners", "PLAINTEXT://" + Ports.HOST + ":" + port);
        p.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        p.put("controller.listener.names", "CONTROLLER");
        p.put("inter.broker.listener.name", "PLAINTEXT");
        p.put("log.dirs", folder.toAbsolutePath().toString());
        // The catalogue in schemas says which topics there are: a name mistyped must not become one.
        p.put("auto.create.topics.enable", "false");
        p.put("default.replication.factor", "1");
        p.put("offsets.topic.replication.factor", "1");
        p.put("offsets.topic.num.partitions", Integer.toString(COORDINATOR_PARTITIONS));
        p.put("transaction.state.log.replication.factor", "1");
        p.put("transaction.state.log.min.isr", "1");
        p.put("transaction.state.log.num.partitions", Integer.toString(COORDINATOR_PARTITIONS));
        p.put("share.coordinator.state.topic.replication.factor", "1");
        p.put("share.coordinator.state.topic.min.isr", "1");
        p.put("share.coordinator.state.topic.num.partitions", "1");
        p.put("group.initial.rebalance.delay.ms", "0");
        // One laptop: less memory for the cleaner, and index files that do not look like 10 MB for each partition.
        p.put("log.cleaner.dedupe.buffer.size", Integer.toString(16 << 20));
        p.put("log.index.size.max.bytes", Integer.toString(1 << 20));
        // After a kill the broker is let in again once its last session is over: 9 s unless said otherwise.
        p.put("broker.session.timeout.ms", "4000");
        p.put("broker.heartbeat.interval.ms", "500");
        p.put("num.network.threads", "2");
        p.put("num.io.threads", "4");
        return p;
    }

    /** Formats an empty folder, and says so; refuses one that holds something else. */
    private static boolean prepare(Path folder, Properties properties) {
        try {
            Files.createDirectories(folder);
            Path config = folder.resolveSibling(folder.getFileName() + ".properties");
            try (Writer writer = Files.newBufferedWriter(config)) {
                properties.store(writer, "Written at every start of the embedded broker");
            }
            if (Files.exists(folder.resolve(META_PROPERTIES))) {
                return false;
            }
            try (DirectoryStream<Path> content = Files.newDirectoryStream(folder)) {
                for (Path file : content) {
                    throw new UserError(
                            folder + " holds " + file.getFileName() + " and no " + META_PROPERTIES
                                    + ": it is not Kafka's; choose another data folder with --data, or empty this one with --fresh");
                }
            }
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            int status = StorageTool.execute(
                    new String[] {"format", "--cluster-id", Uuid.randomUuid().toString(), "--config", config.toString()
                    },
                    new PrintStream(said, true, StandardCharsets.UTF_8));
            if (status != 0) {
                throw new UserError("Kafka cannot format " + folder + ": "
                        + said.toString(StandardCharsets.UTF_8).strip());
            }
            return true;
        } catch (IOException e) {
            throw new UserError("the data folder " + folder + " cannot be written: " + e.getMessage(), e);
        } catch (UncheckedIOException e) {
            throw new UserError("the data folder " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Kafka ends the process on faults that it cannot mend; inside somebody else's process it must only say so. */
    private static CompletableFuture<String> failureInsteadOfExit() {
        CompletableFuture<String> failure = new CompletableFuture<>();
        Exit.Procedure procedure = (status, message) -> {
            String reason = message == null ? "the Kafka broker gave up; its reason is in the log" : message;
            LOG.error("Kafka gave up with status {}: {}", status, reason);
            failure.complete(reason);
        };
        Exit.setExitProcedure(procedure);
        Exit.setHaltProcedure(procedure);
        return failure;
    }

    private static void stopQuietly(@Nullable KafkaRaftServer server) {
        if (server == null) {
            return;
        }
        try {
            server.shutdown();
            server.awaitShutdown();
        } catch (RuntimeException e) {
            LOG.warn("stopping a Kafka that had not wholly started failed, too", e);
        }
    }

    private static UserError explained(Path folder, Throwable e) {
        if (e instanceof Error broken) {
            throw broken;
        }
        if (e instanceof UserError known) {
            return known;
        }
        StringBuilder reasons = new StringBuilder();
        for (Throwable t = e; t != null; t = t.getCause()) {
            reasons.append(reasons.isEmpty() ? "" : ", because ").append(t.getMessage());
        }
        return new UserError(
                "Kafka did not start from " + folder + ": " + reasons
                        + ". If the folder comes from another version, choose another with --data or empty it with --fresh",
                e);
    }
}
