package io.millrace.broker.audit;

/**
 * What came of the requests of a stretch of time in one market.
 *
 * @param requests that were asked in it, or ran or waited when it began
 * @param started that got their first devices in it
 * @param waiting that still wait at its end
 * @param refused that were refused
 * @param deflected that went to another market and did not come back
 * @param cancelled that were withdrawn while they waited
 * @param preempted allocations that gave way
 * @param milliDeviceMillis thousandths of devices that were allocated, times milliseconds
 * @param millicoreMillis thousandths of cores that were allocated, times milliseconds
 * @param energyJoules what the devices draw meanwhile, at the power that the catalogue has of their model; hosts and idle
 *     devices are left out
 * @param unratedMilliDeviceMillis what of milliDeviceMillis is of models whose power is not known, and not in the energy
 * @param costMicroCny what that costs, in millionths of a CNY
 * @param waitP50Millis median of the waits of those that started
 * @param waitP99Millis 99th percentile of these waits, by nearest rank
 */
public record Outcomes(
        long requests,
        long started,
        long waiting,
        long refused,
        long deflected,
        long cancelled,
        long preempted,
        long milliDeviceMillis,
        long millicoreMillis,
        long energyJoules,
        long unratedMilliDeviceMillis,
        long costMicroCny,
        long waitP50Millis,
        long waitP99Millis) {}
