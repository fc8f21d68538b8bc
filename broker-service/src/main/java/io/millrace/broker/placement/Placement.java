package io.millrace.broker.placement;

import java.util.List;

/** What a policy answers to a demand. */
public sealed interface Placement {

    /**
     * It fits.
     *
     * @param grants what to grant, by node id; the replicas add up to the demand's
     * @param nodesConsidered nodes that were looked at
     * @param why by which policy, and the figures by which it took these nodes
     */
    record Placed(List<Grant> grants, int nodesConsidered, List<Figure> why) implements Placement {
        /** Copies the lists. */
        public Placed {
            grants = List.copyOf(grants);
            why = List.copyOf(why);
        }
    }

    /** It does not fit. {@link Misfit} says why, and is only worked out when somebody is to be told. */
    record NotPlaced() implements Placement {
        static final NotPlaced INSTANCE = new NotPlaced();
    }
}
