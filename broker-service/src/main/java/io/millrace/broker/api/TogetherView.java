package io.millrace.broker.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.broker.market.Abandoned;
import io.millrace.broker.market.PartId;
import io.millrace.broker.stream.TogetherCodec;
import io.millrace.runtime.AvroJson;
import io.millrace.schemas.Together;
import io.millrace.schemas.TogetherPhase;

/** Where a request in parts stands, as it is shown: from what intake keeps of it, as JSON. */
final class TogetherView {
    private static final String[] AS_THEY_ARE = {
        "phase", "spec", "grants", "candidates", "deflections", "scores", "exclusions"
    };

    private TogetherView() {}

    /**
     * A request in parts.
     *
     * @param together what is in {@code Together}
     */
    static ObjectNode of(String requestId, JsonNode together) {
        ObjectNode view = RequestView.submitted(requestId);
        view.put("status", status(together.path("phase").asText()));
        view.set("accountId", together.path("accountId"));
        view.set("decisionId", together.path("decisionId"));
        view.set("decidedAtMillis", together.path("decidedAtMillis"));
        long price = 0;
        ArrayNode parts = view.putArray("parts");
        for (JsonNode part : together.path("parts")) {
            ObjectNode shown = parts.addObject();
            shown.put("partId", PartId.of(requestId, parts.size()));
            JsonNode candidates = part.path("candidates");
            int attempt = Math.min(part.path("attempt").asInt(), candidates.size() - 1);
            shown.put("marketId", candidates.path(attempt).asText());
            for (String field : AS_THEY_ARE) {
                shown.set(field, part.path(field));
            }
            price += RequestView.price(part);
        }
        view.put("priceMicroCnyPerHour", price);
        if (AvroJson.read(together, Together.class) instanceof AvroJson.Read.Value<Together> read
                && read.value().getPhase() == TogetherPhase.ABANDONED) {
            Abandoned why = TogetherCodec.whyAbandoned(read.value());
            view.put("reason", why.reason().name());
            view.putObject("explanation").put("summary", why.words(requestId, parts.size()));
        }
        return view;
    }

    private static String status(String phase) {
        return switch (phase) {
            case "CONFIRMED" -> "ALLOCATED";
            case "ABANDONED" -> "REFUSED";
            case "HOLDING" -> RequestView.SUBMITTED;
            default -> phase;
        };
    }
}
