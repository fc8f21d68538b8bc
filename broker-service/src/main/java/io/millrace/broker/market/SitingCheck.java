package io.millrace.broker.market;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is wrong with a siting, field by field; see {@link SpecCheck}. */
final class SitingCheck {
    /** Ten seconds: to the moon and back four times. */
    static final long MAX_LATENCY_MICROS = 10_000_000;

    static final long MAX_DATA_GIB = 1_000_000_000L;
    static final int MAX_WEIGHT_PERMILLE = 1_000_000;

    private SitingCheck() {}

    static List<String> problems(@Nullable Siting siting) {
        List<String> problems = new ArrayList<>();
        if (siting == null) {
            return problems;
        }
        Long limit = siting.latencyLimitMicros();
        hub(problems, "usersHub", siting.usersHub());
        if (limit != null) {
            range(problems, "latencyLimitMicros", limit, 1, MAX_LATENCY_MICROS);
            if (siting.usersHub() == null) {
                problems.add("siting.latencyLimitMicros is " + limit + " and usersHub is missing: latency to whom?");
            }
        }
        hub(problems, "dataHub", siting.dataHub());
        range(problems, "dataGib", siting.dataGib(), 0, MAX_DATA_GIB);
        if (siting.dataGib() > 0 && siting.dataHub() == null) {
            problems.add("siting.dataGib is " + siting.dataGib() + " and dataHub is missing: data from where?");
        }
        weights(problems, siting.weights());
        return problems;
    }

    private static void weights(List<String> problems, List<Siting.Weight> weights) {
        Set<String> seen = new HashSet<>();
        for (Siting.Weight weight : weights) {
            if (Arrays.stream(Siting.Term.values())
                    .noneMatch(term -> term.name().equals(weight.term()))) {
                problems.add("siting.weights names " + weight.term() + ", must name one of "
                        + Arrays.toString(Siting.Term.values()));
            } else if (!seen.add(weight.term())) {
                problems.add("siting.weights names " + weight.term() + " twice");
            }
            range(problems, "weights.weightPermille", weight.permille(), 0, MAX_WEIGHT_PERMILLE);
        }
    }

    private static void hub(List<String> problems, String field, @Nullable String hub) {
        if (hub != null && (hub.isEmpty() || hub.length() > SpecCheck.MAX_TEXT)) {
            problems.add(
                    "siting." + field + " has " + hub.length() + " characters, must have 1 to " + SpecCheck.MAX_TEXT);
        }
    }

    private static void range(List<String> problems, String field, long value, long min, long max) {
        if (value < min || value > max) {
            problems.add("siting." + field + " is " + value + ", must be " + min + " to " + max);
        }
    }
}
