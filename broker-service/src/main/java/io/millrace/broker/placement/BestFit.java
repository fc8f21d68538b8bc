package io.millrace.broker.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Best fit: the node where least is left over, by free milli-devices, then by free CPU. A demand of several replicas
 * goes to the pool that can hold the fewest more of them, and there to the best fitting nodes first.
 */
public final class BestFit implements PlacementPolicy {

    @Override
    public Placement place(Supply supply, Demand demand) {
        return demand.replicas() == 1 ? placeOne(supply, demand) : placeGang(supply, demand);
    }

    private static Placement placeOne(Supply supply, Demand demand) {
        Shelf best = null;
        int bestSlot = -1;
        int considered = 0;
        for (Shelf shelf : supply.suiting(demand)) {
            considered += shelf.size();
            int slot = shelf.bestFit(demand);
            if (slot >= 0 && Shelf.compareFit(shelf, slot, best, bestSlot) < 0) {
                best = shelf;
                bestSlot = slot;
            }
        }
        if (best == null) {
            return Placement.NotPlaced.INSTANCE;
        }
        return new Placement.Placed(List.of(Assignment.grant(best.node(bestSlot), best.traits, demand, 1)), considered);
    }

    private static Placement placeGang(Supply supply, Demand demand) {
        Room tightest = null;
        int considered = 0;
        for (Shelf shelf : supply.suiting(demand)) {
            considered += shelf.size();
            Room room = Room.in(shelf, demand);
            if (room.copies >= demand.replicas() && (tightest == null || room.copies < tightest.copies)) {
                tightest = room;
            }
        }
        return tightest == null
                ? Placement.NotPlaced.INSTANCE
                : new Placement.Placed(tightest.fill(demand), considered);
    }

    /** The nodes of a shelf that hold replicas, and how many they hold together. */
    private record Room(Shelf shelf, List<SuppliedNode> nodes, long copies) {

        static Room in(Shelf shelf, Demand demand) {
            List<SuppliedNode> nodes = shelf.fitting(demand);
            long copies = 0;
            for (SuppliedNode node : nodes) {
                copies += Assignment.copies(node, demand, Integer.MAX_VALUE);
            }
            return new Room(shelf, nodes, copies);
        }

        List<Grant> fill(Demand demand) {
            List<Grant> grants = new ArrayList<>();
            int left = demand.replicas();
            for (SuppliedNode node : nodes) {
                int here = Assignment.copies(node, demand, left);
                grants.add(Assignment.grant(node, shelf.traits, demand, here));
                left -= here;
                if (left == 0) {
                    break;
                }
            }
            grants.sort(Comparator.comparing(Grant::nodeId));
            return grants;
        }
    }

    @Override
    public String toString() {
        return "best-fit";
    }
}
