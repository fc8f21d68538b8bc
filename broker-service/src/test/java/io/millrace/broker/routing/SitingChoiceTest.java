package io.millrace.broker.routing;

import static io.millrace.broker.market.SpecBuilder.gpus;
import static io.millrace.broker.market.SpecBuilder.millicores;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.broker.market.MarketSummary;
import io.millrace.broker.market.MarketSummary.Row;
import io.millrace.broker.market.SiteLimit;
import io.millrace.broker.market.Siting;
import io.millrace.broker.market.SpecBuilder;
import io.millrace.broker.placement.Kind;
import io.millrace.broker.placement.Storage;
import io.millrace.broker.routing.MarketScore.TermKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a request says of its users, its data and what counts, and what is known of markets beside their supply. */
class SitingChoiceTest {
    private static final long NOW = 1_000_000_000L;
    private static final Distances DISTANCES = new Distances(List.of(
            new Distances.Position("east", 31.15, 121.12),
            new Distances.Position("middle", 30.57, 104.07),
            new Distances.Position("west", 37.50, 105.19)));
    private static final double ROUNDING = 1e-9;

    private RoutingPolicy policy = policy(Map.of(), Map.of());
    private final Map<String, MarketSummary> summaries = new TreeMap<>();
    private final List<Energy.Site> sites = new ArrayList<>();
    private final Map<String, Telemetry> telemetry = new TreeMap<>();

    private static RoutingPolicy policy(
            Map<Siting.Term, Integer> weights, Map<String, Map<Siting.Term, Integer>> tenants) {
        RoutingPolicy base = RoutingPolicy.DEFAULT;
        return new RoutingPolicy(
                DISTANCES,
                weights,
                tenants,
                0,
                10_000,
                base.carbonMicroCnyPerTonne(),
                base.egressMicroCnyPerGib(),
                base.latencyMicroCnyPerMilliHour(),
                base.deviceWatts(),
                base.coreWatts(),
                base.freePermille(),
                base.alternativePermille(),
                0,
                base.staleMillis(),
                base.assumed());
    }

    private SitingChoiceTest given(String market, long priceCny) {
        Row row = new Row(
                Kind.INTELLIGENT,
                "A100",
                10,
                80_000,
                40_000,
                40,
                8,
                500_000,
                priceCny * 1_000_000,
                50_000,
                0,
                Storage.NONE,
                Storage.NONE);
        summaries.put(market, new MarketSummary(List.of(row), 0, 0));
        return this;
    }

    private Choice choose(SpecBuilder spec) {
        return choose("acme", spec);
    }

    private Choice choose(String account, SpecBuilder spec) {
        MarketChoice choice = new MarketChoice(List.of("east", "middle", "west", "nowhere"), policy);
        return choice.choose(
                "r1",
                account,
                spec.spec(),
                Board.of(policy, summaries, sites, telemetry, NOW),
                new InFlight(1),
                market -> false);
    }

    private static double term(Choice choice, String market, TermKind kind) {
        return choice.best().stream()
                .filter(score -> score.marketId().equals(market))
                .findFirst()
                .orElseThrow()
                .terms()
                .stream()
                .filter(term -> term.kind() == kind)
                .mapToDouble(MarketScore.Term::contribution)
                .sum();
    }

    private void site(String centre, String hub, long it, long facility, long carbon, long ageMillis) {
        sites.add(new Energy.Site(centre, hub, NOW - ageMillis, it, facility, 500_000, carbon));
    }

    @Test
    void aLimitOfLatencyLeavesOnlyWhatIsNear() {
        given("east", 12).given("middle", 10).given("west", 10);
        Choice near = choose(gpus(1).near("east", 5_000L));
        assertThat(near.candidates()).containsExactly("east");
        assertThat(near.exclusions())
                .containsExactly(new Choice.Exclusion(SiteLimit.LATENCY, List.of("middle", "west")));
        assertThat(choose(gpus(1).near("east", 20_000L)).candidates()).hasSize(3);
    }

    @Test
    void whereNoneIsNearOneSaysSoAndTheLimitsNameTheMarkets() {
        given("middle", 10).given("west", 10);
        Choice none = choose(gpus(1).near("east", 5_000L));
        assertThat(none.candidates()).hasSize(1);
        assertThat(none.exclusions())
                .containsExactly(new Choice.Exclusion(SiteLimit.LATENCY, List.of("middle", "west")));
        assertThat(choose(gpus(1).models("B200").near("east", 5_000L)).exclusions())
                .containsExactly(new Choice.Exclusion(SiteLimit.MODEL, List.of("middle", "west")));
    }

    @Test
    void aCityIsNearerThanAHubCanPromise() {
        given("east", 10);
        assertThat(choose(gpus(1).near("east", 1_000L)).exclusions())
                .containsExactly(new Choice.Exclusion(SiteLimit.LATENCY, List.of("east")));
    }

    @Test
    void aMarketOfUnknownPlaceIsFarAndKeepsNoLimit() {
        given("nowhere", 10);
        assertThat(choose(gpus(1).near("east", 1_000_000L)).exclusions())
                .containsExactly(new Choice.Exclusion(SiteLimit.LATENCY, List.of("nowhere")));
        assertThat(term(choose(gpus(1).near("east", null)), "nowhere", TermKind.LATENCY))
                .isCloseTo(-0.2, within(ROUNDING));
    }

    @Test
    void aPlaceThatNobodyKnowsIsNoPlace() {
        given("east", 10).given("west", 10);
        for (SpecBuilder lost : List.of(gpus(1).near("esat", null), gpus(1).data("esat", 5))) {
            Choice none = choose(lost);
            assertThat(none.exclusions())
                    .containsExactly(new Choice.Exclusion(SiteLimit.PLACE, List.of("east", "west")));
            assertThat(none.candidates()).hasSize(1);
        }
    }

    @Test
    void distanceCostsByTheMillisecond() {
        given("east", 10).given("west", 10);
        Choice chosen = choose(gpus(1).near("east", null));
        assertThat(chosen.candidates()).startsWith("east");
        assertThat(term(chosen, "east", TermKind.LATENCY)).isCloseTo(-0.05, within(ROUNDING));
        assertThat(term(chosen, "west", TermKind.LATENCY))
                .isCloseTo(-DISTANCES.micros("east", "west") / 1000.0 * 0.01, within(ROUNDING));
    }

    @Test
    void movingDataCostsOnceAndIsSpreadOverTheTerm() {
        given("east", 11).given("west", 10);
        Choice large = choose(gpus(1).data("east", 100).seconds(3_600));
        assertThat(large.candidates()).startsWith("east");
        assertThat(term(large, "east", TermKind.EGRESS)).isZero();
        assertThat(term(large, "west", TermKind.EGRESS)).isCloseTo(-50.0, within(ROUNDING));
        Choice patient = choose(gpus(1).data("east", 100).seconds(100 * 3_600));
        assertThat(patient.candidates()).startsWith("west");
        assertThat(term(patient, "west", TermKind.EGRESS)).isCloseTo(-0.5, within(ROUNDING));
    }

    @Test
    void carbonCostsWhatTheGridEmitsAndTheSiteWastes() {
        given("east", 10).given("west", 10);
        site("e1", "east", 1_000_000, 1_500_000, 800, 0);
        site("w1", "west", 1_000_000, 1_200_000, 100, 0);
        Choice chosen = choose(gpus(8).cpu(0));
        // 8 devices of 500 W; 1.5 times 800 g/kWh at 100 CNY/t; half as much energy again as computes, at 0.5 CNY/kWh.
        assertThat(term(chosen, "east", TermKind.CARBON)).isCloseTo(-4 * 1.5 * 800 / 1e6 * 100, within(ROUNDING));
        assertThat(term(chosen, "east", TermKind.ENERGY)).isCloseTo(-4 * 0.5 * 0.5, within(ROUNDING));
        assertThat(term(chosen, "west", TermKind.CARBON)).isCloseTo(-4 * 1.2 * 100 / 1e6 * 100, within(ROUNDING));
        assertThat(chosen.candidates()).startsWith("west");
        assertThat(term(choose(millicores(1_000_000)), "east", TermKind.CARBON))
                .isCloseTo(-8 * 1.5 * 800 / 1e6 * 100, within(ROUNDING));
    }

    @Test
    void theCentresOfAHubCountByTheirPower() {
        assertThat(Energy.of(List.of(
                        new Energy.Site("a", "h", 0, 1_000, 1_100, 400_000, 0),
                        new Energy.Site("b", "h", 0, 1_000, 3_300, 800_000, 800),
                        new Energy.Site("off", "h", 0, 0, 0, 1, 1))))
                .isEqualTo(new Energy(2_200, 700_000, 600));
        assertThat(Energy.of(List.of(new Energy.Site("off", "h", 0, 0, 5, 1, 1))))
                .isNull();
    }

    @Test
    void whoDoesNotReportIsAssumedToBeOrdinary() {
        given("east", 10).given("west", 10);
        site("w1", "west", 1_000, 1_100, 100, policy.staleMillis());
        Choice chosen = choose(gpus(2).cpu(0));
        assertThat(term(chosen, "east", TermKind.CARBON)).isCloseTo(-1.5 * 560 / 1e6 * 100, within(ROUNDING));
        assertThat(term(chosen, "west", TermKind.CARBON)).isEqualTo(term(chosen, "east", TermKind.CARBON));
    }

    @Test
    void whatMayNotBeThereIsPaidForInVain() {
        given("east", 10).given("west", 10);
        telemetry.put("east", new Telemetry(8, 2, NOW));
        telemetry.put("west", new Telemetry(10, 0, NOW));
        Choice chosen = choose(gpus(1));
        assertThat(chosen.candidates()).startsWith("west");
        assertThat(term(chosen, "east", TermKind.CONFIDENCE)).isCloseTo(-2.0, within(ROUNDING));
        assertThat(term(chosen, "west", TermKind.CONFIDENCE)).isZero();
    }

    @Test
    void beliefFadesWithAge() {
        Telemetry all = new Telemetry(10, 0, 0);
        assertThat(all.confidencePermille(0, 600_000)).isEqualTo(1000);
        assertThat(all.confidencePermille(60_000, 600_000)).isEqualTo(1000);
        assertThat(all.confidencePermille(330_000, 600_000)).isEqualTo(500);
        assertThat(all.confidencePermille(600_000, 600_000)).isZero();
        assertThat(all.confidencePermille(-5_000, 600_000)).isEqualTo(1000);
        assertThat(new Telemetry(0, 0, 0).confidencePermille(0, 600_000)).isZero();
        assertThat(new Telemetry(5, 5, 0).confidencePermille(330_000, 600_000)).isEqualTo(250);
    }

    @Test
    void theRequestsWordGoesBeforeItsTenantsBeforeAllOthers() {
        policy = policy(Map.of(Siting.Term.CARBON, 2_000), Map.of("green", Map.of(Siting.Term.CARBON, 5_000)));
        given("east", 10);
        double once = 4 * 1.5 * 560 / 1e6 * 100;
        SpecBuilder eight = gpus(8).cpu(0);
        assertThat(term(choose("acme", eight), "east", TermKind.CARBON)).isCloseTo(-2 * once, within(ROUNDING));
        assertThat(term(choose("green", eight), "east", TermKind.CARBON)).isCloseTo(-5 * once, within(ROUNDING));
        eight.weighing("CARBON", 7_000);
        assertThat(term(choose("green", eight), "east", TermKind.CARBON)).isCloseTo(-7 * once, within(ROUNDING));
        eight.weighing("CARBON", 999_999);
        assertThat(term(choose("green", eight), "east", TermKind.CARBON)).isCloseTo(-10 * once, within(ROUNDING));
        eight.weighing("PRICE", 0);
        assertThat(term(choose("green", eight), "east", TermKind.PRICE)).isZero();
        // A market refuses it; until then nothing may break.
        eight.weighing("ROOM", 5);
        assertThat(term(choose("green", eight), "east", TermKind.CARBON)).isCloseTo(-5 * once, within(ROUNDING));
    }

    /** The plain definition, over all that can be said and known: limits, then cost, then id. */
    @Test
    void theOrderIsThatOfTheTotals() {
        SplittableRandom random = new SplittableRandom(42);
        for (int round = 0; round < 2_000; round++) {
            summaries.clear();
            sites.clear();
            telemetry.clear();
            for (String market : List.of("east", "middle", "west")) {
                given(market, random.nextInt(1, 20));
                site(market, market, 1_000, random.nextInt(1_000, 2_500), random.nextInt(1_000), 0);
                telemetry.put(market, new Telemetry(10, random.nextInt(10), NOW - random.nextInt(900_000)));
            }
            SpecBuilder spec = gpus(random.nextInt(1, 9))
                    .replicas(random.nextInt(1, 10))
                    .siting(new Siting(
                            "east", 4_000L + random.nextInt(20_000), "west", random.nextInt(500), List.of()));
            if (random.nextBoolean()) {
                spec.maxPrice(random.nextInt(1, 25) * 1_000_000L);
            }
            Choice chosen = choose(spec);
            if (chosen.best().isEmpty()) {
                assertThat(chosen.exclusions().stream()
                                .mapToInt(e -> e.marketIds().size())
                                .sum())
                        .as("round %d", round)
                        .isEqualTo(3);
            } else {
                assertThat(chosen.candidates())
                        .as("round %d", round)
                        .isEqualTo(chosen.best().stream()
                                .map(MarketScore::marketId)
                                .toList());
                for (int i = 1; i < chosen.best().size(); i++) {
                    assertThat(chosen.best().get(i).total())
                            .as("round %d", round)
                            .isLessThanOrEqualTo(chosen.best().get(i - 1).total());
                }
            }
        }
    }
}
