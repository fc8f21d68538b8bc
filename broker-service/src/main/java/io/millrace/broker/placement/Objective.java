package io.millrace.broker.placement;

/**
 * What a node is worth while idle, as a sum over the shapes that are expected, and how a placement is judged by the
 * value before and after it. Integers: sums do not depend on their order.
 */
interface Objective {

    /** What is expected; unless it is given, what the market learned. */
    default Forecast forecast(Supply supply) {
        return supply.forecast();
    }

    /** What the shape counts. */
    long weight(Forecast.Expected shape);

    /**
     * The loss, per unit of weight, of idle devices for a shape that fits: before what its copies use is taken off. Not more
     * than where it does not fit.
     *
     * @param idleMilli all that is idle on the node
     * @param remainderMilli of it, what stands on devices too full for the shape
     */
    long lossWhereItFits(int idleMilli, int remainderMilli);

    /** Of it, what each copy that fits takes off. */
    long gainPerCopy(int milli);

    /** The loss, per unit of weight, of idle devices for a shape that does not fit; proportional to them. */
    long lossWhereItDoesNotFit(int idleMilli);

    /** The loss that lies in so many thousandths of one device being free, whoever may come; index 0 to 1000. */
    long[] lossesOfRemainders(Forecast forecast);

    /** How a placement is judged: the lower, the better. Not lower for a higher loss after it. */
    long rise(long lossBefore, long lossAfter);

    /** The policy that judges so. */
    Figure policy();

    /** What {@link #rise} said of a placement, as it is told. */
    Figure told(long rise);
}
