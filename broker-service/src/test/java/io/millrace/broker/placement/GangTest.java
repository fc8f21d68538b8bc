package io.millrace.broker.placement;

import static io.millrace.broker.market.SpecBuilder.gpus;
import static io.millrace.broker.market.SpecBuilder.millicores;
import static io.millrace.broker.market.SpecBuilder.share;
import static io.millrace.broker.placement.Misfit.Cause.NEVER_FITS;
import static io.millrace.broker.placement.NodeOfferBuilder.cpuNode;
import static io.millrace.broker.placement.NodeOfferBuilder.node;
import static io.millrace.broker.placement.SupplyTable.supplyOf;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Where best fit puts several replicas: all in one pool, or nowhere. */
class GangTest {

    @Test
    void theBestFittingNodesFirst() {
        supplyOf(node("a").gpus(8), node("b").gpus(8), node("c").gpus(8))
                .taken("b", 0, 1, 2, 3, 4, 5)
                .when(gpus(2).replicas(3))
                .then("a[0,1,2,3]x2 b[6,7]");
    }

    @Test
    void thePoolThatHoldsTheFewestMore() {
        supplyOf(
                        node("a").pool("p1"),
                        node("b").pool("p2").gpus(4),
                        node("c").pool("p2").gpus(2),
                        node("d").pool("p3").gpus(4))
                .when(gpus(2).replicas(3))
                .then("b[0,1,2,3]x2 c[0,1]");
    }

    /** A node that could hold more than are asked counts for all that it could hold. */
    @Test
    void whatAPoolHoldsDoesNotEndAtWhatIsAsked() {
        supplyOf(
                        node("a").pool("p1"),
                        node("b").pool("p2").gpus(2),
                        node("c").pool("p2").gpus(1))
                .when(gpus(1).replicas(2))
                .then("b[0] c[0]");
    }

    @Test
    void theFirstPoolOfEquals() {
        supplyOf(
                        node("a").pool("p2").gpus(2),
                        node("b").pool("p1").gpus(2),
                        node("c").centre("c2").gpus(2))
                .when(gpus(1).replicas(2))
                .then("b[0,1]x2");
    }

    @Test
    void aPoolIsOfOneCentre() {
        supplyOf(node("a").gpus(1), node("b").centre("c2").gpus(1))
                .when(gpus(1).replicas(2))
                .thenMisfit(NEVER_FITS, "", "at most 1 replica of this size in one pool");
    }

    @Test
    void replicasShareDevices() {
        supplyOf(node("a").gpus(2))
                .takenMilli("a", 500, 0)
                .when(share(300).replicas(4))
                .then("a[0,1,1,1:300]x4");
    }

    @Test
    void asManyOnANodeAsItsCpuAndMemoryAllow() {
        supplyOf(node("a").millicores(5_000), node("b").mib(4_096), node("c"))
                .when(gpus(1).cpu(2_000).mib(2_048).replicas(7))
                .then("a[0,1]x2 b[0,1]x2 c[0,1,2]x3");
    }

    @Test
    void withoutDevices() {
        supplyOf(cpuNode("a").millicores(4_000), cpuNode("b").millicores(9_000))
                .when(millicores(3_000).replicas(4))
                .then("a bx3");
    }

    @Test
    void grantsAreSummedPerNodeAndSortedById() {
        Placement.Placed placed = supplyOf(
                        node("b").gpus(1), node("a").gpus(2), node("c").pool("p2"))
                .when(gpus(1).cpu(1_000).mib(512).replicas(3))
                .placed();
        assertThat(placed.grants())
                .containsExactly(
                        new Grant("a", "c1", "A100", 2, IntVector.of(0, 1), 1000, 2_000, 1_024, 20_000_000),
                        new Grant("b", "c1", "A100", 1, IntVector.of(0), 1000, 1_000, 512, 10_000_000));
        assertThat(placed.nodesConsidered()).isEqualTo(3);
    }
}
