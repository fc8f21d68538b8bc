package io.millrace.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.local.terminal.Figures;
import io.millrace.local.terminal.Table;
import io.millrace.local.terminal.Terminal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Puts a decision, as JSON, into words. Fields and values that a later release added are passed over. Immutable. */
final class DecisionWords {
    private static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry("ID_CONFLICT", "the id was used before with another payload"),
            Map.entry("INVALID", "the request contradicts itself or leaves the allowed range"),
            Map.entry("CLASS_NOT_ALLOWED", "the account may not ask for a class so high"),
            Map.entry("UNKNOWN_HUB", "no market serves any of the hubs named"),
            Map.entry("TOO_FAR", "no market that could serve it is near enough to its users"),
            Map.entry("UNKNOWN_REQUEST", "no such request, or not of this account"),
            Map.entry("ALREADY_ENDED", "the request has ended"),
            Map.entry("NOT_ALLOCATED", "the request holds no allocation"),
            Map.entry("NO_SUCH_MODEL", "nothing of the kind or model asked was ever here"),
            Map.entry("PRICE_TOO_LOW", "nothing is for sale at this price"),
            Map.entry("NEVER_FITS", "it would not fit even if all were free"),
            Map.entry("DEADLINE_PASSED", "it cannot be over by its deadline"),
            Map.entry("BUDGET_EXCEEDED", "the budget of the account has not as much left in this window"),
            Map.entry("PREEMPTED", "it gives way to a request of a higher class"),
            Map.entry("NO_CAPACITY", "it does not fit now"),
            Map.entry("HELD", "it is kept until the other parts of the request are"),
            Map.entry("HOLD_EXPIRED", "what was kept for it was kept too long"),
            Map.entry("WAIT_EXPIRED", "the longest wait is over"),
            Map.entry("QUEUE_FULL", "the queue is full"),
            Map.entry("NODE_LOST", "the node it ran on is lost"),
            Map.entry("NODE_SHRUNK", "the node it ran on can sell less than it had granted"),
            Map.entry("MARKET_HALTED", "the market has halted and needs its operator"));
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private final Terminal terminal;
    private final ZoneId zone;

    DecisionWords(Terminal terminal, ZoneId zone) {
        this.terminal = terminal;
        this.zone = zone;
    }

    /** A reason in words; one that is not known yet as it is. */
    static String reason(String reason) {
        return REASONS.getOrDefault(reason, reason.toLowerCase(Locale.ROOT).replace('_', ' '));
    }

    /** A time of day where the reader is. */
    String time(JsonNode millis) {
        return TIME.format(Instant.ofEpochMilli(millis.asLong()).atZone(zone));
    }

    /** The outcome in a colour. */
    String outcome(String outcome) {
        return switch (outcome) {
            case "ALLOCATED", "EXTENDED" -> terminal.green(outcome);
            case "REFUSED", "REVOKED", "PREEMPTED", "PREEMPTION_NOTICED", "COMMAND_REFUSED" -> terminal.red(outcome);
            case "QUEUED" -> terminal.yellow(outcome);
            default -> outcome;
        };
    }

    /** A decision, or where a request stands: a sentence, what was granted, why, and which markets were asked. */
    List<String> decision(JsonNode decision) {
        List<String> lines = new ArrayList<>();
        lines.add(headline(decision));
        if (!decision.path("grants").isEmpty()) {
            lines.add("");
            GrantTable.of(decision.path("grants")).lines().forEach(line -> lines.add("  " + line));
        }
        List<String> why = why(decision);
        if (!why.isEmpty()) {
            lines.add("");
            lines.addAll(why);
        }
        return lines;
    }

    /** One sentence. */
    String headline(JsonNode decision) {
        String request = decision.path("requestId").asText();
        String market = decision.path("marketId").asText();
        String reason = decision.path("reason").asText("NONE");
        String because = reason.equals("NONE") ? "" : ": " + reason(reason);
        JsonNode start = decision.path("startsAtMillis");
        JsonNode end = decision.path("endsAtMillis");
        // A decision has an outcome; a request that is asked about has a status.
        String outcome =
                decision.path(decision.has("outcome") ? "outcome" : "status").asText("UNKNOWN");
        String text = switch (outcome) {
            case "ALLOCATED" ->
                decision.path("parts").isEmpty()
                        ? " by " + market + " from " + time(start) + " to " + time(end) + " ("
                                + Figures.duration(end.asLong() - start.asLong()) + ") at "
                                + Figures.cny(
                                        decision.path("priceMicroCnyPerHour").asLong()) + " CNY/h" + because
                        : " in " + decision.path("parts").size() + " parts at "
                                + Figures.cny(
                                        decision.path("priceMicroCnyPerHour").asLong()) + " CNY/h";
            case "QUEUED" ->
                " in " + market
                        + (decision.path("waitsUntilMillis").isNumber()
                                ? " until " + time(decision.path("waitsUntilMillis"))
                                : "")
                        + because;
            case "EXTENDED" -> " to " + time(end);
            case "SUBMITTED" -> market.isEmpty() ? ": no market has it yet" : ": " + market + " is being asked";
            case "REVOKED", "PREEMPTED" -> " by " + market + because + "; it is placed again or waits";
            case "PREEMPTION_NOTICED" -> " by " + market + because + " at " + time(end);
            default -> (market.isEmpty() ? "" : " by " + market) + because;
        };
        return terminal.bold(request) + " " + outcome(outcome) + text
                + (decision.path("repeated").asBoolean() ? terminal.faint(" (the answer given before)") : "");
    }

    /** Why: the explanation, the markets asked before, and how the market was chosen. */
    List<String> why(JsonNode decision) {
        List<String> lines = new ArrayList<>();
        explanation(decision.path("explanation")).forEach(line -> lines.add("  " + line));
        for (JsonNode deflection : decision.path("deflections")) {
            String market = deflection.path("marketId").asText();
            lines.add("  asked before: " + market + " - "
                    + reason(deflection.path("reason").asText("UNKNOWN")));
            brief(deflection.path("explanation")).forEach(line -> lines.add("    " + line));
        }
        for (JsonNode exclusion : decision.path("exclusions")) {
            List<String> markets = new ArrayList<>();
            exclusion.path("marketIds").forEach(market -> markets.add(market.asText()));
            // Where all are excluded, one of them was asked to say so.
            markets.remove(decision.path("marketId").asText());
            if (!markets.isEmpty()) {
                lines.add("  not asked, " + limit(exclusion.path("limit").asText("UNKNOWN")) + ": "
                        + String.join(", ", markets));
            }
        }
        if (!decision.path("scores").isEmpty()) {
            lines.add("  markets by score, in CNY per hour (a cost is negative):");
            scores(decision.path("scores")).lines().forEach(line -> lines.add("    " + line));
        }
        for (JsonNode part : decision.path("parts")) {
            lines.add("  part " + part.path("partId").asText() + ": " + stands(part));
            if (!decision.has("outcome") && !part.path("grants").isEmpty()) {
                GrantTable.of(part.path("grants")).lines().forEach(line -> lines.add("    " + line));
            }
            why(part).forEach(line -> lines.add("  " + line));
        }
        return lines;
    }

    /** A part: in a decision, the market and whether it got anything; of a request that is asked about, how it stands. */
    private String stands(JsonNode part) {
        String market = part.path("marketId").asText();
        if (!part.path("status").isTextual()) {
            return market + (part.path("grants").isEmpty() ? ", nothing granted" : "");
        }
        String status = part.path("status").asText();
        JsonNode end = part.path(status.equals("QUEUED") ? "waitsUntilMillis" : "endsAtMillis");
        String until = !end.isNumber() ? "" : (status.equals("EXPIRED") ? " at " : " until ") + time(end);
        String reason = part.path("reason").asText("NONE");
        return market + " " + outcome(status) + until + (reason.equals("NONE") ? "" : ": " + reason(reason));
    }

    /** A hard limit in words; one that is not known yet as it is. */
    private static String limit(String limit) {
        return switch (limit) {
            case "PLACE" -> "the hub of its users or data is not known";
            case "HUB" -> "not a hub that was named";
            case "MODEL" -> "nothing of the kind and model";
            case "LATENCY" -> "too far from the users";
            case "PRICE" -> "too dear";
            default -> limit.toLowerCase(Locale.ROOT);
        };
    }

    private static List<String> explanation(JsonNode explanation) {
        List<String> lines = new ArrayList<>();
        lines.add(looked(explanation));
        lines.add(labelled(
                "nodes that suit lack: ",
                counts(explanation.path("exhausted"), " only ").replace("only several", "several things")));
        for (JsonNode node : explanation.path("rejected")) {
            lines.add("close: " + node.path("nodeId").asText() + " lacks " + lacks(node));
        }
        lines.addAll(FigureLines.of(explanation));
        changes(explanation).forEach(change -> lines.add(labelled("what would fit: ", change)));
        lines.removeIf(String::isEmpty);
        return lines;
    }

    /** Of a market that was asked before, only what it comes to. */
    private static List<String> brief(JsonNode explanation) {
        List<String> lines = new ArrayList<>(List.of(
                looked(explanation),
                labelled("what would fit there: ", changes(explanation).getFirst())));
        lines.removeIf(String::isEmpty);
        return lines;
    }

    /** The sentence says in one what the headline and the lines below say. */
    private static String looked(JsonNode explanation) {
        return explanation.path("filtered").isEmpty()
                ? explanation.path("summary").asText("")
                : "of " + Figures.count(explanation.path("nodesConsidered").asLong())
                        + " nodes looked at, filtered out: " + counts(explanation.path("filtered"), " by ");
    }

    private static List<String> changes(JsonNode explanation) {
        return List.of(explanation.path("wouldFit").asText("").split("; or ", -1));
    }

    private static String labelled(String label, String text) {
        return text.isEmpty() ? "" : label + text;
    }

    private static String counts(JsonNode counts, String between) {
        List<String> words = new ArrayList<>();
        for (JsonNode count : counts) {
            words.add(Figures.count(count.path("nodes").asLong())
                    + between
                    + count.path("filter").asText());
        }
        return String.join(", ", words);
    }

    private static String lacks(JsonNode node) {
        List<String> words = new ArrayList<>();
        if (node.path("missingMilliDevices").asLong() > 0) {
            words.add(Figures.fromMilli(node.path("missingMilliDevices").asLong()) + " devices");
        }
        if (node.path("missingCpuMillicores").asLong() > 0) {
            words.add(Figures.fromMilli(node.path("missingCpuMillicores").asLong()) + " cores");
        }
        if (node.path("missingMemoryMib").asLong() > 0) {
            words.add(Figures.memory(node.path("missingMemoryMib").asLong()));
        }
        long storageGib = node.path("missingStorageGib").asLong();
        long storageMibPerSecond = node.path("missingStorageMibPerSecond").asLong();
        if (storageGib > 0 || storageMibPerSecond > 0) {
            words.add("storage of " + Figures.storage(storageGib, storageMibPerSecond));
        }
        return String.join(", ", words);
    }

    private static Table scores(JsonNode scores) {
        Table table = new Table().left("market").right("score").left("made of");
        for (JsonNode score : scores) {
            double sum = 0;
            StringBuilder terms = new StringBuilder();
            for (JsonNode term : score.path("terms")) {
                double contribution = term.path("contribution").asDouble();
                sum += contribution;
                terms.append(terms.isEmpty() ? "" : ", ")
                        .append(String.format(
                                Locale.ROOT, "%s %+.3f", term.path("term").asText(), contribution));
            }
            table.row(score.path("marketId").asText(), String.format(Locale.ROOT, "%.3f", sum), terms.toString());
        }
        return table;
    }
}
