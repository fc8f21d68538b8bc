package io.millrace.broker.catalogue;

/**
 * What a workload really gets of the dense peak.
 *
 * @param workload the workload
 * @param model the device model; {@link #ANY_MODEL} for all that have no line of their own
 * @param permille thousandths of the peak, 1 to 1000
 * @param asOf day on which it was measured or assumed, as 2025-06-30
 * @param source who measured it, or why it is assumed
 */
public record Efficiency(Workload workload, String model, int permille, String asOf, String source) {
    /** Stands for every model. */
    public static final String ANY_MODEL = "*";
}
