package io.millrace.broker.market;

import static io.millrace.broker.market.MarketTable.marketOf;
import static io.millrace.broker.market.SpecBuilder.gpus;
import static io.millrace.broker.market.Told.release;
import static io.millrace.broker.market.Told.submit;
import static io.millrace.broker.market.Told.tick;
import static io.millrace.broker.market.Told.update;
import static io.millrace.broker.placement.NodeOfferBuilder.node;

import org.junit.jupiter.api.Test;

/** Who is served when something becomes free: longest wait first among those that fit. */
class QueueTest {

    @Test
    void theLongestWaitFirst() {
        marketOf(node("a").gpus(2))
                .givenRunning("r1", gpus(2), "a", 0, 1)
                .givenWaiting("r9", gpus(2).waits(600))
                .givenWaiting("r2", gpus(1).waits(600))
                .when(release("r1"))
                .then("ended r1#1 RELEASED at 0:00:00", "allocated r9#1 on a[0,1] until 1:00:00");
    }

    @Test
    void oneThatDoesNotFitLetsOthersPass() {
        marketOf(node("a").gpus(2))
                .givenRunning("r1", gpus(1), "a", 0)
                .givenRunning("r2", gpus(1), "a", 1)
                .givenWaiting("r3", gpus(2).waits(600))
                .givenWaiting("r4", gpus(1).waits(600))
                .when(release("r1"))
                .then("ended r1#1 RELEASED at 0:00:00", "allocated r4#1 on a[0] until 1:00:00");
    }

    @Test
    void differentDemandsTakeTurnsByTheirWait() {
        marketOf(node("a").gpus(4))
                .givenRunning("r1", gpus(4), "a", 0, 1, 2, 3)
                .givenWaiting("w1", gpus(1).waits(600))
                .givenWaiting("w2", gpus(1).waits(600).cpu(2000))
                .givenWaiting("w3", gpus(1).waits(600))
                .givenWaiting("w4", gpus(1).waits(600).cpu(2000))
                .givenWaiting("w5", gpus(1).waits(600))
                .when(release("r1"))
                .then(
                        "ended r1#1 RELEASED at 0:00:00",
                        "allocated w1#1 on a[0] until 1:00:00",
                        "allocated w2#1 on a[1] until 1:00:00",
                        "allocated w3#1 on a[2] until 1:00:00",
                        "allocated w4#1 on a[3] until 1:00:00");
    }

    @Test
    void modelsInAnotherOrderAreTheSameDemand() {
        marketOf(node("a").gpus(1), node("b").gpus(1).model("H100").pool("p2"))
                .givenRunning("r1", gpus(1), "a", 0)
                .givenRunning("r2", gpus(1), "b", 0)
                .givenWaiting("w1", gpus(1).models("A100", "H100").waits(600))
                .givenWaiting("w2", gpus(1).models("H100", "A100").waits(600))
                .when(release("r2"))
                .then("ended r2#1 RELEASED at 0:00:00", "allocated w1#1 on b[0] until 1:00:00");
    }

    @Test
    void whatFreesByItselfGoesToThoseWhoWaitAndNotToWhoComesThen() {
        marketOf(node("a").gpus(2))
                .givenRunning("r1", gpus(2).seconds(60), "a", 0, 1)
                .givenWaiting("r2", gpus(2).waits(600))
                .at("0:01:00")
                .when(submit("r3", gpus(1).waits(600)))
                .then(
                        "ended r1#1 EXPIRED at 0:01:00",
                        "allocated r2#1 on a[0,1] until 1:01:00",
                        "queued r3 NO_CAPACITY until 0:11:00 with 1:00:00 left");
    }

    @Test
    void whoComesThenGetsWhatThoseWhoWaitedLeave() {
        marketOf(node("a").gpus(2))
                .givenRunning("r1", gpus(2).seconds(60), "a", 0, 1)
                .givenWaiting("r2", gpus(1).waits(600))
                .at("0:01:00")
                .when(submit("r3", gpus(1)))
                .then(
                        "ended r1#1 EXPIRED at 0:01:00",
                        "allocated r2#1 on a[0] until 1:01:00",
                        "allocated r3#1 on a[1] until 1:01:00");
    }

    @Test
    void aNewNodeServesThoseWhoWait() {
        marketOf(node("a").gpus(1))
                .givenRunning("r1", gpus(1), "a", 0)
                .givenWaiting("r2", gpus(1).waits(600))
                .when(update(node("b").gpus(1)))
                .then("node b SELLABLE", "allocated r2#1 on b[0] until 1:00:00");
    }

    @Test
    void aLowerPriceServesThoseWhoWait() {
        marketOf(node("a").gpus(1).devicePrice(5), node("b").gpus(1).devicePrice(9))
                .givenRunning("r1", gpus(1), "a", 0)
                .givenWaiting("r2", gpus(1).maxPrice(8).waits(600))
                .when(update(node("b").gpus(1).devicePrice(8)))
                .then("node b SELLABLE", "allocated r2#1 on b[0] until 1:00:00");
    }

    @Test
    void aNodeThatSellsAgainServesThoseWhoWait() {
        marketOf(node("a").gpus(1).draining())
                .givenWaiting("r1", gpus(1).waits(600))
                .when(update(node("a").gpus(1)))
                .then("node a SELLABLE", "allocated r1#1 on a[0] until 1:00:00");
    }

    @Test
    void aGangWaitsUntilAllOfItFits() {
        MarketTable table = marketOf(node("a").gpus(1), node("b").gpus(1))
                .givenRunning("r1", gpus(1), "a", 0)
                .givenRunning("r2", gpus(1), "b", 0)
                .givenWaiting("r3", gpus(1).replicas(2).waits(600));
        table.when(release("r1")).then("ended r1#1 RELEASED at 0:00:00");
        table.when(release("r2")).then("ended r2#1 RELEASED at 0:00:00", "allocated r3#1 on a[0] b[0] until 1:00:00");
    }

    @Test
    void whatEndedWhileTheClockStoodServesOnlyThoseStillWaiting() {
        marketOf(node("a").gpus(1))
                .givenRunning("r1", gpus(1).seconds(60), "a", 0)
                .givenWaiting("r2", gpus(1).waits(90))
                .givenWaiting("r3", gpus(1).waits(600))
                .at("0:02:00")
                .when(tick())
                .then(
                        "ended r1#1 EXPIRED at 0:01:00",
                        "refused r2 WAIT_EXPIRED",
                        "allocated r3#1 on a[0] until 1:02:00");
    }
}
