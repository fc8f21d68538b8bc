package io.millrace.broker.stream;

import io.millrace.broker.market.Explanation;
import io.millrace.broker.market.Reason;

/** {@link Explanation} and {@link Reason} and their Avro counterparts. */
final class ExplanationCodec {
    private ExplanationCodec() {}

    static Explanation read(io.millrace.schemas.Explanation explanation) {
        return new Explanation(
                explanation.getSummary(),
                explanation.getNodesConsidered(),
                ShortfallCodec.counts(explanation.getFiltered()),
                explanation.getWouldFit(),
                ShortfallCodec.read(explanation));
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
