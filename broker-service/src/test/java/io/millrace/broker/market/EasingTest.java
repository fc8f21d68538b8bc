package io.millrace.broker.market;

import static io.millrace.broker.market.MarketTable.marketUnder;
import static io.millrace.broker.market.SpecBuilder.gpus;
import static io.millrace.broker.market.SpecBuilder.share;
import static io.millrace.broker.market.Told.ask;
import static io.millrace.broker.market.Told.submit;
import static io.millrace.broker.placement.NodeOfferBuilder.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.placement.Figure;
import io.millrace.broker.placement.Relaxation.What;
import io.millrace.broker.queue.PriorityClass;
import io.millrace.broker.queue.QueueSettings;
import io.millrace.broker.queue.QueueSettings.Discipline;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What helps a request that there is room for: its budget or its turn stands in the way. Windows are of a day, and acme has ten device-hours. */
class EasingTest {
    private static final long HOUR = 3_600_000;

    private static void thenChanges(Explanation explanation, String... changes) {
        assertThat(explanation.shortfall().relaxations().stream()
                        .map(each -> "%s %s %s (%d)"
                                .formatted(
                                        each.what(),
                                        each.what() == What.WAIT ? EventText.time(each.amount()) : each.amount(),
                                        each.now() ? "now" : "later",
                                        each.changePermille())))
                .containsExactly(changes);
    }

    @Nested
    class OverBudget {
        private final QueueSettings rules =
                new QueueSettings(Discipline.FAIR, HOUR, 0, Map.of(), Map.of("acme", 10L), 24 * HOUR, 60_000);
        private final MarketTable table =
                marketUnder(rules, node("a").gpus(8), node("b").gpus(8));

        private Explanation submitting(SpecBuilder spec) {
            return table.when(submit("r", spec)).thenExplanation();
        }

        @Test
        void saysWhatTheBudgetIsAndWhatIsLeft() {
            table.when(submit("r1", gpus(7)));
            assertThat(submitting(gpus(2).seconds(3 * 3600)).figures())
                    .containsExactly(
                            Figure.of(Figure.What.BUDGET, 10_000),
                            Figure.of(Figure.What.BUDGET_LEFT, 3_000),
                            Figure.of(Figure.What.BUDGET_ASKED, 6_000));
        }

        @Test
        void fewerDevicesAShorterTermOrTheNextWindow() {
            table.when(submit("r1", gpus(7)));
            thenChanges(submitting(gpus(4)), "DEVICES 3 now (250)", "TERM 2700 now (250)", "WAIT 24:00:00 now (960)");
        }

        @Test
        void fewerReplicas() {
            table.when(submit("r1", gpus(5)));
            thenChanges(
                    submitting(gpus(2).replicas(3)),
                    "TERM 3000 now (167)",
                    "REPLICAS 2 now (333)",
                    "DEVICES 1 now (500)",
                    "WAIT 24:00:00 now (960)");
        }

        @Test
        void asManyReplicasAsAnElasticOneMayHave() {
            table.when(submit("r1", gpus(5)));
            thenChanges(
                    submitting(gpus(1).replicas(8).minReplicas(4)),
                    "REPLICAS 5 now (375)",
                    "TERM 2250 now (375)",
                    "WAIT 24:00:00 now (960)");
        }

        @Test
        void aSmallerShare() {
            table.when(submit("r1", gpus(8)), submit("r2", share(1_000).seconds(5_400)));
            thenChanges(
                    submitting(share(600)), "SHARE 500 now (167)", "TERM 3000 now (167)", "WAIT 24:00:00 now (960)");
        }

        @Test
        void laterIfThereIsNoRoomForLessEither() {
            table.givenRunningOf("beta", "b1", gpus(8).seconds(40 * 3600), "a", 0, 1, 2, 3, 4, 5, 6, 7)
                    .givenRunningOf("beta", "b2", gpus(7).seconds(30 * 3600), "b", 0, 1, 2, 3, 4, 5, 6)
                    .givenRunning("r1", gpus(1).seconds(3 * 3600), "b", 7);
            thenChanges(
                    submitting(gpus(4).seconds(2 * 3600)),
                    "TERM 6300 later (125)",
                    "DEVICES 3 later (250)",
                    "WAIT 30:00:00 now (938)");
        }

        @Test
        void besidesWhatIsPromisedOfTheNextWindow() {
            table.at("20:00:00").when(submit("r1", gpus(2).seconds(5 * 3600)));
            thenChanges(submitting(gpus(3)), "DEVICES 2 now (333)", "TERM 2400 now (333)", "WAIT 24:00:00 now (800)");
        }

        @Test
        void noWindowThatMissesTheDeadline() {
            table.when(submit("r1", gpus(7)));
            thenChanges(
                    submitting(gpus(4).deadline(EventText.millis("24:30:00"))),
                    "DEVICES 3 now (250)",
                    "TERM 2700 now (250)");
        }

        @Test
        void whatAWholeWindowPaysFor() {
            thenChanges(submitting(gpus(8).seconds(2 * 3600)), "DEVICES 5 now (375)", "TERM 4500 now (375)");
        }

        @Test
        void whatAWholeWindowPaysForThoughNotThisOne() {
            table.when(submit("r1", gpus(1)));
            thenChanges(submitting(gpus(8).seconds(2 * 3600)), "DEVICES 5 later (375)", "TERM 4500 later (375)");
        }

        @Test
        void notWhileThereAreMoreMarketsToAsk() {
            Explanation explanation =
                    table.when(ask("r", gpus(8).seconds(2 * 3600), 0)).thenExplanation();
            thenChanges(explanation);
            assertThat(explanation.figures()).hasSize(3);
        }
    }

    @Nested
    class NotItsTurn {
        /** Four devices on a until 0:10:00 and four on b: the first waits for eight in one pool. */
        private MarketTable table(Discipline discipline) {
            QueueSettings rules = new QueueSettings(discipline, 0, 0, Map.of(), Map.of(), 24 * HOUR, 60_000);
            return marketUnder(rules, node("a").gpus(4), node("b").gpus(4))
                    .givenRunning("r1", gpus(3).seconds(600), "a", 0, 1, 2)
                    .givenWaiting(
                            "first",
                            gpus(4).replicas(2).seconds(1_200).waits(9_000).priority(PriorityClass.URGENT));
        }

        @Test
        void aShorterTermOrAfterTheFirst() {
            thenChanges(
                    table(Discipline.EASY).when(submit("long", gpus(1))).thenExplanation(),
                    "WAIT 0:30:00 now (333)",
                    "TERM 600 now (833)");
        }

        @Test
        void underFifoNothingPasses() {
            thenChanges(
                    table(Discipline.FIFO).when(submit("long", gpus(1))).thenExplanation(), "WAIT 0:30:00 now (333)");
        }

        @Test
        void noWaitThatMissesTheDeadline() {
            thenChanges(
                    table(Discipline.EASY)
                            .when(submit("long", gpus(1).deadline(EventText.millis("1:10:00"))))
                            .thenExplanation(),
                    "TERM 600 now (833)");
        }

        @Test
        void lessThatPassesAroundWhatIsKept() {
            QueueSettings rules = new QueueSettings(Discipline.EASY, 0, 0, Map.of(), Map.of(), 24 * HOUR, 60_000);
            MarketTable table = marketUnder(rules, node("a").gpus(8))
                    .givenRunning("r1", gpus(4).seconds(600), "a", 0, 1, 2, 3)
                    .givenWaiting("first", gpus(6).waits(9_000));
            thenChanges(
                    table.when(submit("two", gpus(1).replicas(3).seconds(1_200)))
                            .thenExplanation(),
                    "REPLICAS 2 now (333)",
                    "TERM 600 now (500)",
                    "WAIT 1:10:00 now (778)");
            thenChanges(
                    table.when(submit("one", gpus(4).seconds(1_200))).thenExplanation(),
                    "DEVICES 2 now (500)",
                    "TERM 600 now (500)",
                    "WAIT 1:10:00 now (778)");
        }

        @Test
        void whatFitsBesideTheFirstStartsWithIt() {
            QueueSettings rules = new QueueSettings(Discipline.FIFO, 0, 0, Map.of(), Map.of(), 24 * HOUR, 60_000);
            MarketTable table = marketUnder(rules, node("a").gpus(8))
                    .givenRunning("r1", gpus(4).seconds(600), "a", 0, 1, 2, 3)
                    .givenWaiting("first", gpus(6).waits(9_000));
            thenChanges(table.when(submit("two", gpus(2))).thenExplanation(), "WAIT 0:10:00 now (143)");
        }
    }

    @Test
    void anElasticOneSaysHowManyReplicasWereAskedAndGranted() {
        Explanation explanation = MarketTable.marketOf(node("a").gpus(3))
                .when(submit("r", gpus(1).replicas(5).minReplicas(2)))
                .thenExplanation();
        assertThat(explanation.figures())
                .isEqualTo(List.of(
                        new Figure(Figure.What.POLICY, "best-fit", 0),
                        Figure.of(Figure.What.REPLICAS_LEFT, 0),
                        Figure.of(Figure.What.REPLICAS_ASKED, 5),
                        Figure.of(Figure.What.REPLICAS_GRANTED, 3)));
    }
}
