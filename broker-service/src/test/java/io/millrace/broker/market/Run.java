package io.millrace.broker.market;

import io.millrace.broker.placement.NodeOffer;
import io.millrace.broker.placement.PlacementPolicy;
import io.millrace.broker.placement.Policies;
import io.millrace.broker.queue.AccountUsage;
import io.millrace.broker.settlement.MeteredAllocation;
import io.millrace.broker.settlement.Settlement;
import io.millrace.broker.settlement.Usage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A market and its settlement on their way through a log, and beside them what a processor would have stored of them. */
final class Run {
    private final PlacementPolicy policy;
    private final Market market;
    private final MarketState state;
    private final Settlement settlement;

    private final TreeMap<String, NodeOffer> storedOffers;
    private final TreeMap<String, Request> storedRequests;
    private final TreeMap<String, AccountUsage> storedAccounts;
    private final TreeMap<String, MeteredAllocation> storedMetering;

    /** From the beginning, with the policy that a market has if nothing else is said. */
    Run() {
        this(Simulation.SETTINGS, Policies.named(Policies.DEFAULT));
    }

    /** From the beginning, with this policy. */
    Run(PlacementPolicy policy) {
        this(Simulation.SETTINGS, policy);
    }

    /** From the beginning, under these rules. */
    Run(MarketSettings settings) {
        this(settings, Policies.named(Policies.DEFAULT));
    }

    private Run(MarketSettings settings, PlacementPolicy policy) {
        this.policy = policy;
        market = new Market(settings, policy);
        state = new MarketState(MarketTable.MARKET, settings.queue());
        storedAccounts = new TreeMap<>();
        settlement = new Settlement(MarketTable.MARKET);
        storedOffers = new TreeMap<>();
        storedRequests = new TreeMap<>();
        storedMetering = new TreeMap<>();
    }

    /** From what is stored of another run, read in an order of its own. */
    private Run(Run stored, Random order) {
        policy = stored.policy;
        market = stored.market;
        storedAccounts = new TreeMap<>(stored.storedAccounts);
        storedOffers = new TreeMap<>(stored.storedOffers);
        storedRequests = new TreeMap<>(stored.storedRequests);
        storedMetering = new TreeMap<>(stored.storedMetering);
        state = MarketState.restore(
                MarketTable.MARKET,
                market.settings().queue(),
                stored.state.meta(),
                shuffled(storedOffers, order),
                shuffled(storedRequests, order),
                shuffled(storedAccounts, order));
        settlement = new Settlement(MarketTable.MARKET);
        shuffled(storedMetering, order).forEach(settlement::restore);
    }

    private static <T> List<T> shuffled(Map<String, T> stored, Random order) {
        List<T> values = new ArrayList<>(stored.values());
        Collections.shuffle(values, order);
        return values;
    }

    /** A run that knows what is stored of this one, and nothing else. */
    Run restart(Random order) {
        return new Run(this, order);
    }

    /** What a command led to. */
    record Step(List<Event> events, List<Usage> usage) {}

    Step execute(Command command) {
        List<Event> events = new ArrayList<>();
        List<Usage> usage = new ArrayList<>();
        market.execute(state, command, (event, now) -> {
            events.add(event);
            Settlement.Metered metered = settlement.on(event);
            usage.addAll(metered.usage());
            metered.changedRequestIds().forEach(id -> store(storedMetering, id, settlement.running(id)));
        });
        MarketState.Changes changes = state.takeChanges();
        changes.nodeIds().forEach(id -> {
            var node = state.supply().node(id);
            store(storedOffers, id, node == null ? null : node.offer());
        });
        changes.requestIds().forEach(id -> store(storedRequests, id, state.request(id)));
        changes.accountIds().forEach(id -> store(storedAccounts, id, state.account(id)));
        return new Step(events, usage);
    }

    private static <T> void store(Map<String, T> store, String id, @Nullable T value) {
        if (value == null) {
            store.remove(id);
        } else {
            store.put(id, value);
        }
    }

    long hash() {
        return state.hash();
    }
}
