package io.millrace.local.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.local.UserError;
import io.millrace.local.terminal.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace submit}. */
@Command(
        name = "submit",
        mixinStandardHelpOptions = true,
        description = "Asks for computing power and shows the answer.",
        footer = {
            "",
            "Examples:",
            "  millrace submit --devices 1 --model A100-80G --duration 2h",
            "  millrace submit --devices 1 --share 25%% --kind intelligent",
            "  millrace submit --devices 8 --replicas 4 --model H800,910B --max-wait 10m",
            "  millrace submit --devices 8 --precision BF16 --throughput 20P --workload training",
            "  millrace submit --devices 1 --precision INT8 --workload inference --replicas 8 --min-replicas 2",
            "  millrace submit --cores 32 --memory 64G --hub guizhou,gansu",
            "  millrace submit --devices 8 --hub guizhou --part=\"--devices 8 --hub gansu\"",
            "",
            "Exit codes: 0 allocated, 1 failed, 2 wrong usage, 3 refused, 4 waits or not decided yet."
        })
public final class SubmitCommand implements Callable<Integer> {
    private static final int REFUSED = 3;
    private static final int UNDECIDED = 4;
    private static final int MAX_WAIT_MILLIS = 60_000;

    @Mixin
    private BrokerOptions broker;

    @Mixin
    private SpecOptions wanted;

    @Option(
            names = "--part",
            paramLabel = "OPTIONS",
            description = "A further part, as options in one argument; all parts are granted, in any markets, or none."
                    + " Can be repeated.")
    private List<String> parts = List.of();

    /** What the request itself does not say. */
    private static final Set<String> BESIDE_FILE = Set.of("--file", "--id", "--account", "--wait", "--json", "--url");

    @Option(names = "--account", paramLabel = "ID", description = "Who pays (default: ${DEFAULT-VALUE}).")
    private String account = "demo";

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "Request id; the same again gets the same answer (default: a new one).")
    private @Nullable String id;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description =
                    "The request as JSON, {\"accountId\": ..., \"spec\": {...}}, instead of the options; - for standard input.")
    private @Nullable Path file;

    @Option(
            names = "--wait",
            paramLabel = "MS",
            description = "Longest wait for the decision, in milliseconds (default: ${DEFAULT-VALUE}).")
    private int waitMillis = 5_000;

    @Option(names = "--json", description = "Prints the answer as JSON.")
    private boolean asJson;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (waitMillis < 0 || waitMillis > MAX_WAIT_MILLIS) {
            throw UserError.ofUsage("--wait must be between 0 and " + MAX_WAIT_MILLIS + " ms, not " + waitMillis);
        }
        if (file != null) {
            requireBesideFile();
        }
        ObjectNode request = file == null ? fromOptions() : fromFile(file);
        PrintWriter out = spec.commandLine().getOut();
        try (ServiceClient client = broker.client()) {
            ServiceClient.Answer answer = client.post(
                    ServiceClient.path("/v1/requests", "wait", Integer.toString(waitMillis)),
                    request,
                    Duration.ofMillis(waitMillis));
            JsonNode body = answer.body();
            if (asJson) {
                out.println(body.toPrettyString());
            } else if (body.has("outcome")) {
                new DecisionWords(Terminal.detect(), ZoneId.systemDefault())
                        .decision(body)
                        .forEach(out::println);
            } else {
                String written = body.path("requestId").asText();
                out.println(written + " is written; not decided within " + waitMillis + " ms. 'millrace explain "
                        + written + "' shows what became of it.");
            }
            return exitCode(body.path("outcome").asText(""));
        }
    }

    /** What the file says is not to be said twice, and not to be thought said. */
    private void requireBesideFile() {
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            if (!BESIDE_FILE.contains(option.longestName())) {
                throw UserError.ofUsage(option.longestName() + " does not go with --file: write it into the file"
                        + (option.longestName().equals("--part") ? ", as \"together\"" : ""));
            }
        }
    }

    private static int exitCode(String outcome) {
        return switch (outcome) {
            case "REFUSED" -> REFUSED;
            case "", "QUEUED" -> UNDECIDED;
            default -> 0;
        };
    }

    private ObjectNode fromOptions() {
        ObjectNode request = new ObjectMapper().createObjectNode();
        if (id != null) {
            request.put("requestId", id);
        }
        request.put("accountId", account);
        request.set("spec", wanted.toJson(request.objectNode()));
        if (!parts.isEmpty()) {
            ArrayNode together = request.putArray("together");
            parts.forEach(part -> together.add(PartOptions.parse(part, spec.commandLine())));
        }
        return request;
    }

    private ObjectNode fromFile(Path path) {
        try {
            byte[] bytes = path.toString().equals("-") ? System.in.readAllBytes() : Files.readAllBytes(path);
            if (!(new ObjectMapper().readTree(bytes) instanceof ObjectNode request)) {
                throw new UserError(path + " holds no JSON object: expected {\"accountId\": ..., \"spec\": {...}}");
            }
            if (id != null) {
                request.put("requestId", id);
            }
            if (!request.has("accountId") || spec.commandLine().getParseResult().hasMatchedOption("--account")) {
                request.put("accountId", account);
            }
            return request;
        } catch (JsonProcessingException e) {
            throw new UserError(
                    path + " is no JSON: line " + e.getLocation().getLineNr() + ": " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UserError(path + " cannot be read: " + Causes.inWords(e), e);
        }
    }
}
