package io.millrace.ingest.capacity;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of one partition: what each can sell, the sums per pool, and who has been silent for too long.
 *
 * <p>Everything that happens to a node goes through {@link #change}: the sums lose what the node was and gain what it is,
 * it is saved, and those who sell it are told only if they could see a difference. A node that moves to another market
 * is lost in the old one first. What is lost stays known, as lost, until it reports again or has been silent for so long
 * that it is forgotten.
 *
 * <p>Knows no clock: the time comes with every call. Single-threaded.
 */
public final class NodeTable {
    /** Where changes go, in the order in which they happen. */
    public interface Changes {
        /** The node is to be kept as it is now. */
        void save(Node node);

        /** The node is to be told to those who sell it: usually what it can sell, or that another market lost it. */
        void announce(Node node, Capacity capacity);

        /** The node is to be kept no more. */
        void forget(Node node);
    }

    /**
     * How long things take.
     *
     * @param tickMillis how often {@link #tick} is called
     * @param refreshMillis how often a pool is published of which nothing but the time of its newest report changed
     * @param forgetMillis silence after which a lost node is forgotten
     */
    public record Timing(long tickMillis, long refreshMillis, long forgetMillis) {}

    private final Timing timing;
    private final Changes changes;
    private final Listening listening;
    private final PoolSums sums;
    private final Leases leases = new Leases();
    private final Map<String, Node> nodes = new HashMap<>();
    private final Map<String, Map<String, Node>> nodesByCentre = new HashMap<>();
    private final StatusCounts counts;

    public NodeTable(Timing timing, Changes changes, StatusCounts counts, long nowMillis) {
        this.timing = timing;
        this.changes = changes;
        this.counts = counts;
        this.listening = new Listening(timing.tickMillis(), nowMillis);
        this.sums = new PoolSums(timing.refreshMillis());
    }

    /** Takes up a share that was published before a restart. Before any {@link #restore}. */
    public void restore(Share published) {
        sums.published(published);
    }

    /** Takes up a node that was saved before a restart. Its lease starts anew: nobody was listening. */
    public void restore(String nodeId, Capacity capacity, Heard heard, long nowMillis) {
        Node node = new Node(nodeId, capacity, heard);
        enter(node);
        lease(node, nowMillis);
    }

    /** The node of this id, or null. */
    public @Nullable Node node(String nodeId) {
        return nodes.get(nodeId);
    }

    /** A report that has passed all checks. */
    public void accept(Report report, Pool pool, long nowMillis) {
        Capacity capacity = Capacity.of(report, pool);
        Heard heard = Heard.of(report, nowMillis);
        Node node = nodes.get(report.nodeId());
        if (node == null) {
            node = new Node(report.nodeId(), capacity, heard);
            enter(node);
            changes.save(node);
            changes.announce(node, capacity);
        } else {
            change(node, capacity, heard);
        }
        lease(node, nowMillis);
    }

    /**
     * The profile of a centre is new or has changed: its nodes are offered under its terms, or not at all.
     *
     * @param centre the profile, or null if there is none any more
     */
    public void profile(String centreId, @Nullable Centre centre, long nowMillis) {
        for (Node node : nodesByCentre.getOrDefault(centreId, Map.of()).values()) {
            Capacity capacity = under(centre, node);
            boolean lost = capacity.status() == NodeStatus.LOST && !node.isLost();
            if (!capacity.equals(node.capacity())) {
                change(node, capacity, node.heard());
            } else if (!capacity.pool().equals(node.capacity().pool())) {
                sums.remove(node);
                node.now(capacity, node.heard());
                sums.add(node);
            }
            if (lost) {
                lease(node, nowMillis);
            }
        }
    }

    /**
     * Time goes on: finds the silent nodes.
     *
     * @param deaf true if what was read since the last tick is old, so that silence says nothing
     */
    public void tick(long nowMillis, boolean deaf) {
        listening.tick(nowMillis, deaf);
        leases.expire(listening.at(nowMillis), node -> {
            if (node.isLost()) {
                forget(node);
            } else {
                change(node, node.capacity().lost(), node.heard());
                lease(node, nowMillis);
            }
        });
    }

    /** Hands over the share of every pool of which there is news. */
    public void publish(long nowMillis, Consumer<Share> news) {
        sums.publish(nowMillis, news);
    }

    private static Capacity under(@Nullable Centre centre, Node node) {
        Capacity capacity = node.capacity();
        Pool pool = centre == null ? null : centre.pool(capacity.pool().poolId());
        if (centre == null || pool == null) {
            return capacity.lost();
        }
        boolean taken = centre.admission().sells()
                && pool.devicesPerNode() == node.heard().devices();
        return taken ? capacity.in(pool) : capacity.in(pool).lost();
    }

    private void change(Node node, Capacity capacity, Heard heard) {
        Capacity before = node.capacity();
        if (capacity.equals(before) && sameDevices(heard, node.heard())) {
            node.now(capacity, heard);
            sums.touch(node);
            changes.save(node);
            return;
        }
        sums.remove(node);
        counts.add(before.status(), -1);
        node.now(capacity, heard);
        sums.add(node);
        counts.add(capacity.status(), 1);
        changes.save(node);
        announce(node, before, capacity);
    }

    private void announce(Node node, Capacity before, Capacity capacity) {
        boolean lostBefore = before.status() == NodeStatus.LOST;
        boolean lostNow = capacity.status() == NodeStatus.LOST;
        boolean moved = !before.sameMarketAs(capacity);
        if (moved && !lostBefore) {
            changes.announce(node, before.lost());
        }
        // A market that never had the node need not hear that it lost it.
        if (!capacity.equals(before) && !(lostNow && (lostBefore || moved))) {
            changes.announce(node, capacity);
        }
    }

    private static boolean sameDevices(Heard one, Heard other) {
        return one.devices() == other.devices() && one.devicesHealthy() == other.devicesHealthy();
    }

    private void enter(Node node) {
        nodes.put(node.nodeId(), node);
        // Insertion order: the order of a profile change's consequences must not hang on hashes.
        nodesByCentre
                .computeIfAbsent(node.capacity().pool().centreId(), unused -> new LinkedHashMap<>())
                .put(node.nodeId(), node);
        sums.add(node);
        counts.add(node.capacity().status(), 1);
    }

    private void forget(Node node) {
        sums.remove(node);
        counts.add(node.capacity().status(), -1);
        nodes.remove(node.nodeId());
        Map<String, Node> ofCentre = nodesByCentre.get(node.capacity().pool().centreId());
        if (ofCentre != null) {
            ofCentre.remove(node.nodeId());
            if (ofCentre.isEmpty()) {
                nodesByCentre.remove(node.capacity().pool().centreId());
            }
        }
        leases.end(node);
        changes.forget(node);
    }

    private void lease(Node node, long nowMillis) {
        long millis = node.isLost()
                ? Math.max(node.heard().leaseMillis(), node.heard().heardAtMillis() + timing.forgetMillis() - nowMillis)
                : node.heard().leaseMillis();
        leases.renew(node, listening.at(nowMillis) + millis);
    }
}
