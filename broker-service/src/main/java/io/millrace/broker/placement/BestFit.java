package io.millrace.broker.placement;

import java.util.List;

/**
 * Best fit: the node where least is left over, by free milli-devices, then by free CPU. Of several
 * replicas (see {@link Gang}) the best fitting nodes are filled first.
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
        int bestMilli = Integer.MAX_VALUE;
        int considered = 0;
        for (Shelf shelf : supply.shelves()) {
            if (shelf.traits.suit(demand)) {
                considered += shelf.size();
                int slot = shelf.bestFit(demand, bestMilli);
                if (slot >= 0 && Shelf.compareFit(shelf, slot, best, bestSlot) < 0) {
                    best = shelf;
                    bestSlot = slot;
                    bestMilli = shelf.freeMilli(slot);
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
        Gang gang = Gang.of(supply, demand, shelf -> shelf.traits.suit(demand) ? shelf.copies(demand) : 0);
        if (gang == null) {
            return Placement.NotPlaced.INSTANCE;
        }
        List<SuppliedNode> nodes = Shelf.fitting(gang.domain(), demand);
        nodes.sort((a, b) -> Shelf.compareFit(a.shelf(), a.slot, b.shelf(), b.slot));
        List<Grant> grants =
                Gang.fill(nodes, demand, (node, here) -> Assignment.grant(node, node.shelf().traits, demand, here));
        return gang.placed(grants, supply.nodesThatSuit(demand), POLICY);
    }

    @Override
    public String toString() {
        return NAME;
    }
}
