package io.millrace.broker.queue;

import io.millrace.broker.placement.Demand;
import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.IntVector;
import io.millrace.broker.placement.NodeOffer;
import io.millrace.broker.placement.Spread;
import io.millrace.broker.placement.Storage;
import io.millrace.broker.placement.SuppliedNode;
import io.millrace.broker.placement.Supply;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What would be free for one demand if some of what runs had ended. Works on copies of the nodes that are touched; for a
 * demand of one replica, which fits nowhere now, the others do not count.
 */
final class Outlook {
    private static final int WHOLE = 1000;

    private final Supply supply;
    private final Demand demand;
    private final Rooms rooms;
    private final TreeMap<PoolKey, Pool> pools = new TreeMap<>(PoolKey.ORDER);
    private int poolsThatFit;

    /** What replicas of one demand must have in common. */
    private record PoolKey(
            String centreId,
            String poolId,
            String kind,
            String model,
            long devicePrice,
            long corePrice,
            long storagePrice,
            int alternative,
            String quantum) {
        static final Comparator<PoolKey> ORDER = Comparator.comparing(PoolKey::centreId)
                .thenComparing(PoolKey::poolId)
                .thenComparing(PoolKey::kind)
                .thenComparing(PoolKey::model)
                .thenComparingLong(PoolKey::devicePrice)
                .thenComparingLong(PoolKey::corePrice)
                .thenComparingLong(PoolKey::storagePrice)
                .thenComparingInt(PoolKey::alternative)
                .thenComparing(PoolKey::quantum);

        static PoolKey of(NodeOffer offer, Spread spread, int alternative) {
            return switch (spread) {
                case POOL ->
                    new PoolKey(
                            offer.centreId(),
                            offer.poolId(),
                            offer.kind().name(),
                            offer.model(),
                            offer.priceMicroCnyPerDeviceHour(),
                            offer.priceMicroCnyPerCoreHour(),
                            offer.priceMicroCnyPerGibHour(),
                            alternative,
                            offer.quantum() == null ? "" : offer.quantum().toString());
                case CENTRE -> new PoolKey(offer.centreId(), "", "", "", 0, 0, 0, alternative, "");
                case MARKET -> new PoolKey("", "", "", "", 0, 0, 0, alternative, "");
            };
        }
    }

    /** Replicas that a pool, or as far as they may be spread, has room for. */
    private static final class Pool {
        private final int wanted;
        private final List<Room> rooms = new ArrayList<>();
        private long copies;

        Pool(int wanted) {
            this.wanted = wanted;
        }

        boolean fits() {
            return copies >= wanted;
        }
    }

    /** What is free on a node. */
    private static final class Room {
        private final SuppliedNode node;
        /** Where it counts, since it had room for the first time. */
        private @Nullable Pool pool;

        private final int[] milli;
        private long cpuMillicores;
        private long memoryMib;
        private Storage storage;
        private long copies;

        Room(SuppliedNode node) {
            this.node = node;
            this.milli = new int[node.devices()];
            for (int device = 0; device < milli.length; device++) {
                milli[device] = node.freeMilli(device);
            }
            this.cpuMillicores = node.freeCpuMillicores();
            this.memoryMib = node.freeMemoryMib();
            this.storage = node.freeStorage();
        }

        void add(Grant grant, int sign) {
            cpuMillicores += sign * grant.cpuMillicores();
            memoryMib += sign * grant.memoryMib();
            storage = storage.plus(grant.storage().times(sign));
            IntVector devices = grant.deviceIndexes();
            for (int i = 0; i < devices.size(); i++) {
                milli[devices.get(i)] += sign * grant.milliPerDevice();
            }
        }

        long copiesOf(Demand demand) {
            long most = Integer.MAX_VALUE;
            if (demand.cpuMillicores() > 0) {
                most = Math.min(most, cpuMillicores / demand.cpuMillicores());
            }
            if (demand.memoryMib() > 0) {
                most = Math.min(most, memoryMib / demand.memoryMib());
            }
            most = storage.copiesOf(demand.storage(), most);
            if (demand.devices() > 0 && most > 0) {
                long units = 0;
                for (int free : milli) {
                    units += demand.sharesDevice() ? Math.max(0, free) / demand.milliPerDevice() : free / WHOLE;
                }
                most = Math.min(most, units / demand.devices());
            }
            return Math.max(0, most);
        }
    }

    /** The rooms of a few nodes out of very many, by {@link SuppliedNode#number}: in pages, made when they are needed. */
    private static final class Rooms {
        private static final int PAGE_BITS = 7;
        private static final int IN_PAGE = (1 << PAGE_BITS) - 1;

        private final @Nullable Page[] pages;

        private static final class Page {
            private final @Nullable Room[] rooms = new Room[1 << PAGE_BITS];
            private final boolean[] isKnown = new boolean[1 << PAGE_BITS];
        }

        Rooms(int nodes) {
            pages = new Page[(nodes >> PAGE_BITS) + 1];
        }

        boolean isKnown(SuppliedNode node) {
            Page page = pages[node.number() >> PAGE_BITS];
            return page != null && page.isKnown[node.number() & IN_PAGE];
        }

        /** Null where nobody has looked yet, or where the demand does not go. */
        @Nullable Room get(SuppliedNode node) {
            Page page = pages[node.number() >> PAGE_BITS];
            return page == null ? null : page.rooms[node.number() & IN_PAGE];
        }

        void put(SuppliedNode node, @Nullable Room room) {
            Page page = pages[node.number() >> PAGE_BITS];
            if (page == null) {
                page = new Page();
                pages[node.number() >> PAGE_BITS] = page;
            }
            page.rooms[node.number() & IN_PAGE] = room;
            page.isKnown[node.number() & IN_PAGE] = true;
        }
    }

    /** As it is now. */
    Outlook(Supply supply, Demand demand) {
        this.supply = supply;
        this.demand = demand;
        this.rooms = new Rooms(supply.nodeNumbers());
        if (demand.replicas() > 1) {
            supply.nodes().forEach(this::look);
        }
    }

    /** As it would be if nothing ran. */
    static boolean fitsWhenAllIsFree(Supply supply, Demand demand) {
        Outlook outlook = new Outlook(supply, demand);
        for (SuppliedNode node : supply.nodes()) {
            Room room = outlook.room(node);
            if (room != null) {
                IntVector sellable = node.offer().deviceSellableMilli();
                for (int device = 0; device < room.milli.length; device++) {
                    room.milli[device] = device < sellable.size() ? sellable.get(device) : 0;
                }
                room.cpuMillicores = node.offer().cpuSellableMillicores();
                room.memoryMib = node.offer().memorySellableMib();
                room.storage = node.offer().storageSellable();
                outlook.count(room);
            }
            if (outlook.fits()) {
                return true;
            }
        }
        return false;
    }

    /** The copy of the node; null if the demand does not go there, whatever is free. */
    private @Nullable Room room(Grant grant) {
        SuppliedNode node = supply.node(grant.nodeId());
        return node == null ? null : room(node);
    }

    private @Nullable Room room(SuppliedNode node) {
        return rooms.isKnown(node) ? rooms.get(node) : look(node);
    }

    private @Nullable Room look(SuppliedNode node) {
        if (!node.isOpen() || !suits(node.offer(), demand)) {
            rooms.put(node, null);
            return null;
        }
        Room room = new Room(node);
        rooms.put(node, room);
        count(room);
        return room;
    }

    private Pool poolOf(NodeOffer offer) {
        int alternative = demand.alternativeOf(offer.model());
        return pools.computeIfAbsent(
                PoolKey.of(offer, demand.latitude().spread(), alternative),
                key -> new Pool(demand.leastReplicasOf(alternative)));
    }

    /** True if nodes with this offer are of the kind, model and price that the demand asks. */
    static boolean suits(NodeOffer offer, Demand demand) {
        return demand.suits(offer);
    }

    private void count(Room room) {
        long copies = room.copiesOf(demand);
        Pool pool = room.pool;
        if (pool == null) {
            if (copies == 0) {
                return;
            }
            pool = poolOf(room.node.offer());
            pool.rooms.add(room);
            room.pool = pool;
        }
        boolean fitted = pool.fits();
        pool.copies += copies - room.copies;
        room.copies = copies;
        boolean fits = pool.fits();
        if (fits != fitted) {
            poolsThatFit += fits ? 1 : -1;
        }
    }

    /** What it holds becomes free. */
    void release(Job running) {
        change(running, 1);
    }

    /** What it holds is taken again. */
    void hold(Job running) {
        change(running, -1);
    }

    private void change(Job running, int sign) {
        for (Grant grant : running.grants()) {
            Room room = room(grant);
            if (room != null) {
                room.add(grant, sign);
                count(room);
            }
        }
    }

    /** True if the demand fits. */
    boolean fits() {
        return poolsThatFit > 0;
    }

    /** True if anything of this job's is where the demand could go. */
    boolean concerns(Job running) {
        for (Grant grant : running.grants()) {
            if (room(grant) != null) {
                return true;
            }
        }
        return false;
    }

    /**
     * Of what is free already, what must stay free so that the demand fits when the rest is: in the first pool that has
     * room, on its nodes by id, on the devices of which least is free now.
     */
    List<Grant> toKeep() {
        for (Pool pool : pools.values()) {
            if (pool.fits()) {
                List<Grant> kept = new ArrayList<>();
                pool.rooms.sort(Comparator.comparing(room -> room.node.id()));
                long left = pool.wanted;
                for (Room room : pool.rooms) {
                    long here = Math.min(left, room.copies);
                    if (here > 0) {
                        keep(room, here, kept);
                        left -= here;
                    }
                }
                return kept;
            }
        }
        return List.of();
    }

    private void keep(Room room, long replicas, List<Grant> kept) {
        SuppliedNode node = room.node;
        long cpu = toKeep(replicas * demand.cpuMillicores(), room.cpuMillicores, node.freeCpuMillicores());
        long memory = toKeep(replicas * demand.memoryMib(), room.memoryMib, node.freeMemoryMib());
        Storage storage = demand.storage()
                .times(replicas)
                .minus(room.storage.minus(node.freeStorage()))
                .orNothing();
        if (cpu > 0 || memory > 0 || !storage.isNone()) {
            kept.add(phantom(node, IntVector.of(), 0, cpu, memory, storage));
        }
        int[] left = room.milli.clone();
        for (long unit = 0; unit < replicas * demand.devices(); unit++) {
            int device = leastFreeNow(node, left, demand.milliPerDevice());
            left[device] -= demand.milliPerDevice();
        }
        for (int device = 0; device < left.length; device++) {
            int planned = room.milli[device] - left[device];
            int milli = (int) toKeep(planned, room.milli[device], node.freeMilli(device));
            if (milli > 0) {
                kept.add(phantom(node, IntVector.of(device), milli, 0, 0, Storage.NONE));
            }
        }
    }

    private static int leastFreeNow(SuppliedNode node, int[] left, int milli) {
        int best = -1;
        for (int device = 0; device < left.length; device++) {
            if (left[device] >= milli && (best < 0 || node.freeMilli(device) < node.freeMilli(best))) {
                best = device;
            }
        }
        return best;
    }

    /** What is planned, less what comes free until then. */
    private static long toKeep(long planned, long freeThen, long freeNow) {
        return Math.max(0, planned - (freeThen - freeNow));
    }

    private static Grant phantom(
            SuppliedNode node, IntVector devices, int milli, long cpu, long memory, Storage storage) {
        NodeOffer offer = node.offer();
        return new Grant(node.id(), offer.centreId(), offer.model(), 0, devices, milli, cpu, memory, 0, 0, storage);
    }
}
