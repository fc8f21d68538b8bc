package io.millrace.local;

import io.millrace.schemas.Sizing;
import java.nio.file.Path;
import java.util.Map;

/**
 * How a {@link Platform} is started. Immutable; made from {@link #in} and changed by the methods named after what they change.
 *
 * @param dataFolder what is kept between runs; made if missing
 * @param fresh whether to empty it first
 * @param kafkaPort TCP port of Kafka, 0 for any free one; so the other ports
 * @param registryPort of the schema registry
 * @param ingestPort of telemetry-ingest
 * @param brokerPort of broker-service
 * @param sizing partitions of the topics
 * @param services whether to start the two services; without, there is Kafka, the registry and the contract
 * @param ingestConfig what to set on telemetry-ingest beyond addresses, ports and folders
 * @param brokerConfig the same on broker-service
 */
public record PlatformOptions(
        Path dataFolder,
        boolean fresh,
        int kafkaPort,
        int registryPort,
        int ingestPort,
        int brokerPort,
        Sizing sizing,
        boolean services,
        Map<String, String> ingestConfig,
        Map<String, String> brokerConfig) {

    /** Partitions of every topic: eight markets on two cores. */
    public static final int DEFAULT_PARTITIONS = 4;

    public PlatformOptions {
        ingestConfig = Map.copyOf(ingestConfig);
        brokerConfig = Map.copyOf(brokerConfig);
    }

    /** Everything, on free ports, with what the folder holds. */
    public static PlatformOptions in(Path dataFolder) {
        return new PlatformOptions(
                dataFolder, false, 0, 0, 0, 0, Sizing.of(DEFAULT_PARTITIONS, 1), true, Map.of(), Map.of());
    }

    /** Empties the folder first, or not. */
    public PlatformOptions withFresh(boolean wanted) {
        return new PlatformOptions(
                dataFolder,
                wanted,
                kafkaPort,
                registryPort,
                ingestPort,
                brokerPort,
                sizing,
                services,
                ingestConfig,
                brokerConfig);
    }

    /** On these ports, 0 for any free one. */
    public PlatformOptions withPorts(int kafka, int registry, int ingest, int broker) {
        return new PlatformOptions(
                dataFolder, fresh, kafka, registry, ingest, broker, sizing, services, ingestConfig, brokerConfig);
    }

    /** With topics of this size. */
    public PlatformOptions withSizing(Sizing wanted) {
        return new PlatformOptions(
                dataFolder,
                fresh,
                kafkaPort,
                registryPort,
                ingestPort,
                brokerPort,
                wanted,
                services,
                ingestConfig,
                brokerConfig);
    }

    /** With the two services, or without. */
    public PlatformOptions withServices(boolean wanted) {
        return new PlatformOptions(
                dataFolder,
                fresh,
                kafkaPort,
                registryPort,
                ingestPort,
                brokerPort,
                sizing,
                wanted,
                ingestConfig,
                brokerConfig);
    }

    /** With these settings of telemetry-ingest. */
    public PlatformOptions withIngestConfig(Map<String, String> config) {
        return new PlatformOptions(
                dataFolder,
                fresh,
                kafkaPort,
                registryPort,
                ingestPort,
                brokerPort,
                sizing,
                services,
                config,
                brokerConfig);
    }

    /** With these settings of broker-service. */
    public PlatformOptions withBrokerConfig(Map<String, String> config) {
        return new PlatformOptions(
                dataFolder,
                fresh,
                kafkaPort,
                registryPort,
                ingestPort,
                brokerPort,
                sizing,
                services,
                ingestConfig,
                config);
    }
}
