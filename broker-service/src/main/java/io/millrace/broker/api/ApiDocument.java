package io.millrace.broker.api;

import io.millrace.runtime.OpenApi;
import io.millrace.runtime.Operation;
import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.MarketCapacity;
import io.millrace.schemas.RequestState;
import io.millrace.schemas.Route;
import io.millrace.schemas.Together;

/** Describes every route of the service; the server does not start if one is missing here. */
final class ApiDocument {
    private static final String WAIT = "Milliseconds to wait for the decision, 0 to 60000; 0, the default, not to wait."
            + " If it does not come in time, the answer is 202 and the request goes on.";
    private static final String NOT_NOW =
            "Not now: partitions move, or Kafka does not answer. Try again after the time in"
                    + " Retry-After; a request may safely be said again under the same requestId.";
    private static final String FORM = "The call is wrong; all that is wrong is listed.";

    private ApiDocument() {}

    static OpenApi make() {
        OpenApi api = new OpenApi(
                "Millrace broker-service",
                "Computing power for tenants: ask for it, hear why it was granted or not, extend it, give it back."
                        + " Every answer is a fact in Kafka first, topic allocation.decisions; this is another way to it."
                        + " Errors are problem documents (RFC 9457).",
                "v1");
        tenants(api);
        queries(api);
        inside(api);
        return api.component(MarketCapacity.class).component(Route.class).component(Together.class);
    }

    private static void tenants(OpenApi api) {
        api.post(
                TenantRoutes.REQUESTS,
                Operation.of("Asks for computing power")
                        .describe(
                                "The same requestId with the same body gets the same answer again (repeated is true then,"
                                        + " and the status 200); with another body it is a conflict.")
                        .query("wait", "integer", WAIT)
                        .body(ApiSchemas.SUBMIT)
                        .example(ApiExamples.SUBMIT)
                        .returns(201, "Granted, or waiting in the queue.", AllocationDecision.class)
                        .example(201, ApiExamples.DECISION)
                        .returns(200, "Refused, or decided before: see outcome and repeated.", AllocationDecision.class)
                        .returns(202, "Written; not decided in time.", ApiSchemas.ACCEPTED)
                        .example(202, ApiExamples.ACCEPTED)
                        .problem(400, FORM)
                        .example(400, ApiExamples.INVALID)
                        .problem(409, "The id was used before with another body.")
                        .example(409, ApiExamples.CONFLICT)
                        .problem(413, "The body is too large.")
                        .problem(415, "The body is not JSON.")
                        .problem(503, NOT_NOW));
        api.delete(
                TenantRoutes.REQUEST,
                change("Withdraws a request: out of the queue, or ends its allocation")
                        .requiredQuery("accountId", "string", "The account that pays.")
                        .query("reason", "string", "Why, for people."));
        api.post(
                TenantRoutes.EXTEND,
                change("Moves the end of an allocation")
                        .body(ApiSchemas.EXTEND)
                        .example(ApiExamples.EXTEND)
                        .problem(413, "The body is too large.")
                        .problem(415, "The body is not JSON.")
                        .problem(422, "The new end is before the old one, or too far away."));
        api.post(
                TenantRoutes.RELEASE,
                change("Ends an allocation before its term")
                        .body(ApiSchemas.RELEASE)
                        .example(ApiExamples.RELEASE)
                        .problem(413, "The body is too large.")
                        .problem(415, "The body is not JSON."));
    }

    private static Operation change(String summary) {
        return Operation.of(summary)
                .path("id", "The request.")
                .query("wait", "integer", WAIT)
                .returns(200, "Done.", AllocationDecision.class)
                .returns(202, "Written; not decided in time.", ApiSchemas.ACCEPTED)
                .problem(400, FORM)
                .problem(404, "There is no such request, or it is another account's. Said only if you wait.")
                .problem(409, "The request has ended, or holds no allocation. Said only if you wait.")
                .problem(503, NOT_NOW)
                .example(503, ApiExamples.NOT_NOW);
    }

    private static void queries(OpenApi api) {
        api.get(
                TenantRoutes.REQUEST,
                Operation.of("Where a request stands, and why")
                        .path("id", "The request.")
                        .returns(200, "Where it stands.", ApiSchemas.REQUEST)
                        .example(200, ApiExamples.QUEUED)
                        .problem(400, FORM)
                        .problem(
                                404,
                                "There is no such request; for a moment also one that was just written through"
                                        + " another instance.")
                        .example(404, ApiExamples.UNKNOWN)
                        .problem(503, NOT_NOW)
                        .example(503, ApiExamples.NOT_NOW));
        api.get(
                QueryRoutes.ALLOCATIONS,
                Operation.of("What is allocated now, newest first, on all instances")
                        .query("market", "string", "Only in this market.")
                        .query("centre", "string", "Only with a grant at this centre.")
                        .query("account", "string", "Only of this account.")
                        .query("node", "string", "Only with a grant on this node.")
                        .query("limit", "integer", "At most so many, 1 to 1000; 100 by default.")
                        .returns(200, "The allocations.", ApiSchemas.ALLOCATIONS)
                        .example(200, ApiExamples.ALLOCATIONS)
                        .problem(400, FORM)
                        .problem(503, NOT_NOW));
        api.get(
                QueryRoutes.MARKETS,
                Operation.of("What every market has free after reservations, as it last said")
                        .returns(200, "The markets.", ApiSchemas.MARKETS)
                        .example(200, ApiExamples.MARKETS)
                        .problem(400, FORM)
                        .problem(503, NOT_NOW));
        api.get(
                StreamRoute.STREAM,
                Operation.of("Every decision from now on, as server-sent events")
                        .describe(
                                "Event \"decision\", its id is the decisionId, its data an AllocationDecision. A comment"
                                        + " comes every 15 s without decisions. A client that reads too slowly gets the event"
                                        + " \"dropped\" and is disconnected; one whose instance stops gets \"closing\". Nothing is"
                                        + " sent again after a reconnection: a reader that must miss nothing reads the topic.")
                        .query("account", "string", "Only about requests of this account.")
                        .query("market", "string", "Only of this market.")
                        .streams("The decisions.", AllocationDecision.class)
                        .problem(400, FORM)
                        .problem(503, "As many clients as are allowed listen already."));
    }

    /** What instances ask one another; harmless for others, and at times instructive. */
    private static void inside(OpenApi api) {
        api.get(
                QueryRoutes.ROUTE,
                Operation.of("The way of a request through the markets, as intake keeps it")
                        .path("id", "The request.")
                        .returns(
                                200,
                                "The way; of a request in parts, its parts and where each stands.",
                                ApiSchemas.ROUTE)
                        .problem(400, FORM)
                        .problem(404, "Intake has not seen the request, or has forgotten it.")
                        .problem(503, NOT_NOW));
        api.get(
                QueryRoutes.MARKET_REQUEST,
                Operation.of("A request as one market keeps it")
                        .path("market", "The market.")
                        .path("id", "The request.")
                        .returns(200, "The request.", RequestState.class)
                        .problem(400, FORM)
                        .problem(404, "There is no such market, or the request is not, or no longer, known there.")
                        .problem(503, NOT_NOW));
    }
}
