package io.millrace.broker.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.runtime.AvroJson;
import io.millrace.runtime.Json;
import io.millrace.runtime.Peers;
import io.millrace.schemas.Grant;
import io.millrace.schemas.RequestState;
import io.millrace.schemas.RequestStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The newest running allocations among the requests that it is shown, and putting together what several instances found.
 * Keeps no more than asked for, however many it is shown. Used by one thread.
 */
final class Allocations {
    private static final Comparator<JsonNode> NEWEST_FIRST = Comparator.comparingLong(
                    (JsonNode allocation) -> allocation.path("startsAtMillis").asLong())
            .reversed()
            .thenComparing(allocation -> allocation.path("requestId").asText());
    private static final Comparator<RequestState> OLDEST_FIRST = Comparator.comparingLong(RequestState::getSinceMillis)
            .thenComparing(RequestState::getRequestId, Comparator.reverseOrder());

    private final Filter filter;
    private final PriorityQueue<RequestState> newest = new PriorityQueue<>(OLDEST_FIRST);
    private boolean truncated;

    /**
     * Which allocations are asked for.
     *
     * @param marketId of this market; null for any, and so on
     * @param centreId with a grant at this centre
     * @param accountId paid by this account
     * @param nodeId with a grant on this node
     * @param limit at most so many
     */
    record Filter(
            @Nullable String marketId,
            @Nullable String centreId,
            @Nullable String accountId,
            @Nullable String nodeId,
            int limit) {

        boolean accepts(RequestState state) {
            return state.getStatus() == RequestStatus.ALLOCATED
                    && (marketId == null || marketId.equals(state.getMarketId()))
                    && (accountId == null || accountId.equals(state.getAccountId()))
                    && (centreId == null || anyGrant(state, grant -> centreId.equals(grant.getCentreId())))
                    && (nodeId == null || anyGrant(state, grant -> nodeId.equals(grant.getNodeId())));
        }

        private static boolean anyGrant(RequestState state, Predicate<Grant> test) {
            return state.getGrants().stream().anyMatch(test);
        }
    }

    Allocations(Filter filter) {
        this.filter = filter;
    }

    /** Looks at a request. */
    void show(RequestState state) {
        if (filter.accepts(state)) {
            newest.add(state);
            if (newest.size() > filter.limit()) {
                newest.poll();
                truncated = true;
            }
        }
    }

    /** What this instance has, for another one to merge. */
    ObjectNode found(List<Integer> partitions) {
        ObjectNode json = Json.object();
        ArrayNode visited = json.putArray("partitions");
        partitions.forEach(visited::add);
        json.put("truncated", truncated);
        ArrayNode list = json.putArray("allocations");
        newest.stream().map(Allocations::view).sorted(NEWEST_FIRST).forEach(list::add);
        return json;
    }

    private static ObjectNode view(RequestState state) {
        ObjectNode grants = AvroJson.write(state);
        ObjectNode view = Json.object();
        view.put("requestId", state.getRequestId())
                .put("accountId", state.getAccountId())
                .put("marketId", state.getMarketId())
                .put("allocationNumber", state.getAllocationNumber())
                .put("startsAtMillis", state.getSinceMillis())
                .put("endsAtMillis", state.getUntilMillis())
                .put("priceMicroCnyPerHour", RequestView.price(grants));
        view.set("grants", grants.path("grants"));
        return view;
    }

    /**
     * What all instances have together.
     *
     * @param partitions how many partitions there are: what nobody visited is missing
     */
    static ObjectNode merge(Peers.Answers answers, int limit, int partitions) {
        List<JsonNode> all = new ArrayList<>();
        Set<Integer> visited = new HashSet<>();
        boolean truncated = false;
        for (JsonNode body : answers.bodies()) {
            body.path("partitions").forEach(partition -> visited.add(partition.asInt()));
            body.path("allocations").forEach(all::add);
            truncated |= body.path("truncated").asBoolean();
        }
        all.sort(NEWEST_FIRST);
        ObjectNode json = Json.object();
        json.put("truncated", truncated || all.size() > limit);
        json.put("complete", answers.missing().isEmpty() && visited.size() >= partitions);
        ArrayNode missing = json.putArray("missing");
        answers.missing().forEach(missing::add);
        ArrayNode list = json.putArray("allocations");
        all.stream().limit(limit).forEach(list::add);
        return json;
    }
}
