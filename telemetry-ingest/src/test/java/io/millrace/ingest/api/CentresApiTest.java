package io.millrace.ingest.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ingest.Records;
import io.millrace.runtime.AvroJson;
import io.millrace.schemas.CentreProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CentresApiTest {
    private final Api api = new Api();

    @AfterEach
    void close() {
        api.close();
    }

    private static ObjectNode profile() {
        return AvroJson.write(Records.profile());
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    @Test
    void aProfileIsPutReadAndChanged() {
        ObjectNode body = profile();
        body.remove("centreId");
        body.remove("updatedAtMillis");
        Api.Answer created = api.put("/v1/centres/c1", body.toString());
        assertThat(created.status()).as(created.toString()).isEqualTo(201);
        assertThat(created.body().path("inForce").asBoolean()).isTrue();
        assertThat(created.body().path("profile").path("updatedAtMillis").asLong())
                .isEqualTo(api.rig.now());

        Api.Answer read = api.get("/v1/centres/c1");
        assertThat(read.status()).isEqualTo(200);
        assertThat(read.body().path("profile")).isEqualTo(created.body().path("profile"));
        assertThat(read.body().path("site")).isEmpty();
        assertThat(api.get("/v1/centres").body().path("centres")).hasSize(1);
        assertThat(api.get("/v1/centres?hub=guizhou").status()).isEqualTo(400);

        api.rig.seconds(1);
        Api.Answer same = api.put("/v1/centres/c1", read.body().path("profile").toString());
        assertThat(same.status()).isEqualTo(200);
        assertThat(same.body().path("changes")).isEmpty();
        assertThat(api.written).isEqualTo(1);

        ObjectNode dearer = (ObjectNode) read.body().path("profile").deepCopy();
        dearer.put("admission", "PROBATION");
        ((ObjectNode) dearer.withArray("pools").get(0)).put("priceMicroCnyPerDeviceHour", 13_000_000);
        dearer.withArray("pools").remove(1);
        Api.Answer changed = api.put("/v1/centres/c1", dearer.toString());
        assertThat(changed.status()).isEqualTo(200);
        assertThat(texts(changed.body().path("changes")))
                .containsExactly(
                        "admission: \"ADMITTED\" -> \"PROBATION\"",
                        "pools[ai].priceMicroCnyPerDeviceHour: 12000000 -> 13000000",
                        "pools[cpu]: removed");
        CentreProfile known = api.rig.profiles.profile("c1");
        assertThat(known).isNotNull();
        assertThat(known.getPools()).hasSize(1);
    }

    static Stream<Arguments> wrongProfiles() {
        return Stream.of(
                wrong(p -> p.put("hubId", "atlantis"), "gansu, guizhou"),
                wrong(p -> p.put("centreId", "c2"), "the path says \"c1\""),
                wrong(p -> p.put("admission", "UNKNOWN"), "APPLIED, ADMITTED, PROBATION or EXITED"),
                wrong(p -> p.put("admission", "MAYBE"), "MAYBE"),
                wrong(p -> p.put("colour", "red"), "colour"),
                wrong(p -> p.remove("hubId"), "hubId"),
                wrong(p -> p.put("name", "x".repeat(201)), "200"),
                wrong(p -> p.put("name", "a\u0000b"), "control"),
                wrong(p -> pool(p).put("poolId", "a b"), "poolId"),
                wrong(p -> pool(p).put("poolId", "cpu"), "as that of a pool before it"),
                wrong(p -> pool(p).put("devicesPerNode", -1), "devicesPerNode is -1"),
                wrong(p -> pool(p).put("devicesPerNode", 0), "model is \"910B\"; it must be empty"),
                wrong(p -> pool(p).put("model", ""), "model is empty"),
                wrong(p -> pool(p).put("kind", "UNKNOWN"), "GENERAL, INTELLIGENT, SUPER or QUANTUM"),
                wrong(p -> pool(p).put("priceMicroCnyPerDeviceHour", -1), "priceMicroCnyPerDeviceHour is -1"),
                wrong(p -> pool(p).put("priceMicroCnyPerCoreHour", Long.MAX_VALUE), "priceMicroCnyPerCoreHour"),
                wrong(p -> pool(p).put("priceMicroCnyPerGibHour", 1_000_001), "priceMicroCnyPerGibHour is 1000001"),
                wrong(p -> peak(p).put("peakGigaOpsPerSecond", 0), "peaks[0].peakGigaOpsPerSecond is 0"),
                wrong(p -> peak(p).put("precision", "INT8"), "as that of a peak before it"),
                wrong(p -> peak(p).put("precision", "UNKNOWN"), "the precision of each must be said"),
                wrong(
                        p -> pool(p).putObject("quantum")
                                .put("qubits", 0)
                                .put("twoQubitFidelityPpm", 1)
                                .put("shotsPerHour", 1),
                        "for a pool of kind INTELLIGENT"));
    }

    private static ObjectNode pool(ObjectNode profile) {
        return (ObjectNode) profile.withArray("pools").get(0);
    }

    private static ObjectNode peak(ObjectNode profile) {
        return (ObjectNode) pool(profile).withArray("peaks").get(0);
    }

    private static Arguments wrong(Consumer<ObjectNode> spoil, String named) {
        return Arguments.of(spoil, named);
    }

    @ParameterizedTest
    @MethodSource
    void wrongProfiles(Consumer<ObjectNode> spoil, String named) {
        ObjectNode profile = profile();
        spoil.accept(profile);
        Api.Answer answer = api.put("/v1/centres/c1", profile.toString());
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("detail")).contains(named);
        assertThat(api.written).isZero();
    }

    @Test
    void everythingWrongIsSaidAtOnce() {
        ObjectNode profile = profile();
        profile.put("hubId", "atlantis");
        pool(profile).put("devicesPerNode", -1).put("priceMicroCnyPerCoreHour", -1);
        Api.Answer answer = api.put("/v1/centres/c1", profile.toString());
        assertThat(texts(answer.body().path("errors"))).hasSize(3);
    }

    @Test
    void anIdThatIsNoneIsRefused() {
        assertThat(api.put("/v1/centres/c%201", profile().without("centreId").toString())
                        .status())
                .isEqualTo(400);
        assertThat(api.put("/v1/centres/c1", "[]").status()).isEqualTo(400);
        Api.Answer unknown = api.get("/v1/centres/c404");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.text("detail")).contains("c404");
    }

    @Test
    void whatTheSiteSaidIsShownWithWhatFollowsFromIt() {
        api.rig.profile(Records.profile());
        api.rig.site(Records.site("c1", 1, api.rig.now()));
        JsonNode site = api.get("/v1/centres/c1").body().path("site");
        assertThat(site.path("facilityPowerWatts").asLong()).isEqualTo(1_180_000);
        assertThat(site.path("puePermille").asLong()).isEqualTo(1_180);
        assertThat(site.path("storageUsedPermille").asLong()).isEqualTo(600);
    }

    @Test
    void aSiteWithoutPowerHasNoPue() {
        api.rig.profile(Records.profile());
        io.millrace.schemas.CentreReport dark = Records.site("c1", 1, api.rig.now());
        dark.setItPowerWatts(0);
        api.rig.site(dark);
        assertThat(api.get("/v1/centres/c1")
                        .body()
                        .path("site")
                        .path("puePermille")
                        .isNull())
                .isTrue();
    }

    @Test
    void whileTheServiceStartsNobodyIsToldThatThereIsNothing() {
        api.tablesAnswer = false;
        assertThat(api.get("/v1/centres").status()).isEqualTo(503);
        assertThat(api.get("/v1/centres/c1").status()).isEqualTo(503);
        assertThat(api.put("/v1/centres/c1", profile().toString()).status()).isEqualTo(503);
    }

    @Test
    void whatKafkaDoesNotAcknowledgeIsNotOnRecord() {
        api.kafkaAnswers = false;
        assertThat(api.put("/v1/centres/c1", profile().toString()).status()).isEqualTo(503);
        assertThat(api.get("/v1/centres/c1").status()).isEqualTo(404);
    }
}
