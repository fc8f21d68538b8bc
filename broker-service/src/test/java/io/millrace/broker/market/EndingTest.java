package io.millrace.broker.market;

import static io.millrace.broker.market.MarketTable.marketOf;
import static io.millrace.broker.market.SpecBuilder.gpus;
import static io.millrace.broker.market.Told.cancel;
import static io.millrace.broker.market.Told.extend;
import static io.millrace.broker.market.Told.release;
import static io.millrace.broker.market.Told.submit;
import static io.millrace.broker.market.Told.tick;
import static io.millrace.broker.placement.NodeOfferBuilder.node;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** How allocations and waits end, and how their ends are moved. */
class EndingTest {

    @Nested
    class Expiry {
        @Test
        void atItsTimeAndNotBefore() {
            MarketTable table = marketOf(node("a")).givenRunning("r1", gpus(1).seconds(60), "a", 0);
            table.at("0:00:59.999").when(tick()).thenNothing();
            table.at("0:01:00")
                    .when(tick())
                    .then("ended r1#1 EXPIRED at 0:01:00")
                    .thenStatus("r1", Request.Status.EXPIRED);
        }

        @Test
        void atItsTimeThoughTheClockIsLate() {
            marketOf(node("a"))
                    .givenRunning("r1", gpus(1).seconds(60), "a", 0)
                    .at("0:07:30")
                    .when(tick())
                    .then("ended r1#1 EXPIRED at 0:01:00");
        }

        @Test
        void beforeAnyCommandThatShowsThatItIsDue() {
            marketOf(node("a").gpus(1))
                    .givenRunning("r1", gpus(1).seconds(60), "a", 0)
                    .at("0:01:00")
                    .when(submit("r2", gpus(1)), release("r1"))
                    .then(
                            "ended r1#1 EXPIRED at 0:01:00",
                            "allocated r2#1 on a[0] until 1:01:00",
                            "release of r1: ALREADY_ENDED");
        }

        @Test
        void inTheOrderOfTimeThenOfIds() {
            marketOf(node("a"))
                    .givenRunning("r3", gpus(1).seconds(60), "a", 0)
                    .givenRunning("r2", gpus(1).seconds(90), "a", 1)
                    .givenRunning("r1", gpus(1).seconds(60), "a", 2)
                    .at("0:02:00")
                    .when(tick())
                    .then(
                            "ended r1#1 EXPIRED at 0:01:00",
                            "ended r3#1 EXPIRED at 0:01:00",
                            "ended r2#1 EXPIRED at 0:01:30");
        }

        @Test
        void timeThatGoesBackIsNotBelieved() {
            MarketTable table = marketOf(node("a").gpus(1)).at("0:10:00").givenRunning("r1", gpus(1), "a", 0);
            table.at("0:05:00").when(release("r1")).then("ended r1#1 RELEASED at 0:10:00");
        }
    }

    @Nested
    class WaitExpiry {
        @Test
        void refuses() {
            marketOf(node("a").gpus(1))
                    .givenRunning("r1", gpus(1), "a", 0)
                    .givenWaiting("r2", gpus(1).waits(60))
                    .at("0:01:00")
                    .when(tick())
                    .then("refused r2 WAIT_EXPIRED")
                    .thenStatus("r2", Request.Status.REFUSED);
        }

        @Test
        void keepsTheExplanationOfTheWait() {
            MarketTable table = marketOf(node("a").gpus(1)).givenRunning("r1", gpus(1), "a", 0);
            Explanation queued = table.when(submit("r2", gpus(1).waits(60))).thenExplanation();
            Explanation refused = table.at("0:01:00").when(tick()).thenExplanation();
            assertThat(refused).isEqualTo(queued.withoutChanges());
            assertThat(refused.filtered()).isNotEmpty();
        }

        @Test
        void doesNotComeAfterTheRequestWasServed() {
            MarketTable table = marketOf(node("a").gpus(1))
                    .givenRunning("r1", gpus(1), "a", 0)
                    .givenWaiting("r2", gpus(1).waits(60));
            table.at("0:00:30")
                    .when(release("r1"))
                    .then("ended r1#1 RELEASED at 0:00:30", "allocated r2#1 on a[0] until 1:00:30");
            table.at("0:01:00").when(tick()).thenNothing();
        }
    }

    @Nested
    class Extension {
        private final MarketTable table = marketOf(node("a")).givenRunning("r1", gpus(1).seconds(60), "a", 0);

        @Test
        void movesTheEnd() {
            table.when(extend("r1", "0:02:00")).then("extended r1 until 0:02:00");
            table.at("0:01:00").when(tick()).thenNothing();
            table.at("0:02:00").when(tick()).then("ended r1#1 EXPIRED at 0:02:00");
        }

        @Test
        void canBeSaidAgainWithoutHarm() {
            table.when(extend("r1", "0:02:00"), extend("r1", "0:02:00"))
                    .then("extended r1 until 0:02:00", "extended r1 until 0:02:00");
            table.at("0:02:00").when(tick()).then("ended r1#1 EXPIRED at 0:02:00");
        }

        @Test
        void doesNotShorten() {
            Event.CommandRefused refused = table.when(extend("r1", "0:00:59")).thenOnly(Event.CommandRefused.class);
            assertThat(refused.reason()).isEqualTo(Reason.INVALID);
            assertThat(refused.detail())
                    .isEqualTo("endsAtMillis is 59000, must be 60000 to " + SpecCheck.MAX_DURATION_SECONDS * 1000);
        }

        @Test
        void doesNotGoBeyondTheLongestTerm() {
            String longest = EventText.time(SpecCheck.MAX_DURATION_SECONDS * 1000);
            String longer = EventText.time(SpecCheck.MAX_DURATION_SECONDS * 1000 + 1);
            table.when(extend("r1", longer), extend("r1", longest))
                    .then("extend of r1: INVALID", "extended r1 until " + longest);
        }

        @Test
        void comesTooLateWhenTheTermIsOver() {
            table.at("0:01:00")
                    .when(extend("r1", "0:02:00"))
                    .then("ended r1#1 EXPIRED at 0:01:00", "extend of r1: ALREADY_ENDED");
        }
    }

    @Nested
    class ByTheTenant {
        @Test
        void freesWhatWasGrantedForThoseWhoWait() {
            marketOf(node("a").gpus(2))
                    .givenRunning("r1", gpus(2), "a", 0, 1)
                    .givenWaiting("r2", gpus(1).waits(600))
                    .givenWaiting("r3", gpus(1).waits(600))
                    .at("0:05:00")
                    .when(cancel("r1"))
                    .then(
                            "ended r1#1 CANCELLED at 0:05:00",
                            "allocated r2#1 on a[0] until 1:05:00",
                            "allocated r3#1 on a[1] until 1:05:00");
        }

        @Test
        void ofOneWhoWaitsLetsTheNextBehindItTry() {
            MarketTable table = marketOf(node("a").gpus(2))
                    .givenRunning("r1", gpus(1), "a", 0)
                    .givenRunning("r2", gpus(1), "a", 1)
                    .givenWaiting("r3", gpus(1).waits(600))
                    .givenWaiting("r4", gpus(1).waits(600));
            table.when(cancel("r3")).then("cancelled r3");
            table.when(release("r1")).then("ended r1#1 RELEASED at 0:00:00", "allocated r4#1 on a[0] until 1:00:00");
        }
    }
}
