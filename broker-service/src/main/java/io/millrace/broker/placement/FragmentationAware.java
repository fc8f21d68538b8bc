package io.millrace.broker.placement;

import java.util.Arrays;

/**
 * Places where the devices that stay idle lose least of their use for what is expected. Goes back to fragmentation
 * gradient descent (FGD; Weng et al., "Beware of Fragmentation", USENIX ATC '23) and differs from it in six ways:
 *
 * <ol>
 *   <li><b>Copies.</b> FGD asks whether a shape fits on a node; here, how many copies k of it really fit by CPU, memory and
 *       devices. Where it fits, its fragment is {@code 0.10 * (idle - k * demand)}; where it does not, all that is idle, as
 *       in FGD. Thereby CPU runs out where devices do.
 *   <li><b>Scarcity.</b> A shape weighs its share of the requests times idle devices by those that it could still use, see
 *       {@link Forecaster}.
 *   <li><b>Size.</b> It also weighs less the larger it is: divided by the cube root of the devices that it asks. When little is
 *       idle, it is small work that can still use it.
 *   <li><b>Value of a remainder.</b> A device with r thousandths free loses {@code 4 * (r - V(r))} more, where V(r) is the
 *       best expected fill from 75 random offers, each of which may be declined (dynamic programme; V(1000) = 1000). What
 *       nothing fills is lost to all, a fragment to one shape: so it counts more.
 *   <li><b>Turnover.</b> Where work leaves as it comes, what is idle moves, and the loss is another: a fragment is
 *       {@code idle - k * demand}, whether the shape fits or not, and idle devices are worth more together, {@code 0.1 *
 *       idle²} in devices of a node. So nodes that are almost full are filled and the others run empty, and there is room
 *       for large jobs again and again; in a market that only fills up, nothing runs empty. Between the two, both are
 *       mixed by the turnover that the market sees ({@link Forecast#turnoverMillionths}).
 *   <li><b>Exact.</b> FGD rounds scores to a hundredth of a sigmoid; here the loss is compared as it is. Ties go to the
 *       smallest node id.
 * </ol>
 *
 * <p>The device inside a node is chosen by the same loss. What is expected is learned from the market's own requests
 * ({@link Forecast}). One setting for everything: nothing is tuned to a workload. The numbers were chosen over nineteen mixes made
 * from openb, with more and with fewer shared devices, models, large jobs and CPU work; around them, quality changes little.
 *
 * <p>Stateless: what is kept from one decision to the next is a pure cache at the supply, see {@link Ranking}.
 */
public final class FragmentationAware implements PlacementPolicy {
    private static final String NAME = "fragmentation-aware";
    private static final Figure POLICY = Figure.policy(NAME);
    private static final Objective OBJECTIVE = new LeastLoss();

    /** Units: hundredths of a milli-device, times the weight of a shape. */
    private static final long UNITS_PER_MILLI = 100 * Forecast.ONE;

    @Override
    public Placement place(Supply supply, Demand demand) {
        return supply.ranking(OBJECTIVE).place(demand);
    }

    @Override
    public String toString() {
        return NAME;
    }

    private static final class LeastLoss implements Objective {

        @Override
        public Losses under(Forecast forecast) {
            return new Loss(forecast);
        }

        @Override
        public long rise(long lossBefore, long lossAfter) {
            return lossAfter - lossBefore;
        }

        @Override
        public Figure policy() {
            return POLICY;
        }

        @Override
        public Figure told(long rise) {
            return Figure.of(Figure.What.LOSS_RISE, StrictMath.round((double) rise / UNITS_PER_MILLI));
        }
    }

    private static final class Loss implements Losses {
        /** Of what a shape that fits cannot use, in a market that only fills up and in one that turns over. */
        private static final long NOT_COPIED_PERCENT = 10;

        private static final long NOT_COPIED_PERCENT_IN_TURNOVER = 100;
        private static final long REMAINDER_PERCENT = 400;
        /** The gain of {@code idle} milli-devices together is idle² by this: a tenth of a device of the square. */
        private static final long IDLE_TOGETHER = 10_000;

        private static final long MILLIONTHS = 1_000_000;
        private static final int OFFERS = 75;
        /** The dynamic programme goes in steps of a hundredth of a device. */
        private static final int STEP_MILLI = 10;

        private static final int STEPS = 1000 / STEP_MILLI;

        private final Forecast forecast;
        private final long notCopiedPercent;

        Loss(Forecast forecast) {
            this.forecast = forecast;
            this.notCopiedPercent = NOT_COPIED_PERCENT
                    + (NOT_COPIED_PERCENT_IN_TURNOVER - NOT_COPIED_PERCENT)
                            * forecast.turnoverMillionths()
                            / MILLIONTHS;
        }

        @Override
        public long weight(Forecast.Expected shape) {
            double devices = shape.devices() * shape.milliPerDevice() / 1000.0;
            return devices == 0 ? 0 : (long) (shape.weight() / StrictMath.cbrt(devices));
        }

        @Override
        public long whereItFits(int idleMilli, int remainderMilli) {
            return notCopiedPercent * idleMilli;
        }

        @Override
        public long gainPerCopy(int milli) {
            return notCopiedPercent * milli;
        }

        @Override
        public long whereItDoesNotFit(int idleMilli) {
            return 100L * idleMilli;
        }

        @Override
        public long[] ofRemainders() {
            double[] value = valueOfSteps();
            long[] losses = new long[1001];
            for (int milli = 0; milli < 1000; milli++) {
                losses[milli] = (long) (REMAINDER_PERCENT * Forecast.ONE * (milli - value[milli / STEP_MILLI]));
            }
            return losses;
        }

        @Override
        public long gainOfIdle(int idleMilli) {
            long gainMilli = (long) idleMilli * idleMilli / IDLE_TOGETHER;
            return gainMilli * UNITS_PER_MILLI / MILLIONTHS * forecast.turnoverMillionths();
        }

        /** V at 0, 10, 20, ... 1000 milli. */
        private double[] valueOfSteps() {
            double[] offered = new double[STEPS + 1];
            double sum = 0;
            for (Forecast.Expected shape : forecast.expected()) {
                if (shape.devices() > 0) {
                    offered[(shape.milliPerDevice() + STEP_MILLI - 1) / STEP_MILLI] += shape.shareMillionths();
                    sum += shape.shareMillionths();
                }
            }
            double[] value = new double[STEPS + 1];
            for (int offer = 0; offer < OFFERS && sum > 0; offer++) {
                double[] next = new double[STEPS + 1];
                for (int free = 1; free <= STEPS; free++) {
                    double expected = 0;
                    double tooLarge = sum;
                    for (int taken = 1; taken <= free; taken++) {
                        if (offered[taken] > 0) {
                            double accepted = taken * STEP_MILLI + value[free - taken];
                            expected += offered[taken] * Math.max(value[free], accepted);
                            tooLarge -= offered[taken];
                        }
                    }
                    next[free] = (expected + tooLarge * value[free]) / sum;
                }
                value = next;
            }
            return Arrays.copyOf(value, STEPS + 1);
        }
    }
}
