package io.millrace.broker.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.market.Reason;
import io.millrace.schemas.Deflection;
import io.millrace.schemas.Explanation;
import io.millrace.schemas.Figure;
import io.millrace.schemas.FigureKind;
import io.millrace.schemas.Relaxation;
import io.millrace.schemas.RelaxationKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people are told, where it is not told by a test of what decides. */
class ExplanationWordsTest {

    @Test
    void aBudgetIsToldInDeviceHours() {
        Explanation explanation = new Explanation();
        explanation.setSummary("");
        explanation.setWouldFit("");
        explanation.setFigures(List.of(
                new Figure(FigureKind.BUDGET, "", 10_000L),
                new Figure(FigureKind.BUDGET_LEFT, "", 2_500L),
                new Figure(FigureKind.BUDGET_ASKED, "", 4_000L)));
        explanation.setRelaxations(List.of(
                new Relaxation(RelaxationKind.TERM, "", 2_250L, true, 375),
                new Relaxation(RelaxationKind.WAIT, "", 86_400_000L, true, 960)));
        ExplanationWords.tell(Reason.BUDGET_EXCEEDED.name(), explanation);
        assertThat(explanation.getSummary())
                .isEqualTo("asks for 4 device-hours; of the account's budget of 10 in this window 2.5 are left");
        assertThat(explanation.getWouldFit())
                .isEqualTo("now: a term of at most 2250 seconds; or wait until 1970-01-02T00:00:00Z");
    }

    @Test
    void theSmallestChangeIsToldWhereverItWouldFit() {
        Explanation last = lacking(
                new Relaxation(RelaxationKind.DEVICES, "", 1L, true, 875),
                new Relaxation(RelaxationKind.PRICE, "", 9_000_000L, true, 300));
        Explanation first = lacking(
                new Relaxation(RelaxationKind.DEVICES, "", 6L, false, 250),
                new Relaxation(RelaxationKind.MODEL, "A100", 0L, true, 500));
        ExplanationWords.addThoseOf(
                List.of(
                        new Deflection("gansu", io.millrace.schemas.Reason.NO_CAPACITY, first),
                        new Deflection("guizhou", io.millrace.schemas.Reason.NO_CAPACITY, lacking())),
                Reason.NO_CAPACITY.name(),
                last);
        assertThat(last.getWouldFit())
                .isEqualTo(
                        "at most 6 devices per replica; or now: a highest price of 9.00 CNY per hour; or now: allow A100");
        assertThat(last.getSummary())
                .isEqualTo("does not fit now on the market's 3 nodes; what would fit: " + last.getWouldFit());
    }

    private static Explanation lacking(Relaxation... changes) {
        Explanation explanation = new Explanation();
        explanation.setSummary("");
        explanation.setWouldFit("");
        explanation.setNodesConsidered(3);
        explanation.setFigures(List.of());
        explanation.setRelaxations(List.of(changes));
        ExplanationWords.tell(Reason.NO_CAPACITY.name(), explanation);
        return explanation;
    }
}
