package io.millrace.broker.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.market.SpecBuilder;
import java.util.List;

/** Given nodes and grants, when a demand, then a placement or why there is none. */
final class SupplyTable {
    private final Supply supply = new Supply();
    private final PlacementPolicy policy = new Flexible(new BestFit());
    private Demand demand = SpecBuilder.gpus(1).demand();

    static SupplyTable supplyOf(NodeOfferBuilder... nodes) {
        SupplyTable table = new SupplyTable();
        for (NodeOfferBuilder node : nodes) {
            table.supply.put(node.offer());
        }
        return table;
    }

    /** Whole devices are taken. */
    SupplyTable taken(String nodeId, int... devices) {
        return takenOf(nodeId, 1000, 0, 0, devices);
    }

    SupplyTable takenMilli(String nodeId, int milli, int... devices) {
        return takenOf(nodeId, milli, 0, 0, devices);
    }

    SupplyTable takenCpu(String nodeId, long millicores) {
        return takenOf(nodeId, 0, millicores, 0);
    }

    SupplyTable takenMib(String nodeId, long mib) {
        return takenOf(nodeId, 0, 0, mib);
    }

    SupplyTable takenStorage(String nodeId, long gib, long mibPerSecond) {
        Storage storage = new Storage(gib, mibPerSecond);
        supply.take(new Grant(nodeId, "c1", "A100", 1, IntVector.EMPTY, 0, 0, 0, 0, 0, storage));
        return this;
    }

    private SupplyTable takenOf(String nodeId, int milli, long millicores, long mib, int... devices) {
        supply.take(new Grant(nodeId, "c1", "A100", 1, IntVector.of(devices), milli, millicores, mib, 0));
        return this;
    }

    SupplyTable when(SpecBuilder asked) {
        demand = asked.demand();
        return this;
    }

    void then(String grants) {
        assertThat(GrantText.of(placed().grants())).isEqualTo(grants);
    }

    Placement.Placed placed() {
        Placement placement = policy.place(supply, demand);
        assertThat(placement).isInstanceOf(Placement.Placed.class);
        return (Placement.Placed) placement;
    }

    /** It goes nowhere; filters as "kind 1, devices 2". */
    void thenMisfit(Misfit.Cause cause, String removed, String wouldFit) {
        assertThat(policy.place(supply, demand)).isInstanceOf(Placement.NotPlaced.class);
        Misfit misfit = Misfit.explain(supply, demand);
        List<String> filters = misfit.removed().stream()
                .map(filter -> filter.filter() + " " + filter.nodes())
                .toList();
        assertThat(String.join(", ", filters)).isEqualTo(removed);
        assertThat(misfit.wouldFit()).isEqualTo(wouldFit);
        assertThat(misfit.cause()).isEqualTo(cause);
        assertThat(misfit.nodesConsidered()).isEqualTo(supply.size());
    }

    /** Changes that help, as "DEVICES 2 now (500)": the amount or name, when, and how much of a change. */
    void thenRelaxations(String relaxations) {
        List<String> found = shortfall().relaxations().stream()
                .map(each -> "%s %s %s (%d)"
                        .formatted(
                                each.what(),
                                each.name().isEmpty() ? each.amount() : each.name(),
                                each.now() ? "now" : "later",
                                each.changePermille()))
                .toList();
        assertThat(String.join(", ", found)).isEqualTo(relaxations);
    }

    /** Nodes by what alone they lack, as "cpu 1, several 2". */
    void thenExhausted(String counts) {
        List<String> found = shortfall().exhausted().stream()
                .map(count -> count.filter() + " " + count.nodes())
                .toList();
        assertThat(String.join(", ", found)).isEqualTo(counts);
    }

    /** The nodes that came closest, as "id milli-devices/millicores/MiB" of what each lacks. */
    void thenClosest(String nodes) {
        List<String> found = shortfall().rejected().stream()
                .map(node -> "%s %d/%d/%d"
                        .formatted(
                                node.nodeId(),
                                node.missingMilliDevices(),
                                node.missingCpuMillicores(),
                                node.missingMemoryMib()))
                .toList();
        assertThat(String.join(", ", found)).isEqualTo(nodes);
    }

    /** The node that came closest lacks this storage. */
    void thenClosestLacks(long gib, long mibPerSecond) {
        assertThat(shortfall().rejected().getFirst().missingStorage()).isEqualTo(new Storage(gib, mibPerSecond));
    }

    private Shortfall shortfall() {
        assertThat(policy.place(supply, demand)).isInstanceOf(Placement.NotPlaced.class);
        return Shortfall.of(supply, demand, Misfit.explain(supply, demand).cause(), true, false);
    }
}
