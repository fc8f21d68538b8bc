package io.millrace.bench.placement;

import java.util.Arrays;

/**
 * A linear programme whose columns are made as they are needed: maximise the value of the columns in use, where what they
 * take of each row stays within its limit. The revised simplex method with an explicit inverse (Dantzig, 1953): small, and
 * exact enough, because whoever uses the prices of its rows for a bound needs no more of them than that they are not negative.
 */
final class Simplex {
    private static final double TOLERANCE = 1e-9;
    /** Limits are raised by up to this part, each by another, so that no two columns leave the basis at once. */
    private static final double SPREAD = 1e-6;

    private final int rows;
    private final double[][] inverse;
    private final double[] amounts;
    private final double[] values;

    /** Begins with nothing in use. {@code limits} are not negative. */
    Simplex(double[] limits) {
        rows = limits.length;
        inverse = new double[rows][rows];
        amounts = new double[rows];
        values = new double[rows];
        for (int row = 0; row < rows; row++) {
            inverse[row][row] = 1;
            // Spread by a sequence of low discrepancy: the multiples of the golden ratio, without their whole part.
            double spread = row * 0.6180339887498949 % 1;
            amounts[row] = limits[row] * (1 + SPREAD * spread) + SPREAD * spread;
        }
    }

    /** What another unit of each row would be worth now. May be negative until {@link #dropWorthless} finds nothing. */
    double[] prices() {
        double[] prices = new double[rows];
        for (int basic = 0; basic < rows; basic++) {
            if (values[basic] != 0) {
                for (int row = 0; row < rows; row++) {
                    prices[row] += values[basic] * inverse[basic][row];
                }
            }
        }
        return prices;
    }

    /** The value of what is in use. */
    double value() {
        double sum = 0;
        for (int basic = 0; basic < rows; basic++) {
            sum += values[basic] * amounts[basic];
        }
        return sum;
    }

    /** Leaves some of the row with the lowest price unused, if that is below 0; false if no price is. */
    boolean dropWorthless(double[] prices) {
        int lowest = 0;
        for (int row = 1; row < rows; row++) {
            lowest = prices[row] < prices[lowest] ? row : lowest;
        }
        if (prices[lowest] >= -TOLERANCE) {
            return false;
        }
        double[] unused = new double[rows];
        unused[lowest] = 1;
        enter(unused, 0);
        return true;
    }

    /** Uses as much as possible of a column: what it takes of each row, and its value. */
    void enter(double[] column, double value) {
        double[] direction = new double[rows];
        for (int basic = 0; basic < rows; basic++) {
            double sum = 0;
            for (int row = 0; row < rows; row++) {
                if (column[row] != 0) {
                    sum += inverse[basic][row] * column[row];
                }
            }
            direction[basic] = sum;
        }
        int leaves = -1;
        double least = Double.MAX_VALUE;
        for (int basic = 0; basic < rows; basic++) {
            if (direction[basic] > TOLERANCE && amounts[basic] / direction[basic] < least) {
                least = amounts[basic] / direction[basic];
                leaves = basic;
            }
        }
        if (leaves < 0) {
            throw new IllegalStateException("a column of value " + value + " takes nothing that is limited");
        }
        double[] pivot = inverse[leaves];
        double scale = 1 / direction[leaves];
        for (int row = 0; row < rows; row++) {
            pivot[row] *= scale;
        }
        for (int basic = 0; basic < rows; basic++) {
            double factor = direction[basic];
            if (basic != leaves && factor != 0) {
                double[] each = inverse[basic];
                for (int row = 0; row < rows; row++) {
                    each[row] -= factor * pivot[row];
                }
                amounts[basic] = Math.max(0, amounts[basic] - factor * least);
            }
        }
        amounts[leaves] = least;
        values[leaves] = value;
    }

    @Override
    public String toString() {
        return "value " + value() + " of " + Arrays.toString(values);
    }
}
