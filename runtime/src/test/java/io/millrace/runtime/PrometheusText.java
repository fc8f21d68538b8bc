package io.millrace.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the text format of Prometheus, strictly. */
final class PrometheusText {

    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (NaN|[+-]Inf|[-+0-9.eE]+)(?: [0-9]+)?");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\\n]|\\\\[\\\\\"n])*)\"(?:,|$)");
    private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) [a-zA-Z_:][a-zA-Z0-9_:]*( .*)?");

    record Sample(String name, Map<String, String> labels, double value) {}

    private final List<Sample> samples = new ArrayList<>();

    /** Reads all lines; a line that Prometheus would not take is an error. */
    static PrometheusText parse(String text) {
        PrometheusText parsed = new PrometheusText();
        text.lines().forEach(parsed::line);
        return parsed;
    }

    private void line(String line) {
        if (line.startsWith("#")) {
            require(COMMENT.matcher(line).matches(), line);
            return;
        }
        Matcher sample = SAMPLE.matcher(line);
        require(sample.matches(), line);
        Map<String, String> labels = new HashMap<>();
        String text = sample.group(2) == null ? "" : sample.group(2);
        Matcher label = LABEL.matcher(text);
        int at = 0;
        while (at < text.length()) {
            require(label.find(at) && label.start() == at, line);
            require(labels.put(label.group(1), label.group(2)) == null, line);
            at = label.end();
        }
        samples.add(new Sample(sample.group(1), labels, number(sample.group(3))));
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    private static void require(boolean condition, String line) {
        if (!condition) {
            throw new AssertionError("not Prometheus: " + line);
        }
    }

    List<Sample> samples() {
        return samples;
    }

    /** Returns the values of one metric by its labels. */
    Map<Map<String, String>, Double> values(String name) {
        Map<Map<String, String>, Double> values = new HashMap<>();
        samples.stream()
                .filter(sample -> sample.name().equals(name))
                .forEach(sample -> values.put(sample.labels(), sample.value()));
        return values;
    }
}
