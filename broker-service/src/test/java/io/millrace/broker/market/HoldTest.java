package io.millrace.broker.market;

import static io.millrace.broker.market.MarketTable.marketOf;
import static io.millrace.broker.market.MarketTable.marketUnder;
import static io.millrace.broker.market.SpecBuilder.gpus;
import static io.millrace.broker.market.Told.cancel;
import static io.millrace.broker.market.Told.confirm;
import static io.millrace.broker.market.Told.extend;
import static io.millrace.broker.market.Told.hold;
import static io.millrace.broker.market.Told.release;
import static io.millrace.broker.market.Told.submit;
import static io.millrace.broker.market.Told.tick;
import static io.millrace.broker.market.Told.update;
import static io.millrace.broker.placement.NodeOfferBuilder.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.placement.Relaxation;
import io.millrace.broker.queue.QueueSettings;
import io.millrace.broker.queue.QueueSettings.Discipline;
import org.junit.jupiter.api.Test;

/** Parts of a request, in one market. */
class HoldTest {
    private static final SpecBuilder TWO = gpus(2).seconds(600);

    private static MarketTable held() {
        return marketOf(node("a").gpus(2)).when(hold("r~1", TWO, 0, "0:01:00"));
    }

    @Test
    void whatIsHeldIsTakenAndBeginsWhenConfirmed() {
        held().then("held r~1 on a[0,1] until 0:01:00")
                .thenStatus("r~1", Request.Status.HELD)
                .when(submit("x", gpus(1)))
                .then("refused x NO_CAPACITY")
                .at("0:00:20")
                .when(confirm("r~1", TWO))
                .then("allocated r~1#1 on a[0,1] until 0:10:20")
                .at("0:10:20")
                .when(tick())
                .then("ended r~1#1 EXPIRED at 0:10:20");
    }

    @Test
    void itEndsByItselfAndIsFree() {
        held().at("0:01:00")
                .when(tick())
                .then("refused r~1 HOLD_EXPIRED")
                .when(submit("x", gpus(2).seconds(60)))
                .then("allocated x#1 on a[0,1] until 0:02:00");
    }

    @Test
    void itIsGivenUp() {
        held().when(cancel("r~1"))
                .then("cancelled r~1")
                .when(submit("x", gpus(2).seconds(60)))
                .then("allocated x#1 on a[0,1] until 0:01:00");
    }

    @Test
    void itDoesNotWaitForRoom() {
        marketOf(node("a").gpus(1))
                .when(hold("r~1", TWO, 3, "0:01:00"))
                .then("deflected r~1 NEVER_FITS at attempt 3")
                .thenStatus("r~1", Request.Status.DEFLECTED);
    }

    /** Intake withdraws parts as soon as it knows that one is missing, and those that went nowhere are no news to it. */
    @Test
    void withdrawingOneThatWasNotTakenIsNoEvent() {
        marketOf(node("a").gpus(1))
                .when(hold("r~1", TWO, 3, "0:01:00"))
                .then("deflected r~1 NEVER_FITS at attempt 3")
                .when(cancel("r~1"))
                .thenNothing();
    }

    @Test
    void whatIsWrongWithItIsSaidToIntake() {
        marketOf(node("a").gpus(2))
                .when(hold("r~1", gpus(-1), 0, "0:01:00"))
                .then("deflected r~1 INVALID at attempt 0")
                .when(hold("r~2", gpus(1).hubs("south"), 0, "0:01:00"))
                .then("deflected r~2 UNKNOWN_HUB at attempt 0");
    }

    @Test
    void repeatingDoesNoHarm() {
        held().when(hold("r~1", TWO, 0, "0:01:00"))
                .then("repeated r~1")
                .when(confirm("r~1", TWO))
                .then("allocated r~1#1 on a[0,1] until 0:10:00")
                .when(confirm("r~1", TWO), hold("r~1", TWO, 0, "0:01:00"))
                .thenNothing()
                .when(cancel("r~1"))
                .then("ended r~1#1 CANCELLED at 0:00:00")
                .when(confirm("r~1", TWO), hold("r~1", TWO, 0, "0:01:00"))
                .thenNothing();
    }

    @Test
    void whatIsHeldIsNoAllocationYet() {
        held().when(release("r~1"), extend("r~1", "1:00:00"))
                .then("release of r~1: NOT_ALLOCATED", "extend of r~1: NOT_ALLOCATED")
                .thenStatus("r~1", Request.Status.HELD);
    }

    @Test
    void aLostNodeTakesItAway() {
        held().when(update(node("a").gpus(2).lost())).then("node a LOST", "refused r~1 NODE_LOST");
    }

    @Test
    void aShrunkNodeTakesItAway() {
        held().when(update(node("a").gpuMilli(1000, 0)))
                .then(
                        "node a SELLABLE",
                        "oversold a by 1000 milli-devices, 0 millicores, 0 MiB: revoking [r~1]",
                        "refused r~1 NODE_SHRUNK");
    }

    @Test
    void confirmedTooLateItIsServedAnew() {
        held().at("0:02:00")
                .when(tick())
                .then("refused r~1 HOLD_EXPIRED")
                .when(confirm("r~1", TWO))
                .then("allocated r~1#1 on a[0,1] until 0:12:00");
    }

    @Test
    void confirmedTooLateAndWithoutRoomItWaitsAsOneThatLostItsNode() {
        held().at("0:02:00")
                .when(submit("x", gpus(2).seconds(300)))
                .then("refused r~1 HOLD_EXPIRED", "allocated x#1 on a[0,1] until 0:07:00")
                .when(confirm("r~1", TWO))
                .then("queued r~1 HOLD_EXPIRED until 0:12:00 with 0:10:00 left")
                .at("0:07:00")
                .when(tick())
                .then("ended x#1 EXPIRED at 0:07:00", "allocated r~1#1 on a[0,1] until 0:17:00");
    }

    @Test
    void confirmedWhereItWasForgottenItIsServedAnew() {
        marketOf(node("a").gpus(2)).when(confirm("r~1", TWO)).then("allocated r~1#1 on a[0,1] until 0:10:00");
    }

    @Test
    void aDrainingNodeKeepsWhatIsHeld() {
        held().when(update(node("a").gpus(2).draining()))
                .then("node a DRAINING")
                .when(confirm("r~1", TWO))
                .then("allocated r~1#1 on a[0,1] until 0:10:00");
    }

    @Test
    void whatWasConfirmedAndCouldNotStartIsNotConfirmedAgain() {
        MarketTable table = marketOf(node("a").gpus(2)).when(hold("r~1", TWO, 0, "0:01:00"));
        table.at("0:02:00")
                .when(submit("x", gpus(2).seconds(3000)))
                .then("refused r~1 HOLD_EXPIRED", "allocated x#1 on a[0,1] until 0:52:00");
        table.when(confirm("r~1", TWO)).then("queued r~1 HOLD_EXPIRED until 0:12:00 with 0:10:00 left");
        table.at("0:12:00").when(tick()).then("refused r~1 WAIT_EXPIRED");
        table.at("0:52:00").when(tick());
        table.when(confirm("r~1", TWO)).thenNothing();
    }

    @Test
    void itIsInTimeForItsDeadlineWhenEverItIsConfirmed() {
        SpecBuilder late = gpus(2).seconds(600).deadline(600_000);
        marketOf(node("a").gpus(2))
                .when(hold("r~1", late, 0, "0:01:00"))
                .then("deflected r~1 DEADLINE_PASSED at attempt 0");
        SpecBuilder inTime = gpus(2).seconds(600).deadline(660_000);
        marketOf(node("a").gpus(2)).when(hold("r~1", inTime, 0, "0:01:00")).then("held r~1 on a[0,1] until 0:01:00");
    }

    @Test
    void itsEndIsNoTimeToWaitFor() {
        MarketTable table = held();
        assertThat(table.when(submit("x", TWO)).thenExplanation().shortfall().relaxations())
                .extracting(Relaxation::what)
                .doesNotContain(Relaxation.What.WAIT);
    }

    /** The first of the queue is kept room elsewhere, since what is held will run on. */
    @Test
    void itDoesNotDelayTheFirst() {
        MarketTable table = marketUnder(
                QueueSettings.DEFAULT.with(Discipline.EASY),
                node("a1").gpus(1).pool("p1"),
                node("a2").gpus(1).pool("p1"),
                node("b1").gpus(1).pool("p2").model("H800"),
                node("b2").gpus(1).pool("p2").model("H800"));
        SpecBuilder part = gpus(1).models("A100").seconds(36_000);
        table.when(submit("n", gpus(1).models("H800").seconds(60)), hold("r~1", part, 0, "0:00:30"))
                .then("allocated n#1 on b1[0] until 0:01:00", "held r~1 on a1[0] until 0:00:30");
        table.when(
                submit("first", gpus(1).replicas(2).waits(90_000)),
                submit("long", gpus(1).models("H800").seconds(36_000).waits(90_000)));
        table.at("0:00:01").when(confirm("r~1", part));
        table.at("0:01:00")
                .when(tick())
                .then("ended n#1 EXPIRED at 0:01:00", "allocated first#1 on b1[0] b2[0] until 1:01:00");
    }
}
