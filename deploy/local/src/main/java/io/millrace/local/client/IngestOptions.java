package io.millrace.local.client;

import io.millrace.runtime.DefaultPorts;
import java.net.URI;
import picocli.CommandLine.Option;

/** Where telemetry-ingest is. */
final class IngestOptions {
    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "${env:MILLRACE_INGEST_URL:-http://127.0.0.1:" + DefaultPorts.TELEMETRY_INGEST + "}",
            description = "telemetry-ingest (default: ${DEFAULT-VALUE}; or MILLRACE_INGEST_URL).")
    private URI url;

    ServiceClient client() {
        return ServiceClient.at("telemetry-ingest", url);
    }
}
