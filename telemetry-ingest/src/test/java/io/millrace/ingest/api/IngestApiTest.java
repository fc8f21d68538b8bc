package io.millrace.ingest.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ingest.Records;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The document says what the service does: its examples are sent. */
class IngestApiTest {
    private final Api api = new Api();

    @AfterEach
    void close() {
        api.close();
    }

    private static void requireReferences(JsonNode node, JsonNode document) {
        if (node.has("$ref")) {
            String pointer = node.path("$ref").asText().substring(1);
            assertThat(document.at(pointer).isObject()).as(pointer).isTrue();
        }
        node.forEach(child -> requireReferences(child, document));
    }

    @Test
    void everyOperationIsDescribedWithItsErrorsAndEveryReferenceLeadsSomewhere() {
        JsonNode document = api.get("/openapi.json").body();
        assertThat(document.path("paths").properties())
                .extracting(java.util.Map.Entry::getKey)
                .containsExactlyInAnyOrder("/v1/telemetry", "/v1/capacity", "/v1/centres", "/v1/centres/{id}");
        document.path("paths")
                .forEach(path -> path.forEach(operation -> {
                    assertThat(operation.path("summary").asText()).isNotBlank();
                    assertThat(operation.path("responses").has("503")).isTrue();
                }));
        requireReferences(document, document);
        assertThat(document.at("/components/schemas/NodeReport/properties/sequence/description")
                        .asText())
                .contains("Grows");
    }

    @Test
    void theExamplesAreTaken() {
        JsonNode document = api.get("/openapi.json").body();
        JsonNode profile = document.at("/paths/~1v1~1centres~1{id}/put/requestBody/content/application~1json/example");
        assertThat(profile.isObject()).isTrue();
        assertThat(api.put("/v1/centres/c1", profile.toString()).status()).isEqualTo(201);

        ObjectNode batch = document.at("/paths/~1v1~1telemetry/post/requestBody/content/application~1json/example")
                .deepCopy();
        // The times in the document are those of the day it was written.
        batch.path("nodeReports").forEach(report -> ((ObjectNode) report).put("observedAtMillis", api.rig.now()));
        batch.path("centreReports").forEach(report -> ((ObjectNode) report).put("observedAtMillis", api.rig.now()));
        Api.Answer answer = api.post("/v1/telemetry", batch.toString());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("accepted").asInt()).as(answer.toString()).isEqualTo(2);
    }

    @Test
    void theExampleOfASummaryLooksLikeOne() {
        api.rig.profile(Records.profile());
        api.rig.report(Records.report("c1/n1", 1, api.rig.now()));
        api.rig.seconds(4);
        JsonNode example = Documents.capacityExample();
        JsonNode real = api.get("/v1/capacity?by=hub").body();
        assertThat(names(example)).isEqualTo(names(real));
        assertThat(names(example.path("summaries").get(0)))
                .isEqualTo(names(real.path("summaries").get(0)));
        assertThat(names(example.path("summaries").get(0).path("rows").get(0)))
                .isEqualTo(names(real.path("summaries").get(0).path("rows").get(0)));
    }

    @Test
    void aNodeByItselfIsAsDescribed() {
        api.rig.profile(Records.profile());
        api.rig.report(Records.report("c1/n1", 1, api.rig.now()));
        api.rig.seconds(4);
        JsonNode described = api.get("/openapi.json").body().at("/components/schemas/Node/properties");
        assertThat(names(api.get("/v1/capacity?by=node").body().path("nodes").get(0)))
                .contains("nodeId", "heardAtMillis")
                .isEqualTo(names(described));
    }

    private static java.util.Set<String> names(JsonNode object) {
        java.util.Set<String> names = new java.util.TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
