package io.millrace.broker.placement;

import java.util.Comparator;
import java.util.List;

/**
 * Looks at every node and takes the one with the highest score, ties to the smallest id. Slow, and there to compare with.
 * A demand of several replicas goes to the pool that can hold the fewest more of them, there to the nodes with the
 * highest scores.
 */
abstract class ScoredNodes implements PlacementPolicy {

    /** How good the node is for a replica that fits there; higher is better. */
    abstract double score(Supply supply, SuppliedNode node, Demand demand);

    private record Scored(SuppliedNode node, double score) {
        static final Comparator<Scored> ORDER = Comparator.comparingDouble(Scored::score)
                .reversed()
                .thenComparing(scored -> scored.node().id());
    }

    @Override
    public Placement place(Supply supply, Demand demand) {
        return demand.replicas() == 1 ? placeOne(supply, demand) : placeGang(supply, demand);
    }

    private Placement placeOne(Supply supply, Demand demand) {
        Shelf shelfOfBest = null;
        Scored best = null;
        int considered = 0;
        for (Shelf shelf : supply.shelves()) {
            if (shelf.traits.suit(demand)) {
                considered += shelf.size();
                for (int slot = 0; slot < shelf.size(); slot++) {
                    if (shelf.fits(slot, demand)) {
                        SuppliedNode node = shelf.node(slot);
                        Scored scored = new Scored(node, score(supply, node, demand));
                        if (best == null || Scored.ORDER.compare(scored, best) < 0) {
                            best = scored;
                            shelfOfBest = shelf;
                        }
                    }
                }
            }
        }
        if (best == null || shelfOfBest == null) {
            return Placement.NotPlaced.INSTANCE;
        }
        return new Placement.Placed(
                List.of(Assignment.grant(best.node(), shelfOfBest.traits, demand, 1)),
                considered,
                List.of(
                        Figure.policy(toString()),
                        Figure.of(Figure.What.SCORE, StrictMath.round(1_000 * best.score()))));
    }

    private Placement placeGang(Supply supply, Demand demand) {
        Gang gang = Gang.of(supply, demand, shelf -> shelf.traits.suit(demand) ? shelf.copies(demand) : 0);
        if (gang == null) {
            return Placement.NotPlaced.INSTANCE;
        }
        List<SuppliedNode> nodes = Shelf.fitting(gang.domain(), demand).stream()
                .map(node -> new Scored(node, score(supply, node, demand)))
                .sorted(Scored.ORDER)
                .map(Scored::node)
                .toList();
        List<Grant> grants =
                Gang.fill(nodes, demand, (node, here) -> Assignment.grant(node, node.shelf().traits, demand, here));
        return gang.placed(grants, supply.nodesThatSuit(demand), Figure.policy(toString()));
    }
}
