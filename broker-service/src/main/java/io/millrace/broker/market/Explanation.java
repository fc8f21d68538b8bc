package io.millrace.broker.market;

import io.millrace.broker.placement.Misfit;
import java.util.List;

/**
 * Why an answer is what it is, as data.
 *
 * @param summary for people; empty where the other fields say all
 * @param nodesConsidered nodes that were looked at
 * @param filtered nodes that each filter removed, in the order of the filters
 * @param wouldFit the smallest change that would fit; empty if none was found or none is needed
 */
public record Explanation(String summary, int nodesConsidered, List<Misfit.Removed> filtered, String wouldFit) {
    /** Nothing to explain. */
    public static final Explanation NONE = new Explanation("", 0, List.of(), "");

    /** Copies the list. */
    public Explanation {
        filtered = List.copyOf(filtered);
    }

    static Explanation of(String summary) {
        return new Explanation(summary, 0, List.of(), "");
    }

    static Explanation of(Misfit misfit) {
        return new Explanation("", misfit.nodesConsidered(), misfit.removed(), misfit.wouldFit());
    }

    static Explanation considered(int nodes) {
        return new Explanation("", nodes, List.of(), "");
    }
}
