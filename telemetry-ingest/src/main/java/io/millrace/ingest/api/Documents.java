package io.millrace.ingest.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.runtime.Json;
import io.millrace.schemas.CapacitySummary;
import io.millrace.schemas.CentreProfile;
import io.millrace.schemas.CentreReport;
import io.millrace.schemas.NodeReport;
import io.millrace.schemas.RejectReason;
import java.nio.charset.StandardCharsets;
import org.apache.avro.specific.SpecificRecord;

/** Schemas and examples of what goes over HTTP and is no Avro record by itself. The examples are sent in a test. */
final class Documents {
    /** A node by itself: its capacity, and beside it what else is known. */
    static final String NODE = "Node";

    private Documents() {}

    static ObjectNode batch() {
        ObjectNode schema = object();
        ObjectNode properties = schema.putObject("properties");
        properties.set(TelemetryApi.NODE_REPORTS, array(NodeReport.class));
        properties.set(TelemetryApi.CENTRE_REPORTS, array(CentreReport.class));
        return schema.put("additionalProperties", false);
    }

    static ObjectNode results() {
        ObjectNode schema = object();
        ObjectNode properties = schema.putObject("properties");
        properties.set("accepted", integer("Reports that were written."));
        properties.set("rejected", integer("Reports that were not."));
        ObjectNode result = object();
        ObjectNode of = result.putObject("properties");
        of.set("list", string("nodeReports or centreReports."));
        of.set("index", integer("Place in its list, from 0."));
        of.set("id", string("nodeId or centreId, if there is one."));
        of.set("status", string("accepted or rejected."));
        ObjectNode reasons = string("Why it was rejected, the first reason that applies.");
        for (RejectReason reason : RejectReason.values()) {
            reasons.withArray("enum").add(reason.name());
        }
        of.set("reason", reasons);
        of.set("detail", string("The same for people: what was wrong, and where."));
        properties.putObject("results").put("type", "array").set("items", result);
        return schema;
    }

    static ObjectNode capacity() {
        ObjectNode schema = object();
        ObjectNode properties = schema.putObject("properties");
        properties.set("by", string("NATION, HUB, CENTRE, POOL or NODE."));
        properties.set("summaries", array(CapacitySummary.class));
        properties
                .putObject("nodes")
                .put("type", "array")
                .putObject("items")
                .put("$ref", "#/components/schemas/" + NODE);
        properties.putObject("more").put("type", "boolean").put("description", "By node: there are further ones.");
        properties
                .putObject("missing")
                .put("type", "array")
                .put("description", "By node: instances that did not answer.")
                .putObject("items")
                .put("type", "string");
        return schema;
    }

    static ObjectNode profiles() {
        ObjectNode schema = object();
        schema.putObject("properties").set("centres", array(CentreProfile.class));
        return schema;
    }

    static ObjectNode centre() {
        ObjectNode schema = object();
        ObjectNode properties = schema.putObject("properties");
        properties.set("profile", reference(CentreProfile.class));
        properties.set("site", object().put("description", "A CentreReport with puePermille and storageUsedPermille."));
        return schema;
    }

    static ObjectNode put() {
        ObjectNode schema = object();
        ObjectNode properties = schema.putObject("properties");
        properties.set("profile", reference(CentreProfile.class));
        properties
                .putObject("changes")
                .put("type", "array")
                .put("description", "What differs from the profile before, by path.")
                .putObject("items")
                .put("type", "string");
        properties
                .putObject("inForce")
                .put("type", "boolean")
                .put("description", "Whether this instance follows it already.");
        return schema;
    }

    static ObjectNode batchExample() {
        return json("""
                {"nodeReports": [
                   {"nodeId": "c1/n1", "centreId": "c1", "poolId": "ai", "observedAtMillis": "2026-11-22T04:00:00Z",
                    "sequence": 1795320000000, "intervalSeconds": 10,
                    "cpuTotalMillicores": 192000, "cpuUsedOutsideMillicores": 8000,
                    "memoryTotalMib": 2097152, "memoryUsedOutsideMib": 65536,
                    "devices": [{"health": "HEALTHY"}, {"health": "HEALTHY", "usedOutsideMilli": 250}],
                    "powerWatts": 5600,
                    "storageTotalGib": 30720, "storageUsedOutsideGib": 2048,
                    "storageTotalMibPerSecond": 12000, "storageUsedOutsideMibPerSecond": 500}],
                 "centreReports": [
                   {"centreId": "c1", "observedAtMillis": 1795320000000, "sequence": 1795320000000,
                    "itPowerWatts": 1000000, "facilityPowerWatts": 1180000, "energyPriceMicroCnyPerKwh": 350000,
                    "carbonGramsPerKwh": 420, "greenPermille": 810, "storageTotalGib": 100000,
                    "storageUsedGib": 60000, "networkMbps": 400000}]}
                """);
    }

    static ObjectNode resultsExample() {
        return json("""
                {"accepted": 1, "rejected": 1, "results": [
                   {"list": "nodeReports", "index": 0, "id": "c1/n1", "status": "accepted"},
                   {"list": "centreReports", "index": 0, "id": "c1", "status": "rejected",
                    "reason": "DUPLICATE_SEQUENCE", "detail": "sequence 1795320000000 was taken before"}]}
                """);
    }

    static ObjectNode capacityExample() {
        return json("""
                {"by": "HUB", "summaries": [
                   {"scope": "HUB", "scopeId": "guizhou", "parentId": "nation", "asOfMillis": 1795320000000, "rows": [
                      {"kind": "INTELLIGENT", "model": "910B", "nodes": 128, "nodesLost": 1, "devices": 1024,
                       "devicesHealthy": 1021, "sellableMilliDevices": 1004250, "cpuSellableMillicores": 24000000,
                       "memorySellableMib": 260000000,
                       "sellablePeaks": [{"precision": "FP16", "peakGigaOpsPerSecond": 377598000}],
                       "storageSellableGib": 3900000, "storageSellableMibPerSecond": 1500000}]}]}
                """);
    }

    static ObjectNode profileExample() {
        return json("""
                {"centreId": "c1", "name": "First centre", "hubId": "guizhou", "admission": "ADMITTED",
                 "pools": [
                   {"poolId": "ai", "kind": "INTELLIGENT", "model": "910B", "devicesPerNode": 2, "deviceMemoryGib": 64,
                    "interconnect": "HCCS", "peaks": [{"precision": "FP16", "peakGigaOpsPerSecond": 376000}],
                    "quantum": null,
                    "priceMicroCnyPerDeviceHour": 12000000, "priceMicroCnyPerCoreHour": 200000,
                    "priceMicroCnyPerGibHour": 140}],
                 "updatedAtMillis": 1795320000000}
                """);
    }

    static ObjectNode centreExample() {
        ObjectNode example = Json.object();
        example.set("profile", profileExample());
        ObjectNode site =
                (ObjectNode) batchExample().path(TelemetryApi.CENTRE_REPORTS).path(0);
        example.set("site", site.put("puePermille", 1_180).put("storageUsedPermille", 600));
        return example;
    }

    static ObjectNode putExample() {
        ObjectNode example = Json.object();
        example.set("profile", profileExample());
        example.putArray("changes").add("pools[ai].priceMicroCnyPerDeviceHour: 11000000 -> 12000000");
        return example.put("inForce", true);
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) Json.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode object() {
        return Json.object().put("type", "object");
    }

    /** Refers to a record that {@link IngestApi#describe} names as a component. */
    private static ObjectNode reference(Class<? extends SpecificRecord> type) {
        return Json.object().put("$ref", "#/components/schemas/" + type.getSimpleName());
    }

    private static ObjectNode array(Class<? extends SpecificRecord> type) {
        ObjectNode array = Json.object().put("type", "array");
        array.set("items", reference(type));
        return array;
    }

    private static ObjectNode integer(String meaning) {
        return Json.object().put("type", "integer").put("description", meaning);
    }

    private static ObjectNode string(String meaning) {
        return Json.object().put("type", "string").put("description", meaning);
    }
}
