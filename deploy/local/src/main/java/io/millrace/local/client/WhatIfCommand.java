package io.millrace.local.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.broker.BrokerConfig;
import io.millrace.broker.MarketRules;
import io.millrace.broker.audit.Outcomes;
import io.millrace.broker.audit.WhatIf;
import io.millrace.broker.catalogue.Catalogue;
import io.millrace.local.UserError;
import io.millrace.local.terminal.Figures;
import io.millrace.local.terminal.Table;
import io.millrace.local.terminal.Terminal;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace whatif}. */
@Command(
        name = "whatif",
        mixinStandardHelpOptions = true,
        description =
                "Replays what markets were told under other rules and shows what would have come of the requests.",
        footer = {
            "",
            "Requests and nodes come as they came. Who gave something back keeps it as long as in the record, from whenever it"
                    + " starts; a release or an extension of what does not run changes nothing. Each market is replayed"
                    + " alone. Energy is what the devices that are granted draw, at the power that the catalogue has of their"
                    + " model."
        })
public final class WhatIfCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double MILLI_MILLIS_PER_HOUR = 1_000.0 * 3_600_000;
    private static final double JOULES_PER_KWH = 3_600_000;

    @Mixin
    private LogOptions logs;

    @Option(names = "--policy", paramLabel = "POLICY", description = "Chooses nodes by this policy (placement.policy).")
    private @Nullable String policy;

    @Option(names = "--queue", paramLabel = "QUEUE", description = "Serves the queue by this policy (queue.policy).")
    private @Nullable String queue;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description =
                    "Another rule, by its key in the configuration, e.g. queue.ageing.seconds=0; can be repeated.")
    private Map<String, String> further = new LinkedHashMap<>();

    @Option(
            names = "--devices-file",
            paramLabel = "FILE",
            description = "Further device models, as catalogue.devices.file: their power goes into the energy.")
    private String devicesFile = "";

    @Option(names = "--json", description = "Prints the results as JSON.")
    private boolean asJson;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Map<String, String> changes = new LinkedHashMap<>(further);
        if (policy != null) {
            changes.put(BrokerConfig.PLACEMENT_POLICY, policy);
        }
        if (queue != null) {
            changes.put(BrokerConfig.QUEUE_POLICY, queue.toLowerCase(Locale.ROOT));
        }
        if (changes.isEmpty()) {
            throw UserError.ofUsage("nothing is to be different: say --policy, --queue or --set");
        }
        check(changes);
        Catalogue catalogue = catalogue();
        List<WhatIf.Result> results = logs.forEach(
                (recording, span) -> WhatIf.run(recording, span, rules -> changed(rules, changes), catalogue));
        PrintWriter out = spec.commandLine().getOut();
        if (asJson) {
            ArrayNode all = JSON.createArrayNode();
            results.forEach(result -> all.add(json(result)));
            out.println(all.toPrettyString());
        } else {
            Terminal terminal = Terminal.detect();
            for (WhatIf.Result result : results) {
                lines(result, terminal).forEach(out::println);
            }
        }
        return 0;
    }

    /** Before anything is read: a wrong rule is a mistake of whoever asks. */
    private static void check(Map<String, String> changes) {
        try {
            changed(MarketRules.of(Map.of()), changes);
        } catch (ConfigException e) {
            throw UserError.ofUsage(String.valueOf(e.getMessage()));
        }
    }

    private Catalogue catalogue() {
        try {
            return new BrokerConfig(Map.of(BrokerConfig.CATALOGUE_DEVICES_FILE, devicesFile)).catalogue();
        } catch (ConfigException e) {
            throw UserError.ofUsage(String.valueOf(e.getMessage()));
        }
    }

    private static MarketRules changed(MarketRules rules, Map<String, String> changes) {
        MarketRules next = rules;
        for (Map.Entry<String, String> change : changes.entrySet()) {
            next = next.with(change.getKey(), change.getValue());
        }
        return next;
    }

    static List<String> lines(WhatIf.Result result, Terminal terminal) {
        Outcomes before = result.recorded();
        Outcomes other = result.other();
        List<String> lines = new ArrayList<>();
        lines.add(terminal.bold(result.marketId()) + " from " + AuditCommand.time(result.fromMillis()) + " to "
                + AuditCommand.time(result.toMillis()) + ": " + Figures.count(result.commands()) + " commands");
        Table table = new Table().left("").right("recorded").right("what if").right("difference");
        count(table, "requests", before, other, Outcomes::requests);
        count(table, "started", before, other, Outcomes::started);
        count(table, "still waiting", before, other, Outcomes::waiting);
        count(table, "refused", before, other, Outcomes::refused);
        count(table, "deflected", before, other, Outcomes::deflected);
        count(table, "cancelled", before, other, Outcomes::cancelled);
        count(table, "preempted", before, other, Outcomes::preempted);
        amount(table, "device-hours", hours(before.milliDeviceMillis()), hours(other.milliDeviceMillis()));
        amount(table, "core-hours", hours(before.millicoreMillis()), hours(other.millicoreMillis()));
        amount(table, "energy, kWh", kilowattHours(before), kilowattHours(other));
        if (before.unratedMilliDeviceMillis() > 0 || other.unratedMilliDeviceMillis() > 0) {
            amount(
                    table,
                    "device-hours not in it",
                    hours(before.unratedMilliDeviceMillis()),
                    hours(other.unratedMilliDeviceMillis()));
        }
        amount(table, "cost, CNY", before.costMicroCny() / 1e6, other.costMicroCny() / 1e6);
        amount(table, "wait p50, s", before.waitP50Millis() / 1e3, other.waitP50Millis() / 1e3);
        amount(table, "wait p99, s", before.waitP99Millis() / 1e3, other.waitP99Millis() / 1e3);
        table.lines().forEach(line -> lines.add("  " + line));
        lines.add("  " + Figures.count(result.changed())
                + " requests come to something else; of those that run in both, " + Figures.count(result.sooner())
                + " start sooner and " + Figures.count(result.later()) + " later");
        for (WhatIf.Changed each : result.examples()) {
            lines.add("    " + each.requestId() + ": " + each.recorded() + " -> " + each.other());
        }
        lines.add("");
        return lines;
    }

    private static double hours(long milliMillis) {
        return milliMillis / MILLI_MILLIS_PER_HOUR;
    }

    private static double kilowattHours(Outcomes outcomes) {
        return outcomes.energyJoules() / JOULES_PER_KWH;
    }

    private static void count(
            Table table, String what, Outcomes before, Outcomes other, ToLongFunction<Outcomes> figure) {
        long one = figure.applyAsLong(before);
        long two = figure.applyAsLong(other);
        table.row(what, Figures.count(one), Figures.count(two), String.format(Locale.ROOT, "%+,d", two - one));
    }

    private static void amount(Table table, String what, double before, double other) {
        table.row(
                what,
                String.format(Locale.ROOT, "%,.2f", before),
                String.format(Locale.ROOT, "%,.2f", other),
                String.format(Locale.ROOT, "%+,.2f", other - before));
    }

    private static ObjectNode json(WhatIf.Result result) {
        ObjectNode json = JSON.createObjectNode()
                .put("marketId", result.marketId())
                .put("fromMillis", result.fromMillis())
                .put("toMillis", result.toMillis())
                .put("commands", result.commands())
                .put("millis", result.millis());
        json.set("recorded", json(result.recorded()));
        json.set("whatIf", json(result.other()));
        json.put("changedRequests", result.changed())
                .put("startSooner", result.sooner())
                .put("startLater", result.later());
        ArrayNode examples = json.putArray("examples");
        for (WhatIf.Changed each : result.examples()) {
            examples.addObject()
                    .put("requestId", each.requestId())
                    .put("recorded", each.recorded())
                    .put("whatIf", each.other());
        }
        ObjectNode rules = json.putObject("rules");
        result.rules().values().forEach(rules::put);
        return json;
    }

    private static ObjectNode json(Outcomes outcomes) {
        return JSON.createObjectNode()
                .put("requests", outcomes.requests())
                .put("started", outcomes.started())
                .put("waiting", outcomes.waiting())
                .put("refused", outcomes.refused())
                .put("deflected", outcomes.deflected())
                .put("cancelled", outcomes.cancelled())
                .put("preempted", outcomes.preempted())
                .put("milliDeviceMillis", outcomes.milliDeviceMillis())
                .put("millicoreMillis", outcomes.millicoreMillis())
                .put("energyJoules", outcomes.energyJoules())
                .put("unratedMilliDeviceMillis", outcomes.unratedMilliDeviceMillis())
                .put("costMicroCny", outcomes.costMicroCny())
                .put("waitP50Millis", outcomes.waitP50Millis())
                .put("waitP99Millis", outcomes.waitP99Millis());
    }
}
