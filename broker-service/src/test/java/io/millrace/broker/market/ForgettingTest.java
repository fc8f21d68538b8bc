package io.millrace.broker.market;

import static io.millrace.broker.market.MarketTable.marketOf;
import static io.millrace.broker.market.SpecBuilder.gpus;
import static io.millrace.broker.market.Told.ask;
import static io.millrace.broker.market.Told.askLast;
import static io.millrace.broker.market.Told.cancel;
import static io.millrace.broker.market.Told.release;
import static io.millrace.broker.market.Told.submit;
import static io.millrace.broker.market.Told.tick;
import static io.millrace.broker.placement.NodeOfferBuilder.node;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Ended requests are remembered for a day here, and forgotten by the minute. */
class ForgettingTest {

    @Test
    void anEndedRequestIsForgottenAfterItsTime() {
        MarketTable table = marketOf(node("a"))
                .givenRunning("r1", gpus(1), "a", 0)
                .at("0:00:30")
                .when(release("r1"));
        table.at("24:00:30.999").when(tick()).thenNothing();
        table.at("24:00:31").when(tick()).then("forgotten before 0:00:31").thenStatus("r1", null);
        table.at("24:02:00").when(tick()).thenNothing();
    }

    @Test
    void onlyTheClockForgets() {
        marketOf(node("a"))
                .givenRunning("r1", gpus(1), "a", 0)
                .when(release("r1"))
                .at("48:00:00")
                .when(cancel("x"))
                .then("cancel of x: UNKNOWN_REQUEST")
                .thenStatus("r1", Request.Status.RELEASED);
    }

    @Test
    void whatStillRunsOrWaitsIsNotForgotten() {
        marketOf(node("a").gpus(1))
                .givenWaiting("r2", gpus(1).waits(30 * 3600))
                .at("25:30:00")
                .givenRunning("r1", gpus(1), "a", 0)
                .when(tick())
                .thenNothing()
                .thenStatus("r1", Request.Status.ALLOCATED)
                .thenStatus("r2", Request.Status.QUEUED);
    }

    @Test
    void itCountsFromTheAnswerAndNotFromTheTerm() {
        MarketTable table = marketOf(node("a")).givenRunning("r1", gpus(1).seconds(60), "a", 0);
        table.at("0:30:00").when(tick()).then("ended r1#1 EXPIRED at 0:01:00");
        table.at("24:30:00").when(tick()).thenNothing();
        table.at("24:30:01").when(tick()).then("forgotten before 0:30:01");
    }

    @Test
    void aDeflectedOneThatCameBackCountsFromItsLastAnswer() {
        MarketTable table = marketOf(node("a").gpus(1)).givenRunning("r1", gpus(1).seconds(90_000), "a", 0);
        table.when(ask("r2", gpus(1).waits(60), 0)).then("deflected r2 NO_CAPACITY at attempt 0");
        table.at("0:30:00")
                .when(askLast("r2", gpus(1).waits(60), Reason.NO_CAPACITY))
                .then("queued r2 NO_CAPACITY until 0:31:00 with 1:00:00 left");
        table.at("0:31:00").when(tick()).then("refused r2 WAIT_EXPIRED");
        table.at("24:00:00").when(tick());
        table.at("24:05:00").when(tick()).thenNothing().thenStatus("r2", Request.Status.REFUSED);
        table.at("24:31:01").when(tick()).then("forgotten before 0:31:01").thenStatus("r2", null);
    }

    @Test
    void aForgottenIdIsNew() {
        MarketTable table =
                marketOf(node("a")).givenRunning("r1", gpus(1), "a", 0).when(release("r1"));
        table.at("24:01:00")
                .when(tick(), submit("r1", gpus(2)))
                .then("forgotten before 0:01:00", "allocated r1#1 on a[0,1] until 25:01:00");
    }

    @Test
    void whatIsForgottenIsAChangeToPersist() {
        MarketTable table =
                marketOf(node("a")).givenRunning("r1", gpus(1), "a", 0).when(release("r1"));
        table.state().takeChanges();
        table.at("24:01:00").when(tick());
        MarketState.Changes changes = table.state().takeChanges();
        assertThat(changes.requestIds()).containsExactly("r1");
        assertThat(changes.forgottenAnswers()).containsExactly("r1");
        assertThat(table.state().request("r1")).isNull();
    }

    @Test
    void ofADeflectedOneNoAnswerIsForgotten() {
        MarketTable table = marketOf(node("a").gpus(1)).givenRunning("r1", gpus(1).seconds(90_000), "a", 0);
        table.when(ask("r2", gpus(1), 0)).then("deflected r2 NO_CAPACITY at attempt 0");
        table.state().takeChanges();
        table.at("24:01:00").when(tick()).thenStatus("r2", null);
        MarketState.Changes changes = table.state().takeChanges();
        assertThat(changes.requestIds()).containsExactly("r2");
        assertThat(changes.forgottenAnswers()).isEmpty();
    }
}
