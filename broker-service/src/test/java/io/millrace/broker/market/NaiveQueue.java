package io.millrace.broker.market;

import static java.util.Objects.requireNonNull;

import io.millrace.broker.market.NaiveMarket.Entry;
import io.millrace.broker.market.Request.Status;
import io.millrace.broker.placement.Alternative;
import io.millrace.broker.placement.Demand;
import io.millrace.broker.placement.Figure;
import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.IntVector;
import io.millrace.broker.placement.NaiveSupply;
import io.millrace.broker.placement.NodeOffer;
import io.millrace.broker.placement.NodeOffer.NodeStatus;
import io.millrace.broker.placement.Storage;
import io.millrace.broker.queue.NaiveShares;
import io.millrace.broker.queue.QueueSettings;
import io.millrace.broker.queue.QueueSettings.Discipline;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The simple equivalent of {@link io.millrace.broker.queue.Queue}: everybody is tried at every question, and what would be
 * is found by doing it to the supply and undoing it.
 */
final class NaiveQueue {
    private final QueueSettings settings;
    private final NaiveSupply supply;
    private final NaiveShares shares;
    private final List<Entry> entries;

    NaiveQueue(QueueSettings settings, NaiveSupply supply, NaiveShares shares, List<Entry> entries) {
        this.settings = settings;
        this.supply = supply;
        this.shares = shares;
        this.entries = entries;
    }

    /** Somebody starts now, with these grants, or must give way; or, if it was given notice, need not any more. */
    record Move(Entry entry, @Nullable List<Grant> grants) {}

    /** What is to be done now; nothing if empty. */
    List<Move> next(long now) {
        List<Entry> line = line(now);
        Entry first = first(line, now);
        List<Entry> needed = first == null ? List.of() : stillNeeded(first, now);
        List<Move> spared = running().stream()
                .filter(entry -> entry.noticed > 0 && !needed.contains(entry))
                .filter(entry -> line.stream().noneMatch(other -> other != first && waitsFor(other, entry, now)))
                .sorted(Comparator.comparing(entry -> entry.id))
                .map(entry -> new Move(entry, null))
                .toList();
        if (!spared.isEmpty()) {
            return spared;
        }
        if (first == null) {
            return List.of();
        }
        List<Grant> grants = supply.place(first.spec.demand());
        if (grants != null) {
            return List.of(new Move(first, grants));
        }
        if (settings.discipline() == Discipline.FIFO) {
            return List.of();
        }
        List<Move> notices = new ArrayList<>();
        giveWay(first, now).forEach(victim -> notices.add(new Move(victim, null)));
        if (!notices.isEmpty()) {
            return notices;
        }
        for (Entry entry : line) {
            if (entry != first && affords(entry, now)) {
                List<Grant> passing = passing(entry, first, now);
                if (passing != null) {
                    return List.of(new Move(entry, passing));
                }
            }
        }
        return List.of();
    }

    /** Of those that must give way, the ones without which the first would not have room when they do. */
    private List<Entry> stillNeeded(Entry first, long now) {
        Demand demand = first.spec.demand();
        List<Entry> candidates = running().stream()
                .filter(e -> e.noticed > 0 && waitsFor(first, e, now))
                .sorted(Comparator.<Entry>comparingLong(e -> Math.max(1, milliDevices(e)) * (e.until - e.since))
                        .thenComparing(e -> e.spec.priority())
                        .thenComparing(e -> e.id))
                .toList();
        long end = candidates.stream().mapToLong(e -> e.until).max().orElse(now);
        List<Entry> gone = new ArrayList<>(running().stream()
                .filter(e -> e.until <= end && (e.noticed == 0 || candidates.contains(e)))
                .toList());
        if (!fitsWithout(gone, demand)) {
            return candidates;
        }
        List<Entry> needed = new ArrayList<>();
        for (Entry candidate : candidates.reversed()) {
            gone.remove(candidate);
            if (!fitsWithout(gone, demand)) {
                gone.add(candidate);
                needed.add(candidate);
            }
        }
        return needed;
    }

    private boolean waitsFor(Entry waiting, Entry noticed, long now) {
        return settings.discipline() == Discipline.FAIR
                && waiting.spec.priority().compareTo(noticed.spec.priority()) > 0
                && level(waiting, now) > level(noticed, noticed.until)
                && affords(waiting, now)
                && noticed.grants.stream()
                        .map(grant -> requireNonNull(supply.offer(grant.nodeId())))
                        .anyMatch(offer -> offer.status() == NodeStatus.SELLABLE
                                && waiting.spec.demand().suits(offer));
    }

    /** The grants of a new one that may start at once; null if it may not. */
    @Nullable List<Grant> admit(Entry entry, long now) {
        List<Entry> line = line(now);
        Entry first = first(line, now);
        List<Grant> grants = supply.place(entry.spec.demand());
        if (first == null || grants == null || order(now).compare(entry, first) < 0) {
            return grants;
        }
        return settings.discipline() == Discipline.FIFO ? null : passing(entry, first, now);
    }

    boolean affords(Entry entry, long now) {
        return shares.affords(entry.account, milliDevices(entry), entry.remaining, now);
    }

    boolean everAffords(Entry entry) {
        return shares.everAffords(entry.account, milliDevices(entry), entry.remaining);
    }

    List<Figure> budget(Entry entry, long now) {
        return shares.budget(entry.account, milliDevices(entry), entry.remaining, now);
    }

    /** What it has; while it has nothing, the most that it may get. */
    private static long milliDevices(Entry entry) {
        if (!entry.grants.isEmpty()) {
            return entry.grants.stream().mapToLong(Grant::milliDevices).sum();
        }
        int replicas = entry.spec.latitude().alternatives().stream()
                .mapToInt(Alternative::replicas)
                .max()
                .orElse(entry.spec.replicas());
        return (long) replicas * entry.spec.devices() * entry.spec.demand().milliPerDevice();
    }

    private List<Entry> line(long now) {
        return entries.stream()
                .filter(entry -> entry.status == Status.QUEUED)
                .sorted(order(now))
                .toList();
    }

    private List<Entry> running() {
        return entries.stream()
                .filter(entry -> entry.status == Status.ALLOCATED)
                .sorted(Comparator.<Entry>comparingLong(entry -> entry.until).thenComparing(entry -> entry.id))
                .toList();
    }

    private int level(Entry entry, long now) {
        long level = entry.spec.priority().level()
                + (settings.ageingMillis() == 0 ? 0 : (now - entry.accepted) / settings.ageingMillis());
        return (int) Math.min(4, level);
    }

    private Comparator<Entry> order(long now) {
        Comparator<Entry> byRank = Comparator.comparingLong(entry -> entry.rank == 0 ? Long.MAX_VALUE : entry.rank);
        if (settings.discipline() != Discipline.FAIR) {
            return byRank;
        }
        return (a, b) -> {
            if (level(a, now) != level(b, now)) {
                return level(b, now) - level(a, now);
            }
            if (level(a, now) == 4) {
                return byRank.compare(a, b);
            }
            return Comparator.<Entry>comparingDouble(e -> shares.share(e.account, supply.offers(), now))
                    .thenComparing(e -> e.account)
                    .thenComparing(byRank)
                    .compare(a, b);
        };
    }

    private @Nullable Entry first(List<Entry> line, long now) {
        for (Entry entry : line) {
            if (affords(entry, now) && fitsWithout(running(), entry.spec.demand())) {
                return entry;
            }
        }
        return null;
    }

    private boolean fitsWithout(List<Entry> ended, Demand demand) {
        ended.forEach(entry -> supply.give(entry.grants));
        boolean fits = fits(demand);
        ended.forEach(entry -> supply.take(entry.grants));
        return fits;
    }

    // What must stay free for the first

    private @Nullable List<Grant> passing(Entry entry, Entry first, long now) {
        Demand demand = entry.spec.demand();
        List<Entry> ended = new ArrayList<>();
        long shadow = shadow(first.spec.demand(), ended);
        List<Grant> kept = kept(first.spec.demand(), ended);
        supply.take(kept);
        List<Grant> around = supply.place(demand);
        supply.give(kept);
        if (around != null) {
            return around;
        }
        return now + entry.remaining <= shadow ? supply.place(demand) : null;
    }

    /** When the demand fits by the ends that are known, and what has ended by then. */
    private long shadow(Demand demand, List<Entry> ended) {
        List<Entry> running = running();
        for (Entry entry : running) {
            long end = entry.until;
            ended.clear();
            running.stream().filter(other -> other.until <= end).forEach(ended::add);
            if (fitsWithout(ended, demand)) {
                return end;
            }
        }
        throw new AssertionError(demand + " never fits");
    }

    private List<Grant> kept(Demand demand, List<Entry> ended) {
        TreeMap<String, NaiveSupply.Free> now = new TreeMap<>();
        supply.offers().forEach(offer -> now.put(offer.nodeId(), supply.free(offer)));
        ended.forEach(entry -> supply.give(entry.grants));
        List<NodeOffer> pool = poolThatFits(demand);
        List<Grant> kept = new ArrayList<>();
        int left = pool.isEmpty() ? 0 : least(demand, alternative(demand, pool.get(0)));
        for (NodeOffer offer : pool) {
            NaiveSupply.Free then = supply.free(offer);
            int here = Math.min(left, copies(supply.free(offer), demand));
            left -= here;
            if (here > 0) {
                keep(offer, demand, here, requireNonNull(now.get(offer.nodeId())), then, kept);
            }
        }
        ended.forEach(entry -> supply.take(entry.grants));
        return kept;
    }

    private static void keep(
            NodeOffer offer,
            Demand demand,
            int replicas,
            NaiveSupply.Free now,
            NaiveSupply.Free then,
            List<Grant> kept) {
        int[] planned = new int[then.milli.length];
        for (int unit = 0; unit < replicas * demand.devices(); unit++) {
            int best = -1;
            for (int device = 0; device < planned.length; device++) {
                boolean has = then.milli[device] - planned[device] >= demand.milliPerDevice();
                if (has && (best < 0 || now.milli[device] < now.milli[best])) {
                    best = device;
                }
            }
            planned[best] += demand.milliPerDevice();
        }
        for (int device = 0; device < planned.length; device++) {
            int comesFree = then.milli[device] - now.milli[device];
            if (planned[device] > comesFree) {
                kept.add(phantom(offer, IntVector.of(device), planned[device] - comesFree, 0, 0, Storage.NONE));
            }
        }
        long cpu = replicas * demand.cpuMillicores() - (then.cpu - now.cpu);
        long memory = replicas * demand.memoryMib() - (then.memory - now.memory);
        long gib = replicas * demand.storage().gib() - (then.gib - now.gib);
        long speed = replicas * demand.storage().mibPerSecond() - (then.mibPerSecond - now.mibPerSecond);
        Storage storage = new Storage(Math.max(0, gib), Math.max(0, speed));
        kept.add(phantom(offer, IntVector.of(), 0, Math.max(0, cpu), Math.max(0, memory), storage));
    }

    private static Grant phantom(
            NodeOffer offer, IntVector devices, int milli, long cpu, long memory, Storage storage) {
        return new Grant(offer.nodeId(), offer.centreId(), "kept", 0, devices, milli, cpu, memory, 0, 0, storage);
    }

    private boolean fits(Demand demand) {
        return !poolThatFits(demand).isEmpty();
    }

    /** The nodes, by id, of the first pool that has room for all replicas; none if no pool has. */
    private List<NodeOffer> poolThatFits(Demand demand) {
        TreeMap<String, List<NodeOffer>> pools = new TreeMap<>();
        for (NodeOffer offer : supply.offers()) {
            if (goesTo(offer, demand)) {
                String pool = switch (demand.latitude().spread()) {
                    case POOL ->
                        "%s|%s|%s|%s|%020d|%020d|%020d|%s"
                                .formatted(
                                        offer.centreId(),
                                        offer.poolId(),
                                        offer.kind(),
                                        offer.model(),
                                        offer.priceMicroCnyPerDeviceHour(),
                                        offer.priceMicroCnyPerCoreHour(),
                                        offer.priceMicroCnyPerGibHour(),
                                        offer.quantum());
                    case CENTRE -> "%s|%03d".formatted(offer.centreId(), alternative(demand, offer));
                    case MARKET -> "%03d".formatted(alternative(demand, offer));
                };
                pools.computeIfAbsent(pool, p -> new ArrayList<>()).add(offer);
            }
        }
        for (List<NodeOffer> pool : pools.values()) {
            long copies = 0;
            for (NodeOffer offer : pool) {
                copies += copies(supply.free(offer), demand);
            }
            if (copies >= least(demand, alternative(demand, pool.get(0)))) {
                return pool;
            }
        }
        return List.of();
    }

    /** Which of the alternatives the node is of; 0 if there are none. */
    private static int alternative(Demand demand, NodeOffer offer) {
        List<Alternative> alternatives = demand.latitude().alternatives();
        int which = 0;
        while (which < alternatives.size() && !alternatives.get(which).models().contains(offer.model())) {
            which++;
        }
        return which;
    }

    private static int least(Demand demand, int alternative) {
        if (demand.latitude().leastReplicas() > 0) {
            return demand.latitude().leastReplicas();
        }
        return demand.latitude().alternatives().isEmpty()
                ? demand.replicas()
                : demand.latitude().alternatives().get(alternative).replicas();
    }

    private static boolean goesTo(NodeOffer offer, Demand demand) {
        long ask = demand.devices() > 0 ? offer.priceMicroCnyPerDeviceHour() : offer.priceMicroCnyPerCoreHour();
        return offer.status() == NodeStatus.SELLABLE
                && (demand.kind() == null || demand.kind() == offer.kind())
                && (demand.models().isEmpty()
                        ? demand.devices() == 0 || !offer.model().isEmpty()
                        : demand.models().contains(offer.model()))
                && (demand.quantum() == null || demand.suits(offer))
                && demand.maxPriceMicroCnyPerHour() >= ask;
    }

    /** How many replicas fit, one after the other. */
    private static int copies(NaiveSupply.Free free, Demand demand) {
        int copies = 0;
        while (copies < demand.replicas() && takeOne(free, demand)) {
            copies++;
        }
        return copies;
    }

    private static boolean takeOne(NaiveSupply.Free free, Demand demand) {
        free.cpu -= demand.cpuMillicores();
        free.memory -= demand.memoryMib();
        free.gib -= demand.storage().gib();
        free.mibPerSecond -= demand.storage().mibPerSecond();
        int units = 0;
        for (int device = 0; device < free.milli.length && units < demand.devices(); device++) {
            if (free.milli[device] >= demand.milliPerDevice()) {
                free.milli[device] -= demand.milliPerDevice();
                units++;
            }
        }
        return free.cpu >= 0
                && free.memory >= 0
                && (demand.storage().gib() == 0 || free.gib >= 0)
                && (demand.storage().mibPerSecond() == 0 || free.mibPerSecond >= 0)
                && units == demand.devices();
    }

    // Who gives way

    private List<Entry> giveWay(Entry first, long now) {
        long end = now + settings.noticeMillis();
        Demand demand = first.spec.demand();
        if (settings.discipline() != Discipline.FAIR
                || first.until <= end
                || shadow(demand, new ArrayList<>()) <= end) {
            return List.of();
        }
        List<Entry> gone =
                new ArrayList<>(running().stream().filter(e -> e.until <= end).toList());
        List<Entry> candidates = running().stream()
                .filter(e -> e.until > end && e.noticed == 0 && e.spec.preemptible())
                .filter(e -> e.spec.priority().compareTo(first.spec.priority()) < 0)
                .filter(e -> level(e, end) < level(first, now))
                .filter(e -> e.grants.stream().anyMatch(g -> goesTo(requireNonNull(supply.offer(g.nodeId())), demand)))
                .sorted(Comparator.<Entry>comparingLong(e -> Math.max(1, milliDevices(e)) * (end - e.since))
                        .thenComparing(e -> e.spec.priority())
                        .thenComparing(e -> e.id))
                .toList();
        List<Entry> victims = new ArrayList<>();
        for (Entry candidate : candidates) {
            if (!fitsWithout(gone, demand)) {
                gone.add(candidate);
                victims.add(candidate);
            }
        }
        if (!fitsWithout(gone, demand)) {
            return List.of();
        }
        for (Entry victim : victims.reversed()) {
            gone.remove(victim);
            if (!fitsWithout(gone, demand)) {
                gone.add(victim);
            }
        }
        return victims.stream()
                .filter(gone::contains)
                .sorted(Comparator.comparing(e -> e.id))
                .toList();
    }
}
