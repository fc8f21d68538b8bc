package io.millrace.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.local.UserError;
import io.millrace.local.terminal.Terminal;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
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
        DecisionWords words = new DecisionWords(terminal, ZoneId.systemDefault());
        List<String> lines = new ArrayList<>(words.decision(body));
        lines.add("");
        String asked = "  asked by " + body.path("accountId").asText() + ": ";
        if (body.path("spec").isObject()) {
            lines.add(asked + SpecWords.asked(body.path("spec"), words));
        }
        for (JsonNode part : body.path("parts")) {
            lines.add(asked + SpecWords.asked(part.path("spec"), words));
        }
        if (!body.path("candidates").isEmpty()) {
            List<String> markets = new ArrayList<>();
            body.path("candidates").forEach(market -> markets.add(market.asText()));
            lines.add("  markets in the order of asking: " + String.join(", ", markets));
        }
        return lines;
    }
}
