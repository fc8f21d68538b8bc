package io.millrace.broker.queue;

import java.util.Comparator;

/**
 * Who comes first, at one moment. Under FIFO and EASY, who came first. Under FAIR:
 *
 * <ol>
 *   <li>the higher level: the job's class, and one more for each ageing step that it has waited. A job that rose above all
 *       classes is <em>overdue</em>; these come first of all, in the order in which they came, so that nobody starves;
 *   <li>the account with the smaller weighted share ({@link Accounts#share});
 *   <li>the account with the smaller id, and of one account the job that came first.
 * </ol>
 */
final class Order implements Comparator<Job> {
    /** Above all classes. */
    static final int OVERDUE = PriorityClass.URGENT.level() + 1;

    private final QueueSettings settings;
    private final Accounts accounts;
    private final long nowMillis;
    private final boolean fair;

    Order(QueueSettings settings, Accounts accounts, long nowMillis) {
        this.settings = settings;
        this.accounts = accounts;
        this.nowMillis = nowMillis;
        this.fair = settings.discipline() == QueueSettings.Discipline.FAIR;
    }

    @Override
    public int compare(Job a, Job b) {
        if (fair) {
            int levelOfA = level(a);
            int levelOfB = level(b);
            if (levelOfA != levelOfB) {
                return levelOfB - levelOfA;
            }
            if (levelOfA < OVERDUE && !a.accountId().equals(b.accountId())) {
                int byShare = Double.compare(share(a.accountId()), share(b.accountId()));
                return byShare != 0 ? byShare : a.accountId().compareTo(b.accountId());
            }
        }
        return Long.compare(a.queueRank(), b.queueRank());
    }

    private int level(Job job) {
        return level(settings, job, nowMillis);
    }

    /** The level of a job at a time. */
    static int level(QueueSettings settings, Job job, long nowMillis) {
        long steps = settings.ageingMillis() == 0 ? 0 : (nowMillis - job.acceptedAtMillis()) / settings.ageingMillis();
        return (int) Math.min(OVERDUE, job.priority().level() + Math.max(0, steps));
    }

    private double share(String accountId) {
        return accounts.share(accountId, nowMillis);
    }
}
