package io.millrace.broker.placement;

/** What a placement is judged by: the {@link Losses} before and after it. */
interface Objective {

    /** What is expected; unless it is given, what the market learned. */
    default Forecast forecast(Supply supply) {
        return supply.forecast();
    }

    /** What idle devices lose if this is expected. */
    Losses under(Forecast forecast);

    /** How a placement is judged: the lower, the better. Not lower for a higher loss after it. */
    long rise(long lossBefore, long lossAfter);

    /** The policy that judges so. */
    Figure policy();

    /** What {@link #rise} said of a placement, as it is told. */
    Figure told(long rise);
}
