package io.millrace.broker.placement;

import static io.millrace.broker.market.SpecBuilder.gpus;
import static io.millrace.broker.market.SpecBuilder.millicores;
import static io.millrace.broker.placement.Misfit.Cause.NEVER_FITS;
import static io.millrace.broker.placement.Misfit.Cause.NO_CAPACITY;
import static io.millrace.broker.placement.NodeOfferBuilder.cpuNode;
import static io.millrace.broker.placement.NodeOfferBuilder.node;
import static io.millrace.broker.placement.SupplyTable.supplyOf;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Storage beside the compute: a replica goes where both its capacity and its bandwidth are free. */
class StorageTest {

    @Nested
    class Amounts {
        @Test
        void nothingCanBeHadOfAnything() {
            assertThat(Storage.NONE.covers(Storage.NONE)).isTrue();
            assertThat(new Storage(-1, -1).covers(Storage.NONE)).isTrue();
            assertThat(new Storage(-1, 5).covers(new Storage(0, 5))).isTrue();
            assertThat(new Storage(-1, 5).covers(new Storage(1, 5))).isFalse();
        }

        @Test
        void bothMustBeCovered() {
            Storage has = new Storage(10, 20);
            assertThat(has.covers(new Storage(10, 20))).isTrue();
            assertThat(has.covers(new Storage(11, 20))).isFalse();
            assertThat(has.covers(new Storage(10, 21))).isFalse();
        }

        @Test
        void whatIsTakenAndGivenBackIsAsBefore() {
            Storage has = new Storage(10, 20);
            Storage asked = new Storage(3, 4);
            assertThat(has.minus(asked.times(2))).isEqualTo(new Storage(4, 12));
            assertThat(has.minus(asked).plus(asked)).isEqualTo(has);
            assertThat(asked.minus(asked)).isSameAs(Storage.NONE);
            assertThat(asked.times(-1)).isEqualTo(new Storage(-3, -4));
        }

        @Test
        void copiesGoByTheScarcerOne() {
            Storage has = new Storage(10, 20);
            assertThat(has.copiesOf(new Storage(3, 4), 100)).isEqualTo(3);
            assertThat(has.copiesOf(new Storage(1, 7), 100)).isEqualTo(2);
            assertThat(has.copiesOf(new Storage(0, 7), 1)).isEqualTo(1);
            assertThat(has.copiesOf(Storage.NONE, 100)).isEqualTo(100);
            assertThat(new Storage(-5, 20).copiesOf(new Storage(3, 4), 100)).isZero();
        }
    }

    @Nested
    class Fits {
        @Test
        void whereBothAreFree() {
            supplyOf(
                            node("a").storage(100, 1_000),
                            node("b").storage(1_000, 100),
                            node("c"),
                            node("d").storage(1_000, 1_000))
                    .when(gpus(1).storage(500, 500))
                    .then("d[0]");
        }

        @Test
        void anywhereIfNoneIsAsked() {
            supplyOf(node("a"), node("b").storage(100, 100)).when(gpus(1)).then("a[0]");
        }

        @Test
        void whatIsTakenIsNotFree() {
            supplyOf(node("a").storage(100, 100), node("b").gpus(9).storage(100, 100))
                    .takenStorage("a", 60, 0)
                    .when(gpus(1).storage(50, 0))
                    .then("b[0]");
        }

        @Test
        void whatWorkOutsideUsesIsNotForSale() {
            supplyOf(
                            node("a").storage(100, 100).sellsStorage(40, 100),
                            node("b").gpus(9).storage(50, 100))
                    .when(gpus(1).storage(50, 0))
                    .then("b[0]");
        }

        @Test
        void asManyReplicasOnANodeAsItsStorageHolds() {
            supplyOf(node("a").storage(100, 100), node("b").storage(1_000, 30))
                    .when(gpus(1).replicas(3).storage(50, 15))
                    .then("a[0,1]x2 b[0]");
        }

        @Test
        void workWithoutDevices() {
            supplyOf(cpuNode("a"), cpuNode("b").storage(10, 0))
                    .when(millicores(1_000).storage(10, 0))
                    .then("b");
        }

        @Test
        void itsPriceComesOnTopOfThatOfTheDevices() {
            Placement.Placed placed = supplyOf(
                            node("a").devicePrice(5_000_000).storage(1_000, 100).storagePrice(140))
                    .when(gpus(2).replicas(2).storage(300, 15))
                    .placed();
            assertThat(placed.grants())
                    .singleElement()
                    .extracting(Grant::priceMicroCnyPerHour)
                    .isEqualTo(4 * 5_000_000L + 2 * 300 * 140);
        }

        /** Replicas of one request are on equal terms. */
        @Test
        void nodesThatAskAnotherPriceForItAreAnotherPool() {
            supplyOf(
                            node("a").gpus(1).storage(100, 100).storagePrice(1),
                            node("b").gpus(1).storage(100, 100).storagePrice(2))
                    .when(gpus(1).replicas(2).storage(10, 0))
                    .thenMisfit(NEVER_FITS, "", "at most 1 replica of this size in one pool");
        }

        @Test
        void theGrantSaysHowMuch() {
            Placement.Placed placed = supplyOf(node("a").storage(100, 100))
                    .when(gpus(1).replicas(2).storage(50, 15))
                    .placed();
            assertThat(placed.grants())
                    .singleElement()
                    .extracting(Grant::storage)
                    .isEqualTo(new Storage(100, 30));
        }
    }

    @Nested
    class DoesNotFit {
        @Test
        void storageIsTheLastFilter() {
            supplyOf(
                            node("a").storage(100, 100),
                            node("b").gpus(1).storage(100, 100),
                            node("c").mib(10).storage(100, 100),
                            node("d"))
                    .takenStorage("a", 60, 0)
                    .when(gpus(2).storage(50, 0))
                    .thenMisfit(NO_CAPACITY, "devices 1, memory 1, storage 2", "now: at most 1 device per replica");
        }

        @Test
        void capacityThatIsTaken() {
            supplyOf(node("a").storage(100, 100))
                    .takenStorage("a", 60, 0)
                    .when(gpus(1).storage(50, 50))
                    .thenMisfit(NO_CAPACITY, "storage 1", "now: at most 40 GiB of storage per replica");
        }

        @Test
        void bandwidthThatNoNodeHas() {
            supplyOf(node("a").storage(100, 100))
                    .when(gpus(1).storage(50, 200))
                    .thenMisfit(NEVER_FITS, "storage 1", "at most 100 MiB/s of storage bandwidth per replica");
        }

        @Test
        void moreReplicasThanStorageHolds() {
            supplyOf(node("a").storage(100, 100))
                    .when(gpus(1).replicas(3).storage(50, 0))
                    .thenMisfit(NEVER_FITS, "", "at most 2 replicas of this size in one pool");
        }

        @Test
        void nodesByWhatAloneTheyLack() {
            supplyOf(
                            node("a").storage(10, 10),
                            node("b").gpus(1).storage(100, 100),
                            node("c").gpus(1).storage(10, 100))
                    .when(gpus(2).storage(50, 50))
                    .thenExhausted("devices 1, storage 1, several 1");
        }

        @Test
        void theNodeThatLacksLeast() {
            supplyOf(node("a").storage(10, 50), node("b").storage(40, 40), node("c"))
                    .when(gpus(2).storage(50, 50))
                    .thenClosestLacks(10, 10);
        }

        @Test
        void whatIsNotAskedIsNotMissing() {
            supplyOf(node("a").storage(40, 100))
                    .takenStorage("a", 0, 150)
                    .when(gpus(2).storage(50, 0))
                    .thenClosestLacks(10, 0);
        }
    }

    @Nested
    class Relaxations {
        @Test
        void lessCapacity() {
            supplyOf(node("a").storage(100, 100), node("b"))
                    .takenStorage("a", 60, 0)
                    .when(gpus(1).storage(50, 50))
                    .thenRelaxations("STORAGE 40 now (200)");
        }

        @Test
        void lessBandwidthOrFewerReplicas() {
            supplyOf(node("a").storage(100, 100))
                    .when(gpus(1).replicas(2).storage(50, 80))
                    .thenRelaxations("STORAGE_BANDWIDTH 50 now (375), REPLICAS 1 now (500)");
        }

        @Test
        void none() {
            supplyOf(node("a")).when(gpus(1).storage(50, 0)).thenRelaxations("STORAGE 0 now (1000)");
        }

        @Test
        void nothingHelpsWhereBothAreMissing() {
            supplyOf(node("a").storage(10, 10)).when(gpus(1).storage(50, 50)).thenRelaxations("");
        }

        @Test
        void anotherModelThatHasTheStorage() {
            supplyOf(node("a"), node("b").model("H100").storage(50, 0))
                    .when(gpus(1).models("A100").storage(50, 0))
                    .thenRelaxations("MODEL H100 now (500), STORAGE 0 now (1000)");
        }
    }
}
