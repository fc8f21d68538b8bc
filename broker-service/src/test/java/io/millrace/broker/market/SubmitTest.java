package io.millrace.broker.market;

import static io.millrace.broker.market.MarketTable.marketOf;
import static io.millrace.broker.market.SpecBuilder.gpus;
import static io.millrace.broker.market.SpecBuilder.millicores;
import static io.millrace.broker.market.SpecBuilder.share;
import static io.millrace.broker.market.Told.ask;
import static io.millrace.broker.market.Told.askLast;
import static io.millrace.broker.market.Told.submit;
import static io.millrace.broker.placement.NodeOfferBuilder.cpuNode;
import static io.millrace.broker.placement.NodeOfferBuilder.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.broker.catalogue.Need;
import io.millrace.broker.catalogue.Precision;
import io.millrace.broker.placement.Figure;
import io.millrace.broker.placement.Misfit;
import io.millrace.broker.placement.Relaxation;
import io.millrace.broker.placement.Shortfall;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a market answers to a request that it has not seen before. */
class SubmitTest {

    @Nested
    class Allocates {
        @Test
        void untilItsTermEnds() {
            marketOf(node("a"))
                    .at("0:10:00")
                    .when(submit("r1", gpus(2).seconds(1800)))
                    .then("allocated r1#1 on a[0,1] until 0:40:00")
                    .thenStatus("r1", Request.Status.ALLOCATED);
        }

        @Test
        void whatIsFreeBesideOthers() {
            marketOf(node("a").gpus(4))
                    .givenRunning("r1", gpus(1), "a", 0)
                    .givenRunning("r2", gpus(1), "a", 2)
                    .when(submit("r3", gpus(2)))
                    .then("allocated r3#1 on a[1,3] until 1:00:00");
        }

        @Test
        void partsOfOneDevice() {
            marketOf(node("a").gpus(2))
                    .when(submit("r1", share(600)), submit("r2", share(300)), submit("r3", share(200)))
                    .then(
                            "allocated r1#1 on a[0:600] until 1:00:00",
                            "allocated r2#1 on a[0:300] until 1:00:00",
                            "allocated r3#1 on a[1:200] until 1:00:00");
        }

        @Test
        void allReplicasTogether() {
            marketOf(node("a").gpus(2), node("b").gpus(4))
                    .when(submit("r1", gpus(2).replicas(3)))
                    .then("allocated r1#1 on a[0,1] b[0,1,2,3]x2 until 1:00:00");
        }

        @Test
        void workWithoutDevicesOnCpuNodes() {
            marketOf(node("a"), cpuNode("b"))
                    .when(submit("r1", millicores(2000)))
                    .then("allocated r1#1 on b until 1:00:00");
        }

        @Test
        void pastThoseWhoWaitForSomethingElse() {
            marketOf(node("a").gpus(4))
                    .givenRunning("r1", gpus(2), "a", 0, 1)
                    .givenWaiting("r2", gpus(4).waits(600))
                    .when(submit("r3", gpus(2)))
                    .then("allocated r3#1 on a[2,3] until 1:00:00");
        }

        @Test
        void withThePriceOfWhatItTakes() {
            Event.Allocated allocated = marketOf(node("a").devicePrice(12_000_000))
                    .when(submit("r1", gpus(2)))
                    .thenOnly(Event.Allocated.class);
            assertThat(allocated.grants().get(0).priceMicroCnyPerHour()).isEqualTo(24_000_000);
        }

        @Test
        void atThePriceOfTheDayAndSaysHowManyNodesItLookedAt() {
            Explanation explanation = marketOf(
                            node("a"), node("b"), node("c").pool("p2").model("T4"))
                    .when(submit("r1", gpus(1).models("A100")))
                    .thenExplanation();
            assertThat(explanation.nodesConsidered()).isEqualTo(2);
            assertThat(explanation.figures())
                    .containsExactly(
                            new Figure(Figure.What.POLICY, "best-fit", 0),
                            Figure.of(Figure.What.DEVICES_LEFT, 7_000),
                            Figure.of(Figure.What.CPU_LEFT, node("a").offer().cpuSellableMillicores() - 1_000));
        }
    }

    @Nested
    class Queues {
        @Test
        void whatDoesNotFitNow() {
            marketOf(node("a").gpus(4))
                    .givenRunning("r1", gpus(3), "a", 0, 1, 2)
                    .at("0:01:00")
                    .when(submit("r2", gpus(2).waits(600)))
                    .then("queued r2 NO_CAPACITY until 0:11:00 with 1:00:00 left")
                    .thenStatus("r2", Request.Status.QUEUED);
        }

        @Test
        void behindThoseWhoWaitForTheSame() {
            marketOf(node("a").gpus(4))
                    .givenRunning("r1", gpus(4), "a", 0, 1, 2, 3)
                    .givenWaiting("r2", gpus(2).waits(600))
                    .when(submit("r3", gpus(2).waits(600)))
                    .then("queued r3 NO_CAPACITY until 0:10:00 with 1:00:00 left");
        }

        @Test
        void noMoreThanItMay() {
            marketOf(node("a").gpus(4))
                    .givenRunning("r1", gpus(4), "a", 0, 1, 2, 3)
                    .givenWaiting("r2", gpus(1).waits(600))
                    .givenWaiting("r3", gpus(2).waits(600))
                    .when(submit("r4", gpus(1).waits(600)))
                    .then("refused r4 QUEUE_FULL");
        }

        @Test
        void andSaysWhatFitsNow() {
            Explanation explanation = marketOf(node("a").gpus(4), cpuNode("b"))
                    .givenRunning("r1", gpus(3), "a", 0, 1, 2)
                    .when(submit("r2", gpus(2).waits(600)))
                    .thenExplanation();
            assertThat(explanation.nodesConsidered()).isEqualTo(2);
            assertThat(explanation.filtered())
                    .containsExactly(new Misfit.Removed("model", 1), new Misfit.Removed("devices", 1));
            assertThat(explanation.wouldFit()).isEmpty();
            assertThat(explanation.shortfall().exhausted()).containsExactly(new Misfit.Removed("devices", 1));
            assertThat(explanation.shortfall().rejected()).containsExactly(new Shortfall.Rejected("a", 1_000, 0, 0));
            assertThat(explanation.shortfall().relaxations())
                    .extracting(Relaxation::what, Relaxation::amount, Relaxation::changePermille)
                    .containsExactly(
                            tuple(Relaxation.What.DEVICES, 1L, 500), tuple(Relaxation.What.WAIT, 3_600_000L, 500));
        }

        @Test
        void andTellsWhatWouldFitOnTheWayToOtherMarketsToo() {
            Explanation explanation = marketOf(node("a").gpus(4), cpuNode("b"))
                    .givenRunning("r1", gpus(3), "a", 0, 1, 2)
                    .when(ask("r2", gpus(2).waits(600), 0))
                    .thenExplanation();
            assertThat(explanation.wouldFit()).isEmpty();
            assertThat(explanation.shortfall().relaxations())
                    .extracting(Relaxation::what)
                    .containsExactly(Relaxation.What.DEVICES, Relaxation.What.WAIT);
        }

        @Test
        void andDoesNotAdviseToWaitBeyondTheDeadline() {
            Explanation explanation = marketOf(node("a").gpus(4))
                    .givenRunning("r1", gpus(3), "a", 0, 1, 2)
                    .when(submit("r2", gpus(2).waits(600).deadline(7_199_999)))
                    .thenExplanation();
            assertThat(explanation.shortfall().relaxations())
                    .extracting(Relaxation::what)
                    .containsExactly(Relaxation.What.DEVICES);
        }
    }

    @Nested
    class Refuses {
        @Test
        void whatContradictsItself() {
            Explanation explanation = marketOf(node("a"))
                    .when(submit("r1", gpus(2).milliPerDevice(500)))
                    .then("refused r1 INVALID")
                    .thenExplanation();
            assertThat(explanation.summary())
                    .isEqualTo("milliPerDevice is 500 with 2 devices: only a single device can be shared");
        }

        @Test
        void hubsThatItDoesNotServe() {
            Explanation explanation = marketOf(node("a"))
                    .when(submit("r1", gpus(1).hubs("south", "east")))
                    .then("refused r1 UNKNOWN_HUB")
                    .thenExplanation();
            assertThat(explanation.summary()).isEqualTo("no market serves the hubs [south, east]");
        }

        @Test
        void butNotHubsOfWhichItIsOne() {
            marketOf(node("a"))
                    .when(submit("r1", gpus(1).hubs("south", MarketTable.MARKET)))
                    .then("allocated r1#1 on a[0] until 1:00:00");
        }

        @Test
        void modelsThatNobodyHas() {
            marketOf(node("a"), cpuNode("b"))
                    .when(submit("r1", gpus(1).models("H100", "H200").waits(600)))
                    .then("refused r1 NO_SUCH_MODEL");
        }

        @Test
        void everythingWhereNothingIsOffered() {
            marketOf().when(submit("r1", gpus(1).waits(600))).then("refused r1 NO_SUCH_MODEL");
        }

        /** Another model is there and would have room: it does not do what is needed. */
        @Test
        void aNeedIsNotMetByJustAnotherModel() {
            Need bf16 = new Need(Precision.BF16, 0, 0, 0, null);
            Explanation explanation = marketOf(node("a").model("P100"))
                    .when(submit("r1", gpus(1).need(bf16).or(1, "A100")))
                    .thenExplanation();
            assertThat(explanation.wouldFit()).isEmpty();
            assertThat(explanation.shortfall().relaxations()).isEmpty();

            explanation = marketOf(node("a").model("P100").gpus(2), node("b").gpus(1))
                    .when(submit("r2", gpus(2).need(bf16).or(1, "A100")))
                    .thenExplanation();
            assertThat(explanation.shortfall().relaxations())
                    .extracting(Relaxation::what)
                    .containsExactly(Relaxation.What.DEVICES);
        }

        /** With fewer devices each, it would take more replicas. */
        @Test
        void ofAThroughputInTotalFewerDevicesAreNoHelp() {
            Need total = new Need(Precision.BF16, 0, 800_000, 0, null);
            Explanation explanation = marketOf(node("a").gpus(8))
                    .givenRunning("n", gpus(4), "a", 0, 1, 2, 3)
                    .when(submit("r", gpus(8).need(total).or(1, "A100")))
                    .thenExplanation();
            assertThat(explanation.shortfall().relaxations())
                    .extracting(Relaxation::what)
                    .doesNotContain(Relaxation.What.DEVICES)
                    .contains(Relaxation.What.WAIT);
        }

        @Test
        void aPriceThatNobodyAccepts() {
            marketOf(node("a").devicePrice(10_000_000))
                    .when(submit("r1", gpus(1).maxPrice(9_999_999).waits(600)))
                    .then("refused r1 PRICE_TOO_LOW");
        }

        @Test
        void whatCouldNeverFitThoughItWouldWait() {
            marketOf(node("a").gpus(8)).when(submit("r1", gpus(9).waits(600))).then("refused r1 NEVER_FITS");
        }

        @Test
        void whatDoesNotFitNowAndWillNotWait() {
            marketOf(node("a").gpus(4))
                    .givenRunning("r1", gpus(4), "a", 0, 1, 2, 3)
                    .when(submit("r2", gpus(1)))
                    .then("refused r2 NO_CAPACITY");
        }

        @Test
        void nodesThatDrainOrAreLost() {
            marketOf(node("a").draining(), node("b").lost())
                    .when(submit("r1", gpus(1)))
                    .then("refused r1 NO_CAPACITY");
        }
    }

    @Nested
    class Deflects {
        @Test
        void whatDoesNotFitNowWhileThereAreOthersToAsk() {
            marketOf(node("a").gpus(4))
                    .givenRunning("r1", gpus(4), "a", 0, 1, 2, 3)
                    .when(ask("r2", gpus(1).waits(600), 0))
                    .then("deflected r2 NO_CAPACITY at attempt 0")
                    .thenStatus("r2", Request.Status.DEFLECTED);
        }

        @Test
        void whatItCanNeverServe() {
            marketOf(node("a"))
                    .when(
                            ask("r1", gpus(1).models("H100"), 0),
                            ask("r2", gpus(1).maxPrice(1), 1),
                            ask("r3", gpus(9), 2))
                    .then(
                            "deflected r1 NO_SUCH_MODEL at attempt 0",
                            "deflected r2 PRICE_TOO_LOW at attempt 1",
                            "deflected r3 NEVER_FITS at attempt 2");
        }

        @Test
        void butAllocatesWhatFits() {
            marketOf(node("a")).when(ask("r1", gpus(1), 0)).then("allocated r1#1 on a[0] until 1:00:00");
        }

        @Test
        void butRefusesAtOnceWhatNoMarketCouldServe() {
            marketOf(node("a"))
                    .when(ask("r1", gpus(1).seconds(0), 0), ask("r2", gpus(1).hubs("nowhere"), 0))
                    .then("refused r1 INVALID", "refused r2 UNKNOWN_HUB");
        }
    }

    /** The last market asked answers for all: with the reason that came closest to serving the request. */
    @Nested
    class AnswersForAll {
        @Test
        void withAReasonOfAnotherIfThatWasMoreHopeful() {
            marketOf(node("a"))
                    .when(askLast("r1", gpus(9).waits(600), Reason.PRICE_TOO_LOW, Reason.NO_CAPACITY))
                    .then("refused r1 NO_CAPACITY");
        }

        @Test
        void withItsOwnReasonIfThatIsMoreHopeful() {
            marketOf(node("a"))
                    .when(askLast("r1", gpus(9), Reason.NO_SUCH_MODEL, Reason.PRICE_TOO_LOW))
                    .then("refused r1 NEVER_FITS");
        }

        @Test
        void andQueuesWhatMayFitLater() {
            marketOf(node("a").gpus(1))
                    .givenRunning("r1", gpus(1), "a", 0)
                    .when(askLast("r2", gpus(1).waits(600), Reason.NO_SUCH_MODEL))
                    .then("queued r2 NO_CAPACITY until 0:10:00 with 1:00:00 left");
        }
    }

    /** Of several things that are wrong, the first of the enum is named. */
    @Nested
    class Precedence {
        private final MarketTable table = marketOf(node("a")).givenRunning("r1", gpus(8), "a", 0, 1, 2, 3, 4, 5, 6, 7);

        @Test
        void anIdInUseBeforeAnythingElse() {
            table.when(submit("r1", gpus(2).milliPerDevice(500).hubs("south"))).then("submit of r1: ID_CONFLICT");
        }

        @Test
        void invalidBeforeUnknownHub() {
            table.when(submit("r2", gpus(2).milliPerDevice(500).hubs("south"))).then("refused r2 INVALID");
        }

        @Test
        void unknownHubBeforeNoSuchModel() {
            table.when(submit("r2", gpus(1).models("H100").hubs("south"))).then("refused r2 UNKNOWN_HUB");
        }

        @Test
        void noSuchModelBeforePriceTooLow() {
            table.when(submit("r2", gpus(1).models("H100").maxPrice(1))).then("refused r2 NO_SUCH_MODEL");
        }

        @Test
        void priceTooLowBeforeNeverFits() {
            table.when(submit("r2", gpus(9).maxPrice(1))).then("refused r2 PRICE_TOO_LOW");
        }

        @Test
        void neverFitsBeforeNoCapacity() {
            table.when(submit("r2", gpus(9))).then("refused r2 NEVER_FITS");
        }

        @Test
        void noCapacityBeforeQueueFull() {
            table.givenWaiting("r2", gpus(2).waits(60))
                    .givenWaiting("r3", gpus(2).waits(60))
                    .when(submit("r4", gpus(1)), submit("r5", gpus(1).waits(60)))
                    .then("refused r4 NO_CAPACITY", "refused r5 QUEUE_FULL");
        }
    }
}
