package io.millrace.bench.load;

import java.util.List;

/**
 * Latencies in milliseconds.
 *
 * @param count how many were measured; the others are 0 if none was
 * @param p50 median
 * @param p99 99 of 100 were not slower
 * @param max the slowest
 */
public record Percentiles(long count, double p50, double p99, double max) {

    /** Of several rounds: the medians of their percentiles, and the slowest of all. */
    public static Percentiles ofRounds(List<Percentiles> rounds) {
        return new Percentiles(
                rounds.stream().mapToLong(Percentiles::count).sum(),
                Median.of(rounds.stream().map(Percentiles::p50).toList()),
                Median.of(rounds.stream().map(Percentiles::p99).toList()),
                rounds.stream().mapToDouble(Percentiles::max).max().orElse(0));
    }
}
