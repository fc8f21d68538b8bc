package io.millrace.bench.load;

import java.util.List;

/** The middle one of several measurements. */
public final class Median {
    private Median() {}

    /** The median; of an even number, the mean of the two in the middle; 0 of none. */
    public static double of(List<Double> values) {
        if (values.isEmpty()) {
            return 0;
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
