package io.millrace.broker.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.broker.api.LoopbackApi.Answer;
import io.millrace.runtime.Json;
import io.millrace.schemas.Codecs;
import io.millrace.schemas.ComputeSpec;
import io.millrace.schemas.Deflection;
import io.millrace.schemas.Explanation;
import io.millrace.schemas.Grant;
import io.millrace.schemas.MarketCapacity;
import io.millrace.schemas.PartPhase;
import io.millrace.schemas.PartState;
import io.millrace.schemas.Reason;
import io.millrace.schemas.RequestState;
import io.millrace.schemas.RequestStatus;
import io.millrace.schemas.Route;
import io.millrace.schemas.Together;
import io.millrace.schemas.TogetherPhase;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryRoutesTest {
    /** As a service does before it makes a record: Avro trusts the enums of our schemas from then on. */
    @BeforeAll
    static void establishTrust() {
        assertThat(Codecs.connect("mock://query-routes")).isNotNull();
    }

    private final LoopbackApi api = new LoopbackApi(Map.of());

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void aRequestIsShownFromItsRouteAndItsMarket() {
        route("r1", "guizhou", "gansu");
        api.stores.requests.add(state("r1", "guizhou", RequestStatus.ALLOCATED, 5_000));
        Answer answer = api.get("/v1/requests/r1");
        assertThat(answer.status()).isEqualTo(200);
        JsonNode json = answer.json();
        assertThat(json.path("status").asText()).isEqualTo("ALLOCATED");
        assertThat(json.path("marketId").asText()).isEqualTo("guizhou");
        assertThat(json.path("decisionId").asText()).isEqualTo("guizhou-17");
        assertThat(json.path("startsAtMillis").asLong()).isEqualTo(5_000);
        assertThat(json.path("endsAtMillis").asLong()).isEqualTo(65_000);
        assertThat(json.path("waitsUntilMillis").isNull()).isTrue();
        assertThat(json.path("priceMicroCnyPerHour").asLong()).isEqualTo(3_000);
        assertThat(json.path("explanation").path("nodesConsidered").asInt()).isEqualTo(4);
        assertThat(json.path("deflections").get(0).path("marketId").asText()).isEqualTo("gansu");
        assertThat(json.path("deflections").get(0).path("reason").asText()).isEqualTo("NO_CAPACITY");
        assertThat(api.instances.asked)
                .containsExactly("routes r1 /v1/routes/r1", "market-requests guizhou /v1/markets/guizhou/requests/r1");
    }

    @ParameterizedTest
    @CsvSource({
        "ALLOCATED, QUEUED, ALLOCATED",
        "EXPIRED, ALLOCATED, ALLOCATED",
        "EXPIRED, QUEUED, QUEUED",
        "EXPIRED, EXPIRED, EXPIRED",
        "REFUSED, EXPIRED, EXPIRED",
        "REFUSED, REFUSED, REFUSED",
        "HELD, EXPIRED, ALLOCATED",
    })
    void aRequestInPartsStandsWhereItsPartsStand(RequestStatus first, RequestStatus second, String shown) {
        ComputeSpec spec = state("x", "gansu", RequestStatus.HELD, 0).getSpec();
        PartState kept = new PartState(
                spec, PartPhase.KEPT, 0, List.of("gansu"), List.of(), List.of(), List.of(), List.of(), false);
        api.stores.togethers.put(
                "r1", new Together("acme", TogetherPhase.CONFIRMED, List.of(kept, kept), 9L, 1L, 2L, "x@7", List.of()));
        api.stores.requests.add(state("r1~1", "gansu", first, 5_000));
        api.stores.requests.add(state("r1~2", "gansu", second, 6_000));
        JsonNode json = api.get("/v1/requests/r1").json();
        assertThat(json.path("status").asText()).isEqualTo(shown);
        if (first == RequestStatus.EXPIRED) {
            // One that is over costs nothing while the other runs.
            assertThat(json.path("priceMicroCnyPerHour").asLong())
                    .isEqualTo(second == RequestStatus.EXPIRED ? 6_000 : 3_000);
        }
        boolean secondRan = second != RequestStatus.QUEUED;
        if (first != RequestStatus.HELD && first != RequestStatus.QUEUED) {
            assertThat(json.path("startsAtMillis").asLong()).isEqualTo(5_000);
        }
        if (secondRan) {
            assertThat(json.path("endsAtMillis").asLong()).isEqualTo(66_000);
            assertThat(json.path("parts")
                            .get(1)
                            .path("grants")
                            .get(0)
                            .path("nodeId")
                            .asText())
                    .isEqualTo("node-r1~2");
        }
        JsonNode part = api.get("/v1/requests/r1~2").json();
        assertThat(part.path("requestId").asText()).isEqualTo("r1~2");
        assertThat(part.path("status").asText()).isEqualTo(second.name());
        assertThat(part.path("accountId").asText()).isEqualTo("acme");
        assertThat(api.get("/v1/requests/r1~3").status()).isEqualTo(404);
        assertThat(api.get("/v1/requests/r2~1").status()).isEqualTo(404);
        assertThat(api.get("/v1/requests/r1~x").status()).isEqualTo(400);
        assertThat(api.get("/v1/requests/r1~").status()).isEqualTo(400);
    }

    @Test
    void whoMustGiveWayIsTold() {
        route("r1", "guizhou");
        RequestState noticed = state("r1", "guizhou", RequestStatus.ALLOCATED, 5_000);
        noticed.setRemainingMillis(9_000L);
        api.stores.requests.add(noticed);
        JsonNode json = api.get("/v1/requests/r1").json();
        assertThat(json.path("status").asText()).isEqualTo("ALLOCATED");
        assertThat(json.path("reason").asText()).isEqualTo("PREEMPTED");
    }

    @Test
    void aRequestInPartsIsShownWithItsParts() {
        Grant grant = new Grant("n", "c", "T4", 1, List.of(0), 1000, 0L, 0L, 3_000L, 0L, 0L, 0L);
        ComputeSpec spec = state("x", "gansu", RequestStatus.HELD, 0).getSpec();
        PartState first = new PartState(
                spec,
                PartPhase.KEPT,
                1,
                List.of("gansu", "guizhou"),
                List.of(grant),
                List.of(),
                List.of(),
                List.of(),
                false);
        PartState second = new PartState(
                spec, PartPhase.KEPT, 0, List.of("gansu"), List.of(grant), List.of(), List.of(), List.of(), false);
        Together together = new Together(
                "acme", TogetherPhase.CONFIRMED, List.of(first, second), 9L, 1L, 2L, "market.notices-0@7", List.of());
        api.stores.togethers.put("r1", together);
        JsonNode json = api.get("/v1/requests/r1").json();
        assertThat(json.path("status").asText()).isEqualTo("ALLOCATED");
        assertThat(json.path("decisionId").asText()).isEqualTo("market.notices-0@7");
        assertThat(json.path("priceMicroCnyPerHour").asLong()).isEqualTo(6_000);
        assertThat(json.path("parts").findValuesAsText("partId")).containsExactly("r1~1", "r1~2");
        assertThat(json.path("parts").get(0).path("marketId").asText()).isEqualTo("guizhou");
        assertThat(json.path("parts")
                        .get(1)
                        .path("grants")
                        .get(0)
                        .path("nodeId")
                        .asText())
                .isEqualTo("n");
    }

    @Test
    void aRequestInPartsThatWasGivenUpSaysWhy() {
        ComputeSpec spec = state("x", "gansu", RequestStatus.HELD, 0).getSpec();
        PartState kept = new PartState(
                spec, PartPhase.KEPT, 0, List.of("gansu"), List.of(), List.of(), List.of(), List.of(), false);
        PartState failed = new PartState(
                spec,
                PartPhase.FAILED,
                0,
                List.of("gansu", "ningxia"),
                List.of(),
                List.of(deflection("gansu", Reason.NO_CAPACITY), deflection("ningxia", Reason.NO_SUCH_MODEL)),
                List.of(),
                List.of(),
                false);
        givenUp("r1", List.of(kept, failed));
        givenUp("r2", List.of(kept, kept));
        JsonNode first = api.get("/v1/requests/r1").json();
        assertThat(first.path("reason").asText()).isEqualTo("NO_CAPACITY");
        assertThat(first.path("explanation").path("summary").asText())
                .isEqualTo("part r1~2 could not be kept, so none of the 2 parts is granted");
        assertThat(first.path("parts").findValuesAsText("status")).containsExactly("REFUSED", "REFUSED");
        assertThat(api.get("/v1/requests/r2").json().path("reason").asText()).isEqualTo("HOLD_EXPIRED");
    }

    private void givenUp(String requestId, List<PartState> parts) {
        Together together =
                new Together("acme", TogetherPhase.ABANDONED, parts, 9L, 1L, 2L, "market.notices-0@7", List.of());
        api.stores.togethers.put(requestId, together);
    }

    @ParameterizedTest
    @CsvSource({
        "QUEUED, QUEUED, true, false",
        "ALLOCATED, ALLOCATED, false, true",
        "REFUSED, REFUSED, false, true",
        "EXPIRED, EXPIRED, false, true",
        "DEFLECTED, SUBMITTED, false, false",
    })
    void whatTimesMeanDependsOnWhereItStands(RequestStatus status, String shown, boolean waits, boolean held) {
        route("r1", "guizhou");
        api.stores.requests.add(state("r1", "guizhou", status, 5_000));
        JsonNode json = api.get("/v1/requests/r1").json();
        assertThat(json.path("status").asText()).isEqualTo(shown);
        assertThat(json.path("waitsSinceMillis").asLong(0)).isEqualTo(waits ? 5_000 : 0);
        assertThat(json.path("startsAtMillis").asLong(0)).isEqualTo(held ? 5_000 : 0);
    }

    @Test
    void aRequestOnItsWayIsSubmitted() {
        route("r1", "guizhou");
        JsonNode json = api.get("/v1/requests/r1").json();
        assertThat(json.path("status").asText()).isEqualTo("SUBMITTED");
        assertThat(json.path("marketId").asText()).isEqualTo("guizhou");
    }

    @Test
    void aRequestThatWasJustWrittenIsKnown() {
        api.post(
                "/v1/requests",
                "{\"requestId\": \"r9\", \"accountId\": \"acme\", \"spec\": {\"devices\": 1, \"durationSeconds\": 60}}");
        Answer answer = api.get("/v1/requests/r9");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().toString()).isEqualTo("{\"requestId\":\"r9\",\"status\":\"SUBMITTED\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/requests/r1, 404, Unknown Request",
        "/v1/routes/r1, 404, Unknown Request",
        "/v1/markets/guizhou/requests/r1, 404, Unknown Request",
        "/v1/markets/mars/requests/r1, 404, Unknown Market",
        "/v1/requests/a%20b, 400, Invalid Request",
        "/v1/requests/r1?full=yes, 400, Invalid Request",
        "/v1/allocations?limit=0, 400, Invalid Request",
        "/v1/allocations?limit=1001, 400, Invalid Request",
        "/v1/allocations?acount=acme, 400, Invalid Request",
        "/v1/allocations?account=, 400, Invalid Request",
        "/v1/allocations?account=a%20b, 400, Invalid Request",
        "/v1/allocations?account=a%ff, 400, Invalid Request",
        "/v1/allocations?market=atlantis, 400, Invalid Request",
        "/v1/allocations?centre=, 400, Invalid Request",
        "/v1/markets?kind=SUPER, 400, Invalid Request",
        "/v1/stream?market=atlantis, 400, Invalid Request",
        "/v1/stream?account=a%20b, 400, Invalid Request",
        "/v1/nothing, 404, Not Found",
    })
    void aWrongQuestionIsAProblem(String path, int status, String title) {
        Answer answer = api.get(path);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.json().path("title").asText()).isEqualTo(title);
    }

    @Test
    void storesThatMoveAreAskedOnceMore() {
        route("r1", "guizhou");
        api.stores.failures.set(1);
        assertThat(api.get("/v1/requests/r1").status()).isEqualTo(200);
        api.stores.failures.set(100);
        Answer answer = api.get("/v1/requests/r1");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        assertThat(answer.json().path("detail").asText()).isEqualTo("partitions move; try again");
    }

    @Test
    void onlyWhatRunsIsAnAllocationAndTheNewestComeFirst() {
        api.stores.requests.add(state("old", "guizhou", RequestStatus.ALLOCATED, 1_000));
        api.stores.requests.add(state("new", "gansu", RequestStatus.ALLOCATED, 9_000));
        api.stores.requests.add(state("waits", "guizhou", RequestStatus.QUEUED, 9_500));
        api.stores.requests.add(state("ended", "guizhou", RequestStatus.RELEASED, 9_600));
        JsonNode json = api.get("/v1/allocations").json();
        assertThat(json.path("allocations").findValuesAsText("requestId")).containsExactly("new", "old");
        assertThat(json.path("truncated").asBoolean()).isFalse();
        JsonNode first = json.path("allocations").get(0);
        assertThat(first.path("endsAtMillis").asLong()).isEqualTo(69_000);
        assertThat(first.path("grants").get(0).path("nodeId").asText()).isEqualTo("node-new");
    }

    @ParameterizedTest
    @CsvSource({
        "market=guizhou, a",
        "market=mars, ''",
        "centre=centre-b, b",
        "node=node-a, a",
        "account=acme, 'b,a'",
        "account=other, ''",
        "account=acme&market=gansu, b",
        "limit=1, b",
    })
    void allocationsAreFiltered(String query, String ids) {
        api.stores.requests.add(state("a", "guizhou", RequestStatus.ALLOCATED, 1_000));
        api.stores.requests.add(state("b", "gansu", RequestStatus.ALLOCATED, 2_000));
        JsonNode json = api.get("/v1/allocations?" + query).json();
        assertThat(String.join(",", json.path("allocations").findValuesAsText("requestId")))
                .isEqualTo(ids);
        assertThat(json.path("truncated").asBoolean()).isEqualTo(query.equals("limit=1"));
    }

    @Test
    void allInstancesAreShownTogether() {
        api.stores.requests.add(state("a", "guizhou", RequestStatus.ALLOCATED, 1_000));
        assertThat(api.get("/v1/allocations").json().path("complete").asBoolean())
                .isFalse();
        api.instances.others.add(Json.parse(
                "{\"partitions\":[1],\"truncated\":false,\"allocations\":[{\"requestId\":\"b\",\"startsAtMillis\":2000}]}"
                        .getBytes(StandardCharsets.UTF_8)));
        JsonNode json = api.get("/v1/allocations").json();
        assertThat(json.path("allocations").findValuesAsText("requestId")).containsExactly("b", "a");
        assertThat(json.path("complete").asBoolean()).isTrue();
        api.instances.missing.add("127.0.0.1:9");
        json = api.get("/v1/allocations").json();
        assertThat(json.path("complete").asBoolean()).isFalse();
        assertThat(json.path("missing").get(0).asText()).isEqualTo("127.0.0.1:9");
    }

    @Test
    void anotherInstanceIsToldWhatIsHere() {
        api.stores.requests.add(state("a", "guizhou", RequestStatus.ALLOCATED, 1_000));
        JsonNode json = api.get("/v1/allocations", "X-Millrace-Hop", "1").json();
        assertThat(json.path("partitions").toString()).isEqualTo("[0]");
        assertThat(json.path("allocations").size()).isEqualTo(1);
    }

    @Test
    void everyMarketIsShownOrNamedSilent() {
        api.stores.markets.add(new MarketCapacity("gansu", 7L, 3L, List.of(), 5L, 6L));
        JsonNode json = api.get("/v1/markets").json();
        assertThat(json.path("markets").get(0).path("queued").asLong()).isEqualTo(6);
        assertThat(json.path("silent").toString()).isEqualTo("[\"guizhou\",\"ningxia\"]");
    }

    private void route(String requestId, String marketId, String... deflected) {
        List<Deflection> deflections = Arrays.stream(deflected)
                .map(market -> deflection(market, Reason.NO_CAPACITY))
                .toList();
        api.stores.routes.put(
                requestId,
                new Route(marketId, deflected.length, List.of("gansu", "guizhou"), deflections, List.of(), List.of()));
    }

    private static Deflection deflection(String market, Reason reason) {
        return new Deflection(
                market, reason, new Explanation("", 2, List.of(), "", List.of(), List.of(), List.of(), List.of()));
    }

    private static RequestState state(String requestId, String marketId, RequestStatus status, long sinceMillis) {
        ComputeSpec spec =
                ComputeSpec.newBuilder().setDevices(1).setDurationSeconds(60).build();
        Grant grant = new Grant(
                "node-" + requestId, "centre-" + requestId, "T4", 1, List.of(0), 1000, 0L, 0L, 3_000L, 0L, 0L, 0L);
        return new RequestState(
                requestId,
                "acme",
                marketId,
                spec,
                status,
                Reason.NONE,
                status == RequestStatus.QUEUED || status == RequestStatus.DEFLECTED ? List.of() : List.of(grant),
                1,
                sinceMillis,
                sinceMillis + 60_000,
                0L,
                1L,
                17L,
                sinceMillis,
                sinceMillis,
                0,
                new Explanation("", 4, List.of(), "", List.of(), List.of(), List.of(), List.of()));
    }
}
