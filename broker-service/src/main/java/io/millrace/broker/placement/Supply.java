package io.millrace.broker.placement;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a market has to sell and what of it is taken. Changed by three operations only: {@link #put}, {@link #take} and
 * {@link #give}. Its content is a function of the offers and of the grants that run, so it is rebuilt from these after
 * a restart.
 */
public final class Supply {
    private static final Comparator<Shelf.Traits> SHELF_ORDER = Comparator.comparing(Shelf.Traits::centreId)
            .thenComparing(Shelf.Traits::poolId)
            .thenComparing(Shelf.Traits::kind)
            .thenComparing(Shelf.Traits::model)
            .thenComparingLong(Shelf.Traits::priceMicroCnyPerDeviceHour)
            .thenComparingLong(Shelf.Traits::priceMicroCnyPerCoreHour)
            .thenComparingLong(Shelf.Traits::priceMicroCnyPerGibHour)
            .thenComparing(Shelf.Traits::quantum, Comparator.nullsFirst(Quantum.ORDER));

    private final Map<String, SuppliedNode> nodes = new HashMap<>();
    private final NodeOrder order = new NodeOrder();
    /** Those in use: who goes by them keeps an array. */
    private final BitSet nodeNumbers = new BitSet();

    private final TreeMap<Shelf.Traits, Shelf> shelves = new TreeMap<>(SHELF_ORDER);
    /** The same shelves, for every decision goes through them. */
    private List<Shelf> shelvesInOrder = List.of();
    /** They again, by how far apart replicas may be; worked out when it is asked. */
    private final Map<Spread, List<List<Shelf>>> domains = new EnumMap<>(Spread.class);

    /** Those in use: who goes by them keeps an array. */
    private final BitSet shelfNumbers = new BitSet();

    private long shelfChanges;
    private long moves;
    private long takenHash;
    private Forecast forecast = Forecast.NONE;
    private @Nullable Ranking ranking;

    /** A thousandth of price times quantity, rounded down, without overflow. */
    static long perThousand(long price, long milli) {
        long high = Math.multiplyHigh(price, milli);
        long low = price * milli;
        if (high == 0 && low >= 0) {
            return low / 1000;
        }
        return java.math.BigInteger.valueOf(price)
                .multiply(java.math.BigInteger.valueOf(milli))
                .divide(java.math.BigInteger.valueOf(1000))
                .longValueExact();
    }

    /** Puts a node's offer on record, in place of an earlier one. What is granted on the node stays granted. */
    public SuppliedNode put(NodeOffer offer) {
        SuppliedNode node = nodes.get(offer.nodeId());
        if (node == null) {
            node = new SuppliedNode(nodeNumbers.nextClearBit(0), offer);
            nodeNumbers.set(node.number());
            nodes.put(offer.nodeId(), node);
            if (order.add(node)) {
                renumbered();
            }
            shelve(node);
        } else if (node.offer().traits().equals(offer.traits())) {
            if (!Shelf.Size.of(node.offer()).equals(Shelf.Size.of(offer))) {
                node.shelf().resized();
            }
            node.offer(offer);
            refreshed(node);
        } else {
            unshelve(node);
            node.offer(offer);
            shelve(node);
        }
        return node;
    }

    /**
     * Forgets a node.
     *
     * @throws IllegalStateException if it is not there, takes new work, or has something granted on it
     */
    public void remove(String nodeId) {
        SuppliedNode node = nodes.get(nodeId);
        if (node == null || node.isOpen() || !node.isIdle()) {
            throw new IllegalStateException("the node " + nodeId + " cannot be forgotten: it is not there, or in use");
        }
        unshelve(node);
        moves++;
        if (ranking != null) {
            ranking.changed(node);
        }
        order.remove(node);
        nodes.remove(nodeId);
        nodeNumbers.clear(node.number());
    }

    private void unshelve(SuppliedNode node) {
        Shelf old = node.shelf();
        old.remove(node);
        if (old.size() == 0) {
            shelves.remove(old.traits);
            shelfNumbers.clear(old.number);
            shelvesChanged();
        }
    }

    private void renumbered() {
        shelvesInOrder.forEach(Shelf::renumbered);
        if (ranking != null) {
            ranking.startOver();
        }
    }

    private void shelve(SuppliedNode node) {
        Shelf shelf = shelves.get(node.offer().traits());
        if (shelf == null) {
            int number = shelfNumbers.nextClearBit(0);
            shelfNumbers.set(number);
            shelf = new Shelf(node.offer().traits(), number);
            shelves.put(shelf.traits, shelf);
            shelvesChanged();
        }
        moves++;
        node.shelf = shelf;
        shelf.add(node);
        if (ranking != null) {
            ranking.changed(node);
        }
    }

    private void shelvesChanged() {
        shelvesInOrder = List.copyOf(shelves.values());
        domains.clear();
        shelfChanges++;
    }

    /** Takes what is granted off what is free. */
    public SuppliedNode take(Grant grant) {
        return change(grant, 1);
    }

    /** Gives back what was granted. */
    public SuppliedNode give(Grant grant) {
        return change(grant, -1);
    }

    private SuppliedNode change(Grant grant, int sign) {
        SuppliedNode node = nodes.get(grant.nodeId());
        if (node == null) {
            throw new IllegalStateException("a grant names the node " + grant.nodeId() + ", which nobody offered");
        }
        node.take(grant, sign);
        long hash = grant.cpuMillicores() * 0x9E3779B97F4A7C15L + grant.memoryMib();
        Storage storage = grant.storage();
        if (!storage.isNone()) {
            hash += (storage.gib() * 0x94D049BB133111EBL + storage.mibPerSecond()) * 0x9E3779B97F4A7C15L;
        }
        takenHash += sign * (hash * 0xBF58476D1CE4E5B9L + grant.milliDevices());
        refreshed(node);
        return node;
    }

    private void refreshed(SuppliedNode node) {
        node.shelf().refresh(node);
        if (ranking != null) {
            ranking.changed(node);
        }
    }

    /** Follows from all that is granted now, in whatever order it was, and differs with it. */
    long takenHash() {
        return takenHash;
    }

    /** What is expected to be asked. */
    public Forecast forecast() {
        return forecast;
    }

    /** From now on, this is expected. */
    public void forecast(Forecast next) {
        forecast = next;
        if (ranking != null) {
            ranking.expire();
        }
    }

    /** Where the loss of this objective rises least. */
    Ranking ranking(Objective objective) {
        Ranking known = ranking;
        if (known == null || !known.objective.equals(objective)) {
            known = new Ranking(objective, this);
            ranking = known;
        }
        return known;
    }

    /** Counts shelves that came and went. */
    long shelfChanges() {
        return shelfChanges;
    }

    /** Counts nodes that came to a shelf. */
    long moves() {
        return moves;
    }

    /** More than the number of any shelf. */
    int shelfNumbers() {
        return shelfNumbers.length();
    }

    /** The highest ask that the demand accepts: prices between two asks are the same to it. */
    long highestAskUpTo(Demand demand) {
        if (demand.maxPriceMicroCnyPerHour() == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        long highest = -1;
        for (Shelf shelf : shelvesInOrder) {
            long ask = shelf.traits.askFor(demand);
            if (ask <= demand.maxPriceMicroCnyPerHour()) {
                highest = Math.max(highest, ask);
            }
        }
        return highest;
    }

    /** The node with this id, or null. */
    public @Nullable SuppliedNode node(String nodeId) {
        return nodes.get(nodeId);
    }

    /** All nodes, in no order: whoever lets an order reach a result sorts. */
    public Collection<SuppliedNode> nodes() {
        return Collections.unmodifiableCollection(nodes.values());
    }

    /** How many nodes there are, lost ones among them. */
    public int size() {
        return nodes.size();
    }

    /** More than the number of any node. */
    public int nodeNumbers() {
        return nodeNumbers.length();
    }

    /** How many nodes are of the kind, model and price that the demand asks. */
    int nodesThatSuit(Demand demand) {
        int nodes = 0;
        for (Shelf shelf : shelvesInOrder) {
            nodes += shelf.traits.suit(demand) ? shelf.size() : 0;
        }
        return nodes;
    }

    /** True if a replica of the demand fits on this node now, also by kind, model and price. */
    public boolean fits(SuppliedNode node, Demand demand) {
        Shelf shelf = node.shelf();
        return shelf.traits.suit(demand) && shelf.fits(node.slot, demand);
    }

    /** True if there is room for a replica of the demand on some node now: shelves know that without a look at all nodes. */
    public boolean fitsSomewhere(Demand demand) {
        for (Shelf shelf : shelvesInOrder) {
            if (shelf.traits.suit(demand) && shelf.fitsSomewhere(demand)) {
                return true;
            }
        }
        return false;
    }

    /** The shelves in groups: replicas so far apart may be on all shelves of a group. Groups and shelves in a fixed order. */
    List<List<Shelf>> domains(Spread spread) {
        return domains.computeIfAbsent(spread, this::group);
    }

    private List<List<Shelf>> group(Spread spread) {
        return switch (spread) {
            case POOL -> shelvesInOrder.stream().map(List::of).toList();
            case CENTRE -> {
                TreeMap<String, List<Shelf>> byCentre = new TreeMap<>();
                for (Shelf shelf : shelvesInOrder) {
                    byCentre.computeIfAbsent(shelf.traits.centreId(), id -> new ArrayList<>())
                            .add(shelf);
                }
                yield List.copyOf(byCentre.values());
            }
            case MARKET -> List.of(shelvesInOrder);
        };
    }

    /** The shelves in a fixed order. */
    List<Shelf> shelves() {
        return shelvesInOrder;
    }
}
