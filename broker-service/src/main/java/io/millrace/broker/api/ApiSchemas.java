package io.millrace.broker.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON schemas of what is no Avro record, and examples. Records named by {@code $ref} are described with the operations. */
final class ApiSchemas {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ApiSchemas() {}

    static final ObjectNode SUBMIT = schema("""
            {"type": "object", "additionalProperties": false, "required": ["accountId", "spec"],
             "properties": {
              "requestId": {"type": ["string", "null"], "pattern": "^[A-Za-z0-9._:-]{1,128}$",
                "description": "Yours, unique: said again with the same body it gets the same answer. Left out, one is made; the answer names it."},
              "accountId": {"type": "string", "pattern": "^(?!centre:)[A-Za-z0-9._:-]{1,128}$",
                "description": "The account that pays; not that of a centre."},
              "spec": {"$ref": "#/components/schemas/ComputeSpec"},
              "together": {"type": "array", "maxItems": 15, "items": {"$ref": "#/components/schemas/ComputeSpec"},
                "description": "What must be granted together with it, each in any market, or nothing is; nothing of it may wait."}}}
            """);

    static final ObjectNode ROUTE = schema("""
            {"oneOf": [
              {"$ref": "#/components/schemas/Route"},
              {"type": "object", "additionalProperties": false, "required": ["together"],
               "properties": {"together": {"$ref": "#/components/schemas/Together"}}}]}
            """);

    static final ObjectNode EXTEND = schema("""
            {"type": "object", "additionalProperties": false, "required": ["accountId", "endsAtMillis"],
             "properties": {
              "accountId": {"type": "string", "description": "The account that pays."},
              "endsAtMillis": {"type": ["integer", "string"],
                "description": "The new end, not before the old one: milliseconds since 1970-01-01T00:00:00Z, or ISO 8601."}}}
            """);

    static final ObjectNode RELEASE = schema("""
            {"type": "object", "additionalProperties": false, "required": ["accountId"],
             "properties": {
              "accountId": {"type": "string", "description": "The account that pays."},
              "reason": {"type": "string", "default": "", "description": "Why, for people."}}}
            """);

    static final ObjectNode ACCEPTED = schema("""
            {"type": "object", "required": ["requestId", "action", "status", "href"],
             "properties": {
              "requestId": {"type": "string"},
              "action": {"type": "string", "enum": ["submit", "cancel", "extend", "release"]},
              "status": {"type": "string", "const": "SUBMITTED"},
              "href": {"type": "string", "description": "Where to ask what became of it."}}}
            """);

    static final ObjectNode REQUEST = schema("""
            {"type": "object", "required": ["requestId", "status"],
             "properties": {
              "requestId": {"type": "string"},
              "status": {"type": "string",
                "enum": ["SUBMITTED", "QUEUED", "ALLOCATED", "REFUSED", "CANCELLED", "RELEASED", "EXPIRED"],
                "description": "SUBMITTED: a market is being asked; only requestId, status and what follows of marketId, candidates and deflections are there."},
              "marketId": {"type": "string", "description": "The market that has it, or is being asked."},
              "accountId": {"type": "string"},
              "reason": {"$ref": "#/components/schemas/Reason"},
              "spec": {"$ref": "#/components/schemas/ComputeSpec"},
              "grants": {"type": "array", "items": {"$ref": "#/components/schemas/Grant"},
                "description": "What is granted; once it ended, what was."},
              "allocationNumber": {"type": "integer", "description": "Counts its allocations; 0 while there was none."},
              "decidedAtMillis": {"type": "integer", "format": "int64", "description": "Time of the last answer."},
              "explanation": {"$ref": "#/components/schemas/Explanation"},
              "decisionId": {"type": "string", "description": "The last answer, as in allocation.decisions."},
              "waitsSinceMillis": {"type": ["integer", "null"], "format": "int64"},
              "waitsUntilMillis": {"type": ["integer", "null"], "format": "int64"},
              "startsAtMillis": {"type": ["integer", "null"], "format": "int64"},
              "endsAtMillis": {"type": ["integer", "null"], "format": "int64",
                "description": "End of the allocation: planned while it lasts, real once it ended."},
              "priceMicroCnyPerHour": {"type": "integer", "format": "int64",
                "description": "Of all grants, in millionths of a CNY per hour."},
              "candidates": {"type": "array", "items": {"type": "string"},
                "description": "Markets that intake chose, best first."},
              "deflections": {"type": "array", "items": {"$ref": "#/components/schemas/Deflection"},
                "description": "Markets that were asked before and could not serve, and why."},
              "scores": {"type": "array", "items": {"$ref": "#/components/schemas/MarketScore"},
                "description": "How the market was chosen: the best three, best first, in CNY per hour."},
              "exclusions": {"type": "array", "items": {"$ref": "#/components/schemas/Exclusion"},
                "description": "Markets that hard limits removed, if latency or price removed one or none was left."},
              "partId": {"type": "string", "description": "Of a part that is asked for by its own id: that id."},
              "phase": {"$ref": "#/components/schemas/PartPhase"},
              "parts": {"type": "array", "items": {"type": "object"},
                "description": "Of a request in parts, each of them: partId, phase, and what is here of a request of its own. What it stands at is that of the part that is farthest from its end."}}}
            """);

    static final ObjectNode ALLOCATIONS = schema("""
            {"type": "object", "required": ["truncated", "complete", "missing", "allocations"],
             "properties": {
              "truncated": {"type": "boolean", "description": "There are more than were asked for."},
              "complete": {"type": "boolean",
                "description": "False while partitions move or an instance does not answer: some may be left out."},
              "missing": {"type": "array", "items": {"type": "string"}, "description": "Instances that did not answer."},
              "allocations": {"type": "array", "description": "Newest first.",
                "items": {"type": "object",
                 "properties": {
                  "requestId": {"type": "string"},
                  "accountId": {"type": "string"},
                  "marketId": {"type": "string"},
                  "allocationNumber": {"type": "integer"},
                  "startsAtMillis": {"type": "integer", "format": "int64"},
                  "endsAtMillis": {"type": "integer", "format": "int64"},
                  "priceMicroCnyPerHour": {"type": "integer", "format": "int64"},
                  "grants": {"type": "array", "items": {"$ref": "#/components/schemas/Grant"}}}}}}}
            """);

    static final ObjectNode MARKETS = schema("""
            {"type": "object", "required": ["markets", "silent"],
             "properties": {
              "markets": {"type": "array", "items": {"$ref": "#/components/schemas/MarketCapacity"}},
              "silent": {"type": "array", "items": {"type": "string"},
                "description": "Markets that have not said anything yet: they have no nodes."}}}
            """);

    static ObjectNode schema(String json) {
        return (ObjectNode) example(json);
    }

    static JsonNode example(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an example is no JSON: " + e.getOriginalMessage(), e);
        }
    }
}
