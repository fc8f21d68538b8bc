package io.millrace.broker.queue;

import io.millrace.broker.placement.Placement;
import java.util.List;

/** What the queue wants done next. */
public sealed interface Step {

    /** A job that waits starts now. */
    record Start(Job job, Placement.Placed placed) implements Step {}

    /** Jobs that run must give way then. */
    record Notice(List<Job> jobs, long endsAtMillis) implements Step {
        /** Copies the list. */
        public Notice {
            jobs = List.copyOf(jobs);
        }
    }

    /** Jobs that were given notice run on to their old end: nobody waits for their room any more. */
    record Withdrawal(List<Job> jobs) implements Step {
        /** Copies the list. */
        public Withdrawal {
            jobs = List.copyOf(jobs);
        }
    }
}
