package io.millrace.broker.market;

import io.millrace.broker.placement.Demand;
import io.millrace.broker.placement.SuppliedNode;
import io.millrace.broker.placement.Supply;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What came up since the queue was last served that may let somebody in it be served. */
final class Chances {
    /** With more grown nodes than this, trying a demand costs less than asking each of them. */
    private static final int MANY = 64;

    private final Supply supply;
    private final WaitingLine line;
    private final List<SuppliedNode> grown = new ArrayList<>();
    private Set<Demand> untried = new HashSet<>();

    Chances(Supply supply, WaitingLine line) {
        this.supply = supply;
        this.line = line;
    }

    /** Something became free on the node. Whoever begins to wait after this has been tried on it, or is untried. */
    void grew(SuppliedNode node) {
        if (!line.isEmpty()) {
            grown.add(node);
        }
    }

    /** The demand was placed once and has to be placed anew. */
    void untried(Demand demand) {
        untried.add(demand);
    }

    boolean isAny() {
        return !grown.isEmpty() || !untried.isEmpty();
    }

    /** Waiting demands that may fit now: untried ones, and those that fit on a node that grew. */
    List<Demand> demands() {
        return line.demands(demand -> grown.size() > MANY || untried.contains(demand) || fitsOnGrown(demand));
    }

    private boolean fitsOnGrown(Demand demand) {
        for (SuppliedNode node : grown) {
            if (supply.fits(node, demand)) {
                return true;
            }
        }
        return false;
    }

    void clear() {
        grown.clear();
        if (!untried.isEmpty()) {
            // A set that was large once keeps its table, and every later clear would walk all of it.
            untried = new HashSet<>();
        }
    }
}
