package io.millrace.broker.market;

import static io.millrace.broker.market.MarketTable.marketUnder;
import static io.millrace.broker.market.SpecBuilder.gpus;
import static io.millrace.broker.market.Told.cancel;
import static io.millrace.broker.market.Told.confirm;
import static io.millrace.broker.market.Told.extend;
import static io.millrace.broker.market.Told.hold;
import static io.millrace.broker.market.Told.release;
import static io.millrace.broker.market.Told.releaseBy;
import static io.millrace.broker.market.Told.submit;
import static io.millrace.broker.market.Told.submitFor;
import static io.millrace.broker.market.Told.tick;
import static io.millrace.broker.placement.NodeOfferBuilder.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.queue.ClassLimits;
import io.millrace.broker.queue.PriorityClass;
import io.millrace.broker.queue.QueueSettings;
import io.millrace.broker.queue.QueueSettings.Discipline;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is next under each discipline, who may pass, who gives way, and who cannot pay. */
class FairQueueTest {
    private static final long HOUR = 3_600_000;

    private static QueueSettings rules(Discipline discipline) {
        return new QueueSettings(discipline, HOUR, 0, Map.of(), Map.of(), 24 * HOUR, 60_000);
    }

    private static QueueSettings fair() {
        return rules(Discipline.FAIR);
    }

    @Nested
    class Fifo {
        @Test
        void nobodyPassesTheFirst() {
            marketUnder(rules(Discipline.FIFO), node("a").gpus(4))
                    .givenRunning("r1", gpus(3), "a", 0, 1, 2)
                    .givenWaiting("first", gpus(4).waits(9000))
                    .when(submit("r2", gpus(1).seconds(1).waits(9000)))
                    .then("queued r2 NO_CAPACITY until 2:30:00 with 0:00:01 left");
        }

        @Test
        void butOneThatCannotStartWithWhatIsThereHoldsNobodyUp() {
            marketUnder(
                            rules(Discipline.FIFO),
                            node("a").gpus(4),
                            node("b").gpus(8).draining())
                    .givenWaiting("first", gpus(8).waits(9000))
                    .when(submit("r2", gpus(1)))
                    .then("allocated r2#1 on a[0] until 1:00:00");
        }
    }

    @Nested
    class Easy {
        private MarketTable table(Discipline discipline) {
            return marketUnder(rules(discipline), node("a").gpus(4), node("b").gpus(2))
                    .givenRunning("r1", gpus(3).seconds(600), "a", 0, 1, 2)
                    .givenRunning("r2", gpus(1).seconds(300), "b", 0)
                    .givenWaiting("first", gpus(4).waits(9000));
        }

        @Test
        void whoEndsInTimeMayPassOnWhatIsKept() {
            table(Discipline.EASY)
                    .when(submit("b2", gpus(1).seconds(9000)), submit("short", gpus(1).seconds(600)))
                    .then("allocated b2#1 on b[1] until 2:30:00", "allocated short#1 on a[3] until 0:10:00");
        }

        @Test
        void whoWouldEndLaterMayNot() {
            Explanation explanation = table(Discipline.EASY)
                    .given()
                    .givenRunning("b2", gpus(1), "b", 1)
                    .when(submit("long", gpus(1).seconds(601)))
                    .then("refused long NO_CAPACITY")
                    .thenExplanation();
            assertThat(explanation.summary())
                    .isEqualTo("it would fit, but the room is kept for requests that come first");
        }

        @Test
        void whoWaitsPassesAsSoonAsTheFirstIsServed() {
            MarketTable table = table(Discipline.EASY).givenRunning("b2", gpus(1).seconds(60), "b", 1);
            table.when(submit("long", gpus(1).waits(9000)))
                    .then("queued long NO_CAPACITY until 2:30:00 with 1:00:00 left");
            table.at("0:01:00")
                    .when(tick())
                    .then("ended b2#1 EXPIRED at 0:01:00", "allocated long#1 on b[1] until 1:01:00");
        }

        @Test
        void theFirstStartsWhenItWasSaid() {
            MarketTable table = table(Discipline.FAIR);
            table.when(submit("short", gpus(1).seconds(600)));
            table.at("0:10:00")
                    .when(tick())
                    .then(
                            "ended r2#1 EXPIRED at 0:05:00",
                            "ended r1#1 EXPIRED at 0:10:00",
                            "ended short#1 EXPIRED at 0:10:00",
                            "allocated first#1 on a[0,1,2,3] until 1:10:00");
        }
    }

    @Nested
    class Fair {
        /** A thousand are looked at; who they are changes with time alone, and a restarted market would look again. */
        @Test
        void whoWasNotLookedAtIsLookedAtLater() {
            QueueSettings ageing =
                    new QueueSettings(Discipline.FAIR, HOUR, 100_000, Map.of(), Map.of(), 24 * HOUR, 60_000);
            MarketTable table = marketUnder(ageing, node("a").gpus(4))
                    .givenRunning("r1", gpus(3), "a", 0, 1, 2)
                    .givenRunning("r2", gpus(1), "a", 3)
                    .givenWaiting("first", gpus(4).waits(9000).priority(PriorityClass.HIGH))
                    .givenWaiting("short", gpus(1).seconds(60).waits(9000).priority(PriorityClass.LOW));
            table.at("0:00:10");
            for (int i = 0; i <= 1000; i++) {
                table.givenWaiting("long-" + i, gpus(1).seconds(7200).waits(9000));
            }
            table.at("0:00:11").when(release("r2")).then("ended r2#1 RELEASED at 0:00:11");
            table.at("0:01:41")
                    .when(release("nobody"))
                    .then("allocated short#1 on a[3] until 0:02:41", "release of nobody: UNKNOWN_REQUEST");
        }

        /** With a half-life of a day, a second is less than what halving was worked out to once. */
        @Test
        void whoComesAndGoesEverySecondHadItNoLess() {
            QueueSettings day =
                    new QueueSettings(Discipline.FAIR, 24 * HOUR, 24 * HOUR, Map.of(), Map.of(), 24 * HOUR, 60_000);
            MarketTable table = marketUnder(day, node("a").gpus(4));
            for (int second = 0; second < 3_600; second++) {
                table.at("0:%02d:%02d".formatted(second / 60, second % 60));
                table.when(releaseBy("busy", "r" + (second - 1)), submitFor("busy", "r" + second, gpus(4)));
            }
            table.givenWaitingOf("busy", "again", gpus(4).waits(600))
                    .givenWaitingOf("idle", "first", gpus(4).waits(600))
                    .when(releaseBy("busy", "r3599"))
                    .then("ended r3599#1 RELEASED at 0:59:59", "allocated first#1 on a[0,1,2,3] until 1:59:59");
        }

        @Test
        void theHigherClassFirst() {
            marketUnder(fair(), node("a").gpus(1))
                    .givenRunning("r1", gpus(1), "a", 0)
                    .givenWaiting("low", gpus(1).waits(600).priority(PriorityClass.LOW))
                    .givenWaiting("normal", gpus(1).waits(600))
                    .givenWaiting("urgent", gpus(1).waits(600).priority(PriorityClass.URGENT))
                    .givenWaiting("high", gpus(1).waits(600).priority(PriorityClass.HIGH))
                    .when(release("r1"))
                    .then("ended r1#1 RELEASED at 0:00:00", "allocated urgent#1 on a[0] until 1:00:00");
        }

        @Test
        void theAccountThatHasLess() {
            marketUnder(fair(), node("a").gpus(4))
                    .givenRunning("r1", gpus(1), "a", 0)
                    .givenRunningOf("beta", "r2", gpus(2), "a", 1, 2)
                    .givenRunning("r3", gpus(1), "a", 3)
                    .givenWaitingOf("beta", "b1", gpus(1).waits(600))
                    .givenWaiting("a1", gpus(1).waits(600))
                    .when(release("r1"))
                    .then("ended r1#1 RELEASED at 0:00:00", "allocated a1#1 on a[0] until 1:00:00");
        }

        /** All of a scarce model is more than a part of a common one, though it is fewer devices. */
        @Test
        void everyModelIsAResourceOfItsOwn() {
            marketUnder(
                            fair(),
                            node("a").pool("scarce").model("H200").gpus(1),
                            node("b").pool("common").model("T4").gpus(5))
                    .when(
                            submit("r1", gpus(1).models("H200")),
                            submitFor("beta", "r2", gpus(2).models("T4")),
                            submitFor("gamma", "r3", gpus(3).models("T4")))
                    .givenWaiting("a1", gpus(2).models("T4").waits(600))
                    .givenWaitingOf("beta", "b1", gpus(2).models("T4").waits(600))
                    .when(Told.releaseBy("gamma", "r3"))
                    .then("ended r3#1 RELEASED at 0:00:00", "allocated b1#1 on b[2,3] until 1:00:00");
        }

        @Test
        void byItsWeight() {
            QueueSettings weighted =
                    new QueueSettings(Discipline.FAIR, 0, 0, Map.of("beta", 5), Map.of(), 24 * HOUR, 60_000);
            marketUnder(weighted, node("a").gpus(5))
                    .givenRunning("r1", gpus(1), "a", 0)
                    .givenRunningOf("beta", "r2", gpus(3), "a", 1, 2, 3)
                    .givenRunning("r3", gpus(1), "a", 4)
                    .givenWaiting("a1", gpus(1).waits(600))
                    .givenWaitingOf("beta", "b1", gpus(1).waits(600))
                    .when(release("r1"))
                    .then("ended r1#1 RELEASED at 0:00:00", "allocated b1#1 on a[0] until 1:00:00");
        }

        @Test
        void andHadLessLately() {
            MarketTable table = marketUnder(fair(), node("a").gpus(2))
                    .givenRunningOf("beta", "b0", gpus(1), "a", 0)
                    .givenRunning("a0", gpus(1).seconds(7200), "a", 1);
            table.at("0:50:00").when(Told.releaseBy("beta", "b0"), submitFor("gamma", "g0", gpus(1)));
            table.givenWaitingOf("beta", "b1", gpus(1).waits(6000))
                    .givenWaitingOf("delta", "d1", gpus(1).waits(6000))
                    .when(release("a0"))
                    .then("ended a0#1 RELEASED at 0:50:00", "allocated d1#1 on a[1] until 1:50:00");
        }

        @Test
        void whoCameFirstIsFirstWhenItHasWaitedLongEnough() {
            QueueSettings ageing =
                    new QueueSettings(Discipline.FAIR, HOUR, 600_000, Map.of(), Map.of(), 24 * HOUR, 60_000);
            marketUnder(ageing, node("a").gpus(1))
                    .givenRunning("r1", gpus(1).seconds(9000), "a", 0)
                    .givenWaiting("low", gpus(1).waits(9000).priority(PriorityClass.LOW))
                    .at("0:40:00")
                    .givenWaiting("urgent", gpus(1).waits(9000).priority(PriorityClass.URGENT))
                    .when(release("r1"))
                    .then("ended r1#1 RELEASED at 0:40:00", "allocated low#1 on a[0] until 1:40:00");
        }
    }

    @Nested
    class Preemption {
        private final MarketTable table = marketUnder(fair(), node("a").gpus(4))
                .givenRunning("old", gpus(1).priority(PriorityClass.LOW).preemptible(), "a", 0)
                .at("0:10:00")
                .givenRunning("young", gpus(1).priority(PriorityClass.LOW).preemptible(), "a", 1)
                .givenRunning("normal", gpus(1).preemptible(), "a", 2)
                .givenRunning("firm", gpus(1).priority(PriorityClass.LOW), "a", 3);

        @Test
        void stopsWhatLosesLeastAndGivesNotice() {
            table.when(submit("high", gpus(1).priority(PriorityClass.HIGH).waits(600)))
                    .then(
                            "queued high NO_CAPACITY until 0:20:00 with 1:00:00 left",
                            "notice to young until 0:11:00 with 0:59:00 left");
            table.at("0:10:30").when(tick()).thenNothing();
            table.at("0:11:00")
                    .when(tick())
                    .then(
                            "ended young#1 PREEMPTED PREEMPTED at 0:11:00",
                            "queued young PREEMPTED until 0:21:00 with 0:59:00 left",
                            "allocated high#1 on a[1] until 1:11:00");
        }

        /** When the notice is over, nobody waits for the room any more. */
        @Test
        void nobodyGivesWayForOneThatGivesUpBefore() {
            table.when(submit("high", gpus(1).priority(PriorityClass.HIGH).waits(60)))
                    .then("queued high NO_CAPACITY until 0:11:00 with 1:00:00 left");
            table.when(submit("next", gpus(1).priority(PriorityClass.HIGH).waits(61)))
                    .then("queued next NO_CAPACITY until 0:11:01 with 1:00:00 left");
        }

        @Test
        void whatWasGivenNoticeIsNotExtended() {
            table.when(submit("high", gpus(1).priority(PriorityClass.HIGH).waits(600)));
            table.when(extend("young", "3:00:00")).then("extend of young: PREEMPTED");
        }

        @Test
        void whatWasGivenNoticeMayBeReleasedBefore() {
            table.when(submit("high", gpus(1).priority(PriorityClass.HIGH).waits(600)));
            table.at("0:10:20")
                    .when(release("young"))
                    .then("ended young#1 RELEASED at 0:10:20", "allocated high#1 on a[1] until 1:10:20");
        }

        @Test
        void itIsWithdrawnWhenNobodyWaitsForItAnyMore() {
            table.when(submit("high", gpus(1).priority(PriorityClass.HIGH).waits(600)));
            table.at("0:10:20").when(cancel("high")).then("cancelled high", "extended young until 1:10:00");
            table.at("0:11:00").when(tick()).thenNothing();
        }

        @Test
        void orWhenThatOneStartsElsewhere() {
            table.when(submit("high", gpus(1).priority(PriorityClass.HIGH).waits(600)));
            table.at("0:10:20")
                    .when(release("firm"))
                    .then(
                            "ended firm#1 RELEASED at 0:10:20",
                            "extended young until 1:10:00",
                            "allocated high#1 on a[3] until 1:10:20");
        }

        @Test
        void whoIsNotNeededAnyMoreStays() {
            table.when(submit("high", gpus(2).priority(PriorityClass.HIGH).waits(600)))
                    .then(
                            "queued high NO_CAPACITY until 0:20:00 with 1:00:00 left",
                            "notice to normal until 0:11:00 with 0:59:00 left",
                            "notice to young until 0:11:00 with 0:59:00 left");
            table.at("0:10:20")
                    .when(release("firm"))
                    .then("ended firm#1 RELEASED at 0:10:20", "extended normal until 1:10:00");
            table.at("0:11:00")
                    .when(tick())
                    .then(
                            "ended young#1 PREEMPTED PREEMPTED at 0:11:00",
                            "queued young PREEMPTED until 0:21:00 with 0:59:00 left",
                            "allocated high#1 on a[1,3] until 1:11:00");
        }

        @Test
        void butStandsWhileAnotherOfAHigherClassWaits() {
            table.when(submit("high", gpus(1).priority(PriorityClass.HIGH).waits(600)));
            table.when(submit("other", gpus(1).priority(PriorityClass.NORMAL).waits(600)));
            table.at("0:10:20").when(cancel("high")).then("cancelled high");
            table.at("0:10:30").when(cancel("other")).then("cancelled other", "extended young until 1:10:00");
        }

        @Test
        void nobodyIsStoppedInVain() {
            table.when(submit("high", gpus(4).priority(PriorityClass.HIGH).waits(600)))
                    .then("queued high NO_CAPACITY until 0:20:00 with 1:00:00 left");
        }

        @Test
        void norForOneOfTheSameClass() {
            table.when(submit("low", gpus(1).priority(PriorityClass.LOW).waits(600)))
                    .then("queued low NO_CAPACITY until 0:20:00 with 1:00:00 left");
        }

        @Test
        void thoseNotNeededAfterAllAreLetGo() {
            MarketTable two = marketUnder(fair(), node("a").gpus(2), node("b").gpus(4))
                    .givenRunning("big", gpus(4).priority(PriorityClass.LOW).preemptible(), "b", 0, 1, 2, 3)
                    .givenRunning("firm", gpus(1), "a", 0)
                    .at("0:10:00")
                    .givenRunning("small", gpus(1).priority(PriorityClass.LOW).preemptible(), "a", 1);
            two.when(submit("high", gpus(2).priority(PriorityClass.HIGH).waits(600)))
                    .then(
                            "queued high NO_CAPACITY until 0:20:00 with 1:00:00 left",
                            "notice to big until 0:11:00 with 0:49:00 left");
        }
    }

    @Nested
    class Classes {
        @ParameterizedTest
        @EnumSource(PriorityClass.class)
        void nobodyAsksForOneAboveHisOwn(PriorityClass highest) {
            for (PriorityClass asked : PriorityClass.values()) {
                marketUnder(
                                new ClassLimits(Map.of(Told.ACCOUNT, highest), PriorityClass.URGENT),
                                node("a").gpus(1))
                        .when(submit("r1", gpus(1).priority(asked)))
                        .then(
                                asked.compareTo(highest) > 0
                                        ? "refused r1 CLASS_NOT_ALLOWED"
                                        : "allocated r1#1 on a[0] until 1:00:00");
            }
        }

        @Test
        void othersHaveALimitOfTheirOwn() {
            marketUnder(
                            new ClassLimits(Map.of("beta", PriorityClass.URGENT), PriorityClass.NORMAL),
                            node("a").gpus(1))
                    .when(submit("r1", gpus(1).priority(PriorityClass.HIGH)))
                    .then("refused r1 CLASS_NOT_ALLOWED");
        }
    }

    @Nested
    class Deadlines {
        @Test
        void whatCannotBeOverInTimeIsRefusedAtOnce() {
            marketUnder(fair(), node("a").gpus(1))
                    .when(submit("r1", gpus(1).seconds(61).deadline(60_000).waits(600)))
                    .then("refused r1 DEADLINE_PASSED");
        }

        @Test
        void orWhenItWouldHaveHadToStart() {
            MarketTable table = marketUnder(fair(), node("a").gpus(1)).givenRunning("r1", gpus(1).seconds(40), "a", 0);
            table.when(submit("r2", gpus(1).seconds(30).deadline(70_000).waits(600)))
                    .then("queued r2 NO_CAPACITY until 0:00:40.001 with 0:00:30 left");
            table.at("0:00:40")
                    .when(tick())
                    .then("ended r1#1 EXPIRED at 0:00:40", "allocated r2#1 on a[0] until 0:01:10");
        }

        @Test
        void thenWithThisReason() {
            MarketTable table = marketUnder(fair(), node("a").gpus(1)).givenRunning("r1", gpus(1).seconds(60), "a", 0);
            table.when(submit("r2", gpus(1).seconds(30).deadline(70_000).waits(600)));
            table.at("0:00:41").when(tick()).then("refused r2 DEADLINE_PASSED");
        }
    }

    @Nested
    class Budgets {
        private final QueueSettings tenDeviceHours =
                new QueueSettings(Discipline.FAIR, HOUR, 0, Map.of(), Map.of("acme", 10L), 24 * HOUR, 60_000);
        private final MarketTable table = marketUnder(tenDeviceHours, node("a").gpus(8));

        @Test
        void refuseWhatIsMoreThanIsLeft() {
            table.when(submit("r1", gpus(4).seconds(7200)), submit("r2", gpus(3)), submit("r3", gpus(2)))
                    .then(
                            "allocated r1#1 on a[0,1,2,3] until 2:00:00",
                            "refused r2 BUDGET_EXCEEDED",
                            "allocated r3#1 on a[4,5] until 1:00:00");
        }

        @Test
        void whatIsGivenBackEarlyIsNotUsed() {
            table.when(submit("r1", gpus(4).seconds(7200)));
            table.at("0:15:00")
                    .when(release("r1"), submit("r2", gpus(8)), submit("r3", gpus(1).seconds(3601)))
                    .then(
                            "ended r1#1 RELEASED at 0:15:00",
                            "allocated r2#1 on a[0,1,2,3,4,5,6,7] until 1:15:00",
                            "refused r3 BUDGET_EXCEEDED");
        }

        @Test
        void whoMayWaitWaitsForTheNextWindow() {
            table.when(submit("r1", gpus(8)));
            table.at("1:00:00").when(tick());
            table.when(submit("r2", gpus(4).waits(90_000)))
                    .then("queued r2 BUDGET_EXCEEDED until 26:00:00 with 1:00:00 left");
            table.at("23:59:00").when(tick()).thenNothing();
            table.at("24:00:00").when(tick()).then("allocated r2#1 on a[0,1,2,3] until 25:00:00");
        }

        @Test
        void whatNoWindowCanPayForIsRefused() {
            table.when(submit("r1", gpus(8).seconds(7200).waits(90_000))).then("refused r1 BUDGET_EXCEEDED");
        }

        @Test
        void othersHaveNone() {
            table.when(submitFor("beta", "r1", gpus(8).seconds(86_400)))
                    .then("allocated r1#1 on a[0,1,2,3,4,5,6,7] until 24:00:00");
        }
    }

    /** Budgets and what is not a plain submit. */
    @Nested
    class BudgetsOfAllSorts {
        private static QueueSettings budget(long deviceHours, long windowHours) {
            return new QueueSettings(
                    Discipline.FAIR, HOUR, 0, Map.of(), Map.of("acme", deviceHours), windowHours * HOUR, 60_000);
        }

        @Test
        void whatIsHeldIsPromised() {
            marketUnder(budget(10, 24), node("a").gpus(8), node("b").gpus(8))
                    .when(hold("r~1", gpus(8), 0, "0:01:00"), submit("x", gpus(8)), submit("y", gpus(2)))
                    .then(
                            "held r~1 on a[0,1,2,3,4,5,6,7] until 0:01:00",
                            "refused x BUDGET_EXCEEDED",
                            "allocated y#1 on b[0,1] until 1:00:00");
        }

        @Test
        void whatWasOnlyHeldIsNotSpent() {
            MarketTable table = marketUnder(budget(8, 24), node("a").gpus(8)).when(hold("r~1", gpus(8), 0, "0:01:00"));
            table.at("0:01:00").when(tick());
            table.when(submit("x", gpus(8))).then("allocated x#1 on a[0,1,2,3,4,5,6,7] until 1:01:00");
        }

        @Test
        void whatIsConfirmedPaysItsTermOnly() {
            MarketTable table = marketUnder(
                            budget(8, 24), node("a").gpus(8), node("b").gpus(8))
                    .when(hold("r~1", gpus(4), 0, "0:30:00"));
            table.at("0:29:00").when(confirm("r~1", gpus(4)));
            table.when(submit("x", gpus(4))).then("allocated x#1 on a[4,5,6,7] until 1:29:00");
        }

        @Test
        void noNumberIsTooLargeToCount() {
            marketUnder(budget(1, 720), node("a").gpus(384).millicores(400_000).mib(1 << 20))
                    .when(submit(
                            "r",
                            gpus(384)
                                    .cpu(1)
                                    .mib(1)
                                    .replicas(10_000)
                                    .minReplicas(1)
                                    .seconds(720 * 3600)))
                    .then("refused r BUDGET_EXCEEDED");
        }

        @Test
        void workWithoutDevicesCountsNothing() {
            marketUnder(budget(1, 24), node("a").gpus(8))
                    .when(submit("r", gpus(1)), submit("over", gpus(1)), submit("cpu", gpus(0)))
                    .then(
                            "allocated r#1 on a[0] until 1:00:00",
                            "refused over BUDGET_EXCEEDED",
                            "allocated cpu#1 on a until 1:00:00");
            marketUnder(budget(0, 24), node("a").gpus(8))
                    .when(submit("cpu", gpus(0)))
                    .then("allocated cpu#1 on a until 1:00:00");
        }

        @Test
        void anExtensionIsPaidFromThem() {
            MarketTable table = marketUnder(budget(2, 24), node("a").gpus(8));
            table.when(submit("r", gpus(1)), extend("r", "2:00:01"), extend("r", "2:00:00"), extend("r", "2:00:00"))
                    .then(
                            "allocated r#1 on a[0] until 1:00:00",
                            "extend of r: BUDGET_EXCEEDED",
                            "extended r until 2:00:00",
                            "extended r until 2:00:00");
        }
    }
}
