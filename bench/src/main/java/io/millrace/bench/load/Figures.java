package io.millrace.bench.load;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** How figures are written into JSON. */
public final class Figures {
    private static final double GRAIN = 1000;

    private Figures() {}

    /** To three places: more would pretend to a precision that no measurement here has. */
    public static double rounded(double value) {
        return Math.rint(value * GRAIN) / GRAIN;
    }

    /** p50, p99 and max, in milliseconds. */
    public static ObjectNode json(Percentiles latencies) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("p50", rounded(latencies.p50()))
                .put("p99", rounded(latencies.p99()))
                .put("max", rounded(latencies.max()));
    }
}
