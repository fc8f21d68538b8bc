package io.millrace.broker.placement;

import io.millrace.broker.placement.NodeOffer.NodeStatus;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The simple equivalent of {@link Supply} with {@link BestFit}: two lists, and everything worked out anew for every
 * question by trying it. Shares nothing with them but records.
 */
public final class NaiveSupply {
    private static final int MOST_DEVICES = 16;
    private static final Comparator<Free> BETTER = Comparator.comparingInt(Free::freeMilli)
            .thenComparingLong(free -> free.cpu)
            .thenComparing(free -> free.offer.nodeId());

    private final List<NodeOffer> offers = new ArrayList<>();
    private final List<Grant> grants = new ArrayList<>();

    /** What of a node is free, and what a replica tried on it has taken. */
    public static final class Free {
        public final NodeOffer offer;
        public long cpu;
        public long memory;
        public long gib;
        public long mibPerSecond;
        public final int[] milli;

        Free(NodeOffer offer) {
            this.offer = offer;
            this.cpu = offer.cpuSellableMillicores();
            this.memory = offer.memorySellableMib();
            this.gib = offer.storageSellable().gib();
            this.mibPerSecond = offer.storageSellable().mibPerSecond();
            // Long enough for grants on devices that are gone.
            this.milli = Arrays.copyOf(offer.deviceSellableMilli().toArray(), MOST_DEVICES);
        }

        /** Free parts of devices that are not oversold. */
        int freeMilli() {
            int sum = 0;
            for (int free : milli) {
                sum += Math.max(0, free);
            }
            return sum;
        }

        int wholeDevices() {
            int whole = 0;
            for (int free : milli) {
                whole += free == 1000 ? 1 : 0;
            }
            return whole;
        }

        int largestMilli() {
            int largest = 0;
            for (int free : milli) {
                largest = Math.max(largest, free);
            }
            return largest;
        }

        boolean devicesFit(Demand demand) {
            boolean shares = demand.devices() == 1 && demand.milliPerDevice() < 1000;
            return shares ? largestMilli() >= demand.milliPerDevice() : wholeDevices() >= demand.devices();
        }

        boolean fits(Demand demand) {
            return offer.status() == NodeStatus.SELLABLE
                    && devicesFit(demand)
                    && cpu >= demand.cpuMillicores()
                    && memory >= demand.memoryMib()
                    && storageFits(demand);
        }

        boolean storageFits(Demand demand) {
            long wantedGib = demand.storage().gib();
            long wantedSpeed = demand.storage().mibPerSecond();
            return (wantedGib == 0 || gib >= wantedGib) && (wantedSpeed == 0 || mibPerSecond >= wantedSpeed);
        }

        /** Takes one replica, and says on which devices. */
        List<Integer> takeOne(Demand demand) {
            List<Integer> devices = new ArrayList<>();
            for (int i = 0; i < demand.devices(); i++) {
                int device = tightest(demand.milliPerDevice());
                milli[device] -= demand.milliPerDevice();
                devices.add(device);
            }
            cpu -= demand.cpuMillicores();
            memory -= demand.memoryMib();
            gib -= demand.storage().gib();
            mibPerSecond -= demand.storage().mibPerSecond();
            return devices;
        }

        private int tightest(int wanted) {
            int best = -1;
            for (int device = 0; device < milli.length; device++) {
                if (milli[device] >= wanted && (best < 0 || milli[device] < milli[best])) {
                    best = device;
                }
            }
            return best;
        }
    }

    public void put(NodeOffer offer) {
        offers.removeIf(old -> old.nodeId().equals(offer.nodeId()));
        offers.add(offer);
        offers.sort(Comparator.comparing(NodeOffer::nodeId));
    }

    /** Forgets the lost nodes that were measured last before this time; true if there were any. */
    public boolean forgetLost(long observedBeforeMillis) {
        return offers.removeIf(offer ->
                offer.status() == NodeOffer.NodeStatus.LOST && offer.observedAtMillis() < observedBeforeMillis);
    }

    public void take(List<Grant> taken) {
        grants.addAll(taken);
    }

    public void give(List<Grant> given) {
        given.forEach(grants::remove);
    }

    public @Nullable NodeOffer offer(String nodeId) {
        return offers.stream()
                .filter(offer -> offer.nodeId().equals(nodeId))
                .findFirst()
                .orElse(null);
    }

    public List<NodeOffer> offers() {
        return offers;
    }

    /** What is free on this node when all that is granted on it is taken off. */
    public Free free(NodeOffer offer) {
        Free free = new Free(offer);
        for (Grant grant : grants) {
            if (grant.nodeId().equals(offer.nodeId())) {
                free.cpu -= grant.cpuMillicores();
                free.memory -= grant.memoryMib();
                free.gib -= grant.storage().gib();
                free.mibPerSecond -= grant.storage().mibPerSecond();
                for (int device : grant.deviceIndexes().toArray()) {
                    free.milli[device] -= grant.milliPerDevice();
                }
            }
        }
        return free;
    }

    /** The grants of the best fit; null if there is none. What the demand leaves open is tried, the best first. */
    public @Nullable List<Grant> place(Demand demand) {
        for (Demand alternative : alternatives(demand)) {
            int least = demand.latitude().leastReplicas() == 0
                    ? alternative.replicas()
                    : demand.latitude().leastReplicas();
            for (int replicas = alternative.replicas(); replicas >= least; replicas--) {
                for (Spread spread : Spread.values()) {
                    Demand tried = fixed(alternative, alternative.models(), replicas);
                    List<Grant> grants = replicas == 1 ? placeOne(tried) : placeGang(tried, spread);
                    if (grants != null) {
                        return grants;
                    }
                    if (spread == demand.latitude().spread()) {
                        break;
                    }
                }
            }
        }
        return null;
    }

    /** The demand once for each of its alternatives, in their order. */
    private static List<Demand> alternatives(Demand demand) {
        List<Demand> alternatives = new ArrayList<>();
        for (Alternative alternative : demand.latitude().alternatives()) {
            alternatives.add(fixed(demand, alternative.models(), alternative.replicas()));
        }
        return alternatives.isEmpty() ? List.of(demand) : alternatives;
    }

    private static Demand fixed(Demand demand, List<String> models, int replicas) {
        return new Demand(
                demand.kind(),
                models,
                replicas,
                demand.devices(),
                demand.milliPerDevice(),
                demand.cpuMillicores(),
                demand.memoryMib(),
                demand.maxPriceMicroCnyPerHour(),
                Latitude.NONE,
                demand.quantum(),
                demand.storage());
    }

    private @Nullable List<Grant> placeOne(Demand demand) {
        Free best = null;
        for (NodeOffer offer : offers) {
            if (suits(offer, demand)) {
                Free free = free(offer);
                if (free.fits(demand) && (best == null || BETTER.compare(free, best) < 0)) {
                    best = free;
                }
            }
        }
        return best == null ? null : List.of(fill(best, demand, 1));
    }

    private @Nullable List<Grant> placeGang(Demand demand, Spread spread) {
        List<Grant> best = null;
        int bestRoom = Integer.MAX_VALUE;
        for (NodeOffer poolOf : onePerPool()) {
            List<Free> nodes = new ArrayList<>();
            int room = 0;
            for (NodeOffer offer : offers) {
                if (isNear(offer, poolOf, spread)
                        && suits(offer, demand)
                        && free(offer).fits(demand)) {
                    nodes.add(free(offer));
                    room += copies(free(offer), demand);
                }
            }
            if (room >= demand.replicas() && room < bestRoom) {
                bestRoom = room;
                best = fillAll(nodes, demand);
            }
        }
        return best;
    }

    private static boolean isNear(NodeOffer a, NodeOffer b, Spread spread) {
        return switch (spread) {
            case POOL -> samePool(a, b);
            case CENTRE -> a.centreId().equals(b.centreId());
            case MARKET -> true;
        };
    }

    private static List<Grant> fillAll(List<Free> nodes, Demand demand) {
        nodes.sort(BETTER);
        List<Grant> filled = new ArrayList<>();
        int left = demand.replicas();
        for (Free node : nodes) {
            if (left > 0) {
                Grant grant = fill(node, demand, left);
                filled.add(grant);
                left -= grant.replicas();
            }
        }
        filled.sort(Comparator.comparing(Grant::nodeId));
        return filled;
    }

    /** How many replicas fit, though there be more than are asked. */
    private static int copies(Free free, Demand demand) {
        int copies = 0;
        while (free.fits(demand)) {
            free.takeOne(demand);
            copies++;
        }
        return copies;
    }

    /** Puts replicas on a node until none fits or enough do. */
    private static Grant fill(Free free, Demand demand, int most) {
        List<Integer> devices = new ArrayList<>();
        int replicas = 0;
        while (replicas < most && free.fits(demand)) {
            devices.addAll(free.takeOne(demand));
            replicas++;
        }
        devices.sort(null);
        NodeOffer offer = free.offer;
        long milli = demand.devices() > 0
                ? (long) devices.size() * demand.milliPerDevice()
                : demand.cpuMillicores() * replicas;
        return new Grant(
                offer.nodeId(),
                offer.centreId(),
                offer.model(),
                replicas,
                IntVector.copyOf(devices),
                demand.devices() > 0 ? demand.milliPerDevice() : 0,
                demand.cpuMillicores() * replicas,
                demand.memoryMib() * replicas,
                BigInteger.valueOf(ask(offer, demand))
                        .multiply(BigInteger.valueOf(milli))
                        .divide(BigInteger.valueOf(1000))
                        .add(BigInteger.valueOf(offer.priceMicroCnyPerGibHour())
                                .multiply(BigInteger.valueOf(demand.storage().gib()))
                                .multiply(BigInteger.valueOf(replicas)))
                        .longValueExact(),
                demand.quantum() == null
                        ? 0
                        : Objects.requireNonNull(offer.quantum()).shotsPerHour(),
                new Storage(demand.storage().gib() * replicas, demand.storage().mibPerSecond() * replicas));
    }

    private List<NodeOffer> onePerPool() {
        List<NodeOffer> pools = new ArrayList<>();
        for (NodeOffer offer : offers) {
            if (pools.stream().noneMatch(pool -> samePool(pool, offer))) {
                pools.add(offer);
            }
        }
        pools.sort(Comparator.comparing(NodeOffer::centreId)
                .thenComparing(NodeOffer::poolId)
                .thenComparing(NodeOffer::kind)
                .thenComparing(NodeOffer::model)
                .thenComparingLong(NodeOffer::priceMicroCnyPerDeviceHour)
                .thenComparingLong(NodeOffer::priceMicroCnyPerCoreHour)
                .thenComparingLong(NodeOffer::priceMicroCnyPerGibHour)
                .thenComparingLong(
                        pool -> pool.quantum() == null ? 0 : pool.quantum().twoQubitFidelityPpm())
                .thenComparingLong(
                        pool -> pool.quantum() == null ? 0 : pool.quantum().shotsPerHour()));
        return pools;
    }

    private static boolean samePool(NodeOffer a, NodeOffer b) {
        return a.centreId().equals(b.centreId())
                && a.poolId().equals(b.poolId())
                && a.kind() == b.kind()
                && a.model().equals(b.model())
                && a.priceMicroCnyPerDeviceHour() == b.priceMicroCnyPerDeviceHour()
                && a.priceMicroCnyPerCoreHour() == b.priceMicroCnyPerCoreHour()
                && a.priceMicroCnyPerGibHour() == b.priceMicroCnyPerGibHour()
                && Objects.equals(a.quantum(), b.quantum());
    }

    private static long ask(NodeOffer offer, Demand demand) {
        return demand.devices() > 0 ? offer.priceMicroCnyPerDeviceHour() : offer.priceMicroCnyPerCoreHour();
    }

    private static boolean suits(NodeOffer offer, Demand demand) {
        return filter(offer, demand).isEmpty();
    }

    private static boolean isEnough(@Nullable Quantum offered, Quantum wanted) {
        return offered != null
                && offered.qubits() >= wanted.qubits()
                && offered.twoQubitFidelityPpm() >= wanted.twoQubitFidelityPpm()
                && offered.shotsPerHour() >= wanted.shotsPerHour();
    }

    /** Which of kind, model (or what a quantum processor is) and price keeps the demand off the node; empty if none does. */
    private static String filter(NodeOffer offer, Demand demand) {
        if (demand.kind() != null && demand.kind() != offer.kind()) {
            return "kind";
        }
        boolean anyModel = demand.models().isEmpty();
        if (anyModel
                ? demand.devices() > 0 && offer.model().isEmpty()
                : !demand.models().contains(offer.model())) {
            return "model";
        }
        if (demand.quantum() != null && !isEnough(offer.quantum(), demand.quantum())) {
            return "model";
        }
        return ask(offer, demand) > demand.maxPriceMicroCnyPerHour() ? "price" : "";
    }

    /** How many nodes a placement looks at that ends with a grant of this model. */
    public int considered(Demand demand, String model) {
        List<String> models = demand.latitude().alternatives().stream()
                .map(Alternative::models)
                .filter(names -> names.contains(model))
                .findFirst()
                .orElse(demand.models());
        Demand placed = fixed(demand, models, 1);
        return (int) offers.stream().filter(offer -> suits(offer, placed)).count();
    }

    /** How many nodes each filter removed, for a demand that does not fit. */
    public List<Misfit.Removed> removed(Demand demand) {
        List<String> filters = List.of("kind", "model", "price", "status", "devices", "cpu", "memory", "storage");
        int[] counts = new int[filters.size()];
        for (NodeOffer offer : offers) {
            String filter = filter(offer, demand);
            Free free = free(offer);
            if (filter.isEmpty()) {
                filter = offer.status() != NodeStatus.SELLABLE
                        ? "status"
                        : !free.devicesFit(demand)
                                ? "devices"
                                : free.cpu < demand.cpuMillicores()
                                        ? "cpu"
                                        : free.memory < demand.memoryMib()
                                                ? "memory"
                                                : !free.storageFits(demand) ? "storage" : "";
            }
            if (!filter.isEmpty()) {
                counts[filters.indexOf(filter)]++;
            }
        }
        List<Misfit.Removed> removed = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                removed.add(new Misfit.Removed(filters.get(i), counts[i]));
            }
        }
        return removed;
    }

    /** What each node that suits and takes new work lacks for one replica; those that lack nothing are not among them. */
    private List<Shortfall.Rejected> lacking(Demand demand) {
        List<Shortfall.Rejected> lacking = new ArrayList<>();
        for (NodeOffer offer : offers) {
            Free free = free(offer);
            if (suits(offer, demand) && offer.status() == NodeStatus.SELLABLE && !free.fits(demand)) {
                long freeMilli = demand.sharesDevice() ? free.largestMilli() : 1000L * free.wholeDevices();
                long gib = demand.storage().gib();
                long speed = demand.storage().mibPerSecond();
                lacking.add(new Shortfall.Rejected(
                        offer.nodeId(),
                        Math.max(0, demand.milliPerReplica() - freeMilli),
                        Math.max(0, demand.cpuMillicores() - free.cpu),
                        Math.max(0, demand.memoryMib() - free.memory),
                        Storage.of(
                                gib == 0 ? 0 : Math.max(0, gib - free.gib),
                                speed == 0 ? 0 : Math.max(0, speed - free.mibPerSecond))));
            }
        }
        return lacking;
    }

    /** The three that lack least. */
    public List<Shortfall.Rejected> rejected(Demand demand) {
        return lacking(demand).stream()
                .sorted(Comparator.<Shortfall.Rejected>comparingLong(
                                node -> permille(node.missingMilliDevices(), demand.milliPerReplica())
                                        + permille(node.missingCpuMillicores(), demand.cpuMillicores())
                                        + permille(node.missingMemoryMib(), demand.memoryMib())
                                        + permille(
                                                node.missingStorage().gib(),
                                                demand.storage().gib())
                                        + permille(
                                                node.missingStorage().mibPerSecond(),
                                                demand.storage().mibPerSecond()))
                        .thenComparing(Shortfall.Rejected::nodeId))
                .limit(3)
                .toList();
    }

    private static long permille(long part, long whole) {
        return Math.round(1000.0 * part / Math.max(1, whole));
    }

    /** How many nodes lack one thing alone, or several. */
    public List<Misfit.Removed> exhausted(Demand demand) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        List.of("devices", "cpu", "memory", "storage", "several").forEach(what -> counts.put(what, 0));
        for (Shortfall.Rejected node : lacking(demand)) {
            List<String> what = new ArrayList<>();
            if (node.missingMilliDevices() > 0) {
                what.add("devices");
            }
            if (node.missingCpuMillicores() > 0) {
                what.add("cpu");
            }
            if (node.missingMemoryMib() > 0) {
                what.add("memory");
            }
            if (!node.missingStorage().isNone()) {
                what.add("storage");
            }
            counts.merge(what.size() == 1 ? what.getFirst() : "several", 1, Integer::sum);
        }
        return counts.entrySet().stream()
                .filter(count -> count.getValue() > 0)
                .map(count -> new Misfit.Removed(count.getKey(), count.getValue()))
                .toList();
    }

    /** Why a demand that does not fit does not. */
    public Misfit.Cause cause(Demand demand) {
        if (offers.stream().allMatch(o -> List.of("kind", "model").contains(filter(o, demand)))) {
            return Misfit.Cause.NO_SUCH_MODEL;
        }
        if (offers.stream().noneMatch(offer -> suits(offer, demand))) {
            return Misfit.Cause.PRICE_TOO_LOW;
        }
        return inOrderAndEmpty().place(demand) == null ? Misfit.Cause.NEVER_FITS : Misfit.Cause.NO_CAPACITY;
    }

    /** The same nodes with every device in order, selling all they have, and nothing granted. */
    NaiveSupply inOrderAndEmpty() {
        NaiveSupply empty = new NaiveSupply();
        offers.forEach(offer -> empty.put(inOrderAndEmpty(offer)));
        return empty;
    }

    private static NodeOffer inOrderAndEmpty(NodeOffer offer) {
        int[] whole = new int[offer.deviceSellableMilli().size()];
        Arrays.fill(whole, 1000);
        return new NodeOffer(
                offer.nodeId(),
                offer.centreId(),
                offer.poolId(),
                offer.kind(),
                offer.model(),
                NodeStatus.SELLABLE,
                offer.cpuTotalMillicores(),
                offer.cpuTotalMillicores(),
                offer.memoryTotalMib(),
                offer.memoryTotalMib(),
                IntVector.of(whole),
                offer.priceMicroCnyPerDeviceHour(),
                offer.priceMicroCnyPerCoreHour(),
                offer.observedAtMillis(),
                offer.sequence(),
                offer.quantum(),
                offer.storageTotal(),
                offer.storageTotal(),
                offer.priceMicroCnyPerGibHour());
    }
}
