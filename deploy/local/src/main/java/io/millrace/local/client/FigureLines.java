package io.millrace.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.local.terminal.Figures;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The figures of a grant in words: how its nodes were chosen, and how many replicas there are. What is not known yet is passed over. */
final class FigureLines {
    private FigureLines() {}

    /** Of an explanation, as JSON. */
    static List<String> of(JsonNode explanation) {
        String policy = "";
        Map<String, Long> values = new HashMap<>();
        for (JsonNode figure : explanation.path("figures")) {
            if (figure.path("kind").asText().equals("POLICY")) {
                policy = figure.path("name").asText();
            }
            values.put(figure.path("kind").asText(), figure.path("value").asLong());
        }
        List<String> lines = new ArrayList<>();
        if (values.containsKey("REPLICAS_GRANTED")) {
            lines.add("replicas: " + Figures.count(values.get("REPLICAS_GRANTED")) + " of the "
                    + Figures.count(values.getOrDefault("REPLICAS_ASKED", 0L)) + " asked");
        }
        if (!policy.isEmpty()) {
            String why = why(values);
            lines.add("placed by " + policy + " among "
                    + Figures.count(explanation.path("nodesConsidered").asLong()) + " nodes"
                    + (why.isEmpty() ? "" : ": " + why));
        }
        return lines;
    }

    private static String why(Map<String, Long> values) {
        List<String> words = new ArrayList<>();
        values.computeIfPresent("LOSS_RISE", (kind, milli) -> {
            words.add("the loss of idle devices rises least there, by " + milli
                    + " thousandths of a device, weighted by scarcity");
            return milli;
        });
        values.computeIfPresent("DEVICES_LEFT", (kind, milli) -> {
            words.add("least is left there, " + Figures.fromMilli(milli) + " devices and "
                    + Figures.fromMilli(values.getOrDefault("CPU_LEFT", 0L)) + " cores");
            return milli;
        });
        values.computeIfPresent("REPLICAS_LEFT", (kind, replicas) -> {
            words.add("fewest more fit there, " + Figures.count(replicas) + " replicas");
            return replicas;
        });
        values.computeIfPresent("SCORE", (kind, score) -> {
            words.add("the highest score, " + Figures.fromMilli(score));
            return score;
        });
        return String.join(", ", words);
    }
}
