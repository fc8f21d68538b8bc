package io.millrace.broker.stream;

import io.millrace.broker.market.Reason;
import io.millrace.broker.routing.Choice;
import io.millrace.schemas.ComputeSpec;
import io.millrace.schemas.Deflection;
import io.millrace.schemas.Route;
import io.millrace.schemas.SubmitCommand;
import java.util.ArrayList;
import java.util.List;

/**
 * The way of a request through the markets: each candidate is asked once and may deflect; when all have, the most
 * hopeful of them is asked to queue or to refuse it. A lone candidate is asked for good at once.
 */
final class Routes {
    private Routes() {}

    static Route first(Choice choice) {
        List<String> candidates = choice.candidates();
        return new Route(
                candidates.getFirst(),
                0,
                candidates,
                List.of(),
                ScoreCodec.scores(choice.best()),
                ScoreCodec.exclusions(choice.exclusions()));
    }

    /** The route after a market deflected: the next candidate, or for good the one with the most hopeful answer. */
    static Route next(Route route, Deflection deflection) {
        List<Deflection> deflections = new ArrayList<>(route.getDeflections());
        deflections.add(deflection);
        int attempt = route.getAttempt() + 1;
        List<String> candidates = route.getCandidates();
        String market = attempt < candidates.size() ? candidates.get(attempt) : mostHopeful(deflections);
        return new Route(market, attempt, candidates, deflections, route.getScores(), route.getExclusions());
    }

    private static String mostHopeful(List<Deflection> deflections) {
        Deflection best = deflections.getFirst();
        for (Deflection deflection : deflections) {
            if (reason(deflection).compareTo(reason(best)) > 0) {
                best = deflection;
            }
        }
        return best.getMarketId();
    }

    private static Reason reason(Deflection deflection) {
        return ExplanationCodec.reason(deflection.getReason());
    }

    private static boolean isFinal(Route route) {
        int candidates = route.getCandidates().size();
        return candidates == 1 || route.getAttempt() >= candidates;
    }

    static SubmitCommand submit(String requestId, String accountId, ComputeSpec spec, Route route) {
        return new SubmitCommand(
                requestId,
                accountId,
                spec,
                route.getAttempt(),
                isFinal(route),
                route.getDeflections(),
                route.getScores(),
                route.getExclusions(),
                null);
    }
}
