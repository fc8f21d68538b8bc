package io.millrace.broker.queue;

import io.millrace.broker.placement.Figure;
import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.NodeOffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The simple equivalent of {@link Accounts}, with all that ever ran in a list. Shares with it how things decay, and records. */
public final class NaiveShares {
    private static final long HOUR = 3_600_000;

    /** Something that ran or runs. */
    private record Use(String requestId, long milliDevices, long fromMillis, long toMillis) {}

    /** What an account has and had. */
    private static final class Account {
        final long[] has = new long[3];
        final long[] hadQ16 = new long[3];
        long atMillis;
        final List<Use> uses = new ArrayList<>();
    }

    private final QueueSettings settings;
    private final Map<String, Account> accounts = new TreeMap<>();

    public NaiveShares(QueueSettings settings) {
        this.settings = settings;
    }

    private static long[] of(List<Grant> grants) {
        long[] sum = new long[3];
        for (Grant grant : grants) {
            sum[0] += (long) grant.deviceIndexes().size() * grant.milliPerDevice();
            sum[1] += grant.cpuMillicores();
            sum[2] += grant.memoryMib();
        }
        return sum;
    }

    private long[] averages(Account account, long nowMillis) {
        long factor = Decay.factor(nowMillis - account.atMillis, settings.halfLifeMillis());
        long[] averages = new long[3];
        for (int i = 0; i < 3; i++) {
            long now = account.has[i] * 65_536;
            averages[i] = now + Decay.times(account.hadQ16[i] - now, factor);
        }
        return averages;
    }

    private Account changing(String accountId, long nowMillis) {
        Account account = accounts.computeIfAbsent(accountId, id -> new Account());
        System.arraycopy(averages(account, nowMillis), 0, account.hadQ16, 0, 3);
        account.atMillis = nowMillis;
        return account;
    }

    public void start(String accountId, String requestId, List<Grant> grants, long nowMillis, long untilMillis) {
        Account account = changing(accountId, nowMillis);
        for (int i = 0; i < 3; i++) {
            account.has[i] += of(grants)[i];
        }
        account.uses.add(new Use(requestId, of(grants)[0], nowMillis, untilMillis));
    }

    /** The last use of this request ends then. */
    public void move(String accountId, String requestId, long untilMillis) {
        List<Use> uses = accounts.getOrDefault(accountId, new Account()).uses;
        for (int i = uses.size() - 1; i >= 0; i--) {
            Use use = uses.get(i);
            if (use.requestId.equals(requestId)) {
                uses.set(i, new Use(requestId, use.milliDevices, use.fromMillis, untilMillis));
                return;
            }
        }
    }

    public void stop(String accountId, String requestId, List<Grant> grants, long nowMillis, long endedAtMillis) {
        Account account = changing(accountId, nowMillis);
        for (int i = 0; i < 3; i++) {
            account.has[i] -= of(grants)[i];
        }
        move(accountId, requestId, endedAtMillis);
    }

    /** What had next to nothing and has nothing is as if it had never been. */
    public void forget(long nowMillis) {
        for (Account account : accounts.values()) {
            long[] averages = averages(account, nowMillis);
            boolean idle = overlap(account, nowMillis) == 0;
            for (int i = 0; i < 3; i++) {
                idle = idle && account.has[i] == 0 && averages[i] < 65_536;
            }
            if (idle) {
                account.hadQ16[0] = 0;
                account.hadQ16[1] = 0;
                account.hadQ16[2] = 0;
                account.atMillis = 0;
            }
        }
    }

    public double share(String accountId, List<NodeOffer> offers, long nowMillis) {
        Account account = accounts.get(accountId);
        if (account == null) {
            return 0;
        }
        long[] all = new long[3];
        for (NodeOffer offer : offers) {
            if (offer.status() != NodeOffer.NodeStatus.LOST) {
                for (int milli : offer.deviceSellableMilli().toArray()) {
                    all[0] += milli;
                }
                all[1] += offer.cpuSellableMillicores();
                all[2] += offer.memorySellableMib();
            }
        }
        double most = 0;
        for (int i = 0; i < 3; i++) {
            if (all[i] > 0) {
                double part = ((double) (account.has[i] * 65_536) + averages(account, nowMillis)[i]) / all[i];
                most = Math.max(most, part);
            }
        }
        return most / 65_536 / settings.weights().getOrDefault(accountId, 1);
    }

    /** True if a job of this size and term can be paid for, besides what is or was used of the window. */
    public boolean affords(String accountId, long milliDevices, long termMillis, long nowMillis) {
        Account account = accounts.getOrDefault(accountId, new Account());
        long cost = milliDevices * Math.min(termMillis, settings.budgetWindowMillis());
        return !settings.budgetDeviceHours().containsKey(accountId)
                || overlap(account, nowMillis) + cost
                        <= settings.budgetDeviceHours().get(accountId) * 1000 * HOUR;
    }

    /** The budget, what is left of it and what a job of this size and term asks, in thousandths of a device-hour. */
    public List<Figure> budget(String accountId, long milliDevices, long termMillis, long nowMillis) {
        long budget = settings.budgetDeviceHours().getOrDefault(accountId, 0L) * 1000;
        long used = Math.ceilDiv(overlap(accounts.getOrDefault(accountId, new Account()), nowMillis), HOUR);
        long asked = Math.ceilDiv(milliDevices * Math.min(termMillis, settings.budgetWindowMillis()), HOUR);
        return List.of(
                Figure.of(Figure.What.BUDGET, budget),
                Figure.of(Figure.What.BUDGET_LEFT, Math.max(0, budget - used)),
                Figure.of(Figure.What.BUDGET_ASKED, asked));
    }

    public boolean everAffords(String accountId, long milliDevices, long termMillis) {
        return new NaiveShares(settings).affords(accountId, milliDevices, termMillis, 0);
    }

    private long overlap(Account account, long nowMillis) {
        long begin = Math.floorDiv(nowMillis, settings.budgetWindowMillis()) * settings.budgetWindowMillis();
        long end = begin + settings.budgetWindowMillis();
        long sum = 0;
        for (Use use : account.uses) {
            sum += use.milliDevices * Math.max(0, Math.min(use.toMillis, end) - Math.max(use.fromMillis, begin));
        }
        return sum;
    }
}
