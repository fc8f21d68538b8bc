package io.millrace.runtime;

/**
 * The TCP ports on which everything listens unless told otherwise: those of the services' configuration, of {@code millrace
 * up} and of the commands that speak to it, so that what one starts the other finds.
 */
public final class DefaultPorts {
    /** Kafka. */
    public static final int KAFKA = 9092;
    /** The schema registry. */
    public static final int REGISTRY = 8081;
    /** HTTP of telemetry-ingest. */
    public static final int TELEMETRY_INGEST = 8085;
    /** HTTP of broker-service. */
    public static final int BROKER_SERVICE = 8086;

    private DefaultPorts() {}
}
