package io.millrace.bench.replay;

import io.millrace.bench.load.Latencies;
import io.millrace.bench.load.Percentiles;
import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.Grant;
import io.millrace.schemas.Reason;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of every job: sent, answered, waiting, running, gone. Filled by the sender and by the reader of decisions.
 * Thread-safe: every method holds the lock for a few field writes.
 */
final class ReplayBook {
    /** Where a job stands, as far as its decisions were read. */
    enum Stage {
        NOT_SENT,
        UNANSWERED,
        WAITS,
        RUNS,
        /** Refused, or left. */
        OVER
    }

    private final Stage[] stages;
    private final long[] intendedNanos;
    private final boolean[] waited;
    private final boolean[] releasing;
    private final @Nullable List<Grant>[] grants;

    private final Latencies latencies = new Latencies();
    private final Map<Reason, Integer> refusedByReason = new EnumMap<>(Reason.class);
    private final Map<String, Long> milliByModel = new TreeMap<>();
    private final Occupancy occupancy = new Occupancy();
    private int sent;
    private int allocatedAtOnce;
    private int queued;
    private int refused;
    private int servedAfterWaiting;
    private int gaveUp;
    private int left;
    private int waiting;
    private int running;
    private int releasesUnanswered;
    private long milliDevices;
    private long cpuMillicores;
    private long lastFirstAnswerNanos;
    private long lastDecisionNanos = System.nanoTime();
    private long lastSentNanos = lastDecisionNanos;

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of lists
    ReplayBook(int jobs) {
        this.stages = new Stage[jobs];
        Arrays.fill(stages, Stage.NOT_SENT);
        this.intendedNanos = new long[jobs];
        this.waited = new boolean[jobs];
        this.releasing = new boolean[jobs];
        this.grants = new List[jobs];
    }

    synchronized void submitted(int job, long intended) {
        stages[job] = Stage.UNANSWERED;
        intendedNanos[job] = intended;
        sent++;
        lastSentNanos = System.nanoTime();
    }

    /**
     * Called when a job's time is over: true if it is to be released now. One that waits is not: it leaves a lifetime after
     * it starts. One that is not answered yet is, because its request lies before the release in the log.
     */
    synchronized boolean leaves(int job) {
        if (stages[job] != Stage.UNANSWERED && stages[job] != Stage.RUNS) {
            return false;
        }
        releasing[job] = true;
        releasesUnanswered++;
        lastSentNanos = System.nanoTime();
        return true;
    }

    /**
     * Takes in a decision.
     *
     * @return true if the job starts now, after a wait, and its departure is to be planned
     */
    synchronized boolean decided(int job, AllocationDecision decision, long seenNanos) {
        lastDecisionNanos = seenNanos;
        if (decision.getRepeated()) {
            return false;
        }
        switch (decision.getOutcome()) {
            case ALLOCATED -> {
                return started(job, decision, seenNanos);
            }
            case QUEUED -> waits(job, seenNanos);
            case REFUSED -> refused(job, decision.getReason(), seenNanos);
            case RELEASED, EXPIRED, CANCELLED -> gone(job, decision.getSequence());
            case REVOKED, PREEMPTED -> {
                freed(job, decision.getSequence());
                waits(job, seenNanos);
            }
            case COMMAND_REFUSED -> releaseAnswered(job);
            case EXTENDED, PREEMPTION_NOTICED, UNKNOWN -> {}
        }
        return false;
    }

    private boolean started(int job, AllocationDecision decision, long seenNanos) {
        if (stages[job] == Stage.UNANSWERED) {
            firstAnswer(job, seenNanos);
            allocatedAtOnce++;
        } else {
            waiting--;
            servedAfterWaiting++;
        }
        stages[job] = Stage.RUNS;
        running++;
        grants[job] = decision.getGrants();
        account(decision.getGrants(), 1, decision.getSequence());
        return waited[job] && !releasing[job];
    }

    private void waits(int job, long seenNanos) {
        if (stages[job] == Stage.UNANSWERED) {
            firstAnswer(job, seenNanos);
            queued++;
        }
        if (stages[job] != Stage.WAITS) {
            waiting++;
        }
        stages[job] = Stage.WAITS;
        waited[job] = true;
    }

    private void refused(int job, Reason reason, long seenNanos) {
        if (stages[job] == Stage.UNANSWERED) {
            firstAnswer(job, seenNanos);
            refused++;
            refusedByReason.merge(reason, 1, Integer::sum);
        } else {
            waiting--;
            gaveUp++;
        }
        stages[job] = Stage.OVER;
    }

    private void gone(int job, long sequence) {
        releaseAnswered(job);
        if (stages[job] == Stage.RUNS) {
            freed(job, sequence);
            left++;
        }
        stages[job] = Stage.OVER;
    }

    private void freed(int job, long sequence) {
        List<Grant> held = grants[job];
        if (held != null) {
            account(held, -1, sequence);
            grants[job] = null;
            running--;
        }
    }

    private void releaseAnswered(int job) {
        if (releasing[job]) {
            releasing[job] = false;
            releasesUnanswered--;
        }
    }

    private void firstAnswer(int job, long seenNanos) {
        latencies.record(intendedNanos[job], seenNanos);
        lastFirstAnswerNanos = seenNanos;
    }

    private void account(List<Grant> granted, int sign, long sequence) {
        long milliBefore = milliDevices;
        long cpuBefore = cpuMillicores;
        for (Grant grant : granted) {
            long milli = sign * (long) grant.getDeviceIndexes().size() * grant.getMilliPerDevice();
            if (milli != 0) {
                milliByModel.merge(grant.getModel(), milli, Long::sum);
                milliDevices += milli;
            }
            cpuMillicores += sign * grant.getCpuMillicores();
        }
        occupancy.change(sequence, milliDevices - milliBefore, cpuMillicores - cpuBefore);
    }

    /** Submits that have their first answer. */
    synchronized int decided() {
        return allocatedAtOnce + queued + refused;
    }

    /** Submits without an answer. */
    synchronized int unanswered() {
        return sent - decided();
    }

    /** A consistent picture of now. */
    synchronized Tally tally() {
        Occupancy.Peak peak = occupancy.peak();
        return new Tally(
                sent,
                allocatedAtOnce,
                queued,
                refused,
                Map.copyOf(refusedByReason),
                servedAfterWaiting,
                gaveUp,
                left,
                waiting,
                running,
                releasesUnanswered,
                Map.copyOf(milliByModel),
                milliDevices,
                peak.milliDevices(),
                cpuMillicores,
                peak.cpuMillicores(),
                lastFirstAnswerNanos,
                lastDecisionNanos,
                lastSentNanos);
    }

    /** From the intended time of a submit to its first answer. */
    Percentiles latencies() {
        return latencies.percentiles();
    }
}
