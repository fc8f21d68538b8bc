package io.millrace.broker.stream;

import io.millrace.broker.market.MarketState;
import io.millrace.broker.market.Request;
import io.millrace.broker.placement.Forecast;
import io.millrace.broker.placement.NodeOffer;
import io.millrace.broker.placement.SuppliedNode;
import io.millrace.broker.queue.AccountUsage;
import io.millrace.broker.queue.QueueSettings;
import io.millrace.schemas.AccountState;
import io.millrace.schemas.MarketForecast;
import io.millrace.schemas.MarketMeta;
import io.millrace.schemas.NodeCapacity;
import io.millrace.schemas.RequestState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The stores of a market task: what is offered, the requests, what accounts used, and a few facts, each logged. What is free, the queue and
 * the agenda are indexes and are rebuilt from these.
 */
final class MarketStores {
    /** A market's forecast is long and changes seldom: it has a record of its own beside the facts that always change. */
    private static final String FORECAST = "forecast";

    private final KeyValueStore<String, NodeCapacity> nodes;
    private final KeyValueStore<String, RequestState> requests;
    private final KeyValueStore<String, AccountState> accounts;
    private final KeyValueStore<String, MarketMeta> metas;

    MarketStores(ProcessorContext<Object, Object> context) {
        nodes = context.getStateStore(BrokerTopology.MARKET_NODES);
        requests = context.getStateStore(BrokerTopology.MARKET_REQUESTS);
        accounts = context.getStateStore(BrokerTopology.MARKET_ACCOUNTS);
        metas = context.getStateStore(BrokerTopology.MARKET_META);
    }

    /** The key of an entity: no market id has this separator in it. */
    static String key(String marketId, String id) {
        return marketId + "|" + id;
    }

    /**
     * Writes what changed since it was last saved.
     *
     * @return ids of requests whose answers the market forgot
     */
    List<String> save(MarketState state) {
        String marketId = state.marketId();
        MarketState.Changes changes = state.takeChanges();
        for (String nodeId : changes.nodeIds()) {
            SuppliedNode node = state.supply().node(nodeId);
            nodes.put(key(marketId, nodeId), node == null ? null : OfferCodec.write(node.offer(), marketId));
        }
        for (String requestId : changes.requestIds()) {
            Request request = state.request(requestId);
            if (request == null) {
                // Not delete(), which reads what it deletes.
                requests.put(key(marketId, requestId), null);
            } else {
                requests.put(key(marketId, requestId), RequestCodec.write(request, marketId));
            }
        }
        for (String accountId : changes.accountIds()) {
            AccountUsage usage = state.account(accountId);
            if (usage == null) {
                accounts.delete(key(marketId, accountId));
            } else {
                accounts.put(key(marketId, accountId), AccountCodec.write(usage, marketId));
            }
        }
        MarketState.Meta meta = state.meta();
        metas.put(marketId, MetaCodec.write(marketId, meta, null));
        if (changes.forecast()) {
            metas.put(key(marketId, FORECAST), MetaCodec.write(marketId, meta, ForecastCodec.write(meta.forecast())));
        }
        return changes.forgottenAnswers();
    }

    /** The markets of this task as they were saved. */
    Map<String, MarketState> load(QueueSettings settings) {
        Map<String, List<NodeOffer>> offers = new HashMap<>();
        each(
                nodes,
                (market, capacity) ->
                        offers.computeIfAbsent(market, m -> new ArrayList<>()).add(OfferCodec.read(capacity)));
        Map<String, List<Request>> known = new HashMap<>();
        each(
                requests,
                (market, request) ->
                        known.computeIfAbsent(market, m -> new ArrayList<>()).add(RequestCodec.read(request)));
        Map<String, List<AccountUsage>> used = new HashMap<>();
        each(
                accounts,
                (market, account) ->
                        used.computeIfAbsent(market, m -> new ArrayList<>()).add(AccountCodec.read(account)));
        Map<String, Forecast> forecasts = new HashMap<>();
        Map<String, MarketMeta> facts = new HashMap<>();
        each(metas, (market, meta) -> {
            MarketForecast forecast = meta.getForecast();
            if (forecast == null) {
                facts.put(market, meta);
            } else {
                forecasts.put(market, ForecastCodec.read(forecast));
            }
        });
        Map<String, MarketState> states = new HashMap<>();
        facts.forEach((market, meta) -> states.put(
                market,
                MarketState.restore(
                        market,
                        settings,
                        MetaCodec.read(meta, forecasts.getOrDefault(market, Forecast.NONE)),
                        offers.getOrDefault(market, List.of()),
                        known.getOrDefault(market, List.of()),
                        used.getOrDefault(market, List.of()))));
        return states;
    }

    @FunctionalInterface
    private interface Visitor<V> {
        void visit(String marketId, V value);
    }

    private static <V> void each(KeyValueStore<String, V> store, Visitor<V> visitor) {
        try (KeyValueIterator<String, V> all = store.all()) {
            while (all.hasNext()) {
                KeyValue<String, V> entry = all.next();
                int end = entry.key.indexOf('|');
                visitor.visit(end < 0 ? entry.key : entry.key.substring(0, end), entry.value);
            }
        }
    }
}
