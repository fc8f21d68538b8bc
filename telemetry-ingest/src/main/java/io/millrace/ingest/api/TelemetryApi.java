package io.millrace.ingest.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.millrace.ingest.capacity.Centre;
import io.millrace.ingest.capacity.Rejection;
import io.millrace.ingest.capacity.Report;
import io.millrace.ingest.capacity.ReportCheck;
import io.millrace.ingest.capacity.SiteCheck;
import io.millrace.ingest.capacity.SiteReport;
import io.millrace.ingest.stream.FromContract;
import io.millrace.ingest.stream.IngestMetrics.Reporter;
import io.millrace.ingest.stream.ToContract;
import io.millrace.runtime.AvroJson;
import io.millrace.runtime.Json;
import io.millrace.runtime.ProblemException;
import io.millrace.schemas.CentreReport;
import io.millrace.schemas.Codec;
import io.millrace.schemas.NodeReport;
import io.millrace.schemas.RejectReason;
import io.millrace.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Takes reports by HTTP: checks each as the stream will, writes those that pass, and answers when Kafka has them. The
 * stream checks them once more, in order: of two calls that race with the same sequence, both may be accepted here, and
 * the later one becomes a dead letter. Thread-safe.
 */
final class TelemetryApi {
    static final String NODE_REPORTS = "nodeReports";
    static final String CENTRE_REPORTS = "centreReports";

    private static final String ACCEPTED = "accepted";
    private static final String REJECTED = "rejected";
    private static final int SHOWN = 1_000;

    private final Services services;
    private final ReportCheck reportCheck;
    private final SiteCheck siteCheck;
    private final Codec<NodeReport> nodeCodec;
    private final Codec<CentreReport> centreCodec;

    TelemetryApi(Services services) {
        this.services = services;
        this.reportCheck = new ReportCheck(services.settings().window());
        this.siteCheck = new SiteCheck(services.settings().window());
        this.nodeCodec = services.codecs().of(Topics.TELEMETRY_REPORTS);
        this.centreCodec = services.codecs().of(Topics.TELEMETRY_CENTRES);
    }

    void post(Context call) {
        JsonNode body = Json.body(call);
        // Or else centres would be unknown that are only not read yet.
        services.tables().requireStarted();
        ArrayNode nodeReports = list(body, NODE_REPORTS);
        ArrayNode centreReports = list(body, CENTRE_REPORTS);
        requireBatch(body, nodeReports.size() + centreReports.size());
        Batch batch = new Batch();
        for (int index = 0; index < nodeReports.size(); index++) {
            node(batch, index, nodeReports.get(index));
        }
        for (int index = 0; index < centreReports.size(); index++) {
            centre(batch, index, centreReports.get(index));
        }
        Writing.await(
                batch.writes,
                services.writeTimeout(),
                "send all of them again: what was taken is recognised by its sequence");
        Json.answer(call, 200, batch.answer());
    }

    private static ArrayNode list(JsonNode body, String name) {
        JsonNode list = body.path(name);
        if (list.isMissingNode()) {
            return Json.array();
        }
        if (list instanceof ArrayNode array) {
            return array;
        }
        throw invalid(name + " must be an array, and is " + list.getNodeType());
    }

    private void requireBatch(JsonNode body, int size) {
        if (!body.isObject() || (!body.has(NODE_REPORTS) && !body.has(CENTRE_REPORTS))) {
            throw invalid("expected an object {\"" + NODE_REPORTS + "\": […], \"" + CENTRE_REPORTS
                    + "\": […]} with one of the two or both");
        }
        TreeSet<String> unknown = new TreeSet<>();
        body.fieldNames().forEachRemaining(unknown::add);
        unknown.remove(NODE_REPORTS);
        unknown.remove(CENTRE_REPORTS);
        if (!unknown.isEmpty()) {
            throw invalid("unknown fields " + unknown + "; known are " + NODE_REPORTS + " and " + CENTRE_REPORTS);
        }
        if (size > services.batchMax()) {
            throw invalid("the batch has " + size + " reports; at most " + services.batchMax() + " are taken at once");
        }
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(400, "Invalid Batch", detail);
    }

    private void node(Batch batch, int index, JsonNode item) {
        Entry entry = new Entry(Reporter.NODE, index, Writing.text(item, "nodeId"));
        switch (AvroJson.read(item, NodeReport.class)) {
            case AvroJson.Read.Errors<NodeReport> wrong -> malformed(batch, entry, wrong.errors());
            case AvroJson.Read.Value<NodeReport> read -> {
                Report report = FromContract.report(read.value());
                Centre centre = services.profiles().centre(report.centreId());
                Rejection rejection = reportCheck.check(
                        report.nodeId(), report, centre, services.clock().getAsLong());
                if (rejection == null) {
                    rejection = batch.nodes.check(report.nodeId(), report.sequence());
                }
                finish(batch, entry, rejection, Topics.TELEMETRY_REPORTS.name(), nodeCodec, read.value());
            }
        }
    }

    private void centre(Batch batch, int index, JsonNode item) {
        Entry entry = new Entry(Reporter.CENTRE, index, Writing.text(item, "centreId"));
        switch (AvroJson.read(item, CentreReport.class)) {
            case AvroJson.Read.Errors<CentreReport> wrong -> malformed(batch, entry, wrong.errors());
            case AvroJson.Read.Value<CentreReport> read -> {
                SiteReport report = FromContract.site(read.value());
                Centre centre = services.profiles().centre(report.centreId());
                Rejection rejection = siteCheck.check(
                        report.centreId(), report, centre, services.clock().getAsLong());
                if (rejection == null) {
                    rejection = batch.sites.check(report.centreId(), report.sequence());
                }
                finish(batch, entry, rejection, Topics.TELEMETRY_CENTRES.name(), centreCodec, read.value());
            }
        }
    }

    private <V extends SpecificRecord> void finish(
            Batch batch, Entry entry, @Nullable Rejection rejection, String topic, Codec<V> codec, V value) {
        if (rejection != null) {
            reject(batch, entry, ToContract.reason(rejection.refusal()), rejection.detail());
            return;
        }
        batch.writes.add(services.outbox().send(topic, entry.id(), codec.encode(value)));
        batch.add(entry, ACCEPTED);
    }

    private void malformed(Batch batch, Entry entry, List<String> errors) {
        reject(batch, entry, RejectReason.MALFORMED, String.join("; ", errors));
    }

    private void reject(Batch batch, Entry entry, RejectReason reason, String detail) {
        services.metrics().rejected(entry.reporter(), reason);
        batch.add(entry, REJECTED)
                .put("reason", reason.name())
                .put("detail", detail.length() > SHOWN ? detail.substring(0, SHOWN) + "…" : detail);
    }

    /** One report of a batch. */
    private record Entry(Reporter reporter, int index, String id) {}

    /** The results so far. */
    private final class Batch {
        private final LastSequences nodes = LastSequences.ofNodes(services);
        private final LastSequences sites = LastSequences.ofCentres(services);
        private final List<CompletableFuture<Void>> writes = new ArrayList<>();
        private final ArrayNode results = Json.array();

        private ObjectNode add(Entry entry, String status) {
            ObjectNode result = results.addObject()
                    .put("list", entry.reporter() == Reporter.NODE ? NODE_REPORTS : CENTRE_REPORTS)
                    .put("index", entry.index());
            if (!entry.id().isEmpty()) {
                result.put("id", entry.id().length() > SHOWN ? entry.id().substring(0, SHOWN) + "…" : entry.id());
            }
            return result.put("status", status);
        }

        private ObjectNode answer() {
            ObjectNode answer =
                    Json.object().put(ACCEPTED, writes.size()).put(REJECTED, results.size() - writes.size());
            answer.set("results", results);
            return answer;
        }
    }
}
