package io.millrace.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.local.terminal.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Puts what was asked, a spec as JSON, into words. */
final class SpecWords {
    private static final String BETWEEN = "; ";

    private SpecWords() {}

    /**
     * All that is not as usual, in one line.
     *
     * @param words tells times of day
     */
    static String asked(JsonNode spec, DecisionWords words) {
        List<String> parts = new ArrayList<>();
        parts.add(size(spec));
        if (spec.path("kind").isTextual()) {
            parts.add(spec.path("kind").asText().toLowerCase(Locale.ROOT));
        }
        need(spec.path("need"), parts);
        parts.add(list(spec.path("models"), "any model"));
        parts.add(list(spec.path("hubs"), "any hub"));
        siting(spec.path("siting"), parts);
        parts.add("for " + seconds(spec.path("durationSeconds")));
        if (spec.path("maxWaitSeconds").asLong() > 0) {
            parts.add("waits " + seconds(spec.path("maxWaitSeconds")));
        }
        if (spec.path("deadlineMillis").isNumber()) {
            parts.add("over by " + words.time(spec.path("deadlineMillis")));
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
        return String.join(BETWEEN, parts);
    }

    private static String size(JsonNode spec) {
        List<String> each = new ArrayList<>();
        int devices = spec.path("devices").asInt();
        if (devices > 0) {
            int milli = spec.path("milliPerDevice").asInt(1_000);
            each.add((milli < 1_000 ? milli / 10.0 + " % of a" : String.valueOf(devices)) + " device"
                    + (devices > 1 ? "s" : ""));
        }
        long millicores = spec.path("cpuMillicores").asLong();
        if (millicores > 0) {
            each.add(Figures.fromMilli(millicores) + (millicores == 1_000 ? " core" : " cores"));
        }
        if (spec.path("memoryMib").asLong() > 0) {
            each.add(Figures.memory(spec.path("memoryMib").asLong()));
        }
        long storageGib = spec.path("storageGib").asLong();
        long storageMibPerSecond = spec.path("storageMibPerSecond").asLong();
        if (storageGib > 0 || storageMibPerSecond > 0) {
            each.add("storage " + Figures.storage(storageGib, storageMibPerSecond));
        }
        JsonNode quantum = spec.path("quantum");
        if (quantum.isObject()) {
            int fidelityPpm = quantum.path("twoQubitFidelityPpm").asInt();
            each.add(Figures.count(quantum.path("shots").asLong()) + " shots on "
                    + quantum.path("qubits").asInt() + " qubits"
                    + (fidelityPpm == 0 ? "" : " of " + Figures.count(fidelityPpm) + " ppm"));
        }
        String size = String.join(", ", each);
        int replicas = spec.path("replicas").asInt(1);
        int least = spec.path("minReplicas").asInt();
        if (replicas > 1) {
            size = (least > 0 && least < replicas ? least + " to " : "") + replicas + " × (" + size + ")";
            String spread = spec.path("spread").asText("POOL");
            size += spread.equals("POOL") ? "" : " in one " + spread.toLowerCase(Locale.ROOT);
        }
        return size;
    }

    private static void need(JsonNode need, List<String> parts) {
        String precision = need.path("precision").asText("");
        String at = precision.isEmpty() || precision.equals("null") ? "" : " at " + precision;
        long total = need.path("gigaOpsInTotal").asLong();
        long each = need.path("gigaOpsPerDevice").asLong();
        if (total > 0) {
            parts.add("at least " + Figures.operations(total) + at + " in total");
        }
        if (each > 0) {
            parts.add("at least " + Figures.operations(each) + at + " a device");
        }
        if (total == 0 && each == 0 && !at.isEmpty()) {
            parts.add("must have " + precision);
        }
        if (need.path("deviceMemoryGib").asInt() > 0) {
            parts.add("at least " + need.path("deviceMemoryGib").asInt() + " GiB a device");
        }
        if (need.path("workload").isTextual()) {
            parts.add("for " + need.path("workload").asText().toLowerCase(Locale.ROOT));
        }
    }

    private static void siting(JsonNode siting, List<String> parts) {
        if (siting.path("usersHub").isTextual()) {
            parts.add("users in " + siting.path("usersHub").asText());
        }
        if (siting.path("latencyLimitMicros").isNumber()) {
            parts.add("within "
                    + Figures.fromMilli(siting.path("latencyLimitMicros").asLong()) + " ms");
        }
        if (siting.path("dataHub").isTextual()) {
            long gib = siting.path("dataGib").asLong();
            parts.add("data in " + siting.path("dataHub").asText()
                    + (gib > 0 ? " (" + Figures.memory(1_024 * gib) + ")" : ""));
        }
        for (JsonNode weight : siting.path("weights")) {
            parts.add(weight.path("term").asText().toLowerCase(Locale.ROOT) + " × "
                    + Figures.fromMilli(weight.path("weightPermille").asLong()));
        }
    }

    private static String seconds(JsonNode seconds) {
        return Figures.duration(1_000 * seconds.asLong());
    }

    private static String list(JsonNode values, String none) {
        List<String> names = new ArrayList<>();
        values.forEach(value -> names.add(value.asText()));
        return names.isEmpty() ? none : String.join(" or ", names);
    }
}
