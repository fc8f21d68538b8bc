package io.millrace.broker.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.millrace.runtime.AvroJson;
import io.millrace.runtime.Json;
import io.millrace.runtime.ProblemException;
import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.Outcome;
import io.millrace.schemas.Reason;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** How decisions look over HTTP: which status, which body. */
final class Answers {
    private Answers() {}

    /** The request is written, and nothing more is known yet. */
    static void accepted(Context context, String requestId, Action action) {
        String href = href(requestId);
        ObjectNode json = Json.object();
        json.put("requestId", requestId)
                .put("action", action.word())
                .put("status", "SUBMITTED")
                .put("href", href);
        context.header("Location", href);
        Json.answer(context, 202, json);
    }

    /**
     * The request is decided.
     *
     * @throws ProblemException if the decision is that it could not be followed
     */
    static void decided(Context context, Action action, AllocationDecision decision) {
        if (decision.getOutcome() == Outcome.COMMAND_REFUSED) {
            throw refused(action, decision);
        }
        context.header("Location", href(decision.getRequestId()));
        Json.answer(context, isNew(action, decision) ? 201 : 200, AvroJson.write(decision));
    }

    private static boolean isNew(Action action, AllocationDecision decision) {
        return action == Action.SUBMIT
                && !decision.getRepeated()
                && (decision.getOutcome() == Outcome.ALLOCATED || decision.getOutcome() == Outcome.QUEUED);
    }

    static String href(String requestId) {
        return "/v1/requests/" + URLEncoder.encode(requestId, StandardCharsets.UTF_8);
    }

    private static ProblemException refused(Action action, AllocationDecision decision) {
        Refusal refusal = Refusal.of(decision.getReason());
        String said = decision.getExplanation() == null
                ? ""
                : decision.getExplanation().getSummary();
        // The market begins with the action, and adds a colon and figures if it has any.
        String figures = said.contains(": ") ? said.substring(said.indexOf(": ") + 2) : "";
        Map<String, Object> extra = new HashMap<>();
        extra.put("reason", decision.getReason().name());
        extra.put("requestId", decision.getRequestId());
        extra.put("decisionId", decision.getDecisionId());
        return new ProblemException(
                refusal.status,
                refusal.title,
                action.word() + " of " + decision.getRequestId() + ": "
                        + (figures.isEmpty() ? refusal.detail : figures),
                extra);
    }

    /** What a reason is in HTTP. */
    private record Refusal(int status, String title, String detail) {

        static Refusal of(Reason reason) {
            return switch (reason) {
                case ID_CONFLICT -> new Refusal(409, "Id Conflict", "the id was used before with another payload");
                case UNKNOWN_REQUEST ->
                    new Refusal(404, "Unknown Request", "there is no such request, or it is not this account's");
                case ALREADY_ENDED -> new Refusal(409, "Already Ended", "the request has ended");
                case NOT_ALLOCATED -> new Refusal(409, "Not Allocated", "the request holds no allocation");
                case BUDGET_EXCEEDED ->
                    new Refusal(409, "Budget Exceeded", "the account's budget has less left in this window");
                case INVALID -> new Refusal(422, "Not Allowed", "the request does not allow it");
                case MARKET_HALTED ->
                    new Refusal(503, "Market Halted", "the market has stopped and needs its operator");
                default -> new Refusal(409, "Refused", "it was refused with the reason " + reason);
            };
        }
    }
}
