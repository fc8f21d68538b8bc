package io.millrace.ingest.capacity;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random reports, silence, profile changes and restarts of two partitions, compared after every step with a model that
 * keeps nothing but the last report of each node and adds everything up afresh. A failing seed is in the test's name.
 */
class SupplySimulationTest {
    private static final long TICK = 1_000;
    private static final long FORGET = 120_000;
    private static final int STEPS = 1_500;
    private static final int PARTITIONS = 2;
    private static final List<String> CENTRES = List.of("c1", "c2", "c3");
    private static final List<String> HUBS = List.of("guizhou", "gansu");
    private static final List<String> POOLS = List.of("a", "b");

    /** A node as the model knows it. */
    private static final class ModelNode {
        private Report report = Samples.report().make();
        private Pool pool = Samples.pool("c1", "a", "guizhou", 0);
        private boolean lost;
        private long heardAt;
        private long dueAt;

        private long lease() {
            return 3_000L * report.intervalSeconds();
        }

        private void lose(long now) {
            lost = true;
            lease(now);
        }

        private void lease(long now) {
            dueAt = now + (lost ? Math.max(lease(), heardAt + FORGET - now) : lease());
        }
    }

    /** What a store keeps of a node. */
    private record Saved(Capacity capacity, Heard heard) {}

    private final class Partition implements NodeTable.Changes {
        private final int number;
        private final Map<String, ModelNode> model = new TreeMap<>();
        private final Map<String, Saved> store = new TreeMap<>();
        private final Map<String, Share> published = new TreeMap<>();
        private NodeTable table;

        private Partition(int number) {
            this.number = number;
            this.table = table();
        }

        private NodeTable table() {
            return new NodeTable(new NodeTable.Timing(TICK, 5 * TICK, FORGET), this, new StatusCounts(), now);
        }

        @Override
        public void save(Node node) {
            store.put(node.nodeId(), new Saved(node.capacity(), node.heard()));
        }

        @Override
        public void announce(Node node, Capacity capacity) {
            markets.computeIfAbsent(capacity.pool().hubId(), unused -> new TreeMap<>())
                    .put(node.nodeId(), capacity);
        }

        @Override
        public void forget(Node node) {
            store.remove(node.nodeId());
        }

        private void restart() {
            table = table();
            published.values().forEach(table::restore);
            store.forEach((id, node) -> table.restore(id, node.capacity(), node.heard(), now));
            centres.forEach((id, centre) -> table.profile(id, centre, now));
            model.values().forEach(node -> node.lease(now));
        }

        private void publish() {
            table.publish(now, share -> {
                if (share.isEmpty()) {
                    published.remove(share.scopeId());
                } else {
                    published.put(share.scopeId(), share);
                }
                pools.put(number, share);
            });
        }
    }

    private long now = Samples.NOW;
    private long sequence;
    private final Map<String, Centre> centres = new TreeMap<>();
    private final Map<String, Map<String, Capacity>> markets = new HashMap<>();
    private final PoolShares pools = new PoolShares();
    private final Summaries summaries = new Summaries();
    private final Map<String, Summary> seen = new TreeMap<>();
    private final List<Partition> partitions = new ArrayList<>();

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 42, 4711})
    void theTableIsWhatAddingUpAfreshGives(long seed) {
        Random random = new Random(seed);
        for (int number = 0; number < PARTITIONS; number++) {
            partitions.add(new Partition(number));
        }
        for (String centre : CENTRES) {
            profile(random, centre);
        }
        for (int step = 0; step < STEPS; step++) {
            int dice = random.nextInt(100);
            if (dice < 70) {
                report(random);
            } else if (dice < 94) {
                tick();
            } else if (dice < 98) {
                profile(random, CENTRES.get(random.nextInt(CENTRES.size())));
            } else {
                partitions.get(random.nextInt(PARTITIONS)).restart();
            }
            checkNodes();
            checkSums();
        }
        assertThat(seen).isNotEmpty();
    }

    private void report(Random random) {
        String centreId = CENTRES.get(random.nextInt(CENTRES.size()));
        String poolId = POOLS.get(random.nextInt(POOLS.size()));
        Centre centre = centres.get(centreId);
        Pool pool = centre == null ? null : centre.pool(poolId);
        if (centre == null || pool == null || !centre.admission().sells()) {
            return;
        }
        int name = random.nextInt(6);
        Device[] devices = random.ints(pool.devicesPerNode(), 0, 1_001)
                .mapToObj(used -> Samples.device(used % 7 != 0, used / 500 * 500))
                .toArray(Device[]::new);
        Samples.Draft draft = Samples.report()
                .node(centreId, "n" + name)
                .pool(poolId)
                .devices(devices)
                .sequence(++sequence)
                .observedAt(now)
                .interval(1 + random.nextInt(20))
                .cpu(10_000, 1_000L * random.nextInt(2))
                .memory(10_000, 1_000L * random.nextInt(2));
        if (random.nextInt(6) == 0) {
            draft.draining();
        }
        Report report = draft.make();
        Partition partition = partitions.get(name % PARTITIONS);
        partition.table.accept(report, pool, now);
        ModelNode node = partition.model.computeIfAbsent(report.nodeId(), unused -> new ModelNode());
        node.report = report;
        node.pool = pool;
        node.lost = false;
        node.heardAt = now;
        node.lease(now);
    }

    private void tick() {
        now += TICK;
        for (Partition partition : partitions) {
            partition.table.tick(now, false);
            for (String nodeId : List.copyOf(partition.model.keySet())) {
                ModelNode node = partition.model.get(nodeId);
                if (node != null && node.dueAt <= now) {
                    if (node.lost) {
                        partition.model.remove(nodeId);
                    } else {
                        node.lose(now);
                    }
                }
            }
        }
    }

    private void profile(Random random, String centreId) {
        String hub = HUBS.get(random.nextInt(HUBS.size()));
        Map<String, Pool> built = new HashMap<>();
        for (String poolId : POOLS) {
            if (random.nextInt(8) != 0) {
                built.put(
                        poolId,
                        new Pool(
                                centreId,
                                poolId,
                                hub,
                                Kind.INTELLIGENT,
                                random.nextInt(5) == 0 ? "910C" : "910B",
                                random.nextInt(10) == 0 ? 4 : 2,
                                random.nextInt(3),
                                0,
                                Map.of(Precision.FP16, 1_000L * (1 + random.nextInt(2)))));
            }
        }
        Admission admission = random.nextInt(6) == 0 ? Admission.EXITED : Admission.ADMITTED;
        Centre centre = new Centre(centreId, hub, admission, built);
        centres.put(centreId, centre);
        for (Partition partition : partitions) {
            partition.table.profile(centreId, centre, now);
            partition.model.values().stream()
                    .filter(node -> node.report.centreId().equals(centreId))
                    .forEach(node -> under(centre, node));
        }
    }

    private void under(Centre centre, ModelNode node) {
        Pool pool = centre.pool(node.pool.poolId());
        if (pool != null) {
            node.pool = pool;
        }
        boolean taken = pool != null
                && centre.admission().sells()
                && pool.devicesPerNode() == node.report.devices().size();
        if (!taken && !node.lost) {
            node.lose(now);
        }
    }

    private void checkNodes() {
        for (Partition partition : partitions) {
            assertThat(partition.store.keySet()).isEqualTo(partition.model.keySet());
            partition.model.forEach((nodeId, node) -> {
                Saved kept = partition.store.get(nodeId);
                assertThat(kept).isNotNull();
                assertThat(kept.capacity()).isEqualTo(expected(node));
                assertThat(kept.heard().sequence()).isEqualTo(node.report.sequence());
                for (String hub : HUBS) {
                    checkMarket(hub, nodeId, node);
                }
            });
        }
    }

    /** A node is on sale in its market as it is, and nowhere else. */
    private void checkMarket(String hub, String nodeId, ModelNode node) {
        @Nullable Capacity known = markets.getOrDefault(hub, Map.of()).get(nodeId);
        if (hub.equals(node.pool.hubId()) && !node.lost) {
            assertThat(known).isEqualTo(expected(node));
        } else if (known != null) {
            assertThat(known.status()).isEqualTo(NodeStatus.LOST);
        }
    }

    private static Capacity expected(ModelNode node) {
        Capacity capacity = Capacity.of(node.report, node.pool);
        return node.lost ? capacity.lost() : capacity;
    }

    /** Publishes, rolls up, and compares every summary that anybody was ever told with sums over the model's nodes. */
    private void checkSums() {
        partitions.forEach(Partition::publish);
        for (PoolShares.Change change : pools.drain()) {
            tell(Summary.of(change.whole()));
            summaries.put(change.whole());
        }
        summaries.drain().forEach(this::tell);
        Map<String, Map<String, Totals>> expected = new TreeMap<>();
        Map<String, Totals> byPartition = new TreeMap<>();
        for (Partition partition : partitions) {
            partition.model.forEach((nodeId, node) -> {
                Totals one = new Totals();
                one.add(expected(node), Heard.of(node.report, now), 1);
                byPartition
                        .computeIfAbsent(partition.number + "/" + node.pool.scopeId(), unused -> new Totals())
                        .add(one);
            });
            partition.model.values().stream().map(node -> node.pool).distinct().forEach(pool -> {
                Totals share = requireNonNull(byPartition.get(partition.number + "/" + pool.scopeId()));
                long milli = share.get(Totals.Measure.SELLABLE_MILLI_DEVICES);
                long peak = pool.peaksGigaOpsPerSecond().getOrDefault(Precision.FP16, 0L);
                Totals whole = share.copy().addPeak(Precision.FP16, peak * milli / 1_000);
                List.of(
                                Scope.POOL.key(pool.scopeId()),
                                Scope.CENTRE.key(pool.centreId()),
                                Scope.HUB.key(pool.hubId()),
                                Scope.NATION.key(Scope.NATION_ID))
                        .forEach(key -> expected.computeIfAbsent(key, unused -> new TreeMap<>())
                                .computeIfAbsent(pool.model(), unused -> new Totals())
                                .add(whole));
            });
        }
        assertThat(seen.keySet()).isEqualTo(expected.keySet());
        seen.forEach((key, summary) -> {
            Map<String, Totals> rows = new TreeMap<>();
            summary.rows().forEach(row -> rows.put(row.model(), row.totals()));
            assertThat(rows).as(key).isEqualTo(expected.get(key));
        });
    }

    private void tell(Summary summary) {
        if (summary.isEmpty()) {
            seen.remove(summary.key());
        } else {
            seen.put(summary.key(), summary);
        }
    }
}
