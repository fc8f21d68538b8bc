package io.millrace.broker.routing;

import static io.millrace.broker.market.SpecBuilder.gpus;
import static io.millrace.broker.market.SpecBuilder.millicores;
import static io.millrace.broker.market.SpecBuilder.share;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.broker.catalogue.Need;
import io.millrace.broker.catalogue.Precision;
import io.millrace.broker.market.MarketSummary;
import io.millrace.broker.market.MarketSummary.Row;
import io.millrace.broker.market.SpecBuilder;
import io.millrace.broker.placement.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which market a request is sent to, from what markets say of themselves. */
class MarketChoiceTest {
    private final MarketChoice choice = new MarketChoice(List.of("east", "north", "west"));
    private final Map<String, MarketSummary> summaries = new TreeMap<>();
    private final Set<String> hadNoRoom = new HashSet<>();
    private final InFlight inFlight = new InFlight(4);

    private MarketChoiceTest given(String market, Row... rows) {
        summaries.put(market, new MarketSummary(List.of(rows), 0, 0));
        return this;
    }

    /** So many devices free of a hundred, at most eight on a node. */
    private static Row a100(int free, long price) {
        return new Row(Kind.INTELLIGENT, "A100", 13, 100_000, free * 1000L, free, Math.min(free, 8), 500_000, price, 1);
    }

    private static Row row(String model, int free, long price) {
        return new Row(Kind.INTELLIGENT, model, 13, 100_000, free * 1000L, free, Math.min(free, 8), 500_000, price, 1);
    }

    private static Row cpu(long freeMillicores, long price) {
        return new Row(Kind.GENERAL, "", 4, 0, 0, 0, 0, freeMillicores, 0, price);
    }

    private List<String> ranked(SpecBuilder spec) {
        return ranked("r1", spec);
    }

    private List<String> ranked(String requestId, SpecBuilder spec) {
        return choice.rank(requestId, spec.spec(), summaries, inFlight, hadNoRoom::contains).stream()
                .map(MarketScore::marketId)
                .toList();
    }

    @Test
    void oneWithRoomBeforeAnyWithout() {
        given("east", a100(1, 10)).given("north", a100(0, 1)).given("west", a100(3, 1_000));
        assertThat(ranked(gpus(2))).startsWith("west").hasSize(3);
        assertThat(ranked(gpus(1)).get(2)).isEqualTo("north");
    }

    @Test
    void roomIsOnOneNodeForADeviceEachAndInSumForAllReplicas() {
        given("east", a100(60, 10)).given("north", a100(70, 10_000));
        assertThat(ranked(gpus(8).replicas(8))).startsWith("north");
        given("east", a100(70, 10));
        assertThat(ranked(gpus(8).replicas(8))).startsWith("east");
    }

    @Test
    void aPartOfADeviceNeedsNoWholeOne() {
        Row parts = new Row(Kind.INTELLIGENT, "A100", 1, 8_000, 700, 0, 0, 500_000, 10, 1);
        given("east", parts).given("north", a100(0, 1));
        assertThat(ranked(share(700))).startsWith("east");
        assertThat(rankedTerm(share(701), "east", MarketScore.TermKind.ROOM)).isZero();
        assertThat(rankedTerm(share(700), "east", MarketScore.TermKind.ROOM)).isPositive();
    }

    @Test
    void roomAtAPriceThatIsTooHighIsNoRoom() {
        given("east", a100(50, 10)).given("north", a100(50, 20));
        assertThat(rankedTerm(gpus(1).maxPrice(15), "north", MarketScore.TermKind.ROOM))
                .isZero();
        assertThat(rankedTerm(gpus(1).maxPrice(20), "north", MarketScore.TermKind.ROOM))
                .isPositive();
    }

    @Test
    void theCheaperOfTwoWithRoom() {
        given("east", a100(50, 20)).given("north", a100(50, 10));
        assertThat(ranked(gpus(1))).containsExactly("north", "east");
    }

    @Test
    void whatIsFreeOfChargeIsCheaperThanWhatIsNot() {
        given("east", a100(50, 1_000)).given("north", a100(50, 0));
        assertThat(ranked(gpus(1))).containsExactly("north", "east");
    }

    @Test
    void workWithoutDevicesGoesByCoresAndTheirPrice() {
        given("east", cpu(3_000, 10)).given("north", cpu(9_000, 1_000));
        assertThat(ranked(millicores(4_000))).startsWith("north");
        assertThat(ranked(millicores(2_000))).startsWith("east");
    }

    @Test
    void onlyMarketsOfTheKindModelAndHub() {
        given("east", a100(50, 10)).given("north", cpu(9_000, 1)).given("west", a100(50, 10));
        assertThat(ranked(gpus(1).models("A100"))).containsExactlyInAnyOrder("east", "west");
        assertThat(ranked(gpus(1).kind(Kind.GENERAL))).containsExactly("north");
        assertThat(ranked(gpus(1).models("A100").hubs("west", "north"))).containsExactly("west");
    }

    @Test
    void whereNobodyHasItAHubThatIsNamedSaysSo() {
        given("east", cpu(1, 1)).given("north", cpu(1, 1)).given("west", cpu(1, 1));
        assertThat(ranked(gpus(1).models("H100").hubs("nowhere", "west"))).containsExactly("west");
    }

    @Test
    void whereNobodyHasItSomeMarketSaysSoTheSameForTheSameRequest() {
        assertThat(ranked("r1", gpus(1))).hasSize(1).isEqualTo(ranked("r1", gpus(1)));
        assertThat(ranked("r1", gpus(1).hubs("nowhere"))).isEqualTo(List.of(choice.any("r1")));
    }

    @Test
    void alikeRequestsSpreadOverAlikeMarkets() {
        given("east", a100(50, 10)).given("north", a100(50, 10)).given("west", a100(50, 10));
        Set<String> first = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            first.add(ranked("r" + i, gpus(1)).get(0));
            assertThat(ranked("r" + i, gpus(1))).isEqualTo(ranked("r" + i, gpus(1)));
        }
        assertThat(first).containsExactlyInAnyOrder("east", "north", "west");
    }

    @Test
    void oneThatHadNoRoomAMomentAgoIsAskedLast() {
        given("east", a100(50, 10)).given("north", a100(50, 1_000));
        assertThat(ranked(gpus(2))).containsExactly("east", "north");
        hadNoRoom.add("east");
        assertThat(ranked(gpus(2))).containsExactly("north", "east");
    }

    @Test
    void whatIsOnItsWayCountsAsTakenUntilTheMarketHasSpokenTwice() {
        given("east", a100(8, 10)).given("north", a100(8, 1_000));
        sent(gpus(1));
        // One of four tells of one device: four may be gone.
        assertThat(ranked(gpus(4))).containsExactly("east", "north");
        assertThat(ranked(gpus(5))).containsExactly("north", "east");
        assertThat(rankedTerm(gpus(1), "east", MarketScore.TermKind.FREE)).isEqualTo(0.04);
        inFlight.heard("east");
        assertThat(ranked(gpus(5))).containsExactly("north", "east");
        inFlight.heard("east");
        assertThat(ranked(gpus(5))).containsExactly("east", "north");
    }

    @Test
    void whatAMarketHasNoRoomForTakesNothingThere() {
        given("east", a100(8, 10));
        sent(gpus(1_000));
        assertThat(rankedTerm(gpus(1), "east", MarketScore.TermKind.FREE)).isEqualTo(0.08);
        assertThat(rankedTerm(gpus(1), "east", MarketScore.TermKind.ROOM)).isPositive();
    }

    /** Goes to the best market. */
    private void sent(SpecBuilder spec) {
        inFlight.sent(
                choice.rank("r1", spec.spec(), summaries, inFlight, hadNoRoom::contains)
                        .getFirst(),
                spec.spec());
    }

    @Test
    void coresOnTheirWayCountForWorkWithoutDevices() {
        given("east", cpu(8_000, 10)).given("north", cpu(8_000, 1_000));
        sent(SpecBuilder.millicores(1_000));
        assertThat(ranked(SpecBuilder.millicores(4_000))).containsExactly("east", "north");
        assertThat(ranked(SpecBuilder.millicores(4_001))).containsExactly("north", "east");
    }

    @Test
    void everyTermIsOnRecordAndTheyAddUp() {
        given("east", a100(50, 15)).given("north", a100(100, 10));
        for (MarketScore score : choice.rank("r1", gpus(1).spec(), summaries, inFlight, hadNoRoom::contains)) {
            assertThat(score.terms())
                    .extracting(MarketScore.Term::kind)
                    .containsExactly(
                            MarketScore.TermKind.ROOM,
                            MarketScore.TermKind.PRICE,
                            MarketScore.TermKind.FREE,
                            MarketScore.TermKind.SPREAD);
            assertThat(score.total())
                    .isEqualTo(score.terms().stream()
                            .mapToDouble(MarketScore.Term::contribution)
                            .sum());
        }
        assertThat(rankedTerm(gpus(1), "east", MarketScore.TermKind.PRICE)).isEqualTo(-1.0);
        assertThat(rankedTerm(gpus(1), "north", MarketScore.TermKind.PRICE)).isEqualTo(0.0);
        assertThat(rankedTerm(gpus(1), "east", MarketScore.TermKind.FREE)).isEqualTo(0.5);
    }

    /** North is cheaper, and has only the second of the two. */
    @Test
    void theMarketWithTheFirstAlternativeComesFirst() {
        given("north", a100(90, 10)).given("east", row("V100", 50, 15)).given("west", row("H100", 50, 1));
        SpecBuilder either = gpus(1).or(4, "V100").or(1, "A100");
        assertThat(ranked(either)).containsExactly("east", "north");
        assertThat(rankedTerm(either, "east", MarketScore.TermKind.ALTERNATIVE)).isEqualTo(4.0);
        assertThat(rankedTerm(either, "north", MarketScore.TermKind.ALTERNATIVE))
                .isEqualTo(2.0);
    }

    @Test
    void roomIsThatForTheReplicasOfTheAlternative() {
        given("north", a100(3, 10)).given("east", row("V100", 3, 10));
        SpecBuilder either = gpus(1).or(4, "V100").or(3, "A100");
        assertThat(ranked(either)).startsWith("north");
        assertThat(rankedTerm(either, "east", MarketScore.TermKind.ROOM)).isZero();
    }

    @Test
    void forAnElasticRequestThereIsRoomIfTheLeastFits() {
        given("north", a100(3, 10)).given("east", a100(2, 1));
        assertThat(ranked(gpus(1).replicas(8).minReplicas(3))).startsWith("north");
    }

    @Test
    void aNeedThatNoModelMeetsGoesToTheOneMarketThatSaysSo() {
        given("north", a100(3, 10)).given("east", a100(2, 1));
        SpecBuilder unmet = gpus(1).need(new Need(Precision.INT4, 0, 0, 0, null));
        assertThat(ranked(unmet)).containsExactly(choice.any("r1"));
    }

    @Test
    void thereIsAMarketToChoose() {
        assertThatThrownBy(() -> new MarketChoice(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no markets to choose from");
    }

    private double rankedTerm(SpecBuilder spec, String market, MarketScore.TermKind kind) {
        return choice.rank("r1", spec.spec(), summaries, inFlight, hadNoRoom::contains).stream()
                .filter(score -> score.marketId().equals(market))
                .flatMap(score -> score.terms().stream())
                .filter(term -> term.kind() == kind)
                .mapToDouble(MarketScore.Term::contribution)
                .findFirst()
                .orElseThrow();
    }
}
