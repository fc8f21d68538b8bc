package io.millrace.broker.placement;

import static io.millrace.broker.market.SpecBuilder.gpus;
import static io.millrace.broker.market.SpecBuilder.millicores;
import static io.millrace.broker.market.SpecBuilder.share;
import static io.millrace.broker.placement.Misfit.Cause.NEVER_FITS;
import static io.millrace.broker.placement.Misfit.Cause.NO_CAPACITY;
import static io.millrace.broker.placement.Misfit.Cause.NO_SUCH_MODEL;
import static io.millrace.broker.placement.Misfit.Cause.PRICE_TOO_LOW;
import static io.millrace.broker.placement.NodeOfferBuilder.cpuNode;
import static io.millrace.broker.placement.NodeOfferBuilder.node;
import static io.millrace.broker.placement.SupplyTable.supplyOf;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Why a demand does not fit, how many nodes each filter removed, and what would fit. */
class MisfitTest {

    @Nested
    class NoSuchModel {
        @Test
        void namesTheModelsThereAre() {
            supplyOf(node("a").model("H100"), node("b").model("910B"), cpuNode("c"))
                    .when(gpus(1).models("A100", "B200"))
                    .thenMisfit(NO_SUCH_MODEL, "model 3", "one of the models 910B, H100");
        }

        @Test
        void namesTheModelsOfTheKindOnly() {
            supplyOf(node("a").model("H100"), node("b").model("Q1").kind(Kind.QUANTUM))
                    .when(gpus(1).kind(Kind.INTELLIGENT).models("A100"))
                    .thenMisfit(NO_SUCH_MODEL, "kind 1, model 1", "one of the models H100");
        }

        @Test
        void namesTheKindsIfNothingIsOfTheKind() {
            supplyOf(node("a").kind(Kind.SUPER), node("b"), cpuNode("c"))
                    .when(gpus(1).kind(Kind.QUANTUM).models("A100"))
                    .thenMisfit(NO_SUCH_MODEL, "kind 3", "one of the kinds INTELLIGENT, SUPER");
        }

        @Test
        void hasNothingToNameInAnEmptyMarket() {
            supplyOf().when(gpus(1)).thenMisfit(NO_SUCH_MODEL, "", "");
        }

        @Test
        void hasNothingToNameAmongCpuNodes() {
            supplyOf(cpuNode("a")).when(gpus(1).models("A100")).thenMisfit(NO_SUCH_MODEL, "model 1", "");
        }
    }

    @Nested
    class PriceTooLow {
        @Test
        void namesTheLowestAskOfTheModel() {
            supplyOf(
                            node("a").devicePrice(12),
                            node("b").devicePrice(11),
                            node("c").model("T4").devicePrice(1))
                    .when(gpus(1).models("A100").maxPrice(10))
                    .thenMisfit(PRICE_TOO_LOW, "model 1, price 2", "a highest price of 11 micro-CNY per hour");
        }
    }

    @Nested
    class NeverFits {
        @Test
        void moreDevicesThanANodeHas() {
            supplyOf(
                            node("a").gpus(4),
                            node("b").gpuMilli(0, 0, 0, 0, 0, 0, 0, 0),
                            node("c").gpus(2).lost())
                    .when(gpus(9))
                    .thenMisfit(NEVER_FITS, "status 1, devices 2", "at most 8 devices per replica");
        }

        @Test
        void moreCpuThanANodeHas() {
            supplyOf(node("a").millicores(64_000), cpuNode("b").millicores(96_000))
                    .when(gpus(1).cpu(70_000))
                    .thenMisfit(NEVER_FITS, "model 1, cpu 1", "at most 64000 millicores per replica");
        }

        @Test
        void moreMemoryThanANodeHas() {
            supplyOf(node("a").mib(1_000), node("b").mib(2_000))
                    .when(gpus(1).mib(2_001))
                    .thenMisfit(NEVER_FITS, "memory 2", "at most 2000 MiB per replica");
        }

        /** A node without devices asks nothing for one: that is no price. */
        @Test
        void nodesWithoutDevicesAreNoneForDevicesOfAnyModel() {
            supplyOf(node("a"), cpuNode("b"))
                    .when(gpus(1).maxPrice(0))
                    .thenMisfit(PRICE_TOO_LOW, "model 1, price 1", "a highest price of 10000000 micro-CNY per hour");
        }

        @Test
        void devicesWhereThereAreNone() {
            supplyOf(cpuNode("a")).when(share(1)).thenMisfit(NO_SUCH_MODEL, "model 1", "");
        }

        @Test
        void moreReplicasThanAPoolHolds() {
            supplyOf(node("a").gpus(4), node("b").gpus(4), node("c").gpus(7).pool("p2"))
                    .when(gpus(2).replicas(5))
                    .thenMisfit(NEVER_FITS, "", "at most 4 replicas of this size in one pool");
        }

        @Test
        void replicasOfWhichNoneFits() {
            supplyOf(node("a").gpus(4), node("b").gpus(4))
                    .when(gpus(5).replicas(2))
                    .thenMisfit(NEVER_FITS, "devices 2", "1 replica with at most 4 devices");
        }

        @Test
        void twoThingsAtOnceGiveNoHint() {
            supplyOf(node("a").gpus(4).millicores(1_000))
                    .when(gpus(5).cpu(2_000))
                    .thenMisfit(NEVER_FITS, "devices 1", "");
        }

        @Test
        void itIsTheWholeNodeThatCounts() {
            supplyOf(node("a").gpus(8).sellsMillicores(0).sellsMib(0).draining())
                    .taken("a", 0)
                    .when(gpus(8).cpu(64_000).mib(512 * 1024))
                    .thenMisfit(NO_CAPACITY, "status 1", "");
        }
    }

    @Nested
    class NoCapacity {
        @Test
        void namesTheDevicesThatAreFreeOnOneNode() {
            supplyOf(node("a").gpus(8), node("b").gpus(8), node("c").gpus(8).draining())
                    .taken("a", 0, 1, 2, 3, 4)
                    .taken("b", 0, 1, 2, 3, 4, 5)
                    .when(gpus(4))
                    .thenMisfit(NO_CAPACITY, "status 1, devices 2", "now: at most 3 devices per replica");
        }

        @Test
        void namesThePartOfADeviceThatIsFree() {
            supplyOf(node("a").gpus(2))
                    .takenMilli("a", 400, 0)
                    .takenMilli("a", 700, 1)
                    .when(share(601))
                    .thenMisfit(NO_CAPACITY, "devices 1", "now: at most 600 thousandths of a device per replica");
        }

        @Test
        void namesTheReplicasThatFit() {
            supplyOf(node("a").gpus(4), node("b").gpus(4), node("c").gpus(4).pool("p2"))
                    .taken("a", 0, 1)
                    .when(gpus(2).replicas(4))
                    .thenMisfit(NO_CAPACITY, "", "now: at most 3 replicas of this size in one pool");
        }

        @Test
        void namesTheFreeCpuOfANodeWithFreeDevices() {
            supplyOf(node("a"), cpuNode("b"))
                    .takenCpu("a", 60_000)
                    .when(gpus(1).cpu(5_000))
                    .thenMisfit(NO_CAPACITY, "model 1, cpu 1", "now: at most 4000 millicores per replica");
        }

        @Test
        void namesTheFreeMemoryOfANodeWithTheRest() {
            supplyOf(node("a").mib(10_000), node("b").mib(10_000))
                    .takenMib("a", 5_000)
                    .takenMib("b", 6_000)
                    .when(millicores(1_000).mib(5_001))
                    .thenMisfit(NO_CAPACITY, "memory 2", "now: at most 5000 MiB per replica");
        }

        @Test
        void countsEachNodeOnceByItsFirstFilter() {
            supplyOf(
                            node("a").kind(Kind.SUPER),
                            node("b").model("T4"),
                            node("c").devicePrice(99_000_000),
                            node("d").draining(),
                            node("e"),
                            node("f"),
                            node("g"))
                    .taken("e", 0, 1, 2, 3, 4, 5, 6, 7)
                    .takenCpu("f", 64_000)
                    .takenMib("g", 512 * 1024)
                    .when(gpus(1).kind(Kind.INTELLIGENT).models("A100").maxPrice(10_000_000))
                    .thenMisfit(NO_CAPACITY, "kind 1, model 1, price 1, status 1, devices 1, cpu 1, memory 1", "");
        }
    }
}
