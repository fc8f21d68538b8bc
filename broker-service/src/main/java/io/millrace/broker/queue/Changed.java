package io.millrace.broker.queue;

import io.millrace.broker.placement.Demand;
import io.millrace.broker.placement.Grant;
import java.util.List;

/** A job that waits, as it would be with another demand or term. */
record Changed(Job job, Demand demand, long remainingMillis) implements Job {

    @Override
    public String requestId() {
        return job.requestId();
    }

    @Override
    public String accountId() {
        return job.accountId();
    }

    @Override
    public PriorityClass priority() {
        return job.priority();
    }

    @Override
    public boolean preemptible() {
        return job.preemptible();
    }

    @Override
    public long queueRank() {
        return job.queueRank();
    }

    @Override
    public long acceptedAtMillis() {
        return job.acceptedAtMillis();
    }

    @Override
    public List<Grant> grants() {
        return job.grants();
    }

    @Override
    public long sinceMillis() {
        return job.sinceMillis();
    }

    @Override
    public long untilMillis() {
        return job.untilMillis();
    }
}
