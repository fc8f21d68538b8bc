package io.millrace.broker.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.broker.api.LoopbackApi.Answer;
import io.millrace.schemas.Cancel;
import io.millrace.schemas.ComputeRequest;
import io.millrace.schemas.Extend;
import io.millrace.schemas.Outcome;
import io.millrace.schemas.Reason;
import io.millrace.schemas.Release;
import io.millrace.schemas.Submit;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenantRoutesTest {
    private static final String SPEC = "{\"devices\": 1, \"durationSeconds\": 60}";
    private static final String SUBMIT = "{\"requestId\": \"r1\", \"accountId\": \"acme\", \"spec\": " + SPEC + "}";

    private final LoopbackApi api = new LoopbackApi(Map.of("http.waiting.max", "1"));

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void whoDoesNotWaitHearsThatItIsWritten() {
        Answer answer = api.post("/v1/requests", SUBMIT);
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().toString())
                .isEqualTo("{\"requestId\":\"r1\",\"action\":\"submit\",\"status\":\"SUBMITTED\","
                        + "\"href\":\"/v1/requests/r1\"}");
        assertThat(answer.header("Location")).isEqualTo("/v1/requests/r1");
        ComputeRequest written = api.log.written.getFirst();
        assertThat(written.getAccountId()).isEqualTo("acme");
        assertThat(written.getAction())
                .isInstanceOfSatisfying(
                        Submit.class,
                        submit -> assertThat(submit.getSpec().getDevices()).isEqualTo(1));
    }

    @Test
    void anIdIsMadeIfNoneIsGiven() {
        String body = "{\"accountId\": \"acme\", \"spec\": " + SPEC + "}";
        String first = api.post("/v1/requests", body).json().path("requestId").asText();
        String second = api.post("/v1/requests", body).json().path("requestId").asText();
        assertThat(first).isNotEmpty().isNotEqualTo(second);
        assertThat(api.log.written).extracting(ComputeRequest::getRequestId).containsExactly(first, second);
    }

    @ParameterizedTest
    @CsvSource({"ALLOCATED, false, 201", "QUEUED, false, 201", "REFUSED, false, 200", "ALLOCATED, true, 200"})
    void whoWaitsGetsTheDecision(Outcome outcome, boolean repeated, int status) {
        api.log.market = request -> repeated
                ? Decisions.repeated(request.getRequestId(), outcome)
                : Decisions.of(request.getRequestId(), outcome);
        Answer answer = api.post("/v1/requests?wait=30000", SUBMIT);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.json().path("outcome").asText()).isEqualTo(outcome.name());
        assertThat(answer.json().path("decisionId").asText()).isEqualTo("guizhou-7");
        assertThat(answer.json().path("repeated").asBoolean()).isEqualTo(repeated);
    }

    @Test
    void aDecisionThatDoesNotComeInTimeIsNotWaitedFor() {
        Answer answer = api.post("/v1/requests?wait=1", SUBMIT);
        assertThat(answer.status()).isEqualTo(202);
        assertThat(api.metrics.registry().get("millrace.http.waiting").gauge().value())
                .isZero();
    }

    @Test
    void whenTooManyWaitFurtherOnesAreAnsweredWithoutADecision() {
        CompletableFuture<Answer> first =
                CompletableFuture.supplyAsync(() -> api.post("/v1/requests?wait=60000", SUBMIT));
        await().until(() -> api.log.written.size() == 1);
        Answer second = api.post("/v1/requests?wait=60000", SUBMIT.replace("r1", "r2"));
        assertThat(second.status()).isEqualTo(202);
        long time = api.log.written.getFirst().getCreatedAtMillis();
        api.decide(Decisions.of("r1", Outcome.ALLOCATED), time);
        assertThat(first.join().status()).isEqualTo(201);
    }

    @Test
    void whoWaitsWhenTheServiceStopsHearsThatItIsWritten() {
        CompletableFuture<Answer> waiting =
                CompletableFuture.supplyAsync(() -> api.post("/v1/requests?wait=60000", SUBMIT));
        await().until(() -> api.log.written.size() == 1);
        api.stop();
        assertThat(waiting.join().status()).isEqualTo(202);
    }

    @Test
    void anotherPayloadUnderTheSameIdIsAConflict() {
        api.log.market = request -> Decisions.refusedCommand(request.getRequestId(), Reason.ID_CONFLICT);
        Answer answer = api.post("/v1/requests?wait=30000", SUBMIT);
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.json().path("reason").asText()).isEqualTo("ID_CONFLICT");
        assertThat(answer.json().path("detail").asText())
                .isEqualTo("submit of r1: the id was used before with another payload");
    }

    @ParameterizedTest
    @CsvSource({
        "UNKNOWN_REQUEST, 404",
        "ALREADY_ENDED, 409",
        "NOT_ALLOCATED, 409",
        "INVALID, 422",
        "MARKET_HALTED, 503",
    })
    void aCommandThatIsRefusedIsAProblem(Reason reason, int status) {
        api.log.market = request -> Decisions.refusedCommand(request.getRequestId(), reason);
        Answer answer = api.post("/v1/requests/r1/release?wait=30000", "{\"accountId\": \"acme\"}");
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.json().path("reason").asText()).isEqualTo(reason.name());
        assertThat(answer.json().path("detail").asText()).startsWith("release of r1: ");
    }

    @Test
    void cancelExtendAndReleaseAreWritten() {
        assertThat(api.delete("/v1/requests/r1?accountId=acme&reason=changed%20plans")
                        .status())
                .isEqualTo(202);
        assertThat(api.post("/v1/requests/r1/extend", "{\"accountId\": \"acme\", \"endsAtMillis\": 5000}")
                        .status())
                .isEqualTo(202);
        assertThat(api.post("/v1/requests/r1/release", "{\"accountId\": \"acme\", \"reason\": \"done\"}")
                        .status())
                .isEqualTo(202);
        assertThat(api.log.written)
                .extracting(ComputeRequest::getAction)
                .containsExactly(new Cancel("changed plans"), new Extend(5_000L), new Release("done"));
    }

    @Test
    void whatMayNotBeWrittenIsSaidSo() {
        api.log.failure = new TimeoutException("no broker");
        for (String path : new String[] {"/v1/requests", "/v1/requests?wait=30000"}) {
            Answer answer = api.post(path, SUBMIT);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).isEqualTo("1");
            assertThat(answer.json().path("requestId").asText()).isEqualTo("r1");
            assertThat(answer.json().path("detail").asText()).contains("say the same again with the same requestId");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"accountId\": \"acme\"}; spec: missing, expected an object (ComputeSpec)",
                "{\"spec\": {\"devices\": 1, \"durationSeconds\": 60}}; accountId: missing, expected text",
                "{\"accountId\": \"a\", \"spec\": {\"devices\": 1, \"durationSeconds\": 60},"
                        + " \"together\": [{\"devices\": -1, \"durationSeconds\": 60}]};"
                        + " together[0]: devices is -1, must be 0 to 1024",
                "{\"accountId\": \"a\", \"spec\": {\"devices\": 1, \"durationSeconds\": 60, \"maxWaitSeconds\": 5},"
                        + " \"together\": [{\"devices\": 1, \"durationSeconds\": 60}]};"
                        + " maxWaitSeconds must be 0 in a request with together: nothing of it can wait",
                "{\"accountId\": \"a\", \"spec\": {\"devices\": 1, \"durationSeconds\": 60,"
                        + " \"siting\": {\"latencyLimitMicros\": 5}}};"
                        + " siting.latencyLimitMicros is 5 and usersHub is missing: latency to whom?",
                "{\"accountId\": \"a\", \"spec\": {\"devices\": 1, \"durationSeconds\": 60,"
                        + " \"siting\": {\"weights\": [{\"term\": \"ROOM\"}]}}};"
                        + " siting.weights names ROOM, must name one of [PRICE, EGRESS, LATENCY, ENERGY, CARBON, CONFIDENCE]",
                "[]; expected an object, got ARRAY",
                "{\"accountId\": 7, \"spec\": {\"devices\": 1, \"durationSeconds\": 60}}; accountId: expected text, got 7",
                "{\"accountId\": \"a b\", \"spec\": {\"devices\": 1, \"durationSeconds\": 60}};"
                        + " accountId has a character at 1 that is not a letter, digit or one of . _ - :",
                "{\"accountId\": \"centre:c1\", \"spec\": {\"devices\": 1, \"durationSeconds\": 60}};"
                        + " accountId begins with \"centre:\", as the accounts of centres do: a tenant's may not",
                "{\"accountId\": \"a\", \"requestId\": \"\", \"spec\": {\"devices\": 1, \"durationSeconds\": 60}};"
                        + " requestId has 0 characters, must have 1 to 128",
                "{\"accountId\": \"a\", \"specs\": {}, \"spec\": {\"devices\": 1, \"durationSeconds\": 60}};"
                        + " specs: unknown field (did you mean spec?)",
                "{\"accountId\": \"a\", \"spec\": {\"durationSeconds\": 60}};"
                        + " neither devices nor cpuMillicores: nothing to compute on is asked",
                "{\"accountId\": \"a\", \"spec\": {\"devices\": 1.5, \"durationSeconds\": 60}};"
                        + " spec.devices: expected an integer, got 1.5",
                "{\"accountId\": \"a\", \"spec\": {\"devices\": -1, \"durationSeconds\": 60}};"
                        + " devices is -1, must be 0 to 1024",
                "{\"accountId\": \"a\", \"spec\": {\"devices\": 1, \"durationSeconds\": 60, \"storageGib\": -5}};"
                        + " storageGib is -5, must be 0 to 1000000000",
                "{\"accountId\": \"a\", \"spec\": {\"devices\": 1, \"durationSeconds\": 60,"
                        + " \"storageMibPerSecond\": 99999999999}};"
                        + " storageMibPerSecond is 99999999999, must be 0 to 1000000000",
                "{\"accountId\": \"a\", \"spec\": {\"devices\": 1, \"durationSeconds\": 60, \"storageGib\": 1.5}};"
                        + " spec.storageGib: expected an integer, got 1.5",
                "{\"accountId\": \"a\", \"spec\": {\"devices\": 2, \"milliPerDevice\": 500, \"durationSeconds\": 60}};"
                        + " milliPerDevice is 500 with 2 devices: only a single device can be shared",
                "{\"accountId\": \"a\", \"spec\": {\"devices\": 1, \"durationSeconds\": 99999999999}};"
                        + " durationSeconds is 99999999999, must be 1 to 316224000",
                "{\"accountId\": \"a\", \"spec\": {\"devices\": 1, \"durationSeconds\": 60, \"kind\": \"UNKNOWN\"}};"
                        + " spec.kind: UNKNOWN is for readers of younger records and cannot be asked for",
                "{\"accountId\": \"a\", \"spec\": {\"devices\": 1, \"durationSeconds\": 60, \"models\": [\"\"]}};"
                        + " models has an entry of 0 characters, must have 1 to 128",
                "{\"accountId\": \"a\", \"spec\": {\"devices\": 1, \"durationSeconds\": 60, \"need\": {}}};"
                        + " need asks for nothing: name a precision, a workload or deviceMemoryGib",
                "{\"accountId\": \"a\", \"spec\": {\"devices\": 1, \"durationSeconds\": 60, \"minReplicas\": 2}};"
                        + " minReplicas is 2, must be 0 to 1",
                "{\"accountId\": \"a\", \"spec\": {\"devices\": 1, \"durationSeconds\": 60,"
                        + " \"need\": {\"precision\": \"FP64\"}, \"alternatives\": [{\"models\": [\"T4\"], \"replicas\": 1}]}};"
                        + " spec.alternatives: follow from spec.need, leave them out",
            })
    void aWrongBodyIsNamed(String body, String error) {
        Answer answer = api.post("/v1/requests", body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("errors").get(0).asText()).isEqualTo(error);
        assertThat(api.log.written).isEmpty();
    }

    @Test
    void allThatIsWrongIsNamedAtOnce() {
        Answer answer = api.post(
                "/v1/requests",
                "{\"requestId\": \"ä\", \"spec\": {\"devices\": \"8\", \"durationSeconds\": null, \"colour\": \"red\"}}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("errors").size()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "/v1/requests?wait=60001; {}; wait: expected an integer from 0 to 60000, got \"60001\"",
                "/v1/requests?wait=soon; {}; wait: expected an integer from 0 to 60000, got \"soon\"",
                "/v1/requests?wiat=5; {}; wiat: unknown parameter, known are [wait]",
                "/v1/requests?wait=1&wait=2; {}; wait: given more than once",
                "/v1/requests/a%20b/release; {}; requestId has a character at 1",
                "/v1/requests/r1/extend; {\"accountId\": \"acme\"}; endsAtMillis: missing, expected a time",
                "/v1/requests/r1/extend; {\"accountId\": \"acme\", \"endsAtMillis\": \"tomorrow\"}; endsAtMillis: expected a time",
                "/v1/requests/r1/extend; {\"accountId\": \"acme\", \"endsAtMillis\": 9223372036854775807};"
                        + " endsAtMillis: expected a time from 1970 to 9999",
                "/v1/requests/r1/extend; {\"accountId\": \"acme\", \"endsAtMillis\": \"+999999999-01-01T00:00:00Z\"};"
                        + " endsAtMillis: expected a time in ISO 8601",
                "/v1/requests/r1/release; {\"accountId\": \"acme\", \"requestId\": \"r1\"}; requestId: unknown field",
            })
    void aWrongCallIsNamed(String path, String body, String error) {
        Answer answer = api.post(path, body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("errors").get(0).asText()).startsWith(error);
        assertThat(api.log.written).isEmpty();
    }

    @Test
    void whoCancelsMustSayWhoItIs() {
        Answer answer = api.delete("/v1/requests/r1");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("errors").get(0).asText()).isEqualTo("accountId: missing, expected an id");
    }

    @Test
    void whatIsNoJsonIsNotRead() {
        assertThat(api.post("/v1/requests", "{").status()).isEqualTo(400);
        assertThat(api.post("/v1/requests", "").status()).isEqualTo(400);
        assertThat(api.postAs("text/plain", "/v1/requests", SUBMIT).status()).isEqualTo(415);
        assertThat(api.post("/v1/requests", "{\"accountId\": \"a\", \"accountId\": \"b\"}")
                        .status())
                .isEqualTo(400);
        assertThat(api.post("/v1/requests", " ".repeat(1 << 21)).status()).isEqualTo(413);
        assertThat(api.log.written).isEmpty();
    }
}
