package io.millrace.local;

import io.millrace.schemas.Sizing;
import java.nio.file.Path;
import java.util.Map;

/**
 * How a {@link Platform} is started. Immutable; made from {@link #in} and changed by the methods named after what they change.
 *
 * @param dataFolder what is kept between runs; made if missing
 * @param fresh whether to empty it first
 * @param listenAt where its parts listen
 * @param sizing partitions of the topics
 * @param services whether to start the two services; without, there is Kafka, the registry and the contract
 * @param ingestConfig what to set on telemetry-ingest beyond addresses, ports and folders
 * @param brokerConfig the same on broker-service
 */
public record PlatformOptions(
        Path dataFolder,
        boolean fresh,
        ListenAt listenAt,
        Sizing sizing,
        boolean services,
        Map<String, String> ingestConfig,
        Map<String, String> brokerConfig) {

    /** Partitions of every topic: eight markets on two cores. */
    public static final int DEFAULT_PARTITIONS = 4;

    /**
     * TCP ports, each 0 for any free one.
     *
     * @param kafka of Kafka
     * @param registry of the schema registry
     * @param ingest of telemetry-ingest
     * @param broker of broker-service
     */
    public record ListenAt(int kafka, int registry, int ingest, int broker) {
        /** On whatever ports are free. */
        public static final ListenAt ANY_FREE = new ListenAt(0, 0, 0, 0);
    }

    public PlatformOptions {
        ingestConfig = Map.copyOf(ingestConfig);
        brokerConfig = Map.copyOf(brokerConfig);
    }

    /** Everything, on free ports, with what the folder holds. */
    public static PlatformOptions in(Path dataFolder) {
        return new PlatformOptions(
                dataFolder, false, ListenAt.ANY_FREE, Sizing.of(DEFAULT_PARTITIONS, 1), true, Map.of(), Map.of());
    }

    /** Empties the folder first, or not. */
    public PlatformOptions withFresh(boolean wanted) {
        return new PlatformOptions(dataFolder, wanted, listenAt, sizing, services, ingestConfig, brokerConfig);
    }

    /** On these ports. */
    public PlatformOptions withPorts(ListenAt wanted) {
        return new PlatformOptions(dataFolder, fresh, wanted, sizing, services, ingestConfig, brokerConfig);
    }

    /** With topics of this size. */
    public PlatformOptions withSizing(Sizing wanted) {
        return new PlatformOptions(dataFolder, fresh, listenAt, wanted, services, ingestConfig, brokerConfig);
    }

    /** With the two services, or without. */
    public PlatformOptions withServices(boolean wanted) {
        return new PlatformOptions(dataFolder, fresh, listenAt, sizing, wanted, ingestConfig, brokerConfig);
    }

    /** With these settings of telemetry-ingest. */
    public PlatformOptions withIngestConfig(Map<String, String> config) {
        return new PlatformOptions(dataFolder, fresh, listenAt, sizing, services, config, brokerConfig);
    }

    /** With these settings of broker-service. */
    public PlatformOptions withBrokerConfig(Map<String, String> config) {
        return new PlatformOptions(dataFolder, fresh, listenAt, sizing, services, ingestConfig, config);
    }
}
