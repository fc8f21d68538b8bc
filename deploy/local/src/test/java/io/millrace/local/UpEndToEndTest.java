package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.local.scenario.Scenario;
import io.millrace.local.scenario.ScenarioDriver;
import io.millrace.local.terminal.Terminal;
import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.Codecs;
import io.millrace.schemas.Outcome;
import io.millrace.schemas.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The whole platform with a small country, as {@code millrace up} runs it, seen over HTTP, Kafka and the command line. */
class UpEndToEndTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Scenario SMALL = new Scenario(7, 100, 10);

    @TempDir
    static Path data;

    private static Platform platform;
    private static Codecs codecs;
    private static ScenarioDriver driver;

    @BeforeAll
    static void start() {
        platform = Platform.start(PlatformOptions.in(data.resolve("millrace")));
        codecs = Codecs.connect(platform.registryUrl());
        driver = ScenarioDriver.start(SMALL, platform.bootstrapServers(), codecs, ingest());
    }

    @AfterAll
    static void stop() {
        driver.close();
        codecs.close();
        platform.close();
    }

    @Test
    void theWholeCountryReportsAndIsSeenFromNationToNode() {
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            Said said = millrace("capacity", "--by", "nation", "--json");
            assertThat(said.exitCode).isZero();
            assertThat(sum(said.json(), "nodes")).isEqualTo(SMALL.supply().nodes());
        });
        assertThat(millrace("capacity", "--by", "hub").out)
                .contains(SMALL.supply().hubs());
        assertThat(millrace("capacity", "--by", "pool", "--model", "910B").out)
                .contains("horinger-ai/ascend910b", "910B")
                .doesNotContain("h800");
        assertThat(millrace("capacity", "--by", "centre", "--kind", "quantum").out)
                .contains("hefei-quantum");
        assertThat(millrace("capacity", "--by", "node", "--model", "H800").out).contains("horinger-ai/h800-0001");
    }

    @Test
    void requestsOfTheScenarioAreDecidedAndTheDecisionsCanBeReadFromKafka() {
        List<AllocationDecision> decisions = new ArrayList<>();
        try (KafkaConsumer<String, AllocationDecision> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, platform.bootstrapServers(),
                        ConsumerConfig.GROUP_ID_CONFIG, "end-to-end",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"),
                new StringDeserializer(),
                codecs.of(Topics.ALLOCATION_DECISIONS).deserializer())) {
            consumer.subscribe(List.of(Topics.ALLOCATION_DECISIONS.name()));
            Awaitility.await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> decisions.add(record.value()));
                return decisions.stream()
                                .filter(decision -> decision.getOutcome() == Outcome.ALLOCATED)
                                .count()
                        >= 50;
            });
        }
        // A request that comes again is told its answer again, under the id of the first.
        assertThat(decisions.stream()
                        .filter(decision -> !decision.getRepeated())
                        .map(AllocationDecision::getDecisionId))
                .doesNotHaveDuplicates();
        assertThat(decisions.stream().map(AllocationDecision::getMarketId).distinct())
                .hasSizeGreaterThan(4);
        assertThat(decisions)
                .filteredOn(decision -> decision.getOutcome() == Outcome.ALLOCATED)
                .allSatisfy(decision -> assertThat(decision.getGrants()).isNotEmpty());
    }

    @Test
    void aPersonSubmitsWatchesAndAsksWhy() {
        awaitCapacity();
        Said allocated = millrace(
                "submit", "--id", "e2e-1", "--cores", "1", "--memory", "1G", "--duration", "5m", "--wait", "60000");
        assertThat(allocated.out).contains("e2e-1 ALLOCATED by");
        assertThat(allocated.exitCode).isZero();
        Said again = millrace(
                "submit", "--id", "e2e-1", "--cores", "1", "--memory", "1G", "--duration", "5m", "--wait", "60000");
        assertThat(again.out).contains("e2e-1 ALLOCATED by", "the answer given before");

        Said never = millrace("submit", "--id", "e2e-2", "--devices", "64", "--wait", "60000");
        assertThat(never.exitCode).isEqualTo(3);
        assertThat(never.out).contains("e2e-2 REFUSED", "would not fit even if all were free");

        Said explained = millrace("explain", "e2e-2");
        assertThat(explained.exitCode).isZero();
        assertThat(explained.out).contains("e2e-2 REFUSED", "asked by demo: 64 devices", "what would fit");
        assertThat(millrace("explain", "e2e-nobody").err).contains("Unknown Request");

        Said watched = millrace("watch", "--limit", "3");
        assertThat(watched.exitCode).isZero();
        assertThat(watched.out.lines()).hasSize(4);
    }

    @Test
    void whatWasDecidedIsDecidedAgainAndUnderOtherRules() throws IOException {
        awaitCapacity();
        Said audited = millrace("audit", "--json");
        assertThat(audited.exitCode).isZero();
        assertThat(audited.json()).isNotEmpty().allSatisfy(report -> {
            assertThat(report.path("ok").asBoolean()).isTrue();
            assertThat(report.path("events").asLong()).isPositive();
            assertThat(report.path("rules").path("queue.policy").asText()).isEqualTo("fair");
        });
        assertThat(millrace("audit", "--market", "guizhou").out).contains("guizhou", "OK");

        Said otherwise = millrace("whatif", "--policy", "packing", "--queue", "fifo", "--market", "guizhou");
        assertThat(otherwise.exitCode).isZero();
        assertThat(otherwise.out).contains("recorded", "what if", "device-hours", "wait p99");

        assertThat(millrace("audit", "--market", "atlantis").err).contains("no market 'atlantis' is recorded");
        assertThat(millrace("whatif").err).contains("nothing is to be different");
        assertThat(millrace("whatif", "--policy", "luck").err).contains("luck");
    }

    private static void awaitCapacity() {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(millrace(
                                        "submit",
                                        "--cores",
                                        "1",
                                        "--memory",
                                        "1G",
                                        "--duration",
                                        "5s",
                                        "--wait",
                                        "5000")
                                .exitCode)
                        .isZero());
    }

    private static long sum(JsonNode capacity, String figure) {
        return capacity.findValues(figure).stream().mapToLong(JsonNode::asLong).sum();
    }

    private record Said(int exitCode, String out, String err) {
        JsonNode json() throws IOException {
            return new ObjectMapper().readTree(out);
        }
    }

    /** Runs a command against the platform of this test. */
    private static Said millrace(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        switch (arguments[0]) {
            case "audit", "whatif" ->
                all.addAll(List.of(
                        "--bootstrap-servers", platform.bootstrapServers(), "--registry", platform.registryUrl()));
            case "capacity" -> all.add("--url=" + ingest());
            default -> all.add("--url=" + platform.brokerUrl().orElseThrow());
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Millrace.commandLine(Terminal.PLAIN);
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        int exitCode = line.execute(all.toArray(new String[0]));
        return new Said(exitCode, out.toString(), err.toString());
    }

    private static URI ingest() {
        return platform.ingestUrl().orElseThrow();
    }
}
