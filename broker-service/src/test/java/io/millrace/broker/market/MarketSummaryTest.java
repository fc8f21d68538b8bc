package io.millrace.broker.market;

import static io.millrace.broker.market.MarketTable.marketOf;
import static io.millrace.broker.market.SpecBuilder.gpus;
import static io.millrace.broker.market.SpecBuilder.share;
import static io.millrace.broker.placement.NodeOfferBuilder.cpuNode;
import static io.millrace.broker.placement.NodeOfferBuilder.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.broker.market.MarketSummary.Row;
import io.millrace.broker.placement.Kind;
import io.millrace.broker.placement.Storage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a market says of itself to intake. */
class MarketSummaryTest {

    @Test
    void aRowPerKindAndModelSortedByThem() {
        MarketState state = marketOf(
                        node("a").devicePrice(12).corePrice(3),
                        node("b").gpus(4).pool("p2").devicePrice(10).corePrice(5),
                        node("c").model("910B").gpus(2),
                        cpuNode("d"))
                .givenRunning("r1", gpus(3).cpu(4_000), "a", 0, 1, 2)
                .givenRunning("r2", share(400).cpu(1_000), "b", 0)
                .givenWaiting("r3", gpus(8).waits(60))
                .state();
        MarketSummary summary = MarketSummary.of(state);
        assertThat(summary.allocations()).isEqualTo(2);
        assertThat(summary.queued()).isEqualTo(1);
        assertThat(summary.rows())
                .containsExactly(
                        new Row(
                                Kind.GENERAL,
                                "",
                                1,
                                0,
                                0,
                                0,
                                0,
                                64_000,
                                10_000_000,
                                100_000,
                                0,
                                Storage.NONE,
                                Storage.NONE),
                        new Row(
                                Kind.INTELLIGENT,
                                "910B",
                                1,
                                2_000,
                                2_000,
                                2,
                                2,
                                64_000,
                                10_000_000,
                                100_000,
                                0,
                                Storage.NONE,
                                Storage.NONE),
                        new Row(
                                Kind.INTELLIGENT,
                                "A100",
                                2,
                                12_000,
                                8_600,
                                8,
                                5,
                                123_000,
                                10,
                                3,
                                0,
                                Storage.NONE,
                                Storage.NONE));
    }

    /** Nodes without storage ask nothing for it, and that is no price. */
    @Test
    void storageIsSummedUpAndItsPriceIsOfNodesThatSellAny() {
        MarketState state = marketOf(
                        node("a"),
                        node("b").storage(1_000, 50).storagePrice(140),
                        node("c").storage(700, 80).storagePrice(150),
                        cpuNode("d"))
                .state();
        assertThat(MarketSummary.of(state).rows())
                .extracting(Row::lowestPriceMicroCnyPerGibHour, Row::freeStorage, Row::largestFreeStorage)
                .containsExactly(
                        tuple(0L, Storage.NONE, Storage.NONE),
                        tuple(140L, new Storage(1_700, 130), new Storage(1_000, 80)));
    }

    @Test
    void nodesThatTakeNoNewWorkAreLeftOut() {
        MarketState state = marketOf(node("a").draining(), node("b").lost()).state();
        assertThat(MarketSummary.of(state)).isEqualTo(new MarketSummary(List.of(), 0, 0));
    }
}
