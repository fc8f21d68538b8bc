package io.millrace.broker.audit;

import io.millrace.broker.MarketRules;
import io.millrace.broker.market.Command;
import io.millrace.broker.market.Market;
import io.millrace.broker.market.MarketState;

/** A market on its way through a log once more. Not thread-safe. */
final class Replayed {
    private MarketRules rules;
    private Market market;
    private MarketState state;

    Replayed(MarketState state, MarketRules rules) {
        this.rules = rules;
        this.market = rules.market();
        this.state = state;
    }

    MarketState state() {
        return state;
    }

    MarketRules rules() {
        return rules;
    }

    long sequence() {
        return state.meta().sequence();
    }

    /** Goes on under these rules, as a service does that is started with them. */
    void under(MarketRules next) {
        if (!rules.equals(next)) {
            rules = next;
            market = next.market();
            state = state.copy(next.settings().queue());
        }
    }

    void execute(Command command, Market.Sink sink) {
        market.execute(state, command, sink);
        // Nothing is persisted here.
        state.takeChanges();
    }
}
