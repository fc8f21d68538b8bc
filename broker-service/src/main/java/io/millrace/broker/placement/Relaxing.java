package io.millrace.broker.placement;

import io.millrace.broker.placement.Relaxation.What;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongFunction;

/**
 * Looks for the smallest change of one thing under which a demand fits. Every amount is the largest that fits: the search
 * goes by halves, for what fits with an amount fits with less. Where {@link #MOST_NODES} nodes or more
 * suit, it does without looking for less CPU, memory and storage, which take a look at all nodes for every bit of the amount.
 */
final class Relaxing {
    /** Nodes that suit, above which only the changes are looked for that need few looks. */
    static final int MOST_NODES = 20_000;
    /** Other models, and other prices, that are tried: the cheapest ones. */
    private static final int MOST_TRIED = 16;

    private final Supply supply;
    private final Demand demand;
    private final boolean modelsAreNamed;
    private final boolean replicasFollow;

    private final Map<Shelf, Rooms> roomsNow = new HashMap<>();
    private final Map<Shelf, Rooms> roomsEver = new HashMap<>();
    private final List<Relaxation> found = new ArrayList<>();

    /**
     * Changes of this demand.
     *
     * @param modelsAreNamed whether the models are the tenant's own word; if they follow from a need, another would not meet it
     * @param replicasFollow whether how many replicas there are follows from the devices of each: fewer of one are more of the
     *     other then
     */
    Relaxing(Supply supply, Demand demand, boolean modelsAreNamed, boolean replicasFollow) {
        this.supply = supply;
        this.modelsAreNamed = modelsAreNamed;
        this.replicasFollow = replicasFollow;
        // Of one that leaves something open, its first alternative at the least that will do.
        this.demand = demand.atLeast(0);
    }

    List<Relaxation> search(Misfit.Cause cause) {
        switch (cause) {
            case NO_CAPACITY -> {
                less(true);
                others(true);
            }
            case NEVER_FITS -> {
                less(false);
                others(true);
            }
            case NO_SUCH_MODEL, PRICE_TOO_LOW -> others(true);
        }
        // What would fit with nothing running as it was asked needs no other model or price for that: it needs time.
        if (found.isEmpty() && cause != Misfit.Cause.NO_CAPACITY) {
            others(false);
        }
        found.sort(Relaxation.SMALLEST_FIRST);
        return found;
    }

    private boolean fits(Demand changed, boolean now) {
        if (now && changed.replicas() == 1) {
            return supply.fitsSomewhere(changed);
        }
        for (List<Shelf> domain : supply.domains(changed.latitude().spread())) {
            long copies = 0;
            for (Shelf shelf : domain) {
                copies += shelf.traits.suit(changed) ? rooms(shelf, now).copies(changed) : 0;
            }
            if (copies >= changed.replicas()) {
                return true;
            }
        }
        return false;
    }

    private Rooms rooms(Shelf shelf, boolean now) {
        return (now ? roomsNow : roomsEver).computeIfAbsent(shelf, s -> Rooms.of(s, now));
    }

    // Less of something

    private void less(boolean now) {
        if (replicasFollow) {
            lessBeside(now);
            return;
        }
        if (demand.sharesDevice()) {
            less(What.SHARE, 1, demand.milliPerDevice(), now, milli -> demand.withDevices(1, (int) milli));
        } else if (demand.devices() > 1) {
            less(What.DEVICES, 1, demand.devices(), now, count -> demand.withDevices((int) count, 1_000));
        }
        less(
                What.REPLICAS,
                1,
                demand.replicas(),
                now,
                count -> demand.fixed((int) count, demand.latitude().spread()));
        lessBeside(now);
    }

    /** Of what is asked beside devices. */
    private void lessBeside(boolean now) {
        if (supply.nodesThatSuit(demand) < MOST_NODES) {
            less(What.CPU, demand.devices() == 0 ? 1 : 0, demand.cpuMillicores(), now, demand::withCpu);
            less(What.MEMORY, 0, demand.memoryMib(), now, demand::withMemory);
            Storage storage = demand.storage();
            less(
                    What.STORAGE,
                    0,
                    storage.gib(),
                    now,
                    gib -> demand.withStorage(Storage.of(gib, storage.mibPerSecond())));
            less(
                    What.STORAGE_BANDWIDTH,
                    0,
                    storage.mibPerSecond(),
                    now,
                    speed -> demand.withStorage(Storage.of(storage.gib(), speed)));
        }
    }

    private void less(What what, long least, long asked, boolean now, LongFunction<Demand> changed) {
        Relaxation.largest(least, asked, amount -> fits(changed.apply(amount), now))
                .ifPresent(most ->
                        found.add(Relaxation.less(what, asked, most, now || fits(changed.apply(most), true))));
    }

    // Something else

    private void others(boolean now) {
        if (modelsAreNamed && !demand.models().isEmpty()) {
            otherModels(now);
        }
        if (demand.kind() != null) {
            otherKinds(now);
        }
        if (demand.maxPriceMicroCnyPerHour() < Long.MAX_VALUE) {
            higherPrice(now);
        }
    }

    private void otherModels(boolean now) {
        TreeMap<String, Long> asks = new TreeMap<>();
        for (Shelf shelf : supply.shelves()) {
            Shelf.Traits traits = shelf.traits;
            if (traits.kindMatches(demand)
                    && !traits.modelMatches(demand)
                    && traits.priceMatches(demand)
                    && !traits.model().isEmpty()) {
                asks.merge(traits.model(), traits.askFor(demand), Math::min);
            }
        }
        asks.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .limit(MOST_TRIED)
                .filter(model -> fits(demand.withModel(model.getKey()), now))
                .forEach(model ->
                        found.add(new Relaxation(What.MODEL, model.getKey(), 0, now, Relaxation.ANOTHER_MODEL)));
    }

    private void otherKinds(boolean now) {
        for (Kind kind : Kind.values()) {
            if (kind != demand.kind() && fits(demand.withKind(kind), now)) {
                found.add(new Relaxation(What.KIND, kind.name(), 0, now, Relaxation.ANOTHER_KIND));
            }
        }
    }

    private void higherPrice(boolean now) {
        TreeSet<Long> asks = new TreeSet<>();
        for (Shelf shelf : supply.shelves()) {
            Shelf.Traits traits = shelf.traits;
            if (traits.kindMatches(demand) && traits.modelMatches(demand) && !traits.priceMatches(demand)) {
                asks.add(traits.askFor(demand));
            }
        }
        long highest = demand.maxPriceMicroCnyPerHour();
        asks.stream()
                .limit(MOST_TRIED)
                .filter(ask -> fits(demand.withMaxPrice(ask), now))
                .findFirst()
                .ifPresent(ask ->
                        found.add(new Relaxation(What.PRICE, "", ask, now, Relaxation.permille(ask - highest, ask))));
    }
}
