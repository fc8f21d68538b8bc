package io.millrace.broker.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.ComputeSpec;
import io.millrace.schemas.Exclusion;
import io.millrace.schemas.Outcome;
import io.millrace.schemas.Reason;
import io.millrace.schemas.ScoreTerm;
import io.millrace.schemas.ScoreTermKind;
import io.millrace.schemas.SiteLimit;
import io.millrace.schemas.Siting;
import io.millrace.schemas.TermWeight;
import io.millrace.schemas.Topics;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a request says of where it should run, from the log to the decision. */
class SitingTopologyTest {
    private final BrokerDriver broker = new BrokerDriver("siting-topology", "guizhou", "gansu", "yangtze-delta");

    @BeforeEach
    void supply() {
        for (String market : List.of("guizhou", "gansu", "yangtze-delta")) {
            broker.node(market, "n1", 8);
        }
    }

    @AfterEach
    void close() {
        broker.close();
    }

    private AllocationDecision decided(Siting siting) {
        ComputeSpec spec = BrokerDriver.spec(1);
        spec.setSiting(siting);
        broker.submit("r1", spec);
        return broker.read(Topics.ALLOCATION_DECISIONS).getFirst();
    }

    private static double term(AllocationDecision decision, String market, ScoreTermKind kind) {
        return decision.getScores().stream()
                .filter(score -> score.getMarketId().equals(market))
                .flatMap(score -> score.getTerms().stream())
                .filter(term -> term.getTerm() == kind)
                .mapToDouble(ScoreTerm::getContribution)
                .sum();
    }

    @Test
    void workGoesToItsUsersAndTheDecisionSaysWhoWasTooFar() {
        broker.letMarketsSpeak();
        AllocationDecision decision = decided(new Siting("yangtze-delta", 5_000L, null, 0L, List.of()));
        assertThat(decision.getOutcome()).isEqualTo(Outcome.ALLOCATED);
        assertThat(decision.getMarketId()).isEqualTo("yangtze-delta");
        assertThat(decision.getExclusions())
                .containsExactly(new Exclusion(SiteLimit.LATENCY, List.of("gansu", "guizhou")));
        assertThat(term(decision, "yangtze-delta", ScoreTermKind.LATENCY)).isCloseTo(-0.05, within(1e-9));
    }

    @Test
    void whereNoneIsNearTheRefusalSaysSo() {
        broker.letMarketsSpeak();
        AllocationDecision decision = decided(new Siting("ningxia", 4_000L, null, 0L, List.of()));
        assertThat(decision.getOutcome()).isEqualTo(Outcome.REFUSED);
        assertThat(decision.getReason()).isEqualTo(Reason.TOO_FAR);
        assertThat(decision.getExplanation().getSummary())
                .isEqualTo("no market that could serve it is within its limit of latency");
        assertThat(decision.getExclusions())
                .containsExactly(new Exclusion(SiteLimit.LATENCY, List.of("gansu", "guizhou", "yangtze-delta")));
    }

    @Test
    void aPlaceThatIsNotKnownIsRefused() {
        broker.letMarketsSpeak();
        AllocationDecision decision = decided(new Siting(null, null, "atlantis", 7L, List.of()));
        assertThat(decision.getReason()).isEqualTo(Reason.UNKNOWN_HUB);
        assertThat(decision.getExplanation().getSummary())
                .isEqualTo("the hub of its users or of its data is not known");
        assertThat(decision.getExclusions()).hasSize(1);
    }

    @Test
    void aWeightOfNoTermIsRefusedWithItsNameAndStopsNobody() {
        broker.letMarketsSpeak();
        AllocationDecision decision =
                decided(new Siting(null, null, null, 0L, List.of(new TermWeight(ScoreTermKind.ROOM, 5))));
        assertThat(decision.getReason()).isEqualTo(Reason.INVALID);
        assertThat(decision.getExplanation().getSummary()).startsWith("siting.weights names ROOM, must name one of");
    }

    @Test
    void whatTelemetryKnowsOfSitesDecidesBetweenEquals() {
        broker.site("guizhou", 1_200, 100, 10, 0);
        broker.site("gansu", 1_900, 900, 10, 0);
        broker.site("yangtze-delta", 1_200, 100, 6, 4);
        broker.letMarketsSpeak();
        AllocationDecision decision =
                decided(new Siting(null, null, null, 0L, List.of(new TermWeight(ScoreTermKind.CARBON, 10_000))));
        assertThat(decision.getMarketId()).isEqualTo("guizhou");
        // A device at 500 W and four cores at 8 W, 1.2 times 100 g/kWh at 100 CNY/t, ten times as heavy.
        assertThat(term(decision, "guizhou", ScoreTermKind.CARBON)).isCloseTo(-10 * 0.532 * 0.012, within(1e-9));
        assertThat(term(decision, "gansu", ScoreTermKind.ENERGY)).isCloseTo(-0.532 * 0.45, within(1e-9));
        assertThat(term(decision, "yangtze-delta", ScoreTermKind.CONFIDENCE)).isCloseTo(-36 * 0.4, within(1e-9));
        assertThat(decision.getExclusions()).isEmpty();
    }

    @Test
    void aRequestThatWasDeflectedStillSaysHowItWasRouted() {
        broker.letMarketsSpeak();
        for (String first : List.of("a", "b", "c")) {
            broker.submit(first, BrokerDriver.spec(8));
        }
        broker.read(Topics.ALLOCATION_DECISIONS);
        AllocationDecision decision = decided(new Siting(null, null, null, 0L, List.of()));
        assertThat(decision.getDeflections()).hasSize(3);
        assertThat(decision.getScores()).hasSize(3);
    }
}
