package io.millrace.ingest.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** From shares to pools, and from pools to centres, hubs and the nation. */
class RollUpTest {
    private static Share share(String centre, String pool, String hub, String model, long nodes, long asOf) {
        Totals totals = new Totals()
                .add(Totals.Measure.NODES, nodes)
                .add(Totals.Measure.SELLABLE_MILLI_DEVICES, nodes * 1_000)
                .addPeak(Precision.FP16, nodes * 10);
        return new Share(centre, pool, hub, Kind.INTELLIGENT, model, totals, asOf);
    }

    private static long nodes(Summary summary, int row) {
        return summary.rows().get(row).totals().get(Totals.Measure.NODES);
    }

    @Test
    void aPoolIsTheSumOfTheLatestShareOfEachPartition() {
        PoolShares shares = new PoolShares();
        shares.put(0, share("c1", "ai", "guizhou", "910B", 3, 10));
        shares.put(1, share("c1", "ai", "guizhou", "910B", 4, 30));
        shares.put(0, share("c1", "ai", "guizhou", "910B", 5, 20));

        assertThat(shares.drain()).singleElement().satisfies(change -> {
            assertThat(change.whole().totals().get(Totals.Measure.NODES)).isEqualTo(9);
            assertThat(change.whole().asOfMillis()).isEqualTo(30);
            assertThat(change.gone()).isEmpty();
        });
        assertThat(shares.drain()).isEmpty();
    }

    @Test
    void anEmptyShareIsDroppedAndAPoolOfThemIsGone() {
        PoolShares shares = new PoolShares();
        shares.put(0, share("c1", "ai", "guizhou", "910B", 3, 10));
        shares.put(1, share("c1", "ai", "guizhou", "910B", 0, 50));
        assertThat(shares.drain()).singleElement().satisfies(change -> {
            assertThat(change.whole().totals().get(Totals.Measure.NODES)).isEqualTo(3);
            assertThat(change.whole().asOfMillis()).isEqualTo(10);
            assertThat(change.gone()).containsExactly(1);
        });

        shares.put(0, share("c1", "ai", "guizhou", "910B", 0, 60));
        assertThat(shares.drain()).singleElement().satisfies(change -> {
            assertThat(change.whole().isEmpty()).isTrue();
            assertThat(change.gone()).containsExactly(0);
        });
    }

    @Test
    void whileSharesDisagreeTheNewestThatHasNodesSaysWhatThePoolIs() {
        PoolShares shares = new PoolShares();
        shares.put(0, share("c1", "ai", "gansu", "910C", 1, 20));
        shares.put(1, share("c1", "ai", "guizhou", "910B", 2, 10));
        shares.put(2, share("c1", "ai", "ningxia", "910A", 0, 99));
        Share whole = shares.drain().getFirst().whole();
        assertThat(whole.hubId()).isEqualTo("gansu");
        assertThat(whole.model()).isEqualTo("910C");
        assertThat(whole.totals().get(Totals.Measure.NODES)).isEqualTo(3);
    }

    @Test
    void scopesAreSumsOverTheirPoolsWithARowPerKindAndModel() {
        Summaries summaries = new Summaries();
        summaries.put(share("c1", "a", "guizhou", "910B", 1, 10));
        summaries.put(share("c1", "b", "guizhou", "910B", 2, 30));
        summaries.put(share("c2", "a", "guizhou", "A100-80G", 4, 20));
        summaries.put(share("c3", "a", "gansu", "910B", 8, 40));

        List<Summary> all = summaries.drain();
        assertThat(all)
                .extracting(Summary::key)
                .containsExactly("centre:c1", "centre:c2", "centre:c3", "hub:gansu", "hub:guizhou", "nation:nation");
        assertThat(all)
                .extracting(Summary::parentId)
                .containsExactly("guizhou", "guizhou", "gansu", "nation", "nation", "");
        Summary guizhou = all.get(4);
        assertThat(guizhou.rows()).extracting(Summary.Row::model).containsExactly("910B", "A100-80G");
        assertThat(nodes(guizhou, 0)).isEqualTo(3);
        assertThat(guizhou.rows().getFirst().totals().peakGigaOpsPerSecond(Precision.FP16))
                .isEqualTo(30);
        Summary nation = all.get(5);
        assertThat(nodes(nation, 0)).isEqualTo(11);
        assertThat(nodes(nation, 1)).isEqualTo(4);
        assertThat(nation.asOfMillis()).isEqualTo(40);
    }

    @Test
    void onlyWhatAChangeTouchesIsSaid() {
        Summaries summaries = new Summaries();
        summaries.put(share("c1", "a", "guizhou", "910B", 1, 10));
        summaries.put(share("c3", "a", "gansu", "910B", 8, 40));
        summaries.drain();

        summaries.put(share("c1", "a", "guizhou", "910B", 2, 11));
        assertThat(summaries.drain())
                .extracting(Summary::key)
                .containsExactly("centre:c1", "hub:guizhou", "nation:nation");
        assertThat(summaries.drain()).isEmpty();
    }

    @Test
    void aPoolThatMovesLeavesItsOldHub() {
        Summaries summaries = new Summaries();
        summaries.put(share("c1", "a", "guizhou", "910B", 1, 10));
        summaries.drain();
        summaries.put(share("c1", "a", "gansu", "910B", 1, 20));

        List<Summary> all = summaries.drain();
        assertThat(all)
                .extracting(Summary::key)
                .containsExactly("centre:c1", "hub:gansu", "hub:guizhou", "nation:nation");
        assertThat(all).extracting(Summary::isEmpty).containsExactly(false, false, true, false);
    }

    @Test
    void whatWasPublishedBeforeARestartAndIsNoMoreIsSaidToBeGone() {
        Summaries summaries = new Summaries();
        summaries.published(Scope.HUB, "guizhou");
        summaries.put(share("c1", "a", "gansu", "910B", 1, 20));
        assertThat(summaries.drain())
                .filteredOn(Summary::isEmpty)
                .extracting(Summary::key)
                .containsExactly("hub:guizhou");
    }

    @Test
    void aPoolThatIsEmptyIsForgotten() {
        Summaries summaries = new Summaries();
        summaries.put(share("c1", "a", "guizhou", "910B", 1, 10));
        summaries.put(share("c1", "a", "guizhou", "910B", 0, 10));
        assertThat(summaries.drain()).hasSize(3).allMatch(Summary::isEmpty);
        assertThat(Summary.of(share("c1", "a", "guizhou", "910B", 0, 10)).isEmpty())
                .isTrue();
        assertThat(Summary.of(share("c1", "a", "guizhou", "910B", 2, 10)).key()).isEqualTo("pool:c1/a");
    }
}
