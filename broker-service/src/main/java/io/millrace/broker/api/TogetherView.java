package io.millrace.broker.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.broker.market.Abandoned;
import io.millrace.broker.market.PartId;
import io.millrace.broker.market.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
        if (together.path("phase").asText().equals("ABANDONED")) {
            Abandoned why = whyAbandoned(parts);
            view.put("reason", why.reason().name());
            view.putObject("explanation").put("summary", why.words(requestId, parts.size()));
        }
        return view;
    }

    private static Abandoned whyAbandoned(ArrayNode parts) {
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).path("phase").asText().equals("FAILED")) {
                List<Reason> answers = new ArrayList<>();
                parts.get(i)
                        .path("deflections")
                        .forEach(deflection ->
                                answers.add(reason(deflection.path("reason").asText())));
                return Abandoned.because(i + 1, answers);
            }
        }
        return Abandoned.TOO_LATE;
    }

    /** One of a younger release counts as want of room, as everywhere. */
    private static Reason reason(String name) {
        return Arrays.stream(Reason.values())
                .filter(reason -> reason.name().equals(name))
                .findAny()
                .orElse(Reason.NO_CAPACITY);
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
