package io.millrace.broker.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.runtime.AvroJson;
import io.millrace.runtime.Json;
import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.ComputeSpec;
import io.millrace.schemas.MarketCapacity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ApiDocumentTest {
    private static final Path GOLDEN = Path.of("src/test/resources/broker-openapi.json");

    private final JsonNode document = BrokerApi.document().document();

    /** Whoever changes the API sees here what tenants will see. To accept: run with -Dgolden.write=true. */
    @Test
    void theDocumentIsTheGoldenOne() throws IOException {
        String pretty = document.toPrettyString() + "\n";
        if (Boolean.getBoolean("golden.write")) {
            Files.createDirectories(GOLDEN.getParent());
            Files.writeString(GOLDEN, pretty);
        }
        assertThat(pretty).isEqualTo(Files.readString(GOLDEN));
    }

    @Test
    void theServedDocumentNamesExactlyTheRoutes() {
        // The server refuses to start if they differ; here for whoever reads.
        try (LoopbackApi api = new LoopbackApi(Map.of())) {
            JsonNode served = api.get("/openapi.json").json();
            assertThat(served).isEqualTo(Json.parse(Json.bytes(document)));
            List<String> operations = new ArrayList<>();
            served.path("paths")
                    .properties()
                    .forEach(path -> path.getValue()
                            .fieldNames()
                            .forEachRemaining(method -> operations.add(method + " " + path.getKey())));
            assertThat(operations)
                    .containsExactlyInAnyOrder(
                            "post /v1/requests",
                            "get /v1/requests/{id}",
                            "delete /v1/requests/{id}",
                            "post /v1/requests/{id}/extend",
                            "post /v1/requests/{id}/release",
                            "get /v1/allocations",
                            "get /v1/markets",
                            "get /v1/stream",
                            "get /v1/routes/{id}",
                            "get /v1/markets/{market}/requests/{id}");
        }
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        List<String> references = document.findValuesAsText("$ref");
        assertThat(references)
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(
                                document.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse());
    }

    @Test
    void everyOperationSaysWhatCanGoWrong() {
        document.path("paths")
                .forEach(path -> path.forEach(
                        operation -> assertThat(operation.path("responses").has("400"))
                                .as(operation.path("summary").asText())
                                .isTrue()));
    }

    @Test
    void theExamplesAreWhatTheServiceReadsAndWrites() {
        assertThat(RequestBody.submit(ApiExamples.SUBMIT).requestId()).isEqualTo("train-42");
        assertThat(RequestBody.extend(ApiExamples.EXTEND).accountId()).isEqualTo("acme");
        assertThat(RequestBody.release(ApiExamples.RELEASE).accountId()).isEqualTo("acme");
        assertThat(AvroJson.write(AvroJson.require(ApiExamples.DECISION, AllocationDecision.class)))
                .hasToString(ApiExamples.DECISION.toString());
        AvroJson.require(ApiExamples.QUEUED.path("spec"), ComputeSpec.class);
        AvroJson.require(ApiExamples.MARKETS.path("markets").get(0), MarketCapacity.class);
    }
}
