package io.millrace.broker.api;

import com.fasterxml.jackson.databind.JsonNode;

/** The examples of the API's document: one story, of a request for eight devices. */
final class ApiExamples {
    private ApiExamples() {}

    static final JsonNode SUBMIT = ApiSchemas.example("""
            {"requestId": "train-42", "accountId": "acme",
             "spec": {"kind": "INTELLIGENT", "models": ["910B", "A100-80G"], "replicas": 1, "devices": 8,
                      "cpuMillicores": 64000, "memoryMib": 524288, "storageGib": 4096, "storageMibPerSecond": 2000,
                      "durationSeconds": 86400, "maxWaitSeconds": 3600, "hubs": ["guizhou", "gansu"], "maxPriceMicroCnyPerHour": 12000000,
                      "siting": {"dataHub": "yangtze-delta", "dataGib": 500,
                                 "weights": [{"term": "CARBON", "weightPermille": 3000}]}}}
            """);

    static final JsonNode ACCEPTED = ApiSchemas.example("""
            {"requestId": "train-42", "action": "submit", "status": "SUBMITTED", "href": "/v1/requests/train-42"}
            """);

    static final JsonNode DECISION = ApiSchemas.example("""
            {"decisionId": "guizhou-1207", "requestId": "train-42", "accountId": "acme", "marketId": "guizhou",
             "sequence": 1207, "decidedAtMillis": 1767225600000, "outcome": "ALLOCATED", "reason": "NONE",
             "grants": [{"nodeId": "gz-ai-1-0017", "centreId": "gz-ai-1", "model": "910B", "replicas": 1,
                         "deviceIndexes": [0, 1, 2, 3, 4, 5, 6, 7], "milliPerDevice": 1000, "cpuMillicores": 64000,
                         "memoryMib": 524288, "priceMicroCnyPerHour": 72000000, "shotsPerHour": 0,
                         "storageGib": 4096, "storageMibPerSecond": 2000}],
             "allocationNumber": 1, "startsAtMillis": 1767225600000, "endsAtMillis": 1767312000000,
             "waitsUntilMillis": null, "priceMicroCnyPerHour": 72000000,
             "explanation": {"summary": "", "nodesConsidered": 412, "filtered": [], "wouldFit": "",
                             "exhausted": [], "rejected": [], "relaxations": [],
                             "figures": [{"kind": "POLICY", "name": "fragmentation-aware", "value": 0},
                                         {"kind": "LOSS_RISE", "name": "", "value": -35}]},
             "deflections": [],
             "scores": [{"marketId": "guizhou", "terms": [{"term": "PRICE", "contribution": -72.0},
                                                          {"term": "FREE", "contribution": -21.2},
                                                          {"term": "SPREAD", "contribution": -1.8},
                                                          {"term": "EGRESS", "contribution": -10.4},
                                                          {"term": "ENERGY", "contribution": -0.4},
                                                          {"term": "CARBON", "contribution": -0.3}]}],
             "repeated": false,
             "exclusions": [{"limit": "HUB", "marketIds": ["ningxia", "yangtze-delta"]},
                            {"limit": "PRICE", "marketIds": ["gansu"]}],
             "parts": []}
            """);

    static final JsonNode QUEUED = ApiSchemas.example("""
            {"requestId": "train-43", "status": "QUEUED", "marketId": "guizhou", "accountId": "acme",
             "reason": "NO_CAPACITY",
             "spec": {"kind": "INTELLIGENT", "models": ["910B"], "replicas": 1, "devices": 8, "milliPerDevice": 1000,
                      "cpuMillicores": 64000, "memoryMib": 524288, "durationSeconds": 86400, "maxWaitSeconds": 3600,
                      "hubs": [], "maxPriceMicroCnyPerHour": null},
             "grants": [], "allocationNumber": 0, "decidedAtMillis": 1767225600000,
             "explanation": {"summary": "does not fit now on the market's 412 nodes; what would fit: now: at most 6 devices per replica; or wait until 2026-01-01T08:00:00Z",
                             "nodesConsidered": 412,
                             "filtered": [{"filter": "model", "nodes": 300}, {"filter": "devices", "nodes": 112}],
                             "wouldFit": "now: at most 6 devices per replica; or wait until 2026-01-01T08:00:00Z",
                             "exhausted": [{"filter": "devices", "nodes": 112}],
                             "rejected": [{"nodeId": "gz-ai-1-0021", "missingMilliDevices": 2000,
                                           "missingCpuMillicores": 0, "missingMemoryMib": 0,
                                           "missingStorageGib": 0, "missingStorageMibPerSecond": 0}],
                             "relaxations": [{"kind": "DEVICES", "name": "", "amount": 6, "now": true,
                                              "changePermille": 250},
                                             {"kind": "WAIT", "name": "", "amount": 1767254400000, "now": true,
                                              "changePermille": 250}],
                             "figures": []},
             "decisionId": "guizhou-1211", "waitsSinceMillis": 1767225600000, "waitsUntilMillis": 1767229200000,
             "startsAtMillis": null, "endsAtMillis": null, "priceMicroCnyPerHour": 0,
             "candidates": ["guizhou", "gansu"],
             "deflections": [{"marketId": "gansu", "reason": "NO_CAPACITY",
                              "explanation": {"summary": "does not fit now on the market's 96 nodes", "nodesConsidered": 96,
                                              "filtered": [{"filter": "devices", "nodes": 96}], "wouldFit": "",
                                              "exhausted": [], "rejected": [], "relaxations": [],
                                              "figures": []}}],
             "scores": [{"marketId": "guizhou", "terms": [{"term": "PRICE", "contribution": -72.0}]},
                        {"marketId": "gansu", "terms": [{"term": "ROOM", "contribution": -81.3},
                                                        {"term": "PRICE", "contribution": -73.6}]}],
             "exclusions": []}
            """);

    static final JsonNode EXTEND = ApiSchemas.example("""
            {"accountId": "acme", "endsAtMillis": "2026-01-03T00:00:00Z"}
            """);

    static final JsonNode RELEASE = ApiSchemas.example("""
            {"accountId": "acme", "reason": "the model has converged"}
            """);

    static final JsonNode INVALID = ApiSchemas.example("""
            {"type": "about:blank", "title": "Invalid Request", "status": 400,
             "detail": "spec.replica: unknown field (did you mean replicas?); accountId: missing, expected text",
             "instance": "/v1/requests",
             "errors": ["spec.replica: unknown field (did you mean replicas?)", "accountId: missing, expected text"]}
            """);

    static final JsonNode CONFLICT = ApiSchemas.example("""
            {"type": "about:blank", "title": "Id Conflict", "status": 409,
             "detail": "submit of train-42: the id was used before with another payload", "instance": "/v1/requests",
             "reason": "ID_CONFLICT", "requestId": "train-42", "decisionId": "guizhou-1208"}
            """);

    static final JsonNode UNKNOWN = ApiSchemas.example("""
            {"type": "about:blank", "title": "Unknown Request", "status": 404,
             "detail": "there is no request train-44, or it ended so long ago that it is forgotten",
             "instance": "/v1/requests/train-44"}
            """);

    static final JsonNode NOT_NOW = ApiSchemas.example("""
            {"type": "about:blank", "title": "Not Available Now", "status": 503,
             "detail": "no instance holds this key yet; try again", "instance": "/v1/requests/train-42",
             "retryAfterSeconds": 1}
            """);

    static final JsonNode ALLOCATIONS = ApiSchemas.example("""
            {"truncated": false, "complete": true, "missing": [],
             "allocations": [{"requestId": "train-42", "accountId": "acme", "marketId": "guizhou",
               "allocationNumber": 1, "startsAtMillis": 1767225600000, "endsAtMillis": 1767312000000,
               "priceMicroCnyPerHour": 72000000,
               "grants": [{"nodeId": "gz-ai-1-0017", "centreId": "gz-ai-1", "model": "910B", "replicas": 1,
                           "deviceIndexes": [0, 1, 2, 3, 4, 5, 6, 7], "milliPerDevice": 1000,
                           "cpuMillicores": 64000, "memoryMib": 524288, "priceMicroCnyPerHour": 72000000}]}]}
            """);

    static final JsonNode MARKETS = ApiSchemas.example("""
            {"markets": [{"marketId": "guizhou", "asOfMillis": 1767225600000, "sequence": 1207,
               "rows": [{"kind": "INTELLIGENT", "model": "910B", "nodes": 112, "sellableMilliDevices": 896000,
                         "freeMilliDevices": 260000, "freeDevices": 250, "largestFreeDevices": 8,
                         "freeCpuMillicores": 9100000, "lowestPriceMicroCnyPerDeviceHour": 9000000,
                         "lowestPriceMicroCnyPerCoreHour": 60000,
                         "lowestPriceMicroCnyPerGibHour": 140, "freeStorageGib": 31000,
                         "largestFreeStorageGib": 4000, "freeStorageMibPerSecond": 62000,
                         "largestFreeStorageMibPerSecond": 8000}],
               "allocations": 91, "queued": 3}],
             "silent": ["ningxia"]}
            """);
}
