package io.millrace.broker.queue;

import io.millrace.broker.placement.Figure;
import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.NodeOffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The simple equivalent of {@link Accounts}, with all that ever ran in a list. Shares with it how things decay, and records. */
public final class NaiveShares {
    private static final long HOUR = 3_600_000;

    /** Something that ran or runs. */
    private record Use(String requestId, long milliDevices, long fromMillis, long toMillis) {}

    /** What an account has and had. */
    private static final class Account {
        final Map<String, Long> has = new TreeMap<>();
        final Map<String, Long> hadQ16 = new TreeMap<>();
        long atMillis;
        final List<Use> uses = new ArrayList<>();
    }

    private final QueueSettings settings;
    private final Map<String, Account> accounts = new TreeMap<>();

    public NaiveShares(QueueSettings settings) {
        this.settings = settings;
    }

    /** By resource; sorted, and nothing that is zero. */
    private static Map<String, Long> of(List<Grant> grants) {
        Map<String, Long> sum = new TreeMap<>();
        for (Grant grant : grants) {
            sum.merge(grant.model() + " devices", milliDevices(List.of(grant)), Long::sum);
            sum.merge("CPU", grant.cpuMillicores(), Long::sum);
            sum.merge("memory", grant.memoryMib(), Long::sum);
            sum.merge("GiB", grant.storage().gib(), Long::sum);
            sum.merge("MiB/s", grant.storage().mibPerSecond(), Long::sum);
        }
        return sum;
    }

    private static long milliDevices(List<Grant> grants) {
        return grants.stream()
                .mapToLong(grant -> (long) grant.deviceIndexes().size() * grant.milliPerDevice())
                .sum();
    }

    private Map<String, Long> averages(Account account, long nowMillis) {
        long factor = Decay.factor(nowMillis - account.atMillis, settings.halfLifeMillis());
        Set<String> resources = new TreeSet<>(account.has.keySet());
        resources.addAll(account.hadQ16.keySet());
        Map<String, Long> averages = new TreeMap<>();
        for (String resource : resources) {
            long now = account.has.getOrDefault(resource, 0L) * 65_536;
            averages.put(resource, now + Decay.times(account.hadQ16.getOrDefault(resource, 0L) - now, factor));
        }
        return averages;
    }

    private Account changing(String accountId, long nowMillis) {
        Account account = accounts.computeIfAbsent(accountId, id -> new Account());
        if (nowMillis - account.atMillis >= settings.averagingStepMillis()) {
            account.hadQ16.putAll(averages(account, nowMillis));
            account.atMillis = nowMillis;
        }
        return account;
    }

    public void start(String accountId, String requestId, List<Grant> grants, long nowMillis, long untilMillis) {
        Account account = changing(accountId, nowMillis);
        of(grants).forEach((resource, amount) -> account.has.merge(resource, amount, Long::sum));
        account.uses.add(new Use(requestId, milliDevices(grants), nowMillis, untilMillis));
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
        of(grants).forEach((resource, amount) -> account.has.merge(resource, -amount, Long::sum));
        move(accountId, requestId, endedAtMillis);
    }

    /** What had next to nothing and has nothing is as if it had never been. */
    public void forget(long nowMillis) {
        for (Account account : accounts.values()) {
            boolean idle = overlap(account, nowMillis) == 0
                    && account.has.values().stream().allMatch(amount -> amount == 0)
                    && averages(account, nowMillis).values().stream().allMatch(average -> average < 65_536);
            if (idle) {
                account.hadQ16.clear();
                account.atMillis = 0;
            }
        }
    }

    public double share(String accountId, List<NodeOffer> offers, long nowMillis) {
        Account account = accounts.get(accountId);
        if (account == null) {
            return 0;
        }
        Map<String, Long> all = new TreeMap<>();
        for (NodeOffer offer : offers) {
            if (offer.status() != NodeOffer.NodeStatus.LOST) {
                for (int milli : offer.deviceSellableMilli().toArray()) {
                    all.merge(offer.model() + " devices", (long) milli, Long::sum);
                }
                all.merge("CPU", offer.cpuSellableMillicores(), Long::sum);
                all.merge("memory", offer.memorySellableMib(), Long::sum);
                all.merge("GiB", offer.storageSellable().gib(), Long::sum);
                all.merge("MiB/s", offer.storageSellable().mibPerSecond(), Long::sum);
            }
        }
        double most = 0;
        long step = settings.shareStepMillis();
        for (Map.Entry<String, Long> had :
                averages(account, Math.floorDiv(nowMillis, step) * step).entrySet()) {
            long there = all.getOrDefault(had.getKey(), 0L);
            if (there > 0) {
                long has = account.has.getOrDefault(had.getKey(), 0L) * 65_536;
                most = Math.max(most, ((double) has + had.getValue()) / there);
            }
        }
        return most / 65_536 / settings.weights().getOrDefault(accountId, 1);
    }

    /** True if a job of this size and term can be paid for, besides what is or was used of the window. */
    public boolean affords(String accountId, long milliDevices, long termMillis, long nowMillis) {
        Account account = accounts.getOrDefault(accountId, new Account());
        long cost = milliDevices * Math.min(termMillis, settings.budgetWindowMillis());
        return !settings.budgetDeviceHours().containsKey(accountId)
                || cost == 0
                || overlap(account, nowMillis) + cost
                        <= settings.budgetDeviceHours().get(accountId) * 1000 * HOUR;
    }

    /** True if the budget pays for a running job to end later. */
    public boolean affordsUntil(String accountId, String id, long untilMillis, long endsAtMillis, long nowMillis) {
        if (!settings.budgetDeviceHours().containsKey(accountId)) {
            return true;
        }
        long before = overlap(accounts.getOrDefault(accountId, new Account()), nowMillis);
        move(accountId, id, endsAtMillis);
        long after = overlap(accounts.getOrDefault(accountId, new Account()), nowMillis);
        move(accountId, id, untilMillis);
        return after == before || after <= settings.budgetDeviceHours().get(accountId) * 1000 * HOUR;
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
