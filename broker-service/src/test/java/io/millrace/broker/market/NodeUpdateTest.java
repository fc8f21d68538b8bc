package io.millrace.broker.market;

import static io.millrace.broker.market.MarketTable.marketOf;
import static io.millrace.broker.market.SpecBuilder.gpus;
import static io.millrace.broker.market.Told.release;
import static io.millrace.broker.market.Told.submit;
import static io.millrace.broker.market.Told.update;
import static io.millrace.broker.placement.NodeOfferBuilder.node;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What telemetry says of a node while nothing is taken back. */
class NodeUpdateTest {

    @Test
    void theSameAgainIsNoNews() {
        marketOf(node("a")).when(update(node("a").observed(5, 6))).thenNothing();
    }

    @Test
    void moreToSellIsSoldAtOnce() {
        MarketTable table = marketOf(node("a").gpus(1)).when(update(node("a").gpus(2)));
        table.then("node a SELLABLE");
        table.when(submit("r1", gpus(2))).then("allocated r1#1 on a[0,1] until 1:00:00");
    }

    @Test
    void aDrainingNodeKeepsItsWorkAndTakesNoMore() {
        MarketTable table = marketOf(node("a"))
                .givenRunning("r1", gpus(1), "a", 0)
                .when(update(node("a").draining()))
                .then("node a DRAINING");
        table.when(submit("r2", gpus(1))).then("refused r2 NO_CAPACITY");
        table.when(release("r1")).then("ended r1#1 RELEASED at 0:00:00");
    }

    @Test
    void aDrainingNodeThatShrinksRevokes() {
        marketOf(node("a").gpus(1))
                .givenRunning("r1", gpus(1), "a", 0)
                .when(update(node("a").gpuMilli(0).draining()))
                .then(
                        "node a DRAINING",
                        "oversold a by 1000 milli-devices, 0 millicores, 0 MiB: revoking [r1]",
                        "ended r1#1 REVOKED NODE_SHRUNK at 0:00:00",
                        "queued r1 NODE_SHRUNK until 0:10:00 with 1:00:00 left");
    }

    @Test
    void anotherPoolOrPriceKeepsWhatRunsAtItsOldPrice() {
        MarketTable table = marketOf(node("a").gpus(2).devicePrice(10)).when(submit("r1", gpus(1)));
        table.when(update(node("a").gpus(2).pool("p2").devicePrice(20))).then("node a SELLABLE");
        Event.Allocated next = table.when(submit("r2", gpus(1))).thenOnly(Event.Allocated.class);
        assertThat(next.grants().get(0).deviceIndexes().get(0)).isEqualTo(1);
        assertThat(next.grants().get(0).priceMicroCnyPerHour()).isEqualTo(20);
        Request first = table.state().request("r1");
        assertThat(first).isNotNull();
        assertThat(first.grants().get(0).priceMicroCnyPerHour()).isEqualTo(10);
        table.when(release("r1"), release("r2"), submit("r3", gpus(2)))
                .then(
                        "ended r1#1 RELEASED at 0:00:00",
                        "ended r2#1 RELEASED at 0:00:00",
                        "allocated r3#1 on a[0,1] until 1:00:00");
    }

    @Test
    void anotherModelIsAnotherModelForTheNextOnly() {
        MarketTable table = marketOf(node("a").gpus(2)).givenRunning("r1", gpus(1).models("A100"), "a", 0);
        table.when(update(node("a").gpus(2).model("H100"))).then("node a SELLABLE");
        table.when(submit("r2", gpus(1).models("A100")), submit("r3", gpus(1).models("H100")))
                .then("refused r2 NO_SUCH_MODEL", "allocated r3#1 on a[1] until 1:00:00");
    }
}
