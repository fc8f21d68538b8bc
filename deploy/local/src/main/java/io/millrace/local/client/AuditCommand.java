package io.millrace.local.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.broker.audit.Audit;
import io.millrace.broker.audit.Difference;
import io.millrace.local.terminal.Figures;
import io.millrace.local.terminal.Table;
import io.millrace.local.terminal.Terminal;
import io.millrace.runtime.AvroJson;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace audit}. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description =
                "Decides the commands of markets again and compares every event and the state at every snapshot with what"
                        + " is recorded.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:all is as recorded", "1:could not be done", "2:wrong usage", "3:something differs"})
public final class AuditCommand implements Callable<Integer> {
    private static final int DIFFERS = 3;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private LogOptions logs;

    @Option(names = "--json", description = "Prints the reports as JSON.")
    private boolean asJson;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<Audit.Report> reports = logs.forEach(Audit::run);
        PrintWriter out = spec.commandLine().getOut();
        if (asJson) {
            ArrayNode all = JSON.createArrayNode();
            reports.forEach(report -> all.add(json(report)));
            out.println(all.toPrettyString());
        } else {
            lines(reports, Terminal.detect()).forEach(out::println);
        }
        return reports.stream().allMatch(Audit.Report::isOk) ? 0 : DIFFERS;
    }

    static List<String> lines(List<Audit.Report> reports, Terminal terminal) {
        Table table = new Table()
                .left("market")
                .left("from snapshot of")
                .left("to")
                .right("commands")
                .right("events")
                .right("snapshots")
                .right("pending")
                .right("events/s")
                .left("state hash")
                .left("verdict");
        reports.forEach(report -> table.row(
                report.marketId(),
                time(report.start().timeMillis()),
                time(report.endMillis()),
                Figures.count(report.commands()),
                Figures.count(report.events()),
                Figures.count(report.snapshots()),
                Figures.count(report.pending()),
                Figures.count(perSecond(report)),
                "%016x".formatted(report.endHash()),
                report.isOk() ? "OK" : "DIFFERS"));
        List<String> lines = new ArrayList<>(table.lines());
        lines.set(0, terminal.bold(lines.get(0)));
        for (Audit.Report report : reports) {
            for (Difference difference : report.differences()) {
                lines.add("");
                lines.addAll(lines(report, difference));
            }
            if (report.skipped() > 0) {
                lines.add("");
                lines.add(report.marketId() + ": " + Figures.count(report.skipped())
                        + " commands between a difference and the next snapshot were not compared");
            }
        }
        return lines;
    }

    private static List<String> lines(Audit.Report report, Difference difference) {
        List<String> lines = new ArrayList<>();
        lines.add(report.marketId() + " differs at sequence " + difference.sequence() + ": " + difference.what());
        add(lines, "  command   ", difference.command());
        add(lines, "  recorded  ", difference.recorded());
        add(lines, "  decided   ", difference.decided());
        return lines;
    }

    private static void add(List<String> lines, String label, @Nullable SpecificRecord record) {
        if (record != null) {
            lines.add(label + AvroJson.write(record));
        }
    }

    private static long perSecond(Audit.Report report) {
        return report.events() * 1_000 / Math.max(1, report.millis());
    }

    /** A time of the log; a market in which nothing has happened yet has none. */
    static String time(long millis) {
        return millis == 0 ? "the beginning" : Instant.ofEpochMilli(millis).toString();
    }

    private static ObjectNode json(Audit.Report report) {
        ObjectNode json = JSON.createObjectNode()
                .put("marketId", report.marketId())
                .put("ok", report.isOk())
                .put("fromSequence", report.start().sequence())
                .put("fromMillis", report.start().timeMillis())
                .put("toSequence", report.endSequence())
                .put("toMillis", report.endMillis())
                .put("commands", report.commands())
                .put("events", report.events())
                .put("snapshots", report.snapshots())
                .put("skippedCommands", report.skipped())
                .put("pendingCommands", report.pending())
                .put("stateHash", "%016x".formatted(report.endHash()))
                .put("millis", report.millis())
                .put("release", report.start().release());
        ObjectNode rules = json.putObject("rules");
        report.start().rules().values().forEach(rules::put);
        ArrayNode differences = json.putArray("differences");
        for (Difference difference : report.differences()) {
            ObjectNode each = differences
                    .addObject()
                    .put("what", difference.what())
                    .put("sequence", difference.sequence())
                    .put("commandOffset", difference.offset());
            put(each, "command", difference.command());
            put(each, "recorded", difference.recorded());
            put(each, "decided", difference.decided());
        }
        return json;
    }

    private static void put(ObjectNode json, String name, @Nullable SpecificRecord record) {
        json.set(name, record == null ? json.nullNode() : AvroJson.write(record));
    }
}
