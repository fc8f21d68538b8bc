package io.millrace.broker.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Where several replicas go, whatever the policy: to the pool (centre, market: see {@link Spread}) that can hold the fewest
 * more of them. On which of its nodes, and on which of their devices, is the policy's matter.
 *
 * @param domain shelves that the replicas may share
 * @param left how many more they hold
 */
record Gang(List<Shelf> domain, long left) {

    /** Grants replicas on a node where they fit. */
    @FunctionalInterface
    interface Granter {
        Grant grant(SuppliedNode node, int replicas);
    }

    /**
     * The tightest domain that holds all replicas, the first of equals; null if none does.
     *
     * @param copies replicas that a shelf holds now
     */
    static @Nullable Gang of(Supply supply, Demand demand, ToLongFunction<Shelf> copies) {
        Gang tightest = null;
        for (List<Shelf> domain : supply.domains(demand.latitude().spread())) {
            long left = -demand.replicas();
            for (Shelf shelf : domain) {
                left += copies.applyAsLong(shelf);
            }
            if (left >= 0 && (tightest == null || left < tightest.left)) {
                tightest = new Gang(domain, left);
            }
        }
        return tightest;
    }

    /** As many replicas as fit on each node in turn, until all are granted; by node id. */
    static List<Grant> fill(Iterable<SuppliedNode> bestFirst, Demand demand, Granter granter) {
        List<Grant> grants = new ArrayList<>();
        int left = demand.replicas();
        for (SuppliedNode node : bestFirst) {
            int here = Assignment.copies(node, demand, left);
            grants.add(granter.grant(node, here));
            left -= here;
            if (left == 0) {
                break;
            }
        }
        grants.sort(Comparator.comparing(Grant::nodeId));
        return grants;
    }

    /** These grants of the replicas, and why there. */
    Placement.Placed placed(List<Grant> grants, int nodesConsidered, Figure policy) {
        return new Placement.Placed(
                grants, nodesConsidered, List.of(policy, Figure.of(Figure.What.REPLICAS_LEFT, left)));
    }
}
