package io.millrace.ingest.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.millrace.ingest.capacity.Scope;
import io.millrace.ingest.stream.IngestTopology;
import io.millrace.runtime.AvroJson;
import io.millrace.runtime.Json;
import io.millrace.runtime.Peers;
import io.millrace.runtime.ProblemException;
import io.millrace.schemas.CapacityRow;
import io.millrace.schemas.CapacitySummary;
import io.millrace.schemas.CentreProfile;
import io.millrace.schemas.Codec;
import io.millrace.schemas.Decoded;
import io.millrace.schemas.NodeCapacity;
import io.millrace.schemas.NodeState;
import io.millrace.schemas.Pool;
import io.millrace.schemas.Precision;
import io.millrace.schemas.PrecisionPeak;
import io.millrace.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Says what can be sold. Summaries are on every instance, so each answers for all; nodes are where their reports are
 * read, so all are asked. Thread-safe.
 */
final class CapacityApi {
    static final String PATH = "/v1/capacity";

    /** Behind every id that begins with a prefix: no id contains it. */
    private static final String END = "\uffff";

    private final Services services;
    private final Codec<CapacitySummary> summaries;
    private final Codec<NodeState> states;

    CapacityApi(Services services) {
        this.services = services;
        this.summaries = services.codecs().of(Topics.CAPACITY_SUMMARIES);
        this.states = services.codecs().state(NodeState.class);
    }

    void get(Context call) {
        CapacityQuery query = CapacityQuery.of(call);
        Json.answer(call, 200, query.by() == CapacityQuery.By.NODE ? nodes(call, query) : scopes(query));
    }

    private ObjectNode scopes(CapacityQuery query) {
        String prefix = Scope.valueOf(query.by().name()).key("");
        ObjectNode answer = Json.object().put("by", query.by().name());
        ArrayNode found = answer.putArray("summaries");
        try {
            ReadOnlyKeyValueStore<String, byte[]> store = services.tables().here(IngestTopology.SUMMARIES);
            if (query.id() != null) {
                byte[] bytes = store.get(prefix + query.id());
                if (bytes != null) {
                    add(found, query, bytes);
                }
            } else {
                try (KeyValueIterator<String, byte[]> all = store.range(prefix, prefix + END)) {
                    while (all.hasNext()) {
                        add(found, query, all.next().value);
                    }
                }
            }
        } catch (InvalidStateStoreException e) {
            throw moving(e);
        }
        return answer;
    }

    private void add(ArrayNode found, CapacityQuery query, byte[] bytes) {
        if (summaries.decode(bytes) instanceof Decoded.Value<CapacitySummary> decoded) {
            CapacitySummary summary = decoded.value();
            List<CapacityRow> rows = new ArrayList<>();
            for (CapacityRow row : summary.getRows()) {
                boolean wanted = (query.kind() == null || row.getKind() == query.kind())
                        && (query.model() == null || row.getModel().equals(query.model()));
                if (wanted && narrow(row, query.precision())) {
                    rows.add(row);
                }
            }
            summary.setRows(rows);
            if (!rows.isEmpty()) {
                found.add(AvroJson.write(summary));
            }
        }
    }

    /** Leaves only this precision; false if the row has none of it. */
    private static boolean narrow(CapacityRow row, @Nullable Precision precision) {
        if (precision == null) {
            return true;
        }
        List<PrecisionPeak> peaks = row.getSellablePeaks().stream()
                .filter(peak -> peak.getPrecision() == precision)
                .toList();
        row.setSellablePeaks(peaks);
        return !peaks.isEmpty();
    }

    private ObjectNode nodes(Context call, CapacityQuery query) {
        String id = query.id();
        if (id != null && id.indexOf('/') >= 0) {
            Optional<JsonNode> one = services.tables()
                    .ask(
                            call,
                            IngestTopology.NODES,
                            id,
                            call.path() + "?" + call.queryString(),
                            () -> Optional.of(localNodes(query)));
            return one.map(JsonNode::<ObjectNode>deepCopy).orElseGet(() -> answer(List.of(), query, List.of()));
        }
        Peers.Answers answers = services.tables().scatter(call, () -> localNodes(query));
        return answer(answers.bodies(), query, answers.missing());
    }

    /** Nodes of all instances in one order, as many as wanted. */
    private static ObjectNode answer(List<JsonNode> bodies, CapacityQuery query, List<String> missing) {
        Map<String, JsonNode> sorted = new TreeMap<>();
        boolean more = false;
        for (JsonNode body : bodies) {
            body.path("nodes").forEach(node -> sorted.put(Writing.text(node, "nodeId"), node));
            more |= body.path("more").asBoolean();
        }
        ObjectNode answer = Json.object().put("by", query.by().name());
        ArrayNode nodes = answer.putArray("nodes");
        sorted.values().stream().limit(query.limit()).forEach(nodes::add);
        answer.put("more", more || sorted.size() > query.limit());
        if (!missing.isEmpty()) {
            missing.forEach(answer.putArray("missing")::add);
        }
        return answer;
    }

    private JsonNode localNodes(CapacityQuery query) {
        ObjectNode answer = Json.object().put("by", query.by().name());
        ArrayNode nodes = answer.putArray("nodes");
        boolean more = false;
        ReadOnlyKeyValueStore<String, byte[]> store = services.tables().here(IngestTopology.NODES);
        try (KeyValueIterator<String, byte[]> range = range(store, query)) {
            while (range.hasNext() && !more) {
                KeyValue<String, byte[]> entry = range.next();
                if (states.decode(entry.value) instanceof Decoded.Value<NodeState> decoded
                        && wanted(decoded.value().getCapacity(), query)) {
                    more = nodes.size() == query.limit();
                    if (!more) {
                        nodes.add(json(decoded.value()));
                    }
                }
            }
        }
        return answer.put("more", more);
    }

    private static KeyValueIterator<String, byte[]> range(
            ReadOnlyKeyValueStore<String, byte[]> store, CapacityQuery query) {
        String id = query.id();
        String from = id == null ? "" : id.indexOf('/') >= 0 ? id : id + '/';
        String to = id == null ? END : id.indexOf('/') >= 0 ? id : id + '/' + END;
        String after = query.after();
        // A zero is the smallest character: the first id behind this one.
        return store.range(after == null || after.compareTo(from) < 0 ? from : after + '\0', to);
    }

    private boolean wanted(NodeCapacity capacity, CapacityQuery query) {
        return (query.kind() == null || capacity.getKind() == query.kind())
                && (query.model() == null || capacity.getModel().equals(query.model()))
                && (query.precision() == null || has(capacity, query.precision()));
    }

    private boolean has(NodeCapacity capacity, Precision precision) {
        CentreProfile profile = services.profiles().profile(capacity.getCentreId());
        if (profile == null) {
            return false;
        }
        for (Pool pool : profile.getPools()) {
            if (pool.getPoolId().equals(capacity.getPoolId())) {
                return pool.getPeaks().stream().anyMatch(peak -> peak.getPrecision() == precision);
            }
        }
        return false;
    }

    /** What the node can sell, and what is known of it beside. */
    private static ObjectNode json(NodeState state) {
        ObjectNode node = AvroJson.write(state.getCapacity());
        ObjectNode rest = AvroJson.write(state);
        rest.remove("capacity");
        node.setAll(rest);
        return node;
    }

    static ProblemException moving(InvalidStateStoreException e) {
        return new ProblemException(
                503, "Not Available Now", e.getMessage() + "; try again", Map.of("retryAfterSeconds", 1));
    }
}
