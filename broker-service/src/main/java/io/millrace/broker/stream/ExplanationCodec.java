package io.millrace.broker.stream;

import io.millrace.broker.market.Explanation;
import io.millrace.broker.market.Reason;
import io.millrace.broker.placement.Misfit;
import io.millrace.schemas.FilterCount;
import java.util.ArrayList;
import java.util.List;

/** {@link Explanation} and {@link Reason} and their Avro counterparts. */
final class ExplanationCodec {
    private ExplanationCodec() {}

    static Explanation read(io.millrace.schemas.Explanation explanation) {
        List<Misfit.Removed> filtered =
                new ArrayList<>(explanation.getFiltered().size());
        for (FilterCount count : explanation.getFiltered()) {
            filtered.add(new Misfit.Removed(count.getFilter(), count.getNodes()));
        }
        return new Explanation(
                explanation.getSummary(), explanation.getNodesConsidered(), filtered, explanation.getWouldFit());
    }

    /** As it is told to people: with a sentence, which the logs do without. */
    static io.millrace.schemas.Explanation tell(Reason reason, Explanation explanation) {
        io.millrace.schemas.Explanation told = write(explanation);
        if (told.getSummary().isEmpty()) {
            told.setSummary(Explanation.sentence(reason, explanation.nodesConsidered(), explanation.wouldFit()));
        }
        return told;
    }

    static io.millrace.schemas.Explanation write(Explanation explanation) {
        List<FilterCount> filtered = new ArrayList<>(explanation.filtered().size());
        for (Misfit.Removed removed : explanation.filtered()) {
            filtered.add(new FilterCount(removed.filter(), removed.nodes()));
        }
        return new io.millrace.schemas.Explanation(
                explanation.summary(), explanation.nodesConsidered(), filtered, explanation.wouldFit());
    }

    static io.millrace.schemas.Reason reason(Reason reason) {
        return io.millrace.schemas.Reason.valueOf(reason.name());
    }

    /** Reads a reason; one that a newer release wrote counts as plain lack of capacity, which is never final. */
    static Reason reason(io.millrace.schemas.Reason reason) {
        return reason == io.millrace.schemas.Reason.UNKNOWN ? Reason.NO_CAPACITY : Reason.valueOf(reason.name());
    }
}
