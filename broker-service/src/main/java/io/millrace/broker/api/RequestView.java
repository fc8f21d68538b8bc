package io.millrace.broker.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.broker.stream.ExplanationWords;
import io.millrace.runtime.AvroJson;
import io.millrace.runtime.Json;
import io.millrace.schemas.Explanation;
import io.millrace.schemas.Reason;
import io.millrace.schemas.Route;
import org.jspecify.annotations.Nullable;

/**
 * Where a request stands, as it is shown: put together from the way that intake keeps and the state that its market keeps,
 * both as JSON, because either may come from another instance, of another release even.
 */
final class RequestView {
    /** Written, and on its way to a market or from one to the next. */
    static final String SUBMITTED = "SUBMITTED";

    private static final String[] AS_THEY_ARE = {
        "accountId", "reason", "spec", "grants", "allocationNumber", "decidedAtMillis", "explanation"
    };

    /** Field of a way that leads to several markets: what is in {@code Together}, instead of all other fields. */
    static final String TOGETHER = "together";

    private RequestView() {}

    /** A request that is written and that no intake has seen yet. */
    static ObjectNode submitted(String requestId) {
        return Json.object().put("requestId", requestId).put("status", SUBMITTED);
    }

    /**
     * A request that intake has seen.
     *
     * @param route its way; what is in {@code Route}
     * @param state its state in the market that the way leads to; what is in {@code RequestState}, null if there is none
     */
    static ObjectNode of(String requestId, JsonNode route, @Nullable JsonNode state) {
        ObjectNode view = submitted(requestId);
        view.set("marketId", route.path("marketId"));
        if (state != null && isAnswered(state)) {
            stands(view, state);
            addWhatWouldFitElsewhere(view, route);
        }
        view.set("candidates", route.path("candidates"));
        view.set("deflections", route.path("deflections"));
        view.set("scores", route.path("scores"));
        view.set("exclusions", route.path("exclusions"));
        return view;
    }

    /** True of one that its market has answered: it was not handed on, and is not only kept. */
    static boolean isAnswered(JsonNode state) {
        String status = state.path("status").asText();
        return !status.equals("DEFLECTED") && !status.equals("HELD");
    }

    /** Shows where a request or a part stands in its market. */
    static void stands(ObjectNode view, JsonNode state) {
        view.set("status", state.path("status"));
        for (String field : AS_THEY_ARE) {
            view.set(field, state.path(field));
        }
        tell(view);
        if (state.path("status").asText().equals("ALLOCATED")
                && state.path("remainingMillis").asLong() > 0) {
            // It was given notice: its end is that of the notice.
            view.put("reason", Reason.PREEMPTED.name());
        }
        view.put(
                "decisionId",
                state.path("marketId").asText() + "-"
                        + state.path("decisionSequence").asLong());
        times(view, state);
        view.put("priceMicroCnyPerHour", price(state));
    }

    private static void addWhatWouldFitElsewhere(ObjectNode view, JsonNode route) {
        if (view.path("grants").isEmpty()
                && AvroJson.read(route, Route.class) instanceof AvroJson.Read.Value<Route> way
                && AvroJson.read(view.path("explanation"), Explanation.class)
                        instanceof AvroJson.Read.Value<Explanation> explanation) {
            ExplanationWords.addThoseOf(
                    way.value().getDeflections(), view.path("reason").asText(), explanation.value());
            view.set("explanation", AvroJson.write(explanation.value()));
        }
    }

    /** The store keeps what is said of it as data; what is younger than this release stays without words. */
    private static void tell(ObjectNode view) {
        if (AvroJson.read(view.path("explanation"), Explanation.class)
                instanceof AvroJson.Read.Value<Explanation> explanation) {
            ExplanationWords.tell(view.path("reason").asText(), explanation.value());
            view.set("explanation", AvroJson.write(explanation.value()));
        }
    }

    /** The market keeps one pair of times; what it means depends on where the request stands. */
    private static void times(ObjectNode view, JsonNode state) {
        String status = state.path("status").asText();
        boolean waits = status.equals("QUEUED");
        boolean held = !waits && !state.path("grants").isEmpty();
        JsonNode since = state.path("sinceMillis");
        JsonNode until = state.path("untilMillis");
        view.set("waitsSinceMillis", waits ? since : NullNode.instance);
        view.set("waitsUntilMillis", waits ? until : NullNode.instance);
        view.set("startsAtMillis", held ? since : NullNode.instance);
        view.set("endsAtMillis", held ? until : NullNode.instance);
    }

    static long price(JsonNode state) {
        long price = 0;
        for (JsonNode grant : state.path("grants")) {
            price += grant.path("priceMicroCnyPerHour").asLong();
        }
        return price;
    }
}
