package io.millrace.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.local.UserError;
import io.millrace.local.terminal.Figures;
import io.millrace.local.terminal.Terminal;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace explain ID}. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = "Shows what was asked, what was decided, and why.")
public final class ExplainCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ID", description = "The request.")
    private String id;

    @Mixin
    private BrokerOptions broker;

    @Option(names = "--json", description = "Prints the answer of broker-service as JSON.")
    private boolean asJson;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (id.isEmpty()) {
            throw UserError.ofUsage("say which request: millrace explain ID");
        }
        int part = id.indexOf('~');
        if (part > 0) {
            throw UserError.ofUsage(
                    "a part is shown with the request that it is of: millrace explain " + id.substring(0, part));
        }
        PrintWriter out = spec.commandLine().getOut();
        try (ServiceClient client = broker.client()) {
            JsonNode body =
                    client.get("/v1/requests/" + ServiceClient.encode(id)).body();
            if (asJson) {
                out.println(body.toPrettyString());
            } else {
                explain(body, Terminal.detect()).forEach(out::println);
            }
            return 0;
        }
    }

    private static List<String> explain(JsonNode body, Terminal terminal) {
        List<String> lines = new ArrayList<>(new DecisionWords(terminal, ZoneId.systemDefault()).decision(body));
        lines.add("");
        if (body.path("spec").isObject()) {
            lines.add("  asked by " + body.path("accountId").asText() + ": " + asked(body.path("spec")));
        }
        if (!body.path("candidates").isEmpty()) {
            lines.add("  markets in the order of asking: " + list(body.path("candidates"), "", ", "));
        }
        return lines;
    }

    /** A spec in words. */
    static String asked(JsonNode spec) {
        List<String> parts = new ArrayList<>();
        int replicas = spec.path("replicas").asInt(1);
        String each = "";
        if (spec.path("devices").asInt() > 0) {
            int milli = spec.path("milliPerDevice").asInt(1_000);
            each = (milli < 1_000
                            ? milli / 10.0 + " % of a"
                            : spec.path("devices").asText()) + " device"
                    + (spec.path("devices").asInt() > 1 ? "s" : "");
        }
        if (spec.path("cpuMillicores").asLong() > 0) {
            each += (each.isEmpty() ? "" : ", ")
                    + Figures.fromMilli(spec.path("cpuMillicores").asLong()) + " cores";
        }
        if (spec.path("memoryMib").asLong() > 0) {
            each += (each.isEmpty() ? "" : ", ")
                    + Figures.memory(spec.path("memoryMib").asLong());
        }
        if (spec.path("storageGib").asLong() > 0
                || spec.path("storageMibPerSecond").asLong() > 0) {
            each += (each.isEmpty() ? "" : ", ") + "storage "
                    + Figures.storage(
                            spec.path("storageGib").asLong(),
                            spec.path("storageMibPerSecond").asLong());
        }
        parts.add(replicas > 1 ? replicas + " × (" + each + ")" : each);
        if (spec.path("kind").isTextual()) {
            parts.add(spec.path("kind").asText().toLowerCase(Locale.ROOT));
        }
        parts.add(list(spec.path("models"), "any model", " or "));
        parts.add(list(spec.path("hubs"), "any hub", " or "));
        parts.add("for " + Figures.duration(1_000 * spec.path("durationSeconds").asLong()));
        if (spec.path("maxWaitSeconds").asLong() > 0) {
            parts.add("waits "
                    + Figures.duration(1_000 * spec.path("maxWaitSeconds").asLong()));
        }
        String priority = spec.path("priority").asText("NORMAL");
        if (!priority.equals("NORMAL")) {
            parts.add("class " + priority);
        }
        if (spec.path("preemptible").asBoolean()) {
            parts.add("preemptible");
        }
        if (spec.path("maxPriceMicroCnyPerHour").isNumber()) {
            parts.add("at most "
                    + Figures.cny(spec.path("maxPriceMicroCnyPerHour").asLong()) + " CNY/h each");
        }
        return String.join("; ", parts);
    }

    private static String list(JsonNode values, String none, String between) {
        List<String> names = new ArrayList<>();
        values.forEach(value -> names.add(value.asText()));
        return names.isEmpty() ? none : String.join(between, names);
    }
}
