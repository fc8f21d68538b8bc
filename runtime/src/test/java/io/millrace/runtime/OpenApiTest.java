package io.millrace.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.ComputeRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenApiTest {

    private final JsonNode document = new OpenApi("Broker", "Decides.", "1.2")
            .post(
                    "/v1/requests",
                    Operation.of("Asks")
                            .describe("More.")
                            .query("wait", "integer", "Milliseconds to wait.")
                            .body(ComputeRequest.class)
                            .example(Json.object().put("requestId", "r"))
                            .returns(200, "Decided.", AllocationDecision.class)
                            .problem(400, "Wrong."))
            .get(
                    "/v1/requests/{id}",
                    Operation.of("Shows").path("id", "The request.").returnsList(200, "All.", AllocationDecision.class))
            .document();

    private JsonNode at(String pointer) {
        JsonNode node = document.at(pointer);
        assertThat(node.isMissingNode()).as(pointer).isFalse();
        return node;
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        List<JsonNode> references = new ArrayList<>(document.findValues("$ref"));
        assertThat(references)
                .hasSizeGreaterThan(10)
                .allSatisfy(reference -> at(reference.asText().substring(1)));
    }

    @Test
    void componentsSayWhatTheRecordsSay() {
        assertThat(at("/components/schemas/ComputeSpec/properties/replicas/description")
                        .asText())
                .startsWith("Equal parts");
        assertThat(at("/components/schemas/ComputeSpec/properties/replicas/default")
                        .asInt())
                .isEqualTo(1);
        assertThat(at("/components/schemas/ComputeSpec/required"))
                .extracting(JsonNode::asText)
                .containsExactly("durationSeconds");
        assertThat(at("/components/schemas/Outcome/enum"))
                .extracting(JsonNode::asText)
                .contains("ALLOCATED", "QUEUED");
        assertThat(at("/components/schemas/ComputeRequest/properties/action/oneOf/0/required/0")
                        .asText())
                .isEqualTo("Submit");
        assertThat(at("/components/schemas/ComputeRequest/additionalProperties").asBoolean())
                .isFalse();
    }

    @Test
    void operationsSayWhatTheyTakeAndAnswer() {
        JsonNode post = at("/paths/~1v1~1requests/post");
        assertThat(post.at("/summary").asText()).isEqualTo("Asks");
        assertThat(post.at("/parameters/0/name").asText()).isEqualTo("wait");
        assertThat(post.at("/requestBody/content/application~1json/schema/$ref").asText())
                .isEqualTo("#/components/schemas/ComputeRequest");
        assertThat(post.at("/responses/400/content/application~1problem+json/schema/$ref")
                        .asText())
                .isEqualTo("#/components/schemas/Problem");
        JsonNode id = at("/paths/~1v1~1requests~1{id}/get/parameters/0");
        assertThat(id.path("in").asText()).isEqualTo("path");
        assertThat(id.path("required").asBoolean()).isTrue();
        assertThat(id.path("description").asText()).isEqualTo("The request.");
    }

    @Test
    void anOperationIsDescribedOnce() {
        OpenApi openApi = new OpenApi("T", "", "1").get("/a", Operation.of("A"));
        assertThatThrownBy(() -> openApi.get("/a", Operation.of("A"))).hasMessageContaining("described twice: get /a");
    }
}
