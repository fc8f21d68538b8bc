package io.millrace.ingest.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.ingest.Records;
import io.millrace.schemas.AdmissionStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapacityApiTest {
    private final Api api = new Api();

    @BeforeEach
    void fill() {
        api.rig.profile(Records.profile());
        api.rig.profile(Records.profile("c2", "gansu", AdmissionStatus.ADMITTED));
        api.rig.report(Records.report("c1/n1", 1, api.rig.now()));
        api.rig.report(Records.report("c1/n2", 1, api.rig.now()));
        api.rig.report(Records.cpuReport("c1/n3", 1, api.rig.now()));
        api.rig.report(Records.report("c2/n1", 1, api.rig.now()));
        api.rig.seconds(4);
    }

    @AfterEach
    void close() {
        api.close();
    }

    private List<String> ids(String query) {
        Api.Answer answer = api.get("/v1/capacity" + query);
        assertThat(answer.status()).as(query).isEqualTo(200);
        List<String> ids = new ArrayList<>();
        answer.body()
                .path("summaries")
                .forEach(summary -> ids.add(summary.path("scopeId").asText()));
        answer.body().path("nodes").forEach(node -> ids.add(node.path("nodeId").asText()));
        return ids;
    }

    @Test
    void everyLevelCanBeAskedFor() {
        assertThat(ids("")).containsExactly("nation");
        assertThat(ids("?by=nation")).containsExactly("nation");
        assertThat(ids("?by=hub")).containsExactly("gansu", "guizhou");
        assertThat(ids("?by=HUB&id=gansu")).containsExactly("gansu");
        assertThat(ids("?by=centre")).containsExactly("c1", "c2");
        assertThat(ids("?by=pool")).containsExactly("c1/ai", "c1/cpu", "c2/ai");
        assertThat(ids("?by=node")).containsExactly("c1/n1", "c1/n2", "c1/n3", "c2/n1");
        assertThat(ids("?by=hub&id=ningxia")).isEmpty();
    }

    @Test
    void rowsAreFiltered() {
        assertThat(ids("?by=pool&kind=GENERAL")).containsExactly("c1/cpu");
        assertThat(ids("?by=pool&kind=general")).containsExactly("c1/cpu");
        assertThat(ids("?by=centre&model=910B")).containsExactly("c1", "c2");
        assertThat(ids("?by=pool&model=")).containsExactly("c1/cpu");
        assertThat(ids("?by=pool&precision=FP64")).isEmpty();
        assertThat(ids("?by=node&kind=GENERAL")).containsExactly("c1/n3");
        assertThat(ids("?by=node&precision=INT8&model=910B")).containsExactly("c1/n1", "c1/n2", "c2/n1");
        JsonNode rows = api.get("/v1/capacity?by=hub&id=guizhou&precision=FP16")
                .body()
                .path("summaries")
                .get(0)
                .path("rows");
        assertThat(rows).hasSize(1);
        assertThat(rows.get(0).path("sellablePeaks")).hasSize(1);
        assertThat(rows.get(0)
                        .path("sellablePeaks")
                        .get(0)
                        .path("peakGigaOpsPerSecond")
                        .asLong())
                .isEqualTo(376_000L * 3_500 / 1_000);
    }

    @Test
    void nodesAreShownWithWhatIsKnownOfThem() {
        assertThat(ids("?by=node&id=c1/n2")).containsExactly("c1/n2");
        assertThat(ids("?by=node&id=c1")).containsExactly("c1/n1", "c1/n2", "c1/n3");
        assertThat(ids("?by=node&id=c1/n404")).isEmpty();
        JsonNode node =
                api.get("/v1/capacity?by=node&id=c1/n2").body().path("nodes").get(0);
        assertThat(node.path("status").asText()).isEqualTo("SELLABLE");
        assertThat(node.path("deviceSellableMilli").get(1).asInt()).isEqualTo(750);
        assertThat(node.path("devices").asInt()).isEqualTo(2);
        assertThat(node.path("leaseMillis").asLong()).isEqualTo(30_000);
        assertThat(node.path("powerWatts").asLong()).isEqualTo(3_000);
        assertThat(node.has("capacity")).isFalse();
    }

    @Test
    void nodesComeInPages() {
        Api.Answer first = api.get("/v1/capacity?by=node&limit=3");
        assertThat(first.body().path("more").asBoolean()).isTrue();
        assertThat(ids("?by=node&limit=3")).containsExactly("c1/n1", "c1/n2", "c1/n3");
        Api.Answer rest = api.get("/v1/capacity?by=node&limit=3&after=c1/n3");
        assertThat(rest.body().path("more").asBoolean()).isFalse();
        assertThat(ids("?by=node&limit=3&after=c1/n3")).containsExactly("c2/n1");
        assertThat(ids("?by=node&id=c1&after=c1/n1")).containsExactly("c1/n2", "c1/n3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "?by=continent|nation, hub, centre, pool, node",
                "?kind=QUICK|GENERAL, INTELLIGENT, SUPER, QUANTUM",
                "?kind=UNKNOWN|GENERAL, INTELLIGENT, SUPER, QUANTUM",
                "?precision=FP1|FP64, FP32, TF32, BF16, FP16, FP8, INT8, INT4",
                "?by=node&limit=0|1 to 10000",
                "?by=node&limit=many|1 to 10000",
                "?by=hub&by=node|more than once",
                "?colour=red|after, by, id, kind, limit, model, precision"
            })
    void aWrongParameterIsAnsweredWithWhatIsAllowed(String query, String allowed) {
        Api.Answer answer = api.get("/v1/capacity" + query);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("detail")).contains(allowed);
    }

    @Test
    void whileTablesMoveTheAnswerIsToTryAgain() {
        api.tablesAnswer = false;
        assertThat(api.get("/v1/capacity").status()).isEqualTo(503);
        assertThat(api.get("/v1/capacity?by=node").status()).isEqualTo(503);
    }
}
