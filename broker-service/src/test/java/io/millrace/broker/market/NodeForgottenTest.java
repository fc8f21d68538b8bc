package io.millrace.broker.market;

import static io.millrace.broker.market.MarketTable.marketOf;
import static io.millrace.broker.market.SpecBuilder.gpus;
import static io.millrace.broker.market.Told.submit;
import static io.millrace.broker.market.Told.tick;
import static io.millrace.broker.market.Told.update;
import static io.millrace.broker.placement.NodeOfferBuilder.node;

import io.millrace.broker.placement.NodeOfferBuilder;
import org.junit.jupiter.api.Test;

/** A node that is lost is remembered for a day, as answers are here; then it is as if it had never been. */
class NodeForgottenTest {
    private static final long HOUR_MILLIS = 3_600_000;

    private static NodeOfferBuilder lost(long observedAtMillis) {
        return node("a").gpus(4).observed(observedAtMillis, 2).lost();
    }

    @Test
    void whatIsLostForAWhileIsStillWhatCouldBeWaitedFor() {
        marketOf(node("a").gpus(4), node("b").gpus(2).model("T4"))
                .at("0:30:00")
                .when(update(lost(0)))
                .then("node a LOST")
                .at("24:00:00")
                .when(tick())
                .thenNothing()
                .when(submit("r1", gpus(3).waits(60)))
                .then("queued r1 NO_CAPACITY until 24:01:00 with 1:00:00 left");
    }

    @Test
    void whatIsLostForLongIsForgotten() {
        marketOf(node("a").gpus(4), node("b").gpus(2).model("T4"))
                .at("2:00:00")
                .when(update(lost(HOUR_MILLIS)))
                .then("node a LOST")
                .at("25:00:01")
                .when(tick())
                .then("forgotten before 1:00:01, nodes before 1:00:01")
                .when(submit("r1", gpus(3).models("A100").waits(60)))
                .then("refused r1 NO_SUCH_MODEL")
                .when(tick())
                .thenNothing();
    }

    @Test
    void whatComesBackIsThereAgain() {
        marketOf(node("a").gpus(4))
                .when(update(lost(0)))
                .then("node a LOST")
                .at("24:00:02")
                .when(tick())
                .then("forgotten before 0:00:02, nodes before 0:00:02")
                .when(submit("r0", gpus(3)))
                .then("refused r0 NO_SUCH_MODEL")
                .when(update(node("a").gpus(4)))
                .then("node a SELLABLE")
                .when(submit("r1", gpus(3)))
                .then("allocated r1#1 on a[0,1,2] until 25:00:02");
    }
}
