package io.millrace.broker.queue;

import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.NodeOffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What every account has and had of the market: its share in the order of the queue, and its budget.
 *
 * <p>The share is that of weighted dominant-resource fairness (Ghodsi et al., Dominant Resource Fairness, NSDI 2011),
 * with a memory: of all {@link Resources}, the one of which an account has the largest part counts; what it has is what
 * it has now, plus the average of what it had, in which a moment counts half as much as one a half-life later. Whoever had
 * much lately comes after whoever had little, and forgetting it takes a few half-lives.
 */
final class Accounts {
    private static final int Q16 = 16;
    private static final long UNKNOWN = Long.MIN_VALUE;
    private static final long MICRO_DEVICE_SECONDS_PER_DEVICE_HOUR = 3_600_000_000L;

    private final QueueSettings settings;
    private final Map<String, Account> accounts = new HashMap<>();
    private final List<String> changed = new ArrayList<>();
    private final Resources resources = new Resources();
    /** What can be sold of each resource, over all nodes that are there; of those after its end, nothing. */
    private long[] sellable = {};
    /** Offers of nodes so far, by which it is told whether a share is of the market as it is. */
    private long offersSeen;

    /** One account: what it has now, and what is remembered. */
    private static final class Account {
        private final String id;
        private final int weight;
        /** By resource, these two of the same length; of those after their end it has and had nothing. */
        private long[] current = {};

        private long[] averageQ16 = {};
        private long averagedAtMillis;
        private long windowEndMillis;
        private long spentMicroDeviceSeconds;
        /** By request, where a budget asks for it; and what these use of the window that ends then. */
        private final Map<String, Job> running = new HashMap<>();

        private long promisedWindowEndMillis = Long.MIN_VALUE;
        private long promisedMicroDeviceSeconds;
        /** Its share, while nothing of it changes, in this step of time and of the market as it was then. */
        private double share;

        private long shareStep = UNKNOWN;
        private long shareOfOffers;

        Account(String id, int weight) {
            this.id = id;
            this.weight = weight;
        }

        void fit(Resources resources) {
            current = resources.fit(current);
            averageQ16 = resources.fit(averageQ16);
        }

        /** The average of a resource at a time at which nothing has changed since it was last brought up. */
        long averageQ16(int resource, long factor) {
            long now = current[resource] << Q16;
            return now + Decay.times(averageQ16[resource] - now, factor);
        }
    }

    Accounts(QueueSettings settings) {
        this.settings = settings;
    }

    private Account account(String accountId) {
        Account known = accounts.get(accountId);
        if (known == null) {
            known = new Account(accountId, settings.weight(accountId));
            accounts.put(accountId, known);
        }
        return known;
    }

    /** A node's offer takes the place of an earlier one, or of none, or none of it. */
    void offered(@Nullable NodeOffer before, @Nullable NodeOffer now) {
        count(before, -1);
        count(now, 1);
        offersSeen++;
    }

    private void count(@Nullable NodeOffer offer, int sign) {
        if (offer != null && offer.status() != NodeOffer.NodeStatus.LOST) {
            sellable = resources.add(offer, sign, sellable);
        }
    }

    // What runs

    void started(Job job, long nowMillis) {
        Account account = account(job.accountId());
        bringUpTo(account, nowMillis);
        runs(account, job);
    }

    /** It runs already, as its account's averages know. */
    void resumed(Job job) {
        runs(account(job.accountId()), job);
    }

    private void runs(Account account, Job job) {
        add(account, job, 1);
        if (hasBudget(account.id)) {
            promise(account, account.running.put(job.requestId(), job), -1);
            promise(account, job, 1);
        }
    }

    /** Its end moved. */
    void moved(Job job) {
        if (hasBudget(job.accountId())) {
            Account account = account(job.accountId());
            promise(account, account.running.put(job.requestId(), job), -1);
            promise(account, job, 1);
        }
    }

    private void promise(Account account, @Nullable Job job, int sign) {
        if (job != null) {
            account.promisedMicroDeviceSeconds += sign * promised(job, account.promisedWindowEndMillis);
        }
    }

    /** What a job that runs will have used of a window; one that is held, as if it began now. */
    private long promised(Job job, long windowEndMillis) {
        long until = job.isHeld() ? job.sinceMillis() + job.remainingMillis() : job.untilMillis();
        return inWindow(job, job.sinceMillis(), until, windowEndMillis);
    }

    void stopped(Job job, long nowMillis) {
        Account account = account(job.accountId());
        bringUpTo(account, nowMillis);
        add(account, job, -1);
        if (hasBudget(account.id)) {
            promise(account, account.running.remove(job.requestId()), -1);
            long end = settings.windowEndMillis(nowMillis);
            long spent = account.windowEndMillis == end ? account.spentMicroDeviceSeconds : 0;
            account.windowEndMillis = end;
            // What was held is not metered.
            account.spentMicroDeviceSeconds = job.isHeld()
                    ? spent
                    : spent + inWindow(job, job.sinceMillis(), Math.min(nowMillis, job.untilMillis()), end);
        }
    }

    private void add(Account account, Job job, int sign) {
        for (Grant grant : job.grants()) {
            account.current = resources.add(grant, sign, account.current);
        }
        account.fit(resources);
        account.shareStep = UNKNOWN;
    }

    /** Before what it has changes. What it has for a moment counts as what it has after that. */
    private void bringUpTo(Account account, long nowMillis) {
        long since = nowMillis - account.averagedAtMillis;
        if (since >= settings.averagingStepMillis()) {
            long factor = Decay.factor(since, settings.halfLifeMillis());
            for (int i = 0; i < account.current.length; i++) {
                account.averageQ16[i] = account.averageQ16(i, factor);
            }
            account.averagedAtMillis = nowMillis;
        }
        account.shareStep = UNKNOWN;
        noteChange(account);
    }

    private void noteChange(Account account) {
        // Mostly the same one again: that much can be spared at once.
        if (changed.isEmpty() || !changed.getLast().equals(account.id)) {
            changed.add(account.id);
        }
    }

    /**
     * The dominant share of the account, now and of late, by its weight: 1 is all of the market for an account of weight 1. It
     * fades in steps ({@link QueueSettings#shareStepMillis}), so that between two of them only those who start or stop move.
     */
    double share(String accountId, long nowMillis) {
        Account account = accounts.get(accountId);
        if (account == null) {
            return 0;
        }
        long step = Math.floorDiv(nowMillis, settings.shareStepMillis());
        if (account.shareStep != step || account.shareOfOffers != offersSeen) {
            account.share = share(account, step * settings.shareStepMillis());
            account.shareStep = step;
            account.shareOfOffers = offersSeen;
        }
        return account.share;
    }

    private double share(Account account, long atMillis) {
        // What has changed since then is in the averages: they reach farther, and do not fade.
        long factor = Decay.factor(atMillis - account.averagedAtMillis, settings.halfLifeMillis());
        double dominant = 0;
        for (int i = 0; i < Math.min(account.current.length, sellable.length); i++) {
            if (sellable[i] > 0) {
                double hasAndHad = (double) (account.current[i] << Q16) + account.averageQ16(i, factor);
                dominant = Math.max(dominant, hasAndHad / sellable[i]);
            }
        }
        return dominant / (1 << Q16) / account.weight;
    }

    // Budgets

    boolean hasBudget(String accountId) {
        return settings.budgetDeviceHours().containsKey(accountId);
    }

    /** True if no budget limits it: its account has none, or it asks for no devices. */
    private boolean isFree(Job job) {
        return !hasBudget(job.accountId()) || cost(job) == 0;
    }

    /** True if what the account has used and promised of this window leaves room for the job, started now. */
    boolean affords(Job job, long nowMillis) {
        return isFree(job) || cost(job) <= left(job.accountId(), nowMillis);
    }

    /**
     * What an account has neither used nor promised of its budget in this window, in millionths of a device times seconds;
     * negative if it ran over.
     */
    long left(String accountId, long nowMillis) {
        long end = settings.windowEndMillis(nowMillis);
        long used = 0;
        Account account = accounts.get(accountId);
        if (account != null) {
            used += account.windowEndMillis == end ? account.spentMicroDeviceSeconds : 0;
            used += promised(account, end);
        }
        return budget(accountId) - used;
    }

    private long promised(Account account, long windowEndMillis) {
        if (account.promisedWindowEndMillis != windowEndMillis) {
            account.promisedWindowEndMillis = windowEndMillis;
            account.promisedMicroDeviceSeconds = 0;
            account.running.values().forEach(job -> promise(account, job, 1));
        }
        return account.promisedMicroDeviceSeconds;
    }

    /** True if what the account has left of this window pays for a job that runs to end later. */
    boolean affordsUntil(Job running, long untilMillis, long nowMillis) {
        if (!hasBudget(running.accountId())) {
            return true;
        }
        long more = inWindow(running, running.untilMillis(), untilMillis, settings.windowEndMillis(nowMillis));
        return more == 0 || more <= left(running.accountId(), nowMillis);
    }

    /** True if the job fits the budget of a window in which nothing else runs. */
    boolean everAffords(Job job) {
        return isFree(job) || cost(job) <= budget(job.accountId());
    }

    /** The budget of a window, in millionths of a device times seconds. */
    long budget(String accountId) {
        return product(settings.budgetDeviceHours().getOrDefault(accountId, 0L), MICRO_DEVICE_SECONDS_PER_DEVICE_HOUR);
    }

    /**
     * What a job that waits counts for, in millionths of a device times seconds: the most devices that it may get for its
     * whole term, at most a window. It does not
     * become cheaper by waiting for the end of the window.
     */
    long cost(Job job) {
        return product(job.demand().mostMilliDevices(), Math.min(job.remainingMillis(), settings.budgetWindowMillis()));
    }

    /** Of two numbers that are not negative, {@link Long#MAX_VALUE} where it is more than that. */
    private static long product(long a, long b) {
        return a != 0 && b > Long.MAX_VALUE / a ? Long.MAX_VALUE : a * b;
    }

    private static long milliDevices(Job running) {
        long milli = 0;
        for (Grant grant : running.grants()) {
            milli += grant.milliDevices();
        }
        return milli;
    }

    /** What a job that runs uses of the window that ends then, in millionths of a device times seconds. */
    private long inWindow(Job job, long fromMillis, long toMillis, long windowEndMillis) {
        long from = Math.max(fromMillis, windowEndMillis - settings.budgetWindowMillis());
        long to = Math.min(toMillis, windowEndMillis);
        return from < to ? milliDevices(job) * (to - from) : 0;
    }

    // What is remembered

    void restore(AccountUsage usage) {
        Account account = account(usage.accountId());
        for (AccountUsage.Average average : usage.averages()) {
            int resource = resources.number(average.resource());
            account.fit(resources);
            account.averageQ16[resource] = average.amountQ16();
        }
        account.averagedAtMillis = usage.averagedAtMillis();
        account.shareStep = UNKNOWN;
        account.windowEndMillis = usage.windowEndMillis();
        account.spentMicroDeviceSeconds = usage.spentMicroDeviceSeconds();
    }

    @Nullable AccountUsage usage(String accountId) {
        Account account = accounts.get(accountId);
        return account == null ? null : usage(account);
    }

    private AccountUsage usage(Account account) {
        List<AccountUsage.Average> averages = new ArrayList<>();
        for (int i = 0; i < account.averageQ16.length; i++) {
            if (account.averageQ16[i] != 0) {
                averages.add(new AccountUsage.Average(resources.name(i), account.averageQ16[i]));
            }
        }
        // Numbers depend on what was met first, which is not remembered.
        averages.sort(Comparator.comparing(AccountUsage.Average::resource));
        return new AccountUsage(
                account.id,
                averages,
                account.averagedAtMillis,
                account.windowEndMillis,
                account.spentMicroDeviceSeconds);
    }

    int size() {
        return accounts.size();
    }

    /** All that is remembered, in no order. */
    Collection<AccountUsage> usages() {
        return accounts.values().stream().map(this::usage).toList();
    }

    /** Forgets the accounts of which there is nothing left to remember. */
    void forgetIdle(long nowMillis) {
        accounts.values().removeIf(account -> {
            if (account.windowEndMillis > nowMillis && account.spentMicroDeviceSeconds > 0) {
                return false;
            }
            long factor = Decay.factor(nowMillis - account.averagedAtMillis, settings.halfLifeMillis());
            boolean idle = true;
            for (int i = 0; i < account.current.length; i++) {
                idle = idle && account.current[i] == 0 && account.averageQ16(i, factor) >> Q16 == 0;
            }
            if (idle) {
                noteChange(account);
            }
            return idle;
        });
    }

    List<String> takeChanged() {
        List<String> taken = changed.size() == 1
                ? List.of(changed.getFirst())
                : changed.stream().distinct().toList();
        changed.clear();
        return taken;
    }
}
