package io.millrace.broker.stream;

import io.millrace.broker.routing.Choice;
import io.millrace.broker.routing.MarketScore;
import io.millrace.schemas.Exclusion;
import io.millrace.schemas.ScoreTerm;
import io.millrace.schemas.ScoreTermKind;
import io.millrace.schemas.SiteLimit;
import java.util.ArrayList;
import java.util.List;

/** What was found out when a market was chosen, as Avro records. */
final class ScoreCodec {
    private ScoreCodec() {}

    static List<io.millrace.schemas.MarketScore> scores(List<MarketScore> scores) {
        List<io.millrace.schemas.MarketScore> written = new ArrayList<>(scores.size());
        for (MarketScore score : scores) {
            List<ScoreTerm> terms = new ArrayList<>(score.terms().size());
            for (MarketScore.Term term : score.terms()) {
                terms.add(new ScoreTerm(ScoreTermKind.valueOf(term.kind().name()), term.contribution()));
            }
            written.add(new io.millrace.schemas.MarketScore(score.marketId(), terms));
        }
        return written;
    }

    static List<Exclusion> exclusions(List<Choice.Exclusion> exclusions) {
        List<Exclusion> written = new ArrayList<>(exclusions.size());
        for (Choice.Exclusion exclusion : exclusions) {
            written.add(new Exclusion(SiteLimit.valueOf(exclusion.limit().name()), exclusion.marketIds()));
        }
        return written;
    }
}
