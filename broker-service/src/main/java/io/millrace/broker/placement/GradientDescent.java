package io.millrace.broker.placement;

/**
 * Fragmentation gradient descent (FGD; Weng et al., "Beware of Fragmentation: Scheduling GPU-Sharing Workloads with
 * Fragmentation Gradient Descent", USENIX ATC '23), to compare with. The fragment of a node for a shape is all that is
 * idle if the shape needs no device, cannot use the model or does not fit; else the sum of what stands on devices too full
 * for it. A node's fragmentation is the mean over the shapes by their share, and a placement scores {@code
 * int(100 * sigmoid((before - after) / 1000))}. A part of a device is taken where that scores best.
 *
 * <p>The paper is given the shares; so may this be, to repeat its figures. In a market they are learned ({@link Forecast}).
 */
public final class GradientDescent implements PlacementPolicy {
    private static final String NAME = "fgd";
    private static final Figure POLICY = Figure.policy(NAME);
    private static final Objective LEARNED = new Fragmentation();

    private final Objective objective;

    /** Goes by what the market learned. */
    public GradientDescent() {
        objective = LEARNED;
    }

    /** Goes by these shares, whatever is asked. */
    public GradientDescent(Forecast given) {
        objective = new Fragmentation() {
            @Override
            public Forecast forecast(Supply supply) {
                return given;
            }
        };
    }

    @Override
    public Placement place(Supply supply, Demand demand) {
        return supply.ranking(objective).place(demand);
    }

    @Override
    public String toString() {
        return NAME;
    }

    /** Units: milli-devices, times millionths of the share of a shape. Fragments are the same whatever is expected. */
    private static class Fragmentation implements Objective, Losses {
        private static final double MILLIONTHS = 1e6;

        @Override
        public Losses under(Forecast forecast) {
            return this;
        }

        @Override
        public long weight(Forecast.Expected shape) {
            return shape.shareMillionths();
        }

        @Override
        public long whereItFits(int idleMilli, int remainderMilli) {
            return remainderMilli;
        }

        @Override
        public long gainPerCopy(int milli) {
            return 0;
        }

        @Override
        public long whereItDoesNotFit(int idleMilli) {
            return idleMilli;
        }

        @Override
        public long[] ofRemainders() {
            return new long[1001];
        }

        @Override
        public long gainOfIdle(int idleMilli) {
            return 0;
        }

        @Override
        public long rise(long lossBefore, long lossAfter) {
            double gradient = (lossBefore - lossAfter) / MILLIONTHS / 1000;
            return -(long) (100 / (1 + StrictMath.exp(-gradient)));
        }

        @Override
        public Figure policy() {
            return POLICY;
        }

        @Override
        public Figure told(long rise) {
            return Figure.of(Figure.What.SCORE, -10 * rise);
        }
    }
}
