package io.millrace.broker.market;

import io.millrace.broker.placement.Demand;
import io.millrace.broker.placement.Grant;
import io.millrace.broker.queue.Job;
import io.millrace.broker.queue.PriorityClass;
import java.util.List;

/**
 * A request as its market knows it. Immutable; each event about it gives a new one.
 *
 * @param requestId the request
 * @param accountId who pays
 * @param spec what was asked
 * @param status where it stands
 * @param reason why it waits, was refused or deflected; of a revoked one, what happened to its node
 * @param grants what is granted; of an ended allocation, what was
 * @param allocationNumber counts its allocations
 * @param sinceMillis start of its allocation, or of its wait
 * @param untilMillis end of its allocation or wait: planned while it lasts, real once it ended
 * @param remainingMillis while it waits or is held, what is left of its term; while it runs, what will be left at its end because it was
 *     given notice
 * @param queueRank place in the queue, lower is earlier: the sequence of the event that first accepted it, or first
 *     refused or deflected it
 * @param acceptedAtMillis time of the event that first accepted it: what it ages by; 0 while it is not accepted
 * @param decisionSequence sequence of the event of its last answer
 * @param decidedAtMillis time of its last answer
 * @param attempt last attempt of intake's that was seen
 * @param explanation why the answer is what it is
 */
public record Request(
        String requestId,
        String accountId,
        ComputeSpec spec,
        Status status,
        Reason reason,
        List<Grant> grants,
        int allocationNumber,
        long sinceMillis,
        long untilMillis,
        long remainingMillis,
        long queueRank,
        long acceptedAtMillis,
        long decisionSequence,
        long decidedAtMillis,
        int attempt,
        Explanation explanation)
        implements Job {

    /** Where a request stands. */
    public enum Status {
        /** Waits. */
        QUEUED,
        /** Holds an allocation. */
        ALLOCATED,
        /** What it needs is kept until the other parts of a request are kept, too. */
        HELD,
        /** Was refused. */
        REFUSED,
        /** Went to another market. */
        DEFLECTED,
        /** Was withdrawn while it waited. */
        CANCELLED,
        /** Was ended by its tenant. */
        RELEASED,
        /** Its term is over. */
        EXPIRED;

        /** True if nothing more will happen to it here. */
        public boolean isFinal() {
            return this != QUEUED && this != ALLOCATED;
        }
    }

    /** Copies the list. */
    public Request {
        grants = List.copyOf(grants);
    }

    static Request allocated(Event.Allocated event, long rank, long acceptedAtMillis, long sequence, long nowMillis) {
        return new Request(
                event.requestId(),
                event.accountId(),
                event.spec(),
                Status.ALLOCATED,
                Reason.NONE,
                event.grants(),
                event.allocationNumber(),
                event.startsAtMillis(),
                event.endsAtMillis(),
                0,
                rank,
                acceptedAtMillis,
                sequence,
                nowMillis,
                0,
                event.explanation());
    }

    static Request held(Event.Held event, long rank, long sequence, long nowMillis) {
        return new Request(
                event.requestId(),
                event.accountId(),
                event.spec(),
                Status.HELD,
                Reason.HELD,
                event.grants(),
                0,
                nowMillis,
                event.heldUntilMillis(),
                event.spec().durationMillis(),
                rank,
                nowMillis,
                sequence,
                nowMillis,
                event.attempt(),
                event.explanation());
    }

    static Request queued(
            Event.Queued event, int allocationNumber, long rank, long acceptedAtMillis, long sequence, long nowMillis) {
        return new Request(
                event.requestId(),
                event.accountId(),
                event.spec(),
                Status.QUEUED,
                event.reason(),
                List.of(),
                allocationNumber,
                nowMillis,
                event.waitsUntilMillis(),
                event.remainingMillis(),
                rank,
                acceptedAtMillis,
                sequence,
                nowMillis,
                0,
                event.explanation());
    }

    static Request refused(Event.Refused event, int allocationNumber, long rank, long sequence, long nowMillis) {
        return unserved(
                event,
                event.spec(),
                Status.REFUSED,
                event.reason(),
                allocationNumber,
                rank,
                sequence,
                nowMillis,
                0,
                event.explanation());
    }

    static Request deflected(Event.Deflected event, long rank, long sequence, long nowMillis) {
        return unserved(
                event,
                event.spec(),
                Status.DEFLECTED,
                event.reason(),
                0,
                rank,
                sequence,
                nowMillis,
                event.attempt(),
                event.explanation());
    }

    private static Request unserved(
            Event.OfRequest event,
            ComputeSpec spec,
            Status status,
            Reason reason,
            int allocationNumber,
            long rank,
            long sequence,
            long nowMillis,
            int attempt,
            Explanation explanation) {
        return new Request(
                event.requestId(),
                event.accountId(),
                spec,
                status,
                reason,
                List.of(),
                allocationNumber,
                nowMillis,
                nowMillis,
                0,
                rank,
                0,
                sequence,
                nowMillis,
                attempt,
                explanation);
    }

    Request ended(Status how, Reason why, long endedAtMillis, long sequence, long nowMillis) {
        return new Request(
                requestId,
                accountId,
                spec,
                how,
                why,
                grants,
                allocationNumber,
                sinceMillis,
                endedAtMillis,
                0,
                queueRank,
                acceptedAtMillis,
                sequence,
                nowMillis,
                attempt,
                explanation);
    }

    /** With another end, at which so much of its term is left. */
    Request endingAt(long endsAtMillis, long leftMillis, long sequence, long nowMillis) {
        return new Request(
                requestId,
                accountId,
                spec,
                status,
                reason,
                grants,
                allocationNumber,
                sinceMillis,
                endsAtMillis,
                leftMillis,
                queueRank,
                acceptedAtMillis,
                sequence,
                nowMillis,
                attempt,
                explanation);
    }

    @Override
    public Demand demand() {
        return spec.demand();
    }

    @Override
    public PriorityClass priority() {
        return spec.priority();
    }

    @Override
    public boolean preemptible() {
        return status != Status.HELD && spec.preemptible();
    }

    @Override
    public boolean isHeld() {
        return status == Status.HELD;
    }

    /** True if devices are taken for it, whether it runs or they are kept for it. */
    boolean holdsDevices() {
        return status == Status.ALLOCATED || status == Status.HELD;
    }

    /** True if it had devices, and it is over. */
    boolean isFinished() {
        return status == Status.RELEASED || status == Status.EXPIRED;
    }

    /** True if it runs and was told that it must give way. */
    public boolean isNoticed() {
        return status == Status.ALLOCATED && remainingMillis > 0;
    }
}
