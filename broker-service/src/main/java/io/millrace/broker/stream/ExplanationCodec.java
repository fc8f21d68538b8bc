package io.millrace.broker.stream;

import io.millrace.broker.market.Explanation;
import io.millrace.broker.market.Reason;
import io.millrace.broker.placement.Figure;
import io.millrace.schemas.FigureKind;
import java.util.ArrayList;
import java.util.List;

/** {@link Explanation} and {@link Reason} and their Avro counterparts. */
final class ExplanationCodec {
    private ExplanationCodec() {}

    static Explanation read(io.millrace.schemas.Explanation explanation) {
        return new Explanation(
                explanation.getSummary(),
                explanation.getNodesConsidered(),
                ShortfallCodec.counts(explanation.getFiltered()),
                explanation.getWouldFit(),
                ShortfallCodec.read(explanation),
                explanation.getFigures().stream()
                        // Of a kind that a newer release told: nobody here can tell it.
                        .filter(figure -> figure.getKind() != FigureKind.UNKNOWN)
                        .map(figure -> new Figure(
                                Figure.What.valueOf(figure.getKind().name()), figure.getName(), figure.getValue()))
                        .toList());
    }

    /** As it is told to people: with words, which the logs do without. */
    static io.millrace.schemas.Explanation tell(Reason reason, Explanation explanation) {
        io.millrace.schemas.Explanation told = write(explanation);
        ExplanationWords.tell(reason.name(), told);
        return told;
    }

    static io.millrace.schemas.Explanation write(Explanation explanation) {
        io.millrace.schemas.Explanation written = new io.millrace.schemas.Explanation();
        written.setSummary(explanation.summary());
        written.setNodesConsidered(explanation.nodesConsidered());
        written.setFiltered(ShortfallCodec.written(explanation.filtered()));
        written.setWouldFit(explanation.wouldFit());
        ShortfallCodec.write(explanation.shortfall(), written);
        written.setFigures(figures(explanation.figures()));
        return written;
    }

    /** Every grant has some, and is written three times: to the log, to the store and to whoever asked. */
    private static List<io.millrace.schemas.Figure> figures(List<Figure> figures) {
        List<io.millrace.schemas.Figure> written = new ArrayList<>(figures.size());
        for (Figure figure : figures) {
            written.add(new io.millrace.schemas.Figure(
                    FigureKind.valueOf(figure.what().name()), figure.name(), figure.value()));
        }
        return written;
    }

    static io.millrace.schemas.Reason reason(Reason reason) {
        return io.millrace.schemas.Reason.valueOf(reason.name());
    }

    /** Reads a reason; one that a newer release wrote counts as plain lack of capacity, which is never final. */
    static Reason reason(io.millrace.schemas.Reason reason) {
        return reason == io.millrace.schemas.Reason.UNKNOWN ? Reason.NO_CAPACITY : Reason.valueOf(reason.name());
    }
}
