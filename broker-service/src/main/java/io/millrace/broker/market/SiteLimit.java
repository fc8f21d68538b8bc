package io.millrace.broker.market;

/** A hard limit by which a market is not even asked; in the order in which they are looked at. */
public enum SiteLimit {
    /** The request names a hub for its users or data that is not known. */
    PLACE,
    /** The market is not among the hubs named. */
    HUB,
    /** It has no nodes of the kind and model asked. */
    MODEL,
    /** It is farther from the users than the limit, or its distance is not known. */
    LATENCY,
    /** Its lowest ask is above the highest price. */
    PRICE
}
