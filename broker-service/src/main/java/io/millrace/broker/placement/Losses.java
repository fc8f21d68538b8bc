package io.millrace.broker.placement;

/**
 * What the idle devices of a node are short of their best use under one {@link Forecast}, as a sum over the shapes that are
 * expected. Integers: sums do not depend on their order.
 */
interface Losses {

    /** What the shape counts. */
    long weight(Forecast.Expected shape);

    /**
     * The loss, per unit of weight, of idle devices for a shape that fits: before what its copies use is taken off. Not more
     * than where it does not fit.
     *
     * @param idleMilli all that is idle on the node
     * @param remainderMilli of it, what stands on devices too full for the shape
     */
    long whereItFits(int idleMilli, int remainderMilli);

    /** Of it, what each copy that fits takes off. */
    long gainPerCopy(int milli);

    /** The loss, per unit of weight, of idle devices for a shape that does not fit; proportional to them. */
    long whereItDoesNotFit(int idleMilli);

    /** The loss that lies in so many thousandths of one device being free, whoever may come; index 0 to 1000. */
    long[] ofRemainders();

    /** What is taken off for so much being idle together on one node, whoever may come. */
    long gainOfIdle(int idleMilli);
}
