package io.millrace.broker.routing;

import static io.millrace.broker.market.SpecBuilder.gpus;
import static io.millrace.broker.market.SpecBuilder.millicores;
import static io.millrace.broker.market.SpecBuilder.share;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.broker.catalogue.Need;
import io.millrace.broker.catalogue.Precision;
import io.millrace.broker.market.MarketSummary;
import io.millrace.broker.market.MarketSummary.Row;
import io.millrace.broker.market.SiteLimit;
import io.millrace.broker.market.SpecBuilder;
import io.millrace.broker.placement.Kind;
import io.millrace.broker.placement.Storage;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which market a request is sent to, from what markets say of themselves. */
class MarketChoiceTest {
    private static final long NOW = 1_000_000_000L;
    private static final RoutingPolicy POLICY = RoutingPolicy.DEFAULT;

    private final MarketChoice choice = new MarketChoice(List.of("east", "north", "west"), POLICY);
    private final Set<String> hadNoRoom = new HashSet<>();
    private final InFlight inFlight = new InFlight(4);
    private final Map<String, MarketSummary> summaries = new TreeMap<>();

    private MarketChoiceTest given(String market, Row... rows) {
        summaries.put(market, new MarketSummary(List.of(rows), 0, 0));
        return this;
    }

    /** So many devices free of a hundred, at most eight on a node. */
    private static Row a100(int free, long price) {
        return new Row(
                Kind.INTELLIGENT,
                "A100",
                13,
                100_000,
                free * 1000L,
                free,
                Math.min(free, 8),
                500_000,
                price,
                1,
                0,
                Storage.NONE,
                Storage.NONE);
    }

    private static Row row(String model, int free, long price) {
        return new Row(
                Kind.INTELLIGENT,
                model,
                13,
                100_000,
                free * 1000L,
                free,
                Math.min(free, 8),
                500_000,
                price,
                1,
                0,
                Storage.NONE,
                Storage.NONE);
    }

    private static Row cpu(long freeMillicores, long price) {
        return new Row(Kind.GENERAL, "", 4, 0, 0, 0, 0, freeMillicores, 0, price, 0, Storage.NONE, Storage.NONE);
    }

    private Choice choose(String requestId, SpecBuilder spec) {
        return choice.choose(
                requestId,
                "acme",
                spec.spec(),
                Board.of(POLICY, summaries, List.of(), Map.of(), NOW),
                inFlight,
                hadNoRoom::contains);
    }

    /** Goes to the best market. */
    private void sent(SpecBuilder spec) {
        inFlight.sent(choose("r1", spec), spec.spec());
    }

    private List<String> ranked(SpecBuilder spec) {
        return ranked("r1", spec);
    }

    private List<String> ranked(String requestId, SpecBuilder spec) {
        return choose(requestId, spec).candidates();
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
        Row parts =
                new Row(Kind.INTELLIGENT, "A100", 1, 8_000, 700, 0, 0, 500_000, 10, 1, 0, Storage.NONE, Storage.NONE);
        given("east", parts).given("north", a100(0, 1));
        assertThat(ranked(share(700))).startsWith("east");
        assertThat(rankedTerm(share(701), "east", MarketScore.TermKind.ROOM)).isNegative();
        assertThat(rankedTerm(share(700), "east", MarketScore.TermKind.ROOM)).isZero();
    }

    @Test
    void whatIsTooDearIsNotAsked() {
        given("east", a100(50, 10)).given("north", a100(50, 20));
        assertThat(choose("r1", gpus(1).maxPrice(15)).candidates()).containsExactly("east");
        assertThat(choose("r1", gpus(1).maxPrice(15)).exclusions())
                .containsExactly(new Choice.Exclusion(SiteLimit.PRICE, List.of("north")));
        assertThat(choose("r1", gpus(1).maxPrice(20)).exclusions()).isEmpty();
    }

    @Test
    void ofThoseThatAreAllTooDearOneSaysSo() {
        given("east", a100(50, 10)).given("north", cpu(9_000, 1));
        Choice none = choose("r1", gpus(1).models("A100").maxPrice(9));
        assertThat(none.candidates()).containsExactly("east");
        assertThat(none.best()).isEmpty();
        assertThat(none.exclusions())
                .containsExactly(
                        new Choice.Exclusion(SiteLimit.MODEL, List.of("north")),
                        new Choice.Exclusion(SiteLimit.PRICE, List.of("east")));
    }

    @Test
    void roomIsLookedForAtAnAcceptablePriceOnly() {
        Row dear = new Row(
                Kind.INTELLIGENT, "H100", 1, 8_000, 8_000, 8, 8, 500_000, 100, 1, 0, Storage.NONE, Storage.NONE);
        given("east", a100(0, 10), dear).given("north", a100(1, 10));
        assertThat(rankedTerm(gpus(1).maxPrice(50), "east", MarketScore.TermKind.ROOM))
                .isNegative();
        assertThat(rankedTerm(gpus(1), "east", MarketScore.TermKind.ROOM)).isZero();
    }

    private static Row withStorage(long price, long gibPrice, long gib, long largestGib) {
        return new Row(
                Kind.INTELLIGENT,
                "A100",
                13,
                100_000,
                50_000,
                50,
                8,
                500_000,
                price,
                1,
                gibPrice,
                Storage.of(gib, 1_000),
                Storage.of(largestGib, 100));
    }

    @Test
    void storageCountsInThePrice() {
        given("east", withStorage(1_000_000, 200, 90_000, 9_000))
                .given("north", withStorage(1_100_000, 100, 90_000, 9_000));
        assertThat(ranked(gpus(1).storage(500, 0))).startsWith("east");
        assertThat(ranked(gpus(1).storage(2_000, 0))).startsWith("north");
    }

    @Test
    void whatIsTooDearIsNotTakenForWhatIsFullBecauseItsStorageIsCheap() {
        Row full = new Row(
                Kind.INTELLIGENT,
                "A100",
                1,
                8_000,
                0,
                0,
                0,
                500_000,
                9_000_000,
                1,
                1_000,
                Storage.of(90_000, 0),
                Storage.of(90_000, 0));
        Row dear = new Row(
                Kind.INTELLIGENT,
                "H800",
                1,
                8_000,
                8_000,
                8,
                8,
                500_000,
                12_000_000,
                1,
                0,
                Storage.of(90_000, 0),
                Storage.of(90_000, 0));
        given("east", full, dear);
        assertThat(choose("r1", gpus(1).storage(10_000, 0).maxPrice(10_000_000)).exclusions())
                .isEmpty();
    }

    @Test
    void storageMustHaveRoomOnOneNodeForAReplicaAndInSumForAll() {
        given("east", withStorage(1, 0, 90_000, 900)).given("north", withStorage(2, 0, 9_000, 1_000));
        assertThat(ranked(gpus(1).storage(900, 0))).startsWith("east");
        assertThat(ranked(gpus(1).storage(901, 0))).startsWith("north");
        assertThat(ranked(gpus(1).replicas(11).storage(900, 0))).startsWith("east");
        assertThat(rankedTerm(gpus(1).replicas(11).storage(900, 0), "north", MarketScore.TermKind.ROOM))
                .isNegative();
        assertThat(rankedTerm(gpus(1).storage(10, 101), "east", MarketScore.TermKind.ROOM))
                .isNegative();
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
    void everyTermThatContributedIsOnRecordInCnyPerHour() {
        given("east", a100(50, 15_000_000)).given("north", a100(100, 10_000_000));
        assertThat(rankedTerm(gpus(2), "east", MarketScore.TermKind.PRICE)).isEqualTo(-30.0);
        assertThat(rankedTerm(gpus(2), "north", MarketScore.TermKind.PRICE)).isEqualTo(-20.0);
        // Half of it is taken: half of half the lowest price.
        assertThat(rankedTerm(gpus(2), "east", MarketScore.TermKind.FREE)).isEqualTo(-5.0);
        assertThat(rankedTerm(gpus(2), "north", MarketScore.TermKind.FREE)).isZero();
        for (MarketScore score : choose("r1", gpus(2)).best()) {
            assertThat(score.terms())
                    .extracting(MarketScore.Term::kind)
                    .contains(MarketScore.TermKind.PRICE, MarketScore.TermKind.ENERGY, MarketScore.TermKind.CARBON)
                    .isSorted()
                    .doesNotContain(MarketScore.TermKind.LATENCY, MarketScore.TermKind.EGRESS);
            assertThat(score.terms()).noneMatch(term -> term.contribution() == 0);
        }
    }

    @Test
    void theScoresOfTheFirstThreeAreKeptInTheOrderOfTheCandidates() {
        MarketChoice four = new MarketChoice(List.of("a", "b", "c", "d"), POLICY);
        List.of("a", "b", "c", "d").forEach(market -> given(market, a100(market.equals("c") ? 0 : 50, 10)));
        Choice chosen = four.choose(
                "r1",
                "acme",
                gpus(1).spec(),
                Board.of(POLICY, summaries, List.of(), Map.of(), NOW),
                inFlight,
                hadNoRoom::contains);
        assertThat(chosen.candidates()).hasSize(4).endsWith("c");
        assertThat(chosen.best())
                .extracting(MarketScore::marketId)
                .isEqualTo(chosen.candidates().subList(0, 3));
        assertThat(chosen.best()).extracting(MarketScore::total).isSortedAccordingTo((x, y) -> Double.compare(y, x));
    }

    @Test
    void whoHadNoRoomAMomentAgoIsAskedAfterThoseThatMayHave() {
        given("east", a100(50, 10)).given("north", a100(50, 1_000));
        assertThat(ranked(gpus(1))).startsWith("east");
        hadNoRoom.add("east");
        assertThat(ranked(gpus(1))).containsExactly("north", "east");
        assertThat(rankedTerm(gpus(1), "east", MarketScore.TermKind.ROOM)).isNegative();
    }

    @Test
    void whatIsOnItsWayCountsAsTakenUntilTheMarketHasSpokenTwice() {
        given("east", a100(8, 10_000_000)).given("north", a100(8, 1_000_000_000));
        sent(gpus(1));
        // One of four tells of one device: four may be gone.
        assertThat(ranked(gpus(4))).containsExactly("east", "north");
        assertThat(ranked(gpus(5))).containsExactly("north", "east");
        // 96 of a hundred are taken: half the lowest price for all of it.
        assertThat(rankedTerm(gpus(1), "east", MarketScore.TermKind.FREE)).isEqualTo(-0.96 * 5);
        inFlight.heard("east", 0);
        assertThat(ranked(gpus(5))).containsExactly("north", "east");
        inFlight.heard("east", 0);
        assertThat(ranked(gpus(5))).containsExactly("east", "north");
    }

    /** It speaks only when something changed: once after the request came, and then no more. */
    @Test
    void orUntilItHasBeenQuietForAWhile() {
        given("east", a100(8, 10_000_000)).given("north", a100(8, 1_000_000_000));
        sent(gpus(1));
        inFlight.quietSince(0);
        inFlight.heard("east", 1_000);
        inFlight.quietSince(1_000);
        assertThat(ranked(gpus(5))).containsExactly("north", "east");
        inFlight.quietSince(1_001);
        assertThat(ranked(gpus(5))).containsExactly("east", "north");
    }

    @Test
    void whatAMarketHasNoRoomForTakesNothingThere() {
        given("east", a100(8, 10_000_000));
        assertThat(choose("r1", gpus(1_000)).replicas()).isZero();
        sent(gpus(1_000));
        assertThat(rankedTerm(gpus(1), "east", MarketScore.TermKind.FREE)).isEqualTo(-0.92 * 5);
        assertThat(rankedTerm(gpus(1), "east", MarketScore.TermKind.ROOM)).isZero();
    }

    @Test
    void coresOnTheirWayCountForWorkWithoutDevices() {
        given("east", cpu(8_000, 10)).given("north", cpu(8_000, 1_000));
        sent(millicores(1_000));
        assertThat(ranked(millicores(4_000))).containsExactly("east", "north");
        assertThat(ranked(millicores(4_001))).containsExactly("north", "east");
    }

    @Test
    void allReplicasOfTheAlternativeAreOnTheirWay() {
        given("east", a100(80, 10)).given("north", a100(80, 1_000));
        SpecBuilder either = gpus(1).or(5, "V100").or(10, "A100");
        assertThat(choose("r1", either).replicas()).isEqualTo(10);
        sent(either);
        assertThat(ranked(gpus(8).replicas(5))).startsWith("east");
        assertThat(ranked(gpus(8).replicas(6))).startsWith("north");
    }

    /** North is cheaper, and has only the second of the two. */
    @Test
    void theMarketWithTheFirstAlternativeComesFirst() {
        given("north", a100(90, 10_000_000))
                .given("east", row("V100", 50, 5_000_000))
                .given("west", row("H100", 50, 1));
        SpecBuilder either = gpus(1).or(4, "V100").or(1, "A100");
        assertThat(ranked(either)).containsExactly("east", "north");
        assertThat(rankedTerm(either, "east", MarketScore.TermKind.ALTERNATIVE)).isZero();
        assertThat(rankedTerm(either, "north", MarketScore.TermKind.ALTERNATIVE))
                .isEqualTo(-20.0);
    }

    @Test
    void alternativesThatNobodyHasDoNotCount() {
        given("north", a100(90, 10_000_000)).given("east", row("V100", 50, 10_000_000));
        SpecBuilder many =
                gpus(1).or(1, "P4").or(1, "V100").or(1, "T4").or(1, "A10").or(1, "A100");
        assertThat(rankedTerm(many, "east", MarketScore.TermKind.ALTERNATIVE)).isZero();
        assertThat(rankedTerm(many, "north", MarketScore.TermKind.ALTERNATIVE)).isEqualTo(-20.0);
    }

    @Test
    void anEarlierAlternativeIsNotWorthEveryPrice() {
        given("north", a100(90, 10_000_000)).given("east", row("V100", 50, 40_000_000));
        assertThat(ranked(gpus(1).or(1, "V100").or(1, "A100"))).containsExactly("north", "east");
    }

    @Test
    void thePriceIsThatOfTheReplicasOfTheAlternative() {
        given("north", a100(90, 10_000_000), row("V100", 90, 3_000_000));
        SpecBuilder either = gpus(2).or(4, "V100").or(1, "A100");
        assertThat(rankedTerm(either, "north", MarketScore.TermKind.PRICE)).isEqualTo(-24.0);
        assertThat(rankedTerm(gpus(2).or(1, "A100").or(4, "V100"), "north", MarketScore.TermKind.PRICE))
                .isEqualTo(-20.0);
    }

    /** Which is what it will cost; CPU nodes have no ask for a device. */
    @Test
    void thePriceIsTheLowestOfWhatHasRoom() {
        given("north", a100(90, 10_000_000), row("V100", 0, 3_000_000), cpu(500_000, 1));
        assertThat(rankedTerm(gpus(1), "north", MarketScore.TermKind.PRICE)).isEqualTo(-10.0);
        given("north", a100(0, 10_000_000), row("V100", 0, 3_000_000), cpu(500_000, 1));
        assertThat(rankedTerm(gpus(1), "north", MarketScore.TermKind.PRICE)).isEqualTo(-3.0);
    }

    @Test
    void theAlternativeIsOneAtAnAcceptablePriceIfThereIsOne() {
        given("north", row("V100", 90, 30), a100(0, 10));
        Choice chosen = choose("r1", gpus(1).or(1, "V100").or(1, "A100").maxPrice(20));
        assertThat(chosen.candidates()).containsExactly("north");
        assertThat(chosen.exclusions()).isEmpty();
        assertThat(chosen.replicas()).isZero();
    }

    @Test
    void roomIsThatForTheReplicasOfTheAlternative() {
        given("north", a100(3, 10)).given("east", row("V100", 3, 10));
        SpecBuilder either = gpus(1).or(4, "V100").or(3, "A100");
        assertThat(ranked(either)).startsWith("north");
        assertThat(rankedTerm(either, "east", MarketScore.TermKind.ROOM)).isNegative();
    }

    @Test
    void forAnElasticRequestThereIsRoomIfTheLeastFits() {
        given("north", a100(3, 10)).given("east", a100(2, 1));
        assertThat(ranked(gpus(1).replicas(8).minReplicas(3))).startsWith("north");
    }

    @Test
    void anElasticRequestGoesWhereThereIsMoreOfItUnlessThatIsMuchDearer() {
        SpecBuilder elastic = gpus(1).replicas(8).minReplicas(2);
        given("north", a100(8, 12_000_000)).given("east", a100(3, 10_000_000));
        assertThat(ranked(elastic)).startsWith("north");
        assertThat(rankedTerm(elastic, "north", MarketScore.TermKind.ROOM)).isZero();
        // Five of eight are missing, of a request whose lowest price is 80 CNY per hour.
        assertThat(rankedTerm(elastic, "east", MarketScore.TermKind.ROOM)).isCloseTo(-50, within(1e-9));
        given("north", a100(8, 30_000_000));
        assertThat(ranked(elastic)).startsWith("east");
    }

    @Test
    void aNeedThatNoModelMeetsGoesToOneMarketThatSaysSo() {
        given("north", a100(3, 10)).given("east", a100(2, 1));
        Choice none = choose("r1", gpus(1).need(new Need(Precision.INT4, 0, 0, 0, null)));
        assertThat(none.candidates()).hasSize(1);
        assertThat(none.exclusions()).containsExactly(new Choice.Exclusion(SiteLimit.MODEL, List.of("east", "north")));
    }

    @Test
    void thereIsAMarketToChoose() {
        assertThatThrownBy(() -> new MarketChoice(List.of(), POLICY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no markets to choose from");
    }

    private double rankedTerm(SpecBuilder spec, String market, MarketScore.TermKind kind) {
        return choose("r1", spec).best().stream()
                .filter(score -> score.marketId().equals(market))
                .findFirst()
                .orElseThrow()
                .terms()
                .stream()
                .filter(term -> term.kind() == kind)
                .mapToDouble(MarketScore.Term::contribution)
                .sum();
    }
}
