package io.millrace.broker.stream;

import io.millrace.broker.routing.Board;
import io.millrace.broker.routing.InFlight;
import io.millrace.broker.routing.RoutingPolicy;

/**
 * What one intake task knows of all markets, worked out anew at intervals from the global stores. Used by its task's thread
 * only.
 */
final class Boards {
    /** Sites and telemetry change slowly, and there may be thousands of centres. */
    private static final long FACTS_MILLIS = 1_000;

    private final RoutingPolicy policy;
    private final MarketSummaries summaries;
    private final HubFacts facts;
    private long factsDueMillis;
    private Board board = Board.EMPTY;

    Boards(RoutingPolicy policy, MarketSummaries summaries, HubFacts facts) {
        this.policy = policy;
        this.summaries = summaries;
        this.facts = facts;
    }

    void refresh(long nowMillis) {
        boolean changed = summaries.refresh(nowMillis);
        boolean due = nowMillis >= factsDueMillis;
        if (due) {
            facts.refresh();
            factsDueMillis = nowMillis + FACTS_MILLIS;
        }
        if (changed || due) {
            board = Board.of(policy, summaries.byMarket(), facts.sites(), facts.telemetry(), nowMillis);
        }
    }

    Board board() {
        return board;
    }

    /** What this task sent to markets since they said what the board shows. */
    InFlight inFlight() {
        return summaries.inFlight();
    }
}
