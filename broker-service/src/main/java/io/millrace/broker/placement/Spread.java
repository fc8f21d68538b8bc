package io.millrace.broker.placement;

/** How far apart the replicas of a demand may be, from near to far. */
public enum Spread {
    /** All in one pool: the same device model and interconnect. */
    POOL,
    /** All in one centre. */
    CENTRE,
    /** Anywhere in the market. */
    MARKET
}
