package io.millrace.broker.placement;

import static io.millrace.broker.market.SpecBuilder.gpus;
import static io.millrace.broker.placement.NodeOfferBuilder.node;
import static io.millrace.broker.placement.SupplyTable.supplyOf;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a demand leaves open: which alternative, how many, how far apart. */
class FlexibleTest {

    private static NodeOfferBuilder of(String id, String centre, String pool, String model, int devices) {
        return node(id).centre(centre).pool(pool).model(model).gpus(devices);
    }

    @Nested
    class Alternatives {
        @Test
        void theFirstThatFitsIsTakenWithItsOwnReplicas() {
            supplyOf(of("a", "c1", "p1", "H100", 8), of("b", "c1", "p2", "A100", 8))
                    .when(gpus(1).or(2, "H100").or(5, "A100"))
                    .then("a[0,1]x2");
        }

        @Test
        void theNextIsTakenWhereTheFirstDoesNotFit() {
            supplyOf(of("a", "c1", "p1", "H100", 8), of("b", "c1", "p2", "A100", 8))
                    .taken("a", 0, 1, 2, 3, 4, 5, 6)
                    .when(gpus(1).or(2, "H100").or(5, "A100"))
                    .then("b[0,1,2,3,4]x5");
        }

        @Test
        void theyAreNotMixedHoweverFarTheySpread() {
            supplyOf(of("a", "c1", "p1", "H100", 1), of("b", "c1", "p2", "A100", 1))
                    .when(gpus(1).or(2, "H100").or(2, "A100").spread(Spread.MARKET))
                    .thenMisfit(Misfit.Cause.NEVER_FITS, "", "at most 1 replica of this size in this market");
        }

        @Test
        void aMisfitIsThatOfTheOneThatCameClosest() {
            supplyOf(of("a", "c1", "p1", "H100", 2), of("b", "c1", "p2", "A100", 8))
                    .taken("b", 0, 1, 2, 3, 4)
                    .when(gpus(1).or(4, "H100").or(5, "A100"))
                    .thenMisfit(Misfit.Cause.NO_CAPACITY, "", "now: at most 3 replicas of this size in one pool");
        }
    }

    @Nested
    class Elastic {
        @Test
        void asManyAsFitAreGranted() {
            supplyOf(of("a", "c1", "p1", "A100", 8))
                    .taken("a", 0, 1, 2)
                    .when(gpus(1).replicas(8).minReplicas(2))
                    .then("a[3,4,5,6,7]x5");
        }

        @Test
        void noMoreThanAskedAreGranted() {
            supplyOf(of("a", "c1", "p1", "A100", 8))
                    .when(gpus(2).replicas(3).minReplicas(1))
                    .then("a[0,1,2,3,4,5]x3");
        }

        @Test
        void thePoolWithMostRoomCountsNotTheTightest() {
            supplyOf(of("a", "c1", "p1", "A100", 2), of("b", "c1", "p2", "A100", 4))
                    .when(gpus(1).replicas(6).minReplicas(1))
                    .then("b[0,1,2,3]x4");
        }

        @Test
        void nothingIsGrantedBelowTheLeast() {
            supplyOf(of("a", "c1", "p1", "A100", 4))
                    .taken("a", 0, 1)
                    .when(gpus(1).replicas(8).minReplicas(3))
                    .thenMisfit(Misfit.Cause.NO_CAPACITY, "", "now: at most 2 replicas of this size in one pool");
        }

        @Test
        void spreadingGivesMore() {
            supplyOf(of("a", "c1", "p1", "A100", 2), of("b", "c1", "p2", "A100", 4), of("c", "c2", "p1", "A100", 4))
                    .when(gpus(1).replicas(9).minReplicas(1).spread(Spread.CENTRE))
                    .then("a[0,1]x2 b[0,1,2,3]x4");
        }
    }

    @Nested
    class Domains {
        @Test
        void replicasStayInOnePoolUnlessTheRequestSaysMore() {
            supplyOf(of("a", "c1", "p1", "A100", 2), of("b", "c1", "p2", "A100", 2))
                    .when(gpus(1).replicas(3))
                    .thenMisfit(Misfit.Cause.NEVER_FITS, "", "at most 2 replicas of this size in one pool");
        }

        @Test
        void theyMayShareACentre() {
            supplyOf(of("a", "c1", "p1", "A100", 2), of("b", "c1", "p2", "H100", 2), of("c", "c2", "p1", "A100", 2))
                    .when(gpus(1).replicas(3).spread(Spread.CENTRE))
                    .then("a[0,1]x2 b[0]");
        }

        @Test
        void aCentreIsNotAMarket() {
            supplyOf(of("a", "c1", "p1", "A100", 2), of("b", "c2", "p1", "A100", 2))
                    .when(gpus(1).replicas(3).spread(Spread.CENTRE))
                    .thenMisfit(Misfit.Cause.NEVER_FITS, "", "at most 2 replicas of this size in one centre");
        }

        @Test
        void theyMayShareAMarket() {
            supplyOf(of("a", "c1", "p1", "A100", 2), of("b", "c2", "p1", "A100", 2))
                    .when(gpus(1).replicas(3).spread(Spread.MARKET))
                    .then("a[0,1]x2 b[0]");
        }

        @Test
        void nearIsTakenBeforeFar() {
            supplyOf(of("a", "c1", "p1", "A100", 2), of("b", "c2", "p1", "A100", 2), of("c", "c2", "p2", "A100", 8))
                    .when(gpus(1).replicas(3).spread(Spread.MARKET))
                    .then("c[0,1,2]x3");
        }
    }
}
