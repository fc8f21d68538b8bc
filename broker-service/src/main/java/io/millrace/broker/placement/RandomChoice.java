package io.millrace.broker.placement;

/**
 * Any node where it fits, each as likely as the others: the floor to compare with. Not by chance: the draw is a hash of
 * the node, of what is free there and of all that is taken in the market, so a log replays to the same draws.
 */
public final class RandomChoice extends ScoredNodes {

    @Override
    double score(Supply supply, SuppliedNode node, Demand demand) {
        long draw = supply.takenHash() * 0x9E3779B97F4A7C15L + node.id().hashCode() * 0xD1B54A32D192ED03L;
        draw = (draw ^ (draw >>> 30)) * 0xBF58476D1CE4E5B9L;
        draw = (draw ^ (draw >>> 27)) * 0x94D049BB133111EBL;
        return (draw ^ (draw >>> 31)) >>> 11;
    }

    @Override
    public String toString() {
        return "random";
    }
}
