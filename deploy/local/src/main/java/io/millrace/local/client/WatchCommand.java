package io.millrace.local.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.local.UserError;
import io.millrace.local.terminal.Figures;
import io.millrace.local.terminal.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace watch}. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        description = "Shows decisions as they are made, a line each, until Ctrl-C.")
public final class WatchCommand implements Callable<Integer> {
    private static final String EVENT = "event:";
    private static final String DECISION = "decision";
    private static final String DATA = "data:";
    private static final String LINE = "%-8s  %-15s  %-21s  %-21s  %-16s  %s";

    @Mixin
    private BrokerOptions broker;

    @Option(names = "--account", paramLabel = "ID", description = "Only requests of this account.")
    private @Nullable String account;

    @Option(names = "--market", paramLabel = "ID", description = "Only decisions of this market.")
    private @Nullable String market;

    @Option(names = "--limit", paramLabel = "N", description = "Ends after so many decisions.")
    private long limit = Long.MAX_VALUE;

    @Option(names = "--json", description = "Prints each decision as JSON on one line.")
    private boolean asJson;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (limit < 1) {
            throw UserError.ofUsage("--limit must be at least 1, not " + limit);
        }
        PrintWriter out = spec.commandLine().getOut();
        Terminal terminal = Terminal.detect();
        DecisionWords words = new DecisionWords(terminal, ZoneId.systemDefault());
        try (ServiceClient client = broker.client();
                BufferedReader lines = new BufferedReader(new InputStreamReader(
                        client.stream(ServiceClient.path("/v1/stream", "account", account, "market", market)),
                        StandardCharsets.UTF_8))) {
            if (!asJson) {
                out.println(terminal.bold(
                        String.format(Locale.ROOT, LINE, "time", "outcome", "request", "market", "account", "what")));
                out.flush();
            }
            follow(lines, out, words);
        } catch (IOException e) {
            throw new UserError("the stream of decisions ended: " + e.getMessage(), e);
        }
        return 0;
    }

    private void follow(BufferedReader lines, PrintWriter out, DecisionWords words) throws IOException {
        ObjectMapper json = new ObjectMapper();
        long seen = 0;
        String event = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(EVENT)) {
                event = line.substring(EVENT.length()).strip();
            }
            if (!line.startsWith(DATA)) {
                continue;
            }
            JsonNode decision = decision(json, line.substring(DATA.length()));
            if (!event.equals(DECISION)) {
                // The stream says why it ends here.
                throw new UserError("the stream of decisions ended: "
                        + decision.path("detail").asText(event));
            }
            out.println(asJson ? decision.toString() : row(decision, words));
            if (out.checkError() || ++seen == limit) {
                // Whoever read from us, less or head, has gone; or that was enough.
                return;
            }
        }
        throw new UserError("the stream of decisions ended: broker-service has stopped");
    }

    private static JsonNode decision(ObjectMapper json, String text) {
        try {
            return json.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UserError("the stream holds something that is no decision: " + text, e);
        }
    }

    private static String row(JsonNode decision, DecisionWords words) {
        String outcome = decision.path("outcome").asText();
        // Padded first: colours have no width.
        String coloured = words.outcome(outcome) + " ".repeat(Math.max(0, 15 - outcome.length()));
        return String.format(
                        Locale.ROOT,
                        LINE,
                        words.time(decision.path("decidedAtMillis")),
                        coloured,
                        decision.path("requestId").asText(),
                        decision.path("marketId").asText(),
                        decision.path("accountId").asText(),
                        what(decision))
                .stripTrailing();
    }

    private static String what(JsonNode decision) {
        String reason = decision.path("reason").asText("NONE");
        if (!decision.path("outcome").asText().equals("ALLOCATED")) {
            return reason.equals("NONE") ? "" : DecisionWords.reason(reason);
        }
        long milliDevices = 0;
        long millicores = 0;
        Set<String> models = new HashSet<>();
        Set<String> nodes = new HashSet<>();
        for (JsonNode grant : decision.path("grants")) {
            milliDevices += grant.path("deviceIndexes").size()
                    * grant.path("milliPerDevice").asLong();
            millicores += grant.path("cpuMillicores").asLong();
            models.add(grant.path("model").asText());
            nodes.add(grant.path("nodeId").asText());
        }
        String size = milliDevices > 0
                ? Figures.fromMilli(milliDevices) + " × " + String.join("/", models)
                : Figures.fromMilli(millicores) + " cores";
        return size + " on " + (nodes.size() == 1 ? nodes.iterator().next() : nodes.size() + " nodes") + ", "
                + Figures.cny(decision.path("priceMicroCnyPerHour").asLong()) + " CNY/h";
    }
}
