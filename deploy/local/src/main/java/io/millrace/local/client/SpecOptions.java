package io.millrace.local.client;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.local.UserError;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What is asked, as options. Whether it makes sense is for broker-service to say; only what was left out is filled in here.
 *
 * <p>The enums of the contract stand here once more: their own classes parse their schema when they are loaded, which takes
 * every command, even {@code --help}, a second and starts the log before {@code up} can say where it is.
 */
final class SpecOptions {
    /** Kinds that can be asked for. */
    enum KindOption {
        GENERAL,
        INTELLIGENT,
        SUPER,
        QUANTUM
    }

    /** How far apart replicas may be. */
    enum SpreadOption {
        POOL,
        CENTRE,
        MARKET
    }

    /** Classes in the queue. */
    enum PriorityOption {
        LOW,
        NORMAL,
        HIGH,
        URGENT
    }

    @Option(names = "--devices", paramLabel = "N", description = "Devices of each replica.")
    private int devices;

    @Option(
            names = "--share",
            paramLabel = "SHARE",
            converter = Amounts.Milli.class,
            description = "Part of a single device: 0.25 or 25%%.")
    private @Nullable Long milliPerDevice;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            converter = Amounts.Names.class,
            description = "Device models that will do (default: any).")
    private List<Amounts.NameList> models = List.of();

    @Option(names = "--kind", paramLabel = "KIND", description = "${COMPLETION-CANDIDATES} (default: any).")
    private @Nullable KindOption kind;

    @Option(
            names = "--replicas",
            paramLabel = "N",
            description = "Equal parts, each on one node, all or none (default: ${DEFAULT-VALUE}).")
    private int replicas = 1;

    @Option(
            names = "--min-replicas",
            paramLabel = "N",
            description =
                    "Replicas that will do at least; as many as fit are granted, up to --replicas (default: all).")
    private int minReplicas;

    @Option(
            names = "--spread",
            paramLabel = "HOW",
            description = "How far apart replicas may be: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private SpreadOption spread = SpreadOption.POOL;

    @ArgGroup(exclusive = false, heading = "What a device must be able to do, instead of its name:%n")
    private @Nullable NeedOptions need;

    @ArgGroup(exclusive = false, heading = "A job for a quantum processor (--duration is its longest term):%n")
    private @Nullable ShotOptions quantum;

    @Option(
            names = "--cores",
            paramLabel = "N",
            converter = Amounts.Milli.class,
            description = "CPU cores of each replica.")
    private @Nullable Long millicores;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            converter = Amounts.Mebibytes.class,
            description = "Memory of each replica: 64G, 512M.")
    private @Nullable Long memoryMib;

    @Option(names = "--storage-gib", paramLabel = "N", description = "Storage of each replica, in GiB (default: none).")
    private long storageGib;

    @Option(
            names = "--storage-bandwidth",
            paramLabel = "N",
            description = "Storage bandwidth of each replica, in MiB/s (default: none).")
    private long storageMibPerSecond;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            converter = Amounts.Seconds.class,
            description = "For how long: 90s, 30m, 2h (default: 1h).")
    private long durationSeconds = 3_600;

    @Option(
            names = "--priority",
            paramLabel = "CLASS",
            description = "Class in the queue: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private PriorityOption priority = PriorityOption.NORMAL;

    @Option(
            names = "--preemptible",
            description = "May be stopped, with notice, for a request of a higher class; then it waits again.")
    private boolean preemptible;

    @Option(
            names = "--max-wait",
            paramLabel = "TIME",
            converter = Amounts.Seconds.class,
            description = "Longest wait in the queue (default: none).")
    private long maxWaitSeconds;

    @Option(
            names = "--hub",
            paramLabel = "HUB",
            converter = Amounts.Names.class,
            description = "Hubs that may serve it (default: any).")
    private List<Amounts.NameList> hubs = List.of();

    @Option(
            names = "--max-price",
            paramLabel = "CNY",
            converter = Amounts.MicroCny.class,
            description = "Highest price per device and hour, or per core and hour without devices (default: any).")
    private @Nullable Long maxPriceMicroCny;

    @Mixin
    private SitingOptions siting = new SitingOptions();

    /** Fills the object with the spec as the contract has it. */
    ObjectNode toJson(ObjectNode spec) {
        if (devices == 0 && millicores == null) {
            throw UserError.ofUsage("say what is needed: --devices N, --cores N, or a request with --file FILE");
        }
        if (kind != null) {
            spec.put("kind", kind.name());
        }
        array(spec.putArray("models"), models);
        spec.put("replicas", replicas).put("devices", devices);
        if (milliPerDevice != null) {
            spec.put("milliPerDevice", milliPerDevice);
        }
        spec.put("cpuMillicores", millicores == null ? 0 : millicores)
                .put("memoryMib", memoryMib == null ? 0 : memoryMib)
                .put("durationSeconds", durationSeconds)
                .put("maxWaitSeconds", maxWaitSeconds);
        array(spec.putArray("hubs"), hubs);
        if (maxPriceMicroCny != null) {
            spec.put("maxPriceMicroCnyPerHour", maxPriceMicroCny);
        }
        if (storageGib != 0) {
            spec.put("storageGib", storageGib);
        }
        if (storageMibPerSecond != 0) {
            spec.put("storageMibPerSecond", storageMibPerSecond);
        }
        if (minReplicas != 0) {
            spec.put("minReplicas", minReplicas);
        }
        if (spread != SpreadOption.POOL) {
            spec.put("spread", spread.name());
        }
        if (priority != PriorityOption.NORMAL) {
            spec.put("priority", priority.name());
        }
        if (preemptible) {
            spec.put("preemptible", true);
        }
        if (quantum != null) {
            quantum.toJson(spec.putObject("quantum"));
        }
        if (need != null) {
            need.toJson(spec.putObject("need"));
        }
        siting.toJson(spec);
        return spec;
    }

    private static void array(ArrayNode array, List<Amounts.NameList> values) {
        values.forEach(list -> list.names().forEach(array::add));
    }
}
