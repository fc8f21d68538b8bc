package io.millrace.broker.market;

import static io.millrace.broker.market.MarketTable.marketOf;
import static io.millrace.broker.market.SpecBuilder.gpus;
import static io.millrace.broker.market.Told.release;
import static io.millrace.broker.market.Told.submit;
import static io.millrace.broker.market.Told.tick;
import static io.millrace.broker.market.Told.update;
import static io.millrace.broker.placement.NodeOfferBuilder.node;

import org.junit.jupiter.api.Test;

/** A lost node: what ran on it is revoked and placed again, or waits at the place in the queue it once had. */
class NodeLostTest {

    @Test
    void whatRanOnItGoesElsewhereForTheRestOfItsTerm() {
        marketOf(node("a"), node("b").gpus(4))
                .givenRunning("r1", gpus(2), "a", 0, 1)
                .at("0:20:00")
                .when(update(node("a").lost()))
                .then(
                        "node a LOST",
                        "ended r1#1 REVOKED NODE_LOST at 0:20:00",
                        "queued r1 NODE_LOST until 0:30:00 with 0:40:00 left",
                        "allocated r1#2 on b[0,1] until 1:00:00");
    }

    @Test
    void aGangLosesAllOfItsNodesAndComesBackWhole() {
        MarketTable table =
                marketOf(node("a").gpus(1), node("b").gpus(1), node("c").gpus(1));
        table.when(submit("r1", gpus(1).replicas(2))).then("allocated r1#1 on a[0] b[0] until 1:00:00");
        table.at("0:10:00")
                .when(update(node("a").gpus(1).lost()))
                .then(
                        "node a LOST",
                        "ended r1#1 REVOKED NODE_LOST at 0:10:00",
                        "queued r1 NODE_LOST until 0:20:00 with 0:50:00 left",
                        "allocated r1#2 on b[0] c[0] until 1:00:00");
    }

    @Test
    void whatFindsNoPlaceWaitsAtItsOldRank() {
        MarketTable table = marketOf(node("a").gpus(1), node("b").gpus(1))
                .givenRunning("r1", gpus(1), "a", 0)
                .givenRunning("r2", gpus(1), "b", 0)
                .givenWaiting("r3", gpus(1).waits(1800));
        table.at("0:10:00")
                .when(update(node("a").gpus(1).lost()))
                .then(
                        "node a LOST",
                        "ended r1#1 REVOKED NODE_LOST at 0:10:00",
                        "queued r1 NODE_LOST until 0:20:00 with 0:50:00 left");
        table.at("0:15:00")
                .when(release("r2"))
                .then("ended r2#1 RELEASED at 0:15:00", "allocated r1#2 on b[0] until 1:05:00");
    }

    @Test
    void itWaitsAsLongAsItWasReadyToWaitIfThatIsLonger() {
        marketOf(node("a"))
                .givenRunning("r1", gpus(1).waits(1800), "a", 0)
                .at("0:10:00")
                .when(update(node("a").lost()))
                .then(
                        "node a LOST",
                        "ended r1#1 REVOKED NODE_LOST at 0:10:00",
                        "queued r1 NODE_LOST until 0:40:00 with 0:50:00 left");
    }

    @Test
    void whatFindsNoPlaceInTimeIsRefused() {
        MarketTable table = marketOf(node("a")).givenRunning("r1", gpus(1), "a", 0);
        table.at("0:10:00").when(update(node("a").lost()));
        table.at("0:19:59.999").when(tick()).thenNothing();
        table.at("0:20:00").when(tick()).then("refused r1 WAIT_EXPIRED").thenStatus("r1", Request.Status.REFUSED);
    }

    @Test
    void whatComesBackTakesUpWhatWaits() {
        MarketTable table = marketOf(node("a")).givenRunning("r1", gpus(1), "a", 0);
        table.at("0:10:00").when(update(node("a").lost()));
        table.at("0:15:00").when(update(node("a"))).then("node a SELLABLE", "allocated r1#2 on a[0] until 1:05:00");
    }

    @Test
    void aRevokedOneIsServedBeforeYoungerOnesAndBesideThem() {
        marketOf(node("a").gpus(4), node("b").gpus(4))
                .givenRunning("r1", gpus(2), "a", 0, 1)
                .givenRunning("r2", gpus(2), "a", 2, 3)
                .givenRunning("r3", gpus(1), "b", 0)
                .at("0:10:00")
                .when(update(node("a").gpus(4).lost()))
                .then(
                        "node a LOST",
                        "ended r1#1 REVOKED NODE_LOST at 0:10:00",
                        "queued r1 NODE_LOST until 0:20:00 with 0:50:00 left",
                        "ended r2#1 REVOKED NODE_LOST at 0:10:00",
                        "queued r2 NODE_LOST until 0:20:00 with 0:50:00 left",
                        "allocated r1#2 on b[1,2] until 1:00:00");
    }

    @Test
    void losingItTwiceOrLosingAStrangerRevokesNothing() {
        marketOf(node("a").lost())
                .when(update(node("a").lost()), update(node("b").lost()))
                .then("node b LOST");
    }
}
