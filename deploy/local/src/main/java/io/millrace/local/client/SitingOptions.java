package io.millrace.local.client;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where it should run, as options. */
final class SitingOptions {
    @Option(
            names = "--users",
            paramLabel = "HUB",
            description = "Hub of the region that its users are in: near ones are preferred.")
    private @Nullable String usersHub;

    @Option(
            names = "--latency",
            paramLabel = "MS",
            description = "Longest one-way latency to them, in milliseconds: 5 in a region, 20 between hubs.")
    private @Nullable Double latencyMillis;

    @Option(names = "--data", paramLabel = "HUB", description = "Hub that its data lies in.")
    private @Nullable String dataHub;

    @Option(
            names = "--data-size",
            paramLabel = "SIZE",
            converter = Amounts.Mebibytes.class,
            description = "Data to move to wherever it runs: 500G, 2T.")
    private @Nullable Long dataMib;

    @Option(
            names = "--weigh",
            paramLabel = "TERM=FACTOR",
            split = ",",
            description = "What counts more or less than usual: carbon=3,price=0.5.")
    private Map<String, Double> weights = new LinkedHashMap<>();

    /** Adds the siting to a spec, if anything was said of it. */
    void toJson(ObjectNode spec) {
        if (usersHub == null && latencyMillis == null && dataHub == null && dataMib == null && weights.isEmpty()) {
            return;
        }
        ObjectNode siting = spec.putObject("siting");
        if (usersHub != null) {
            siting.put("usersHub", usersHub);
        }
        if (latencyMillis != null) {
            siting.put("latencyLimitMicros", Math.round(latencyMillis * 1_000));
        }
        if (dataHub != null) {
            siting.put("dataHub", dataHub);
        }
        if (dataMib != null) {
            siting.put("dataGib", Math.ceilDiv(dataMib, 1_024L));
        }
        ArrayNode array = siting.putArray("weights");
        weights.forEach((term, factor) -> array.addObject()
                .put("term", term.toUpperCase(Locale.ROOT))
                .put("weightPermille", Math.round(factor * 1_000)));
    }
}
