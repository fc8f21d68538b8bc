package io.millrace.bench.replay;

import io.millrace.schemas.Reason;
import java.util.Map;

/**
 * What became of the jobs so far. The first answer to each submit is exactly one of allocatedAtOnce, queued and refused.
 *
 * @param sent submits sent
 * @param allocatedAtOnce first answers ALLOCATED
 * @param queued first answers QUEUED
 * @param refused first answers REFUSED
 * @param refusedByReason the same by reason
 * @param servedAfterWaiting allocated after having waited
 * @param gaveUp refused after having waited
 * @param left allocations that ended
 * @param waiting requests that wait now
 * @param running allocations that run now
 * @param releasesUnanswered releases sent and not answered yet
 * @param milliByModel thousandths of devices allocated now, by model
 * @param milliDevices the same over all models
 * @param peakMilliDevices most that were allocated at once
 * @param cpuMillicores CPU allocated now, thousandths of a core
 * @param peakCpuMillicores most that was allocated at once
 * @param lastFirstAnswerNanos when the last first answer was read, nanoTime
 * @param lastDecisionNanos when the last decision of any kind was read, nanoTime
 * @param lastSentNanos when something was sent last, nanoTime
 */
record Tally(
        int sent,
        int allocatedAtOnce,
        int queued,
        int refused,
        Map<Reason, Integer> refusedByReason,
        int servedAfterWaiting,
        int gaveUp,
        int left,
        int waiting,
        int running,
        int releasesUnanswered,
        Map<String, Long> milliByModel,
        long milliDevices,
        long peakMilliDevices,
        long cpuMillicores,
        long peakCpuMillicores,
        long lastFirstAnswerNanos,
        long lastDecisionNanos,
        long lastSentNanos) {

    /** Submits that have their first answer. */
    int decided() {
        return allocatedAtOnce + queued + refused;
    }

    /** Submits without an answer. */
    int unanswered() {
        return sent - decided();
    }
}
