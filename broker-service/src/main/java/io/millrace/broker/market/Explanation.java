package io.millrace.broker.market;

import io.millrace.broker.placement.Demand;
import io.millrace.broker.placement.Figure;
import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.Misfit;
import io.millrace.broker.placement.Placement;
import io.millrace.broker.placement.Relaxation;
import io.millrace.broker.placement.Shortfall;
import io.millrace.broker.queue.PriorityClass;
import java.util.ArrayList;
import java.util.List;

/**
 * Why an answer is what it is, as data.
 *
 * @param summary for people, where there is more to say than the reason and the other fields do; see {@link #sentence}
 * @param nodesConsidered nodes that were looked at
 * @param filtered nodes that each filter removed, in the order of the filters
 * @param wouldFit of an attempt that is not the last, the one change that a single look found; empty otherwise
 * @param shortfall of a final answer that grants nothing: what is missing where, and what would help
 * @param figures of a grant, by which policy and why these nodes; of what is over a budget, the budget
 */
public record Explanation(
        String summary,
        int nodesConsidered,
        List<Misfit.Removed> filtered,
        String wouldFit,
        Shortfall shortfall,
        List<Figure> figures) {
    /** Nothing to explain. */
    public static final Explanation NONE = new Explanation("", 0, List.of(), "");

    /** Copies the lists. */
    public Explanation {
        filtered = List.copyOf(filtered);
        figures = List.copyOf(figures);
    }

    /** Of who may ask for this class at most. */
    static Explanation ofClass(String accountId, PriorityClass highest) {
        return new Explanation(
                "the account " + accountId + " may not ask for a class above " + highest,
                0,
                List.of(),
                "priority " + highest);
    }

    /** Of a need that no device model meets. */
    static Explanation unmet(ComputeSpec spec) {
        boolean inTotal = spec.need() != null && spec.need().gigaOpsInTotal() > 0;
        return of("no device model of the catalogue does what is needed"
                + (inTotal ? " with " + SpecCheck.MAX_REPLICAS + " replicas or fewer" : ""));
    }

    /** Without a word of what is missing where, and without figures. */
    public Explanation(String summary, int nodesConsidered, List<Misfit.Removed> filtered, String wouldFit) {
        this(summary, nodesConsidered, filtered, wouldFit, Shortfall.NONE, List.of());
    }

    /**
     * A request's answer in one sentence, for people. It is made when somebody is told and kept in no log: words may be
     * mended, and a log must give the same events as long as it is kept.
     *
     * @return the words; empty if the reason needs none
     */
    public static String sentence(Reason reason, int nodesConsidered, String wouldFit) {
        String nodes = nodesConsidered == 1 ? "1 node" : nodesConsidered + " nodes";
        String why = switch (reason) {
            case NO_SUCH_MODEL -> "of the market's " + nodes + " none is of the kind and model asked for";
            case PRICE_TOO_LOW -> "whatever is of the kind and model asked for costs more";
            case NEVER_FITS -> "would not fit on the market's " + nodes + " even if nothing else ran there";
            case NO_CAPACITY -> "does not fit now on the market's " + nodes;
            case TOO_FAR -> "no market that could serve it is within its limit of latency";
            case DEADLINE_PASSED -> "its term cannot be over by its deadline";
            case BUDGET_EXCEEDED -> "is more than the account's budget has left in this window";
            case PREEMPTED -> "gave way to a request of a higher class";
            case HELD -> "is kept until the other parts of the request are";
            case HOLD_EXPIRED -> "what was kept for it was kept too long";
            case QUEUE_FULL -> "does not fit now, and the queue of the market is full";
            case WAIT_EXPIRED -> "did not fit for as long as it was to wait";
            case NODE_LOST -> "a node it ran on is lost";
            case NODE_SHRUNK -> "a node it ran on can sell less than it had granted";
            case NONE,
                    MARKET_HALTED,
                    ID_CONFLICT,
                    INVALID,
                    CLASS_NOT_ALLOWED,
                    UNKNOWN_HUB,
                    UNKNOWN_REQUEST,
                    PASSED_ON,
                    ALREADY_ENDED,
                    NOT_ALLOCATED -> "";
        };
        return why.isEmpty() || wouldFit.isEmpty() ? why : why + "; what would fit: " + wouldFit;
    }

    /** In these words. */
    public static Explanation of(String summary) {
        return new Explanation(summary, 0, List.of(), "");
    }

    static Explanation of(Misfit misfit) {
        return new Explanation("", misfit.nodesConsidered(), misfit.removed(), misfit.wouldFit());
    }

    static Explanation of(Misfit misfit, Shortfall shortfall) {
        String hint = shortfall.relaxations().isEmpty() ? misfit.wouldFit() : "";
        return new Explanation("", misfit.nodesConsidered(), misfit.removed(), hint, shortfall, List.of());
    }

    /** The same, without what would have helped then and need not help now. */
    Explanation withoutChanges() {
        return new Explanation(
                summary,
                nodesConsidered,
                filtered,
                "",
                new Shortfall(shortfall.exhausted(), shortfall.rejected(), List.of()),
                figures);
    }

    /** Of what is more than its account's budget has left: the budget, and what would help. */
    static Explanation overBudget(List<Figure> budget, List<Relaxation> changes) {
        return new Explanation("", 0, List.of(), "", new Shortfall(List.of(), List.of(), changes), budget);
    }

    /** Of what has room that is kept for others: what would help. */
    static Explanation notItsTurn(List<Relaxation> changes) {
        return new Explanation(
                "it would fit, but the room is kept for requests that come first",
                0,
                List.of(),
                "",
                new Shortfall(List.of(), List.of(), changes),
                List.of());
    }

    /**
     * Of a grant: how its nodes were chosen; where fewer replicas would have done, how many there are; where the request had
     * alternatives, why this one stands where it stands.
     */
    static Explanation of(ComputeSpec spec, Placement.Placed placed) {
        String why = spec.latitude().alternatives().isEmpty()
                ? ""
                : spec.demand().why(placed.grants().get(0).model());
        return new Explanation(why, placed.nodesConsidered(), List.of(), "", Shortfall.NONE, figures(spec, placed));
    }

    private static List<Figure> figures(ComputeSpec spec, Placement.Placed placed) {
        if (spec.latitude().leastReplicas() == 0) {
            return placed.why();
        }
        Demand demand = spec.demand();
        int asked =
                demand.replicasOf(demand.alternativeOf(placed.grants().get(0).model()));
        long granted = placed.grants().stream().mapToLong(Grant::replicas).sum();
        List<Figure> figures = new ArrayList<>(placed.why());
        figures.add(Figure.of(Figure.What.REPLICAS_ASKED, asked));
        figures.add(Figure.of(Figure.What.REPLICAS_GRANTED, granted));
        return figures;
    }
}
