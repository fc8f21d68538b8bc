package io.millrace.broker.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.broker.market.Abandoned;
import io.millrace.broker.market.PartId;
import io.millrace.broker.stream.TogetherCodec;
import io.millrace.runtime.AvroJson;
import io.millrace.runtime.Json;
import io.millrace.schemas.Together;
import io.millrace.schemas.TogetherPhase;
import java.util.List;
import java.util.Optional;

/**
 * Where a request in parts stands, as it is shown: put together from what intake keeps of it and what the markets keep of
 * its parts, all as JSON.
 */
final class TogetherView {
    private static final String[] AS_THEY_ARE = {
        "phase", "spec", "grants", "candidates", "deflections", "scores", "exclusions"
    };

    private TogetherView() {}

    /** How many parts it has. */
    static int parts(JsonNode together) {
        return together.path("parts").size();
    }

    /** The market that has a part, the first counted 1, or was asked last. */
    static String market(JsonNode together, int part) {
        JsonNode state = together.path("parts").path(part - 1);
        JsonNode candidates = state.path("candidates");
        int attempt = Math.min(state.path("attempt").asInt(), candidates.size() - 1);
        return candidates.path(attempt).asText();
    }

    /**
     * A request in parts.
     *
     * @param together what is in {@code Together}
     * @param states of each part, what its market has in {@code RequestState}; empty of one that it does not know
     */
    static ObjectNode of(String requestId, JsonNode together, List<Optional<JsonNode>> states) {
        ObjectNode view = RequestView.submitted(requestId);
        view.set("accountId", together.path("accountId"));
        view.set("decisionId", together.path("decisionId"));
        view.set("decidedAtMillis", together.path("decidedAtMillis"));
        ArrayNode parts = view.putArray("parts");
        for (int part = 1; part <= states.size(); part++) {
            parts.add(part(requestId, together, part, states.get(part - 1)));
        }
        String status = status(together.path("phase").asText(), parts);
        view.put("status", status);
        long price = 0;
        for (JsonNode part : parts) {
            // While some run, what those cost; once all are over, what all did.
            boolean counts =
                    !status.equals("ALLOCATED") || part.path("status").asText().equals(status);
            price += counts ? RequestView.price(part) : 0;
        }
        view.put("priceMicroCnyPerHour", price);
        times(view, parts);
        if (AvroJson.read(together, Together.class) instanceof AvroJson.Read.Value<Together> read
                && read.value().getPhase() == TogetherPhase.ABANDONED) {
            Abandoned why = TogetherCodec.whyAbandoned(read.value());
            view.put("reason", why.reason().name());
            view.putObject("explanation").put("summary", why.words(requestId, parts.size()));
        }
        return view;
    }

    /** From the first start to the last end of what runs or ran. */
    private static void times(ObjectNode view, JsonNode parts) {
        long starts = Long.MAX_VALUE;
        long ends = Long.MIN_VALUE;
        for (JsonNode part : parts) {
            if (part.path("startsAtMillis").isNumber()) {
                starts = Math.min(starts, part.path("startsAtMillis").asLong());
                ends = Math.max(ends, part.path("endsAtMillis").asLong());
            }
        }
        boolean ran = starts <= ends;
        view.put("startsAtMillis", ran ? starts : null);
        view.put("endsAtMillis", ran ? ends : null);
    }

    /**
     * One of its parts, the first counted 1.
     *
     * @param state what its market has in {@code RequestState}; empty if it does not know it
     */
    static ObjectNode part(String requestId, JsonNode together, int part, Optional<JsonNode> state) {
        JsonNode known = together.path("parts").path(part - 1);
        ObjectNode view = Json.object();
        view.put("partId", PartId.of(requestId, part)).put("marketId", market(together, part));
        for (String field : AS_THEY_ARE) {
            view.set(field, known.path(field));
        }
        String whole = together.path("phase").asText();
        // Before all are kept nothing is granted, and after it was given up its market's answer is in the deflections.
        boolean began = whole.equals("CONFIRMED") || whole.equals("RELEASED");
        if (!began) {
            view.putArray("grants");
        }
        if (began && state.isPresent() && RequestView.isAnswered(state.get())) {
            RequestView.stands(view, state.get());
        } else {
            boolean over = known.path("phase").asText().equals("ENDED");
            view.put("status", over ? "EXPIRED" : status(whole));
        }
        return view;
    }

    /** Of a whole of which nothing else is known, and of its parts. */
    private static String status(String phase) {
        return switch (phase) {
            case "CONFIRMED" -> "ALLOCATED";
            case "ABANDONED" -> "REFUSED";
            case "HOLDING" -> RequestView.SUBMITTED;
            default -> phase;
        };
    }

    /** Of one that was confirmed, that of the part that is farthest from its end. */
    private static String status(String phase, JsonNode parts) {
        List<String> all = parts.findValuesAsText("status");
        if (!phase.equals("CONFIRMED") || all.isEmpty()) {
            return status(phase);
        }
        for (String status : List.of("ALLOCATED", "QUEUED", "EXPIRED")) {
            if (all.contains(status)) {
                return status;
            }
        }
        return all.getFirst();
    }
}
