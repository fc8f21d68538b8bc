package io.millrace.ingest.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.runtime.OpenApi;
import io.millrace.runtime.Operation;
import io.millrace.runtime.Routes;
import io.millrace.schemas.CapacitySummary;
import io.millrace.schemas.CentreProfile;
import io.millrace.schemas.CentreReport;
import io.millrace.schemas.NodeReport;
import io.millrace.schemas.NodeState;

/** The routes of telemetry-ingest, and their description. */
public final class IngestApi {
    private static final String TELEMETRY = "/v1/telemetry";
    private static final String CENTRES = "/v1/centres";
    private static final String CENTRE = "/v1/centres/{id}";
    private static final String NO_PARAMETERS = "The query has a parameter; there is none";

    private final TelemetryApi telemetry;
    private final CapacityApi capacity;
    private final CentresApi centres;
    private final int batchMax;

    public IngestApi(Services services) {
        this.telemetry = new TelemetryApi(services);
        this.capacity = new CapacityApi(services);
        this.centres = new CentresApi(services);
        this.batchMax = services.batchMax();
    }

    /** Adds the routes. */
    public void routes(Routes routes) {
        routes.post(TELEMETRY, telemetry::post)
                .get(CapacityApi.PATH, capacity::get)
                .get(CENTRES, centres::list)
                .get(CENTRE, centres::get)
                .put(CENTRE, centres::put);
    }

    /** Describes them. */
    public OpenApi describe() {
        return new OpenApi(
                        "Millrace telemetry-ingest",
                        "The supply side: takes what nodes and centres report, says what can be sold, and keeps the"
                                + " profiles of centres. Amounts of money are in millionths of a CNY, shares of devices in"
                                + " thousandths, times in milliseconds since 1970-01-01T00:00:00Z. Errors are"
                                + " application/problem+json (RFC 9457).",
                        "v1")
                .component(NodeReport.class)
                .component(CentreReport.class)
                .component(CapacitySummary.class)
                .flattened(Documents.NODE, NodeState.class, "capacity")
                .component(CentreProfile.class)
                .post(TELEMETRY, postTelemetry())
                .get(CapacityApi.PATH, getCapacity())
                .get(CENTRES, listCentres())
                .get(CENTRE, getCentre())
                .put(CENTRE, putCentre());
    }

    private Operation postTelemetry() {
        return Operation.of("Reports of nodes and centres, up to " + batchMax + " at once")
                .describe("Each report is checked by itself. \"accepted\" means: it passed every check of shape, ids,"
                        + " profile, ranges and time, its sequence is higher than any of that node or centre known to this"
                        + " instance and in this batch, and all replicas of telemetry.reports or telemetry.centres have"
                        + " it. The stream then checks it again in the order of the topic; if a report with the same or a"
                        + " higher sequence came in between by another way, it ends in telemetry.rejected as"
                        + " DUPLICATE_SEQUENCE or STALE_SEQUENCE. \"rejected\" means: it was not written; reason is one of"
                        + " RejectReason, the first that applies. On 503 send the whole batch again: what was taken is"
                        + " recognised by its sequence.")
                .body(Documents.batch())
                .example(Documents.batchExample())
                .returns(200, "A result for each report, nodes first, in the order sent", Documents.results())
                .example(200, Documents.resultsExample())
                .problem(400, "The body is no such object, or has too many reports")
                .problem(413, "The body is too large")
                .problem(415, "The body is not said to be JSON")
                .problem(503, "Kafka or the schema registry does not answer");
    }

    private static Operation getCapacity() {
        return Operation.of("What can be sold now")
                .describe(
                        "Summaries of all instances together: a row per kind and model. By node: what each node can sell,"
                                + " with devices, devicesHealthy, leaseMillis, heardAtMillis and powerWatts beside; in the order of"
                                + " ids, \"more\" is true if there are further ones (ask again with after), and \"missing\" names"
                                + " instances that did not answer.")
                .query("by", "string", "nation (the default), hub, centre, pool or node.")
                .query("kind", "string", "Only this kind: GENERAL, INTELLIGENT, SUPER or QUANTUM.")
                .query("model", "string", "Only this device model; empty for CPU nodes.")
                .query(
                        "precision",
                        "string",
                        "Only what has this precision: FP64, FP32, TF32, BF16, FP16, FP8, INT8 or INT4.")
                .query(
                        "id",
                        "string",
                        "Only this scope (\"guizhou\", \"c1\", \"c1/ai\") or node (\"c1/n1\"); by node, the id of a centre"
                                + " stands for all its nodes.")
                .query("limit", "integer", "By node: at most so many; 1,000 unless said, 10,000 at most.")
                .query("after", "string", "By node: those behind this id.")
                .returns(200, "The summaries, or the nodes", Documents.capacity())
                .example(200, Documents.capacityExample())
                .problem(400, "A parameter is wrong: names it and what is allowed")
                .problem(503, "Not known for the moment, because the service starts or partitions move");
    }

    private static Operation listCentres() {
        return Operation.of("The profiles of all centres")
                .returns(200, "By id", Documents.profiles())
                .problem(400, NO_PARAMETERS)
                .problem(503, "Not known for the moment, because the service starts");
    }

    private static Operation getCentre() {
        return Operation.of("The profile of a centre, and what it last said of its site")
                .describe("site is the latest CentreReport with puePermille (facility power by IT power) and"
                        + " storageUsedPermille, in thousandths; {} if there was none, {\"unavailable\": why} if the"
                        + " instance that has it does not answer.")
                .path("id", "The centre.")
                .returns(200, "What is on record", Documents.centre())
                .example(200, Documents.centreExample())
                .problem(400, NO_PARAMETERS)
                .problem(404, "No profile of this centre is on record")
                .problem(503, "Not known for the moment, because the service starts");
    }

    private static Operation putCentre() {
        ObjectNode example = Documents.profileExample();
        example.remove("updatedAtMillis");
        return Operation.of("Puts the profile of a centre on record")
                .describe(
                        "For the operator of the hub: who is admitted with what, and what it asks. Replaces the profile"
                                + " before. updatedAtMillis is set here; centreId may be left out and must be the path's"
                                + " otherwise. Nodes follow within a tick: a new price is told to the market, a centre that"
                                + " moves to another hub is lost in the old market and offered in the new, one that is not"
                                + " ADMITTED or PROBATION any more sells nothing and its nodes are lost. inForce says whether"
                                + " this instance follows it already; the others do so within moments.")
                .path("id", "The centre: letters, digits, dot, dash and underscore, at most 64.")
                .body(CentreProfile.class)
                .example(example)
                .returns(200, "It was changed: what by path; nothing if it was so before", Documents.put())
                .returns(201, "It is new", Documents.put())
                .example(200, Documents.putExample())
                .problem(400, "It is no CentreProfile, or contradicts itself: all that is wrong in errors")
                .problem(413, "The body is too large")
                .problem(415, "The body is not said to be JSON")
                .problem(503, "Kafka or the schema registry does not answer");
    }
}
