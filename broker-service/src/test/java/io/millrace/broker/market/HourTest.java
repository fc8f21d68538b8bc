package io.millrace.broker.market;

import static io.millrace.broker.market.MarketTable.marketOf;
import static io.millrace.broker.market.SpecBuilder.gpus;
import static io.millrace.broker.market.Told.release;
import static io.millrace.broker.market.Told.submit;
import static io.millrace.broker.market.Told.tick;
import static io.millrace.broker.placement.NodeOfferBuilder.node;

import org.junit.jupiter.api.Test;

/** Full hours close while something runs, so that settlement meters by the hour without a clock of its own. */
class HourTest {
    private static final SpecBuilder DAY = gpus(1).seconds(24 * 3600);

    @Test
    void closesAtTheFullHour() {
        MarketTable table = marketOf(node("a")).at("0:20:00").givenRunning("r1", DAY, "a", 0);
        table.at("0:59:59.999").when(tick()).thenNothing();
        table.at("1:00:00").when(tick()).then("hour closed 1:00:00");
        table.at("1:30:00").when(tick()).thenNothing();
        table.at("2:00:00").when(tick()).then("hour closed 2:00:00");
    }

    @Test
    void anAllocationAtTheFullHourClosesTheNextOne() {
        MarketTable table = marketOf(node("a")).at("1:00:00").when(submit("r1", DAY));
        table.when(tick()).thenNothing();
        table.at("2:00:00").when(tick()).then("hour closed 2:00:00");
    }

    @Test
    void whatEndsAtTheFullHourEndsFirst() {
        marketOf(node("a"))
                .givenRunning("r1", DAY, "a", 0)
                .givenRunning("r2", gpus(1).seconds(3600), "a", 1)
                .at("1:00:00")
                .when(tick())
                .then("ended r2#1 EXPIRED at 1:00:00", "hour closed 1:00:00");
    }

    @Test
    void noHourClosesAfterTheLastAllocationEnded() {
        MarketTable table = marketOf(node("a")).givenRunning("r1", gpus(1).seconds(3600), "a", 0);
        table.at("1:00:00").when(tick()).then("ended r1#1 EXPIRED at 1:00:00");
        table.at("5:00:00").when(tick()).thenNothing();
    }

    @Test
    void severalHoursAtOnceWithWhatEndedInTheirOrder() {
        marketOf(node("a"))
                .givenRunning("r1", DAY, "a", 0)
                .givenRunning("r2", gpus(1).seconds(5400), "a", 1)
                .givenRunning("r3", gpus(1).seconds(3 * 3600), "a", 2)
                .givenWaiting("r4", gpus(8).waits(9000))
                .at("3:30:00")
                .when(tick())
                .then(
                        "hour closed 1:00:00",
                        "ended r2#1 EXPIRED at 1:30:00",
                        "hour closed 2:00:00",
                        "refused r4 WAIT_EXPIRED",
                        "ended r3#1 EXPIRED at 3:00:00",
                        "hour closed 3:00:00");
    }

    @Test
    void hoursWithoutAnAllocationAreSkipped() {
        MarketTable table = marketOf(node("a")).givenRunning("r1", gpus(1).seconds(60), "a", 0);
        table.at("0:01:00").when(tick()).then("ended r1#1 EXPIRED at 0:01:00");
        table.at("5:10:00").when(submit("r2", DAY)).then("allocated r2#1 on a[0] until 29:10:00");
        table.at("6:00:00").when(tick()).then("hour closed 6:00:00");
    }

    @Test
    void anHourClosesBeforeTheCommandThatShowsThatItIsOver() {
        marketOf(node("a"))
                .givenRunning("r1", DAY, "a", 0)
                .at("1:00:00")
                .when(release("r1"))
                .then("hour closed 1:00:00", "ended r1#1 RELEASED at 1:00:00");
    }
}
