package io.millrace.broker.placement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private final Supply supply;
    private Forecast forecast = Forecast.NONE;
    private final List<SuppliedNode> unseen = new ArrayList<>();

    private final Map<Shelf, DeviceTable> tables = new HashMap<>();
    private final Map<Demand, ShapeQueue> queues = new HashMap<>();
    private long shelvesSeen = -1;
    private boolean stale = true;
    private long asked;

    private final NodeClasses classes = new NodeClasses();

    private final Births born = new Births(LOG);
    private long births;

    Ranking(Objective objective, Supply supply) {
        this.objective = objective;
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
        stale |= !objective.forecast(supply).expected().equals(forecast.expected());
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
        Grant grant = Assignment.grant(node, best.shelf.traits, demand, 1, devicesOn(node, demand, 1));
        return new Placement.Placed(List.of(grant), queue.nodes);
    }

    private @Nullable NodeClass best(ShapeQueue queue) {
        if (queue.seenBirths < 0 || births - queue.seenBirths > Math.min(LOG, 2L * classes.live())) {
            fill(queue);
        } else {
            for (long birth = queue.seenBirths; birth < births; birth++) {
                NodeClass each = born.at(birth, queue);
                if (each != null && !each.isEmpty()) {
                    queue.offer(each, rise(each, queue));
                }
            }
            queue.seenBirths = births;
            if (queue.isCrowded()) {
                queue.trim();
            }
        }
        NodeClass best = queue.best();
        if (best == null && !queue.holdsAll()) {
            fill(queue);
            best = queue.best();
        }
        return best;
    }

    private void fill(ShapeQueue queue) {
        queue.clear();
        for (int i = 0; i < classes.size(); i++) {
            NodeClass each = classes.get(i);
            if (!each.isEmpty() && queue.suits[each.shelf.number]) {
                queue.offer(each, rise(each, queue));
            }
        }
        queue.trim();
        queue.seenBirths = births;
    }

    private long rise(NodeClass on, ShapeQueue queue) {
        Demand demand = queue.demand;
        if (!on.fits(demand)) {
            return NodeClass.NO_FIT;
        }
        long rise = on.rise(queue.number);
        if (rise == NodeClass.UNKNOWN) {
            rise = leastRise(on.devices, on.loss, on.freeCpuMillicores, on.freeMemoryMib, demand);
            on.rise(queue.number, rise);
        }
        return rise;
    }

    private long leastRise(FreeDevices devices, long loss, long freeCpu, long freeMemory, Demand demand) {
        long cpu = freeCpu - demand.cpuMillicores();
        long memory = freeMemory - demand.memoryMib();
        if (!demand.sharesDevice()) {
            return objective.rise(loss, devices.lessWhole(demand.devices()).loss(cpu, memory));
        }
        long least = NodeClass.NO_FIT;
        int last = -1;
        for (int place = devices.size() - 1; place >= 0; place--) {
            int free = devices.milli(place);
            if (free < demand.milliPerDevice()) {
                break;
            }
            if (free != last) {
                long after = devices.less(free, demand.milliPerDevice()).loss(cpu, memory);
                least = Math.min(least, objective.rise(loss, after));
                last = free;
            }
        }
        return least;
    }

    /** Devices for some replicas on a node where they fit: one replica after the other, where the loss rises least. */
    private int[] devicesOn(SuppliedNode node, Demand demand, int replicas) {
        if (!demand.sharesDevice()) {
            return Assignment.whole(node, demand.devices() * replicas);
        }
        int[] free = new int[node.devices()];
        Arrays.setAll(free, node::freeMilli);
        NodeClass state = classOf(node);
        FreeDevices devices = state.devices;
        long cpu = state.freeCpuMillicores;
        long memory = state.freeMemoryMib;
        int[] chosen = new int[replicas];
        for (int replica = 0; replica < replicas; replica++) {
            long loss = devices.loss(cpu, memory);
            cpu -= demand.cpuMillicores();
            memory -= demand.memoryMib();
            int best = -1;
            long least = NodeClass.NO_FIT;
            for (int device = 0; device < free.length; device++) {
                // Among equal rises the fullest device.
                if (free[device] >= demand.milliPerDevice() && !seenBefore(free, device)) {
                    long after =
                            devices.less(free[device], demand.milliPerDevice()).loss(cpu, memory);
                    long rise = objective.rise(loss, after);
                    if (best < 0 || rise < least || (rise == least && free[device] < free[best])) {
                        best = device;
                        least = rise;
                    }
                }
            }
            devices = devices.less(free[best], demand.milliPerDevice());
            free[best] -= demand.milliPerDevice();
            chosen[replica] = best;
        }
        Arrays.sort(chosen);
        return chosen;
    }

    private static boolean seenBefore(int[] free, int device) {
        for (int before = 0; before < device; before++) {
            if (free[before] == free[device]) {
                return true;
            }
        }
        return false;
    }

    private static NodeClass classOf(SuppliedNode node) {
        NodeClass state = node.nodeClass;
        if (state == null) {
            throw new IllegalStateException("node " + node.id() + " is in no class");
        }
        return state;
    }

    /** All replicas go to the pool (centre, market: see {@link Spread}) that can hold the fewest more of them, there to the nodes where one rises least. */
    private Placement placeGang(Demand demand) {
        ShapeQueue queue = queue(demand);
        long[] copies = new long[queue.suits.length];
        for (int i = 0; i < classes.size(); i++) {
            NodeClass each = classes.get(i);
            if (!each.isEmpty() && queue.suits[each.shelf.number] && each.fits(demand)) {
                copies[each.shelf.number] +=
                        (long) each.size() * Assignment.copies(each.first(), demand, Integer.MAX_VALUE);
            }
        }
        List<Shelf> tightest = null;
        long fewest = Long.MAX_VALUE;
        for (List<Shelf> domain : supply.domains(demand.latitude().spread())) {
            long there = 0;
            for (Shelf shelf : domain) {
                there += copies[shelf.number];
            }
            if (there >= demand.replicas() && there < fewest) {
                tightest = domain;
                fewest = there;
            }
        }
        return tightest == null
                ? Placement.NotPlaced.INSTANCE
                : new Placement.Placed(fill(tightest, queue, demand), queue.nodes);
    }

    private List<Grant> fill(List<Shelf> domain, ShapeQueue queue, Demand demand) {
        boolean[] in = new boolean[queue.suits.length];
        for (Shelf shelf : domain) {
            in[shelf.number] = queue.suits[shelf.number];
        }
        List<SuppliedNode> nodes = new ArrayList<>();
        for (int i = 0; i < classes.size(); i++) {
            NodeClass each = classes.get(i);
            if (!each.isEmpty() && in[each.shelf.number] && each.fits(demand)) {
                nodes.addAll(Arrays.asList(each.members()));
            }
        }
        nodes.sort(Comparator.comparingLong((SuppliedNode node) -> rise(classOf(node), queue))
                .thenComparing(SuppliedNode::id));
        List<Grant> grants = new ArrayList<>();
        int left = demand.replicas();
        for (SuppliedNode node : nodes) {
            int here = Assignment.copies(node, demand, left);
            grants.add(Assignment.grant(node, node.shelf().traits, demand, here, devicesOn(node, demand, here)));
            left -= here;
            if (left == 0) {
                break;
            }
        }
        grants.sort(Comparator.comparing(Grant::nodeId));
        return grants;
    }

    private ShapeQueue queue(Demand demand) {
        Demand shape = demand.shape(supply.highestAskUpTo(demand));
        ShapeQueue queue = queues.get(shape);
        if (queue == null) {
            if (queues.size() >= MANY_SHAPES) {
                queues.clear();
                classes.forEach(NodeClass::forgetRises);
            }
            queue = new ShapeQueue(shape, queues.size());
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
            queue.nodes = 0;
            for (Shelf shelf : supply.shelves()) {
                queue.nodes += queue.suits[shelf.number] ? shelf.size() : 0;
            }
        }
        return queue;
    }

    private void catchUp() {
        asked++;
        if (stale
                || shelvesSeen != supply.shelfChanges()
                || (asked % LOOK_EVERY == 0 && deviceStates() > MANY_DEVICE_STATES + 2L * classes.live())) {
            startOver();
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
        for (DeviceTable table : tables.values()) {
            sum += table.size();
        }
        return sum;
    }

    private void startOver() {
        stale = false;
        shelvesSeen = supply.shelfChanges();
        forecast = objective.forecast(supply);
        tables.clear();
        queues.clear();
        classes.clear();
        born.clear();
        births = 0;
        unseen.clear();
        long[] losses = objective.lossesOfRemainders(forecast);
        Map<String, DeviceTable> byModel = new HashMap<>();
        for (Shelf shelf : supply.shelves()) {
            tables.put(
                    shelf,
                    byModel.computeIfAbsent(
                            shelf.traits.kind() + "/" + shelf.traits.model(),
                            m -> new DeviceTable(
                                    objective, forecast, losses, shelf.traits.kind(), shelf.traits.model())));
        }
        for (SuppliedNode node : supply.nodes()) {
            node.nodeClass = null;
            classify(node);
        }
    }

    private void classify(SuppliedNode node) {
        node.unseen = false;
        classes.leave(node);
        Shelf shelf = node.shelf;
        if (node.isOpen() && shelf != null) {
            NodeClass next = classes.of(shelf, devicesOf(node, shelf), node.freeCpuMillicores(), node.freeMemoryMib());
            if (classes.join(node, next)) {
                born.add(births++, next);
            }
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
        DeviceTable table = tables.get(shelf);
        if (table == null) {
            throw new IllegalStateException("the ranking does not know the shelf of node " + node.id());
        }
        return table.devices(milli, count);
    }
}
