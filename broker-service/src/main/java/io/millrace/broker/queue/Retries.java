package io.millrace.broker.queue;

import io.millrace.broker.placement.Demand;
import io.millrace.broker.placement.SuppliedNode;
import io.millrace.broker.placement.Supply;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Of those who wait: whom it makes a difference to try again. In rounds: a round begins when there is a reason, and holds
 * the demands that may fit as far as is known, less those that were tried.
 */
final class Retries {
    /** With more grown nodes than this, trying a demand costs less than asking each of them. */
    private static final int MANY = 64;

    private final Supply supply;
    /** Nodes on which something became free since those who wait were tried. */
    private final List<SuppliedNode> grown = new ArrayList<>();
    /** Demands that may fit, as far as is known, and stood back for the first or for their budget. */
    private final Set<Demand> standingBack = new HashSet<>();
    /** Something happened that may move the reservation. */
    private boolean stirred = true;
    /** Not all who fit were looked at; who is looked at changes with time alone. */
    private boolean passedOver;
    /** For whom the others stood back last. */
    private @Nullable String lastFirst;
    /** Demands that are still to be tried, while a round goes on. */
    private @Nullable Set<Demand> round;

    Retries(Supply supply) {
        this.supply = supply;
    }

    /** A demand begins to wait that nobody has tried yet. */
    void joined(Demand demand) {
        standingBack.add(demand);
    }

    /** What must stay free for the first may be less, or elsewhere. */
    void stir() {
        stirred = true;
    }

    /** Something became free on a node. */
    void grew(SuppliedNode node) {
        grown.add(node);
    }

    /** Somebody who fits was not looked at. */
    void passedOver() {
        passedOver = true;
    }

    /** True if a demand of which somebody waits was tried and did not fit, and nothing has become free since that it fits on. */
    boolean isHopeless(Demand demand) {
        return !standingBack.contains(demand);
    }

    /** True if something has happened since the last round that may let somebody start, or the first is another. */
    boolean hasReason(@Nullable Job first) {
        return stirred
                || passedOver
                || !grown.isEmpty()
                || !Objects.equals(first == null ? null : first.requestId(), lastFirst);
    }

    /** Demands that are still to be tried in the round that goes on; null if none does. */
    @Nullable Set<Demand> untried() {
        return round;
    }

    /** Begins a round: returns the demands to try. Whoever tries one in vain takes it out. */
    Set<Demand> begin(Line line) {
        Set<Demand> begun = line.demands(this::mayFit);
        round = begun;
        passedOver = false;
        return begun;
    }

    private boolean mayFit(Demand demand) {
        if (grown.size() > MANY || standingBack.contains(demand)) {
            return true;
        }
        for (SuppliedNode node : grown) {
            if (supply.fits(node, demand)) {
                return true;
            }
        }
        return false;
    }

    /** Nothing more is to be done now: what was not tried in vain stands back. */
    void end(Line line, @Nullable Job first) {
        if (round != null || line.isEmpty()) {
            standingBack.clear();
            if (round != null) {
                round.stream().filter(line::hasWaiting).forEach(standingBack::add);
            }
        }
        round = null;
        grown.clear();
        stirred = false;
        lastFirst = first == null ? null : first.requestId();
    }
}
