package io.millrace.broker.placement;

import java.util.List;

/**
 * Closes what a demand leaves open, and asks a policy for the rest: the alternatives in their order; of each as many
 * replicas as fit, up to those asked; these as near to each other as they fit, in a pool, a centre or the market. A demand
 * that leaves nothing open goes to the policy as it is.
 */
public final class Flexible implements PlacementPolicy {
    private static final List<Spread> NEAR_TO_FAR = List.of(Spread.values());

    private final PlacementPolicy policy;

    /** Asks this policy. */
    public Flexible(PlacementPolicy policy) {
        this.policy = policy;
    }

    @Override
    public Placement place(Supply supply, Demand demand) {
        if (!demand.isOpen()) {
            return policy.place(supply, demand);
        }
        for (int i = 0; i < demand.alternatives(); i++) {
            Placement placement = placeAlternative(supply, demand.alternative(i));
            if (placement instanceof Placement.Placed) {
                return placement;
            }
        }
        return Placement.NotPlaced.INSTANCE;
    }

    private Placement placeAlternative(Supply supply, Demand demand) {
        if (demand.replicas() == 1) {
            return policy.place(supply, demand.fixed(1, Spread.POOL));
        }
        Spread farthest = demand.latitude().spread();
        long most = mostCopies(supply, demand, farthest);
        if (most < demand.leastReplicas()) {
            return Placement.NotPlaced.INSTANCE;
        }
        int replicas = (int) Math.min(most, demand.replicas());
        for (Spread spread : NEAR_TO_FAR) {
            Placement placement = policy.place(supply, demand.fixed(replicas, spread));
            if (placement instanceof Placement.Placed || spread == farthest) {
                return placement;
            }
        }
        return Placement.NotPlaced.INSTANCE;
    }

    /** How many replicas the best domain has room for now. */
    private static long mostCopies(Supply supply, Demand demand, Spread spread) {
        long most = 0;
        for (List<Shelf> domain : supply.domains(spread)) {
            long copies = 0;
            for (Shelf shelf : domain) {
                if (shelf.traits.suit(demand)) {
                    copies += shelf.copies(demand, demand.replicas() - copies);
                }
                if (copies >= demand.replicas()) {
                    return copies;
                }
            }
            most = Math.max(most, copies);
        }
        return most;
    }

    @Override
    public String toString() {
        return policy.toString();
    }
}
