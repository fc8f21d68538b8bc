package io.millrace.broker.placement;

import static io.millrace.broker.market.SpecBuilder.gpus;
import static io.millrace.broker.market.SpecBuilder.millicores;
import static io.millrace.broker.market.SpecBuilder.share;
import static io.millrace.broker.placement.NodeOfferBuilder.cpuNode;
import static io.millrace.broker.placement.NodeOfferBuilder.node;
import static io.millrace.broker.placement.SupplyTable.supplyOf;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Where best fit puts a demand of one replica. */
class BestFitTest {

    @Nested
    class WholeDevices {
        @Test
        void goWhereTheFewestAreLeft() {
            supplyOf(node("a").gpus(8), node("b").gpus(4), node("c").gpus(2))
                    .taken("a", 0, 1, 2, 3, 4)
                    .when(gpus(3))
                    .then("a[5,6,7]");
        }

        @Test
        void goToTheLowestFreeIndexes() {
            supplyOf(node("a").gpus(4)).taken("a", 1).when(gpus(2)).then("a[0,2]");
        }

        @Test
        void areNotMadeUpOfParts() {
            supplyOf(node("a").gpus(2), node("b").gpus(8))
                    .takenMilli("a", 1, 0)
                    .when(gpus(2))
                    .then("b[0,1]");
        }

        @Test
        void areNotDevicesThatSellAPartOnly() {
            supplyOf(node("a").gpuMilli(999, 1000), node("b").gpus(8))
                    .when(gpus(2))
                    .then("b[0,1]");
        }

        @Test
        void countPartsOfOthersAsLeftOver() {
            supplyOf(node("a").gpus(3), node("b").gpus(3))
                    .takenMilli("a", 100, 0)
                    .takenMilli("b", 200, 2)
                    .when(gpus(2))
                    .then("b[0,1]");
        }
    }

    @Nested
    class SharedDevices {
        @Test
        void goToTheTightestDeviceOfTheNode() {
            supplyOf(node("a").gpus(4))
                    .takenMilli("a", 300, 1)
                    .takenMilli("a", 500, 2)
                    .takenMilli("a", 600, 3)
                    .when(share(500))
                    .then("a[2:500]");
        }

        @Test
        void goToTheLowestIndexOfEquals() {
            supplyOf(node("a").gpus(3)).taken("a", 0).when(share(1)).then("a[1:1]");
        }

        @Test
        void fitOnOneDeviceOrNotAtAll() {
            supplyOf(node("a").gpus(2), node("b").gpus(4))
                    .takenMilli("a", 600, 0)
                    .takenMilli("a", 600, 1)
                    .when(share(500))
                    .then("b[0:500]");
        }

        @Test
        void useDevicesThatSellAPartOnly() {
            supplyOf(node("a").gpuMilli(400), node("b").gpus(1))
                    .when(share(400))
                    .then("a[0:400]");
        }

        @Test
        void aWholeDeviceAskedInMilliIsWhole() {
            supplyOf(node("a").gpuMilli(400, 1000)).when(share(1000)).then("a[1]");
        }
    }

    @Nested
    class WorkWithoutDevices {
        @Test
        void goesToNodesWithoutDevices() {
            supplyOf(node("a").millicores(4_000), cpuNode("b").millicores(64_000))
                    .when(millicores(4_000))
                    .then("b");
        }

        @Test
        void goesWhereTheLeastCpuIsLeft() {
            supplyOf(
                            cpuNode("a").millicores(8_000),
                            cpuNode("b").millicores(6_000),
                            cpuNode("c").millicores(3_000))
                    .when(millicores(4_000))
                    .then("b");
        }

        @Test
        void goesToNodesWithDevicesIfNothingElseIsLeft() {
            supplyOf(node("a"), node("b").gpus(2), cpuNode("c"))
                    .takenCpu("c", 64_000)
                    .when(millicores(1))
                    .then("b");
        }
    }

    @Nested
    class Ties {
        @Test
        void goToTheNodeWithLessCpuLeft() {
            supplyOf(node("a"), node("b"), node("c"))
                    .takenCpu("b", 1_000)
                    .when(gpus(1))
                    .then("b[0]");
        }

        @Test
        void goToTheSmallestIdThen() {
            supplyOf(node("c"), node("b"), node("d")).when(gpus(1)).then("b[0]");
        }

        @Test
        void goToTheSmallestIdAcrossPoolsToo() {
            supplyOf(node("b").pool("p1"), node("a").pool("p2"), node("c").centre("c0"))
                    .when(gpus(1))
                    .then("a[0]");
        }
    }

    @Nested
    class Filters {
        @Test
        void byModelsAnyOfTheList() {
            supplyOf(
                            node("a").model("T4").gpus(1),
                            node("b").model("H100"),
                            node("c").model("A100"))
                    .taken("c", 0)
                    .when(gpus(1).models("H100", "A100"))
                    .then("c[1]");
        }

        @Test
        void byKind() {
            supplyOf(node("a").gpus(1), node("b").kind(Kind.SUPER))
                    .when(gpus(1).kind(Kind.SUPER))
                    .then("b[0]");
        }

        @Test
        void byPriceOfADevice() {
            supplyOf(node("a").gpus(1).devicePrice(11).corePrice(1), node("b").devicePrice(10))
                    .when(gpus(1).maxPrice(10))
                    .then("b[0]");
        }

        @Test
        void byPriceOfACoreForWorkWithoutDevices() {
            supplyOf(cpuNode("a").devicePrice(0).corePrice(11), cpuNode("b").corePrice(10))
                    .when(millicores(1).maxPrice(10))
                    .then("b");
        }

        @Test
        void byCpuMemoryAndStatus() {
            supplyOf(
                            node("a").gpus(1).millicores(3_999),
                            node("b").gpus(1).mib(8_191),
                            node("c").gpus(1).draining(),
                            node("d").gpus(1).lost(),
                            node("e"))
                    .when(gpus(1).cpu(4_000).mib(8_192))
                    .then("e[0]");
        }

        @Test
        void evenADemandForNothingDoesNotFitOnAnOversoldNode() {
            supplyOf(node("a").gpus(1).sellsMillicores(0), node("b"))
                    .takenCpu("a", 1)
                    .when(gpus(1).cpu(0).mib(0))
                    .then("b[0]");
        }
    }

    @Nested
    class Grants {
        @Test
        void sayWhatTheyAreAndCost() {
            Placement.Placed placed = supplyOf(
                            node("a").centre("c7").model("H100").devicePrice(20_000_001))
                    .when(share(250).cpu(3_000).mib(4_096))
                    .placed();
            assertThat(placed.nodesConsidered()).isEqualTo(1);
            assertThat(placed.grants())
                    .containsExactly(new Grant("a", "c7", "H100", 1, IntVector.of(0), 250, 3_000, 4_096, 5_000_000));
        }

        @Test
        void ofWorkWithoutDevicesCostByTheCore() {
            Placement.Placed placed = supplyOf(cpuNode("a").corePrice(100_001))
                    .when(millicores(2_500).mib(64))
                    .placed();
            assertThat(placed.grants())
                    .containsExactly(new Grant("a", "c1", "", 1, IntVector.EMPTY, 0, 2_500, 64, 250_002));
        }

        @Test
        void doNotOverflowAtTheHighestPriceOfTheLargestNode() {
            int devices = OfferCheck.MAX_DEVICES;
            Placement.Placed placed = supplyOf(
                            node("a").gpus(devices).devicePrice(OfferCheck.MAX_PRICE_MICRO_CNY_PER_DEVICE_HOUR))
                    .when(gpus(devices))
                    .placed();
            assertThat(placed.grants().get(0).priceMicroCnyPerHour())
                    .isEqualTo(devices * OfferCheck.MAX_PRICE_MICRO_CNY_PER_DEVICE_HOUR);
        }
    }
}
