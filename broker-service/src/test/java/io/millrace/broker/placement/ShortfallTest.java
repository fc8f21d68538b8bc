package io.millrace.broker.placement;

import static io.millrace.broker.market.SpecBuilder.gpus;
import static io.millrace.broker.market.SpecBuilder.millicores;
import static io.millrace.broker.market.SpecBuilder.share;
import static io.millrace.broker.placement.NodeOfferBuilder.cpuNode;
import static io.millrace.broker.placement.NodeOfferBuilder.node;
import static io.millrace.broker.placement.SupplyTable.supplyOf;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What is missing where, which nodes came closest, and the changes of one thing that help, the smallest first. */
class ShortfallTest {

    @Nested
    class Relaxations {
        @Test
        void fewerDevices() {
            supplyOf(node("a").gpus(8)).taken("a", 0, 1).when(gpus(8)).thenRelaxations("DEVICES 6 now (250)");
        }

        @Test
        void aSmallerPartOfADevice() {
            supplyOf(node("a").gpus(1)).takenMilli("a", 400, 0).when(share(800)).thenRelaxations("SHARE 600 now (250)");
        }

        @Test
        void fewerReplicasOrSmallerOnes() {
            supplyOf(node("a").gpus(4), node("b").gpus(4))
                    .taken("a", 0)
                    .when(gpus(4).replicas(2))
                    .thenRelaxations("DEVICES 3 now (250), REPLICAS 1 now (500)");
        }

        @Test
        void lessCpuWhereTheRestFits() {
            supplyOf(node("a"), node("b"))
                    .takenCpu("a", 60_000)
                    .takenCpu("b", 61_000)
                    .when(gpus(1).cpu(5_000))
                    .thenRelaxations("CPU 4000 now (200)");
        }

        @Test
        void lessMemoryOfEachOfAGang() {
            supplyOf(node("a").gpus(2).mib(10_000), node("b").gpus(2).mib(7_000))
                    .when(gpus(2).replicas(2).mib(8_000))
                    .thenRelaxations("MEMORY 7000 now (125), REPLICAS 1 now (500)");
        }

        @Test
        void anotherModelAndWhichWouldNot() {
            supplyOf(
                            node("a").gpus(4),
                            node("b").gpus(8).model("H100"),
                            node("c").gpus(2).model("T4"))
                    .taken("a", 0, 1)
                    .when(gpus(4).models("A100"))
                    .thenRelaxations("DEVICES 2 now (500), MODEL H100 now (500)");
        }

        @Test
        void aHigherPriceTheLowestThatHelps() {
            supplyOf(
                            node("a").gpus(8).devicePrice(10),
                            node("b").gpus(2).devicePrice(12),
                            node("c").gpus(8).devicePrice(16),
                            node("d").gpus(8).devicePrice(20))
                    .taken("a", 0, 1, 2, 3, 4, 5, 6)
                    .when(gpus(4).maxPrice(12))
                    .thenRelaxations("PRICE 16 now (250), DEVICES 2 now (500)");
        }

        @Test
        void anotherKind() {
            supplyOf(node("a").kind(Kind.SUPER), node("b").gpus(1).kind(Kind.INTELLIGENT))
                    .when(gpus(2).kind(Kind.QUANTUM))
                    .thenRelaxations("KIND SUPER now (1000)");
        }

        @Test
        void whatWouldFitOnceWhatRunsHasEnded() {
            supplyOf(node("a").gpus(8))
                    .taken("a", 0, 1, 2, 3, 4, 5, 6, 7)
                    .when(gpus(9))
                    .thenRelaxations("DEVICES 8 later (111)");
        }

        @Test
        void anotherModelThatIsFullNow() {
            supplyOf(node("a").gpus(1).model("H100"))
                    .taken("a", 0)
                    .when(gpus(1).models("A100"))
                    .thenRelaxations("MODEL H100 later (500)");
        }

        @Test
        void nothingHelpsWhereTwoThingsAreMissing() {
            supplyOf(node("a").gpus(4).millicores(1_000))
                    .when(gpus(5).cpu(2_000))
                    .thenRelaxations("");
        }

        /** Whatever is changed, all that suits is full: it takes time, which is the queue's to tell. */
        @Test
        void nothingHelpsWhereAllIsFull() {
            supplyOf(node("a").gpus(1), node("b").gpus(1).model("B"))
                    .taken("a", 0)
                    .taken("b", 0)
                    .when(gpus(1).models("A100").maxPrice(100_000_000))
                    .thenRelaxations("");
        }

        @Test
        void atMostFive() {
            supplyOf(
                            node("a").gpus(1),
                            node("b").model("B"),
                            node("c").model("C"),
                            node("d").model("D"),
                            node("e").model("E"),
                            node("f").model("F"))
                    .when(gpus(2).models("A100"))
                    .thenRelaxations("DEVICES 1 now (500), MODEL B now (500), MODEL C now (500), MODEL D now (500),"
                            + " MODEL E now (500)");
        }
    }

    @Nested
    class Nodes {
        @Test
        void countedByWhatAloneTheyLack() {
            supplyOf(
                            node("a").gpus(1),
                            node("b").millicores(100),
                            node("c").mib(100),
                            node("d").gpus(1).mib(100),
                            node("e").model("T4"),
                            node("f").draining(),
                            cpuNode("g"))
                    .when(gpus(2).models("A100").cpu(1_000).mib(1_000))
                    .thenExhausted("devices 1, cpu 1, memory 1, several 1");
        }

        @Test
        void theClosestFirstAndNoMoreThanThree() {
            supplyOf(
                            node("a").gpus(1),
                            node("b").gpus(3),
                            node("c").gpus(2),
                            node("d").gpus(3),
                            cpuNode("e"))
                    .when(gpus(4))
                    .thenClosest("b 1000/0/0, d 1000/0/0, c 2000/0/0");
        }

        @Test
        void whatEachLacks() {
            supplyOf(
                            node("a").gpus(4).millicores(1_500).mib(700),
                            cpuNode("b").millicores(900).mib(10_000))
                    .when(millicores(2_000).mib(1_000))
                    .thenClosest("a 0/500/300, b 0/1100/0");
        }

        @Test
        void nobodyIsRejectedWhereOnlyTheGangIsTooLarge() {
            supplyOf(node("a").gpus(4)).when(gpus(2).replicas(3)).thenClosest("");
        }
    }
}
