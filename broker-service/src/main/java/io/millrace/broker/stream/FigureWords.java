package io.millrace.broker.stream;

import io.millrace.schemas.Figure;
import io.millrace.schemas.FigureKind;
import java.math.BigDecimal;
import java.util.List;

/** Puts the figures of an answer into words. */
final class FigureWords {
    private FigureWords() {}

    /** What the budget is, what is left of it and what was asked, in device-hours; empty if it is not about a budget. */
    static String budget(List<Figure> figures) {
        String budget = deviceHours(figures, FigureKind.BUDGET);
        return budget.isEmpty()
                ? ""
                : "asks for " + deviceHours(figures, FigureKind.BUDGET_ASKED)
                        + " device-hours; of the account's budget of " + budget + " in this window "
                        + deviceHours(figures, FigureKind.BUDGET_LEFT) + " are left";
    }

    private static String deviceHours(List<Figure> figures, FigureKind kind) {
        return figures.stream()
                .filter(figure -> figure.getKind() == kind)
                .map(figure -> BigDecimal.valueOf(figure.getValue(), 3)
                        .stripTrailingZeros()
                        .toPlainString())
                .findFirst()
                .orElse("");
    }
}
