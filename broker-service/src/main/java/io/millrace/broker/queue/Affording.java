package io.millrace.broker.queue;

import io.millrace.broker.placement.Figure;
import io.millrace.broker.placement.Figure.What;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the budget of an account pays for, seen from one job that has not started. */
final class Affording {
    private static final int MOST_WINDOWS = 24;
    private static final long MICRO_DEVICE_SECONDS_PER_MILLI_DEVICE_HOUR = 3_600_000;

    private final QueueSettings settings;
    private final Accounts accounts;
    private final Job job;
    private final long nowMillis;

    Affording(QueueSettings settings, Accounts accounts, Job job, long nowMillis) {
        this.settings = settings;
        this.accounts = accounts;
        this.job = job;
        this.nowMillis = nowMillis;
    }

    /** The budget, what is left of it, and what the job counts for; none without a budget. */
    List<Figure> figures() {
        if (!accounts.hasBudget(job.accountId())) {
            return List.of();
        }
        long left = Math.max(0, accounts.left(job.accountId(), nowMillis));
        long unit = MICRO_DEVICE_SECONDS_PER_MILLI_DEVICE_HOUR;
        return List.of(
                Figure.of(What.BUDGET, accounts.budget(job.accountId()) / unit),
                Figure.of(What.BUDGET_LEFT, left / unit),
                Figure.of(What.BUDGET_ASKED, Math.ceilDiv(accounts.cost(job), unit)));
    }

    /** True if it can be paid for now, changed so. */
    boolean affordsNow(Job changed) {
        return accounts.affords(changed, nowMillis);
    }

    /** True if it can be paid for now, even if a job that comes before it is of the same account and starts. */
    boolean affordsAfter(@Nullable Job first) {
        long before = first != null && first.accountId().equals(job.accountId()) ? accounts.cost(first) : 0;
        return !accounts.hasBudget(job.accountId())
                || accounts.cost(job) == 0
                || accounts.cost(job) <= accounts.left(job.accountId(), nowMillis) - before;
    }

    /**
     * When it can be paid for, if nothing else of its account starts: now, or from the beginning of a window on.
     *
     * @return milliseconds since 1970; Long.MAX_VALUE if not within the next 24 windows
     */
    long fromMillis() {
        long at = nowMillis;
        for (int window = 0; window <= MOST_WINDOWS; window++) {
            if (accounts.affords(job, at)) {
                return at;
            }
            at = settings.windowEndMillis(at);
        }
        return Long.MAX_VALUE;
    }

    /** The longest term that can be paid for now, in milliseconds; Long.MAX_VALUE for any. */
    long longestMillis() {
        return accounts.hasBudget(job.accountId())
                ? termMillis(accounts.left(job.accountId(), nowMillis))
                : Long.MAX_VALUE;
    }

    /** The longest term that the budget of a whole window pays for, in milliseconds; Long.MAX_VALUE for any. */
    long longestEverMillis() {
        return accounts.hasBudget(job.accountId()) ? termMillis(accounts.budget(job.accountId())) : Long.MAX_VALUE;
    }

    private long termMillis(long microDeviceSeconds) {
        long milli = job.demand().mostMilliDevices();
        return milli == 0 ? Long.MAX_VALUE : Math.max(0, microDeviceSeconds) / milli;
    }
}
