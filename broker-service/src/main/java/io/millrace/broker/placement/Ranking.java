package io.millrace.broker.placement;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers where the loss of an {@link Objective} rises least, without looking at every node. A pure cache: what it answers
 * follows from offers, grants and forecast alone, so it is neither persisted nor hashed, and may be thrown away at any
 * time.
 *
 * <p>Nodes in the same state form a {@link NodeClass}. A class never changes, so what a shape does to it is worked out
 * once; nodes move between classes. For every shape that is asked, a {@link ShapeQueue} holds the best classes; it is
 * brought up to date when it is asked, from the log of classes that came to life since. A decision therefore costs by the
 * number of changes and of frequent shapes, not by the number of nodes.
 */
final class Ranking {
    private static final int LOG = 1 << 13;
    private static final int MANY_SHAPES = 1024;
    private static final int MANY_DEVICE_STATES = 1 << 15;
    private static final int LOOK_EVERY = 1 << 10;

    final Objective objective;
    private final Rises rises;
    private final ShapeQueue.Judge exactly = (on, queue) -> rise(on, queue, Long.MAX_VALUE);
    private final Supply supply;
    private Forecast forecast = Forecast.NONE;
    private final List<SuppliedNode> unseen = new ArrayList<>();

    /** By {@link Shelf#number}; shelves of one kind and model have the same. */
    private DeviceTable[] tables = new DeviceTable[0];

    private final Map<Demand, ShapeQueue> queues = new HashMap<>();
    private final Map<Integer, Take> takes = new HashMap<>();

    private int deviceNumbers;
    private long shelvesSeen = -1;
    private boolean stale = true;
    private long asked;

    private final NodeClasses classes = new NodeClasses();

    private final Births born = new Births(LOG);

    Ranking(Objective objective, Supply supply) {
        this.objective = objective;
        this.rises = new Rises(objective);
        this.supply = supply;
    }

    /** The node is no longer as it was. */
    void changed(SuppliedNode node) {
        if (!node.unseen) {
            node.unseen = true;
            unseen.add(node);
        }
    }

    /** All is to be looked at anew: the forecast is another. */
    void expire() {
        stale |= !objective.forecast(supply).expectsAs(forecast);
    }

    Placement place(Demand demand) {
        catchUp();
        return demand.replicas() == 1 ? placeOne(demand) : placeGang(demand);
    }

    private Placement placeOne(Demand demand) {
        ShapeQueue queue = queue(demand);
        NodeClass best = best(queue);
        if (best == null) {
            return Placement.NotPlaced.INSTANCE;
        }
        SuppliedNode node = best.first();
        Grant grant =
                Assignment.grant(node, best.shelf.traits, demand, 1, rises.devicesOn(node, classOf(node), demand, 1));
        return new Placement.Placed(
                List.of(grant),
                queue.nodes,
                List.of(objective.policy(), objective.told(rise(best, queue, Long.MAX_VALUE))));
    }

    private @Nullable NodeClass best(ShapeQueue queue) {
        if (queue.seenBirths < 0 || born.count() - queue.seenBirths > Math.min(LOG, 2L * classes.live())) {
            fill(queue);
        } else {
            born.offerTo(queue, objective);
        }
        NodeClass best = queue.best(exactly);
        if (best == null && !queue.holdsAll()) {
            fill(queue);
            best = queue.best(exactly);
        }
        return best;
    }

    private void fill(ShapeQueue queue) {
        queue.clear(classes.live());
        for (int i = 0; i < classes.live(); i++) {
            NodeClass each = classes.get(i);
            if (queue.suits[each.shelf.number]) {
                queue.offer(each, rise(each, queue, queue.limit()), true);
            }
        }
        queue.seenBirths = born.count();
    }

    /** How far the loss rises there; beyond the limit it need not be exact. */
    private long rise(NodeClass on, ShapeQueue queue, long limit) {
        Demand demand = queue.demand;
        if (!on.fits(demand)) {
            return NodeClass.NO_FIT;
        }
        long rise = on.rise(queue.number);
        if (rise == NodeClass.UNKNOWN) {
            rise = rises.least(on, queue, limit);
            if (rise <= limit) {
                on.rise(queue.number, rise);
            }
        }
        return rise;
    }

    private static NodeClass classOf(SuppliedNode node) {
        NodeClass state = node.nodeClass;
        if (state == null) {
            throw new IllegalStateException("node " + node.id() + " is in no class");
        }
        return state;
    }

    private Placement placeGang(Demand demand) {
        ShapeQueue queue = queue(demand);
        long[] copies = new long[queue.suits.length];
        for (int i = 0; i < classes.live(); i++) {
            NodeClass each = classes.get(i);
            if (queue.suits[each.shelf.number] && each.fits(demand)) {
                copies[each.shelf.number] +=
                        (long) each.size() * Assignment.copies(each.first(), demand, Integer.MAX_VALUE);
            }
        }
        Gang gang = Gang.of(supply, demand, shelf -> copies[shelf.number]);
        if (gang == null) {
            return Placement.NotPlaced.INSTANCE;
        }
        List<Grant> grants = Gang.fill(
                fitting(gang.domain(), queue, demand),
                demand,
                (node, here) -> Assignment.grant(
                        node, node.shelf().traits, demand, here, rises.devicesOn(node, classOf(node), demand, here)));
        return gang.placed(grants, queue.nodes, objective.policy());
    }

    /** Nodes of one state where the demand fits, how far the loss rises there, and how many replicas each holds. */
    private record Fitting(NodeClass nodes, long rise, long copies) {}

    /** Nodes that hold all replicas, first where the loss rises least, then by id. */
    private List<SuppliedNode> fitting(List<Shelf> domain, ShapeQueue queue, Demand demand) {
        boolean[] in = new boolean[queue.suits.length];
        for (Shelf shelf : domain) {
            in[shelf.number] = queue.suits[shelf.number];
        }
        TreeMap<Long, List<Fitting>> byRise = new TreeMap<>();
        for (int i = 0; i < classes.live(); i++) {
            NodeClass each = classes.get(i);
            if (in[each.shelf.number] && each.fits(demand)) {
                Fitting fitting = new Fitting(
                        each,
                        rise(each, queue, Long.MAX_VALUE),
                        Assignment.copies(each.first(), demand, demand.replicas()));
                byRise.computeIfAbsent(fitting.rise(), r -> new ArrayList<>()).add(fitting);
            }
        }
        List<SuppliedNode> nodes = new ArrayList<>();
        long left = demand.replicas();
        for (Iterator<List<Fitting>> least = byRise.values().iterator(); left > 0 && least.hasNext(); ) {
            List<SuppliedNode> equals = new ArrayList<>();
            long held = 0;
            for (Fitting fitting : least.next()) {
                Collection<SuppliedNode> first = fitting.nodes().first(Math.ceilDiv(left, fitting.copies()));
                equals.addAll(first);
                held += fitting.copies() * first.size();
            }
            equals.sort(NodeClass.BY_ID);
            nodes.addAll(equals);
            left -= held;
        }
        return nodes;
    }

    private ShapeQueue queue(Demand demand) {
        Demand shape = demand.isPlain() ? demand : demand.shape(supply.highestAskUpTo(demand));
        ShapeQueue queue = queues.get(shape);
        if (queue == null) {
            if (queues.size() >= MANY_SHAPES) {
                queues.clear();
                classes.forEach(NodeClass::forgetRises);
            }
            Take take = takes.computeIfAbsent(Take.key(shape), key -> new Take(shape));
            queue = new ShapeQueue(shape, queues.size(), take);
            queue.suits = new boolean[supply.shelfNumbers()];
            for (Shelf shelf : supply.shelves()) {
                if (shelf.traits.suit(shape)) {
                    queue.suits[shelf.number] = true;
                }
            }
            queues.put(shape, queue);
        }
        if (queue.nodesAtMoves != supply.moves()) {
            queue.nodesAtMoves = supply.moves();
            queue.nodes = supply.nodesThatSuit(shape);
        }
        return queue;
    }

    private void catchUp() {
        asked++;
        if (stale
                || shelvesSeen != supply.shelfChanges()
                || (asked % LOOK_EVERY == 0 && deviceStates() > MANY_DEVICE_STATES + 2L * classes.live())) {
            lookAgain();
        }
        if (!unseen.isEmpty()) {
            for (SuppliedNode node : unseen) {
                classify(node);
            }
            unseen.clear();
            classes.buryTheDead();
        }
    }

    private int deviceStates() {
        int sum = 0;
        for (Shelf shelf : supply.shelves()) {
            sum += tables[shelf.number].size();
        }
        return sum;
    }

    /** Forgets all that was worked out, and looks again at the next question. */
    void startOver() {
        stale = true;
    }

    private void lookAgain() {
        stale = false;
        shelvesSeen = supply.shelfChanges();
        forecast = objective.forecast(supply);
        tables = new DeviceTable[supply.shelfNumbers()];
        queues.clear();
        takes.clear();
        classes.clear();
        born.clear();
        unseen.clear();
        deviceNumbers = 0;
        Losses losses = objective.under(forecast);
        long[] ofRemainders = losses.ofRemainders();
        Map<String, DeviceTable> byModel = new HashMap<>();
        for (Shelf shelf : supply.shelves()) {
            Shelf.Traits traits = shelf.traits;
            tables[shelf.number] = byModel.computeIfAbsent(
                    traits.kind() + "/" + traits.model(),
                    m -> new DeviceTable(
                            losses, forecast, ofRemainders, () -> deviceNumbers++, traits.kind(), traits.model()));
        }
        for (SuppliedNode node : supply.nodes()) {
            node.nodeClass = null;
            classify(node);
        }
    }

    private void classify(SuppliedNode node) {
        node.unseen = false;
        Shelf shelf = node.shelf;
        NodeClass old = node.nodeClass;
        NodeClass next = node.isOpen() && shelf != null
                ? classes.of(
                        shelf,
                        devicesOf(node, shelf),
                        node.freeCpuMillicores(),
                        node.freeMemoryMib(),
                        node.freeStorage())
                : null;
        if (old == next) {
            return;
        }
        if (old != null && classes.leave(node, old)) {
            born.add(old);
        } else if (old != null && old.isEmpty()) {
            born.bury(old);
        }
        if (next != null && classes.join(node, next)) {
            born.add(next);
        }
    }

    private FreeDevices devicesOf(SuppliedNode node, Shelf shelf) {
        int[] milli = new int[node.devices()];
        int count = 0;
        for (int device = 0; device < milli.length; device++) {
            int free = node.freeMilli(device);
            if (free > 0) {
                int at = count++;
                while (at > 0 && milli[at - 1] > free) {
                    milli[at] = milli[at - 1];
                    at--;
                }
                milli[at] = free;
            }
        }
        return tables[shelf.number].devices(milli, count);
    }
}
