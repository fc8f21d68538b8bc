package io.millrace.broker.queue;

import io.millrace.broker.placement.Demand;
import io.millrace.broker.placement.Grant;
import java.util.List;

/** What the queue sees of a request that waits or runs. */
public interface Job {

    /** Its id. */
    String requestId();

    /** Who pays. */
    String accountId();

    /** What is to be placed. */
    Demand demand();

    /** Its class. */
    PriorityClass priority();

    /** True if it may be stopped for one of a higher class. */
    boolean preemptible();

    /** Place in the order of arrival, lower is earlier; no two have the same. */
    long queueRank();

    /** When it was first accepted: what it ages by. Not later than that of a job with a higher rank. */
    long acceptedAtMillis();

    /** What is granted while it runs. */
    List<Grant> grants();

    /** Start, while it runs. */
    long sinceMillis();

    /** True if what is granted is kept for it, and it does not run yet. */
    default boolean isHeld() {
        return false;
    }

    /** Known end, while it runs or is held; while it waits, when it gives up. */
    long untilMillis();

    /**
     * While it waits or is held, for how long it would run. While it runs, what will be left of its term at its end, because it was
     * given notice; else 0.
     */
    long remainingMillis();
}
