package io.millrace.broker.placement;

/**
 * Chooses where a demand goes. Feasible, then rank, then choose; ties go to the smaller node id. Reads the supply and
 * never changes it: the market turns the answer into an event, and applying the event changes the supply.
 */
public interface PlacementPolicy {

    /** Where this demand goes: all of its replicas, or none. */
    Placement place(Supply supply, Demand demand);
}
