package io.millrace.broker.market;

import io.millrace.broker.placement.Demand;
import io.millrace.broker.placement.Grant;
import io.millrace.broker.queue.Job;
import io.millrace.broker.queue.PriorityClass;
import java.util.List;

/**
 * What the queue sees of a submit before it is answered: a job behind all who wait.
 *
 * @param requestId the request
 * @param accountId who pays
 * @param spec what is asked
 * @param demand the part of it that is to be placed
 * @param nowMillis the market's time
 */
record Applicant(String requestId, String accountId, ComputeSpec spec, Demand demand, long nowMillis) implements Job {

    static Applicant of(Command.Submit submit, long nowMillis) {
        return new Applicant(
                submit.requestId(),
                submit.accountId(),
                submit.spec(),
                submit.spec().demand(),
                nowMillis);
    }

    @Override
    public PriorityClass priority() {
        return spec.priority();
    }

    @Override
    public boolean preemptible() {
        return spec.preemptible();
    }

    @Override
    public long queueRank() {
        return Long.MAX_VALUE;
    }

    @Override
    public long acceptedAtMillis() {
        return nowMillis;
    }

    @Override
    public List<Grant> grants() {
        return List.of();
    }

    @Override
    public long sinceMillis() {
        return nowMillis;
    }

    @Override
    public long untilMillis() {
        return nowMillis;
    }

    @Override
    public long remainingMillis() {
        return spec.durationMillis();
    }
}
