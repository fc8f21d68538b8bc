package io.millrace.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.local.UserError;
import io.millrace.local.terminal.Terminal;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace capacity}. */
@Command(
        name = "capacity",
        mixinStandardHelpOptions = true,
        description = "Shows what centres can sell now: healthy, and not used by others.")
public final class CapacityCommand implements Callable<Integer> {
    private static final long REFRESH_MILLIS = 2_000;

    /** What a line is about. */
    enum By {
        NATION,
        HUB,
        CENTRE,
        POOL,
        NODE
    }

    @Mixin
    private IngestOptions ingest;

    @Option(names = "--by", paramLabel = "SCOPE", description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private By by = By.HUB;

    @Option(names = "--kind", paramLabel = "KIND", description = "Only this kind: ${COMPLETION-CANDIDATES}.")
    private SpecOptions.@Nullable KindOption kind;

    @Option(names = "--model", paramLabel = "MODEL", description = "Only this device model.")
    private @Nullable String model;

    @Option(names = "--precision", paramLabel = "P", description = "Only devices with this precision: FP64, BF16, ...")
    private @Nullable String precision;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "Only this scope; by node: this node, or all of this centre.")
    private @Nullable String id;

    @Option(names = "--watch", description = "Shows it again every two seconds, until Ctrl-C.")
    private boolean watch;

    @Option(names = "--json", description = "Prints the answer of telemetry-ingest as JSON.")
    private boolean asJson;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Terminal terminal = Terminal.detect();
        String path = ServiceClient.path(
                "/v1/capacity",
                "by",
                by.name().toLowerCase(Locale.ROOT),
                "kind",
                kind == null ? null : kind.name(),
                "model",
                model,
                "precision",
                precision,
                "id",
                id);
        try (ServiceClient client = ingest.client()) {
            int drawn = 0;
            while (true) {
                List<String> lines = lines(client.get(path).body(), terminal);
                if (watch && terminal.interactive()) {
                    out.print(Terminal.up(drawn) + Terminal.over(fitting(lines, terminal)));
                    drawn = Math.min(lines.size(), terminal.rows() - 1);
                } else {
                    lines.forEach(out::println);
                }
                if (out.checkError() || !watch) {
                    return 0;
                }
                Thread.sleep(REFRESH_MILLIS);
            }
        }
    }

    /** What is higher than the terminal cannot be drawn over. */
    private static List<String> fitting(List<String> lines, Terminal terminal) {
        return lines.size() < terminal.rows() ? lines : lines.subList(0, terminal.rows() - 1);
    }

    private List<String> lines(JsonNode body, Terminal terminal) {
        if (asJson) {
            return body.toPrettyString().lines().toList();
        }
        CapacityTable table = by == By.NODE ? CapacityTable.ofNodes(body) : CapacityTable.ofScopes(body);
        if (table.isEmpty()) {
            boolean all = kind == null && model == null && precision == null && id == null;
            throw new UserError(
                    all
                            ? "no capacity is known yet: centres report to the topic telemetry.reports, or by POST"
                                    + " /v1/telemetry"
                            : "no capacity is known by " + by.name().toLowerCase(Locale.ROOT) + " of "
                                    + Stream.of(id, kind, model, precision)
                                            .filter(Objects::nonNull)
                                            .map(Object::toString)
                                            .collect(Collectors.joining(", ")));
        }
        List<String> lines = new ArrayList<>(table.lines());
        lines.set(0, terminal.bold(lines.get(0)));
        if (body.path("more").asBoolean()) {
            lines.add("There are more: narrow down with --id CENTRE, --kind or --model.");
        }
        return lines;
    }
}
