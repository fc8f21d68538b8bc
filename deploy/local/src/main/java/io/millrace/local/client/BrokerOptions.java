package io.millrace.local.client;

import io.millrace.runtime.DefaultPorts;
import java.net.URI;
import picocli.CommandLine.Option;

/** Where broker-service is. */
final class BrokerOptions {
    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "${env:MILLRACE_BROKER_URL:-http://127.0.0.1:" + DefaultPorts.BROKER_SERVICE + "}",
            description = "broker-service (default: ${DEFAULT-VALUE}; or MILLRACE_BROKER_URL).")
    private URI url;

    ServiceClient client() {
        return ServiceClient.at("broker-service", url);
    }
}
