package io.millrace.broker.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.millrace.broker.market.PartId;
import io.millrace.broker.stream.BrokerTopology;
import io.millrace.runtime.AvroJson;
import io.millrace.runtime.Json;
import io.millrace.runtime.Peers;
import io.millrace.runtime.ProblemException;
import io.millrace.runtime.Routes;
import io.millrace.schemas.MarketCapacity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.streams.errors.InvalidStateStoreException;

/** What can be asked: where a request stands, what is allocated, what the markets have free. */
final class QueryRoutes {
    static final String ROUTE = "/v1/routes/{id}";
    static final String MARKETS = "/v1/markets";
    static final String MARKET_REQUEST = "/v1/markets/{market}/requests/{id}";
    static final String ALLOCATIONS = "/v1/allocations";

    static final int DEFAULT_LIMIT = 100;
    static final int MAX_LIMIT = 1_000;
    /** A visit to a store copies its keys while its writer waits: few at a time. */
    private static final int SCANS = 2;

    private static final long SCAN_PATIENCE_SECONDS = 5;
    private static final Duration RETRY_PAUSE = Duration.ofMillis(150);

    private final Stores stores;
    private final Instances instances;
    private final RecentRequests recent;
    private final List<String> markets;
    private final Semaphore scans = new Semaphore(SCANS);

    QueryRoutes(Stores stores, Instances instances, RecentRequests recent, List<String> markets) {
        this.stores = stores;
        this.instances = instances;
        this.recent = recent;
        this.markets = List.copyOf(markets);
    }

    void addTo(Routes routes) {
        routes.get(TenantRoutes.REQUEST, whileStoresAreHere(this::request));
        routes.get(ROUTE, whileStoresAreHere(this::route));
        routes.get(MARKET_REQUEST, whileStoresAreHere(this::marketRequest));
        routes.get(ALLOCATIONS, whileStoresAreHere(this::allocations));
        routes.get(MARKETS, whileStoresAreHere(this::markets));
    }

    /** Once more after a moment if the stores are moving, then 503: they rarely move for long. */
    private static Handler whileStoresAreHere(Handler handler) {
        return context -> {
            try {
                handler.handle(context);
            } catch (InvalidStateStoreException moving) {
                LockSupport.parkNanos(RETRY_PAUSE.toNanos());
                try {
                    handler.handle(context);
                } catch (InvalidStateStoreException still) {
                    throw notNow(String.valueOf(still.getMessage()));
                }
            }
        };
    }

    /** Two steps, each on the instance that has the key: the way that intake keeps, the state that its market keeps. */
    private void request(Context context) {
        Parameters parameters = new Parameters(context);
        String id = parameters.requestOrPartId();
        parameters.check();
        if (PartId.isPart(id)) {
            Json.answer(context, 200, part(context, id));
            return;
        }
        Optional<JsonNode> known = askRoute(context, id);
        if (known.isEmpty()) {
            if (!recent.contains(id)) {
                throw unknown(id);
            }
            Json.answer(context, 200, RequestView.submitted(id));
            return;
        }
        JsonNode route = known.get();
        JsonNode together = route.path(RequestView.TOGETHER);
        if (together.isObject()) {
            List<Optional<JsonNode>> states = new ArrayList<>();
            for (int part = 1; part <= TogetherView.parts(together); part++) {
                states.add(askMarket(context, TogetherView.market(together, part), PartId.of(id, part)));
            }
            Json.answer(context, 200, TogetherView.of(id, together, states));
            return;
        }
        Optional<JsonNode> state = askMarket(context, route.path("marketId").asText(), id);
        Json.answer(context, 200, RequestView.of(id, route, state.orElse(null)));
    }

    /** A part by itself: as the request that it is of shows it. */
    private JsonNode part(Context context, String partId) {
        String whole = PartId.whole(partId);
        int part = PartId.number(partId);
        JsonNode together = askRoute(context, whole)
                .map(route -> route.path(RequestView.TOGETHER))
                .filter(found -> part <= TogetherView.parts(found))
                .orElseThrow(() -> unknown(partId));
        Optional<JsonNode> state = askMarket(context, TogetherView.market(together, part), partId);
        return TogetherView.part(whole, together, part, state)
                .put("requestId", partId)
                .set("accountId", together.path("accountId"));
    }

    private void route(Context context) {
        Parameters parameters = new Parameters(context);
        String requestId = parameters.requestId();
        parameters.check();
        Json.answer(context, 200, askRoute(context, requestId).orElseThrow(() -> unknown(requestId)));
    }

    private void marketRequest(Context context) {
        Parameters parameters = new Parameters(context);
        String requestId = parameters.requestOrPartId();
        parameters.check();
        String marketId = context.pathParam("market");
        if (!markets.contains(marketId)) {
            throw new ProblemException(
                    404, "Unknown Market", "there is no market " + marketId, Map.of("markets", markets));
        }
        Json.answer(context, 200, askMarket(context, marketId, requestId).orElseThrow(() -> unknown(requestId)));
    }

    private Optional<JsonNode> askRoute(Context context, String requestId) {
        return instances.ask(
                context,
                BrokerTopology.ROUTES,
                requestId,
                ROUTE.replace("{id}", requestId),
                () -> stores.route(requestId).<JsonNode>map(AvroJson::write).or(() -> inParts(requestId)));
    }

    /** Intake keeps what is in parts in a store of its own, with the same partitions. */
    private Optional<JsonNode> inParts(String requestId) {
        return stores.together(requestId)
                .map(together -> Json.object().set(RequestView.TOGETHER, AvroJson.write(together)));
    }

    private Optional<JsonNode> askMarket(Context context, String marketId, String requestId) {
        // Stores are keyed by market and request, and partitioned by the market.
        return instances.ask(
                context,
                BrokerTopology.MARKET_REQUESTS,
                marketId,
                MARKET_REQUEST.replace("{market}", marketId).replace("{id}", requestId),
                () -> stores.request(marketId, requestId).map(AvroJson::write));
    }

    private static ProblemException unknown(String requestId) {
        return new ProblemException(
                404,
                "Unknown Request",
                "there is no request " + requestId + ", or it ended so long ago that it is forgotten");
    }

    private void allocations(Context context) {
        Parameters parameters = new Parameters(context);
        Allocations.Filter filter = new Allocations.Filter(
                parameters.oneOf("market", markets),
                parameters.text("centre"),
                parameters.id("account"),
                parameters.text("node"),
                parameters.integer("limit", 1, MAX_LIMIT, DEFAULT_LIMIT));
        parameters.check();
        Peers.Answers answers = instances.askAll(context, () -> find(filter));
        if (Peers.isHop(context)) {
            Json.answer(context, 200, answers.bodies().getFirst());
        } else {
            Json.answer(context, 200, Allocations.merge(answers, filter.limit(), stores.partitions()));
        }
    }

    private JsonNode find(Allocations.Filter filter) {
        try {
            if (!scans.tryAcquire(SCAN_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw busy();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw busy();
        }
        try {
            Allocations allocations = new Allocations(filter);
            List<Integer> visited = stores.eachRequest(filter.marketId(), allocations::show);
            return allocations.found(visited);
        } finally {
            scans.release();
        }
    }

    private static ProblemException busy() {
        return notNow("too many list allocations at the same time");
    }

    private static ProblemException notNow(String why) {
        return new ProblemException(503, "Not Available Now", why + "; try again", Map.of("retryAfterSeconds", 1));
    }

    private void markets(Context context) {
        List<MarketCapacity> known = stores.markets();
        TreeSet<String> silent = new TreeSet<>(markets);
        ObjectNode json = Json.object();
        ArrayNode list = json.putArray("markets");
        for (MarketCapacity market : known) {
            silent.remove(market.getMarketId());
            list.add(AvroJson.write(market));
        }
        ArrayNode notHeard = json.putArray("silent");
        silent.forEach(notHeard::add);
        Json.answer(context, 200, json);
    }
}
