package io.millrace.broker.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Best fit: the node where least is left over, by free milli-devices, then by free CPU. A demand of several replicas
 * goes to the pool (centre, market: see {@link Spread}) that can hold the fewest more of them, and there to the best fitting nodes first.
 */
public final class BestFit implements PlacementPolicy {
    private static final String NAME = "best-fit";
    private static final Figure POLICY = Figure.policy(NAME);

    @Override
    public Placement place(Supply supply, Demand demand) {
        return demand.replicas() == 1 ? placeOne(supply, demand) : placeGang(supply, demand);
    }

    private static Placement placeOne(Supply supply, Demand demand) {
        Shelf best = null;
        int bestSlot = -1;
        int considered = 0;
        for (Shelf shelf : supply.shelves()) {
            if (shelf.traits.suit(demand)) {
                considered += shelf.size();
                int slot = shelf.bestFit(demand);
                if (slot >= 0 && Shelf.compareFit(shelf, slot, best, bestSlot) < 0) {
                    best = shelf;
                    bestSlot = slot;
                }
            }
        }
        if (best == null) {
            return Placement.NotPlaced.INSTANCE;
        }
        SuppliedNode node = best.node(bestSlot);
        Figure devices = Figure.of(Figure.What.DEVICES_LEFT, node.freeMilli() - demand.milliPerReplica());
        Figure cpu = Figure.of(Figure.What.CPU_LEFT, node.freeCpuMillicores() - demand.cpuMillicores());
        return new Placement.Placed(
                List.of(Assignment.grant(node, best.traits, demand, 1)), considered, List.of(POLICY, devices, cpu));
    }

    private static Placement placeGang(Supply supply, Demand demand) {
        List<Shelf> tightest = null;
        long fewest = Long.MAX_VALUE;
        int considered = 0;
        for (List<Shelf> domain : supply.domains(demand.latitude().spread())) {
            long copies = 0;
            for (Shelf shelf : domain) {
                if (shelf.traits.suit(demand)) {
                    considered += shelf.size();
                    copies += shelf.copies(demand);
                }
            }
            if (copies >= demand.replicas() && copies < fewest) {
                tightest = domain;
                fewest = copies;
            }
        }
        return tightest == null
                ? Placement.NotPlaced.INSTANCE
                : new Placement.Placed(
                        fill(tightest, demand),
                        considered,
                        List.of(POLICY, Figure.of(Figure.What.REPLICAS_LEFT, fewest - demand.replicas())));
    }

    private static List<Grant> fill(List<Shelf> domain, Demand demand) {
        List<SuppliedNode> nodes = Shelf.fitting(domain, demand);
        nodes.sort((a, b) -> Shelf.compareFit(a.shelf(), a.slot, b.shelf(), b.slot));
        List<Grant> grants = new ArrayList<>();
        int left = demand.replicas();
        for (SuppliedNode node : nodes) {
            int here = Assignment.copies(node, demand, left);
            grants.add(Assignment.grant(node, node.shelf().traits, demand, here));
            left -= here;
            if (left == 0) {
                break;
            }
        }
        grants.sort(Comparator.comparing(Grant::nodeId));
        return grants;
    }

    @Override
    public String toString() {
        return NAME;
    }
}
