package io.millrace.local.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.millrace.runtime.AvroJson;
import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.CapacityRow;
import io.millrace.schemas.CapacitySummary;
import io.millrace.schemas.Codecs;
import io.millrace.schemas.Deflection;
import io.millrace.schemas.Exclusion;
import io.millrace.schemas.Explanation;
import io.millrace.schemas.FilterCount;
import io.millrace.schemas.Grant;
import io.millrace.schemas.Kind;
import io.millrace.schemas.MarketScore;
import io.millrace.schemas.Outcome;
import io.millrace.schemas.PartDecision;
import io.millrace.schemas.Precision;
import io.millrace.schemas.PrecisionPeak;
import io.millrace.schemas.Reason;
import io.millrace.schemas.RejectedNode;
import io.millrace.schemas.Scope;
import io.millrace.schemas.ScoreTerm;
import io.millrace.schemas.ScoreTermKind;
import io.millrace.schemas.SiteLimit;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The client commands against a server that answers with what the contract's own records look like in JSON. */
class ClientCommandsTest {
    private static final long NOON_MILLIS =
            Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final List<String> bodies = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;
    private volatile int status = 200;
    private volatile String contentType = "application/json";
    private volatile String answer = "{}";

    /** Avro makes defaults of our records only when the schemas module has vouched for them. */
    @BeforeAll
    static void trustTheContract() {
        Codecs.connect("mock://client-commands").close();
    }

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", contentType);
            exchange.sendResponseHeaders(status, bytes.length);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(bytes);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void submitSendsTheSpecInTheUnitsOfTheContractAndTellsTheAnswer() throws Exception {
        answer = AvroJson.write(allocated()).toString();
        int exitCode = run(
                new SubmitCommand(),
                "--id",
                "r-1",
                "--account",
                "lab",
                "--devices",
                "1",
                "--share",
                "25%",
                "--model",
                "910B,H800",
                "--cores",
                "1.5",
                "--memory",
                "64G",
                "--storage-gib",
                "2048",
                "--storage-bandwidth",
                "500",
                "--duration",
                "2h",
                "--max-wait",
                "10m",
                "--hub",
                "guizhou",
                "--max-price",
                "4.20",
                "--kind",
                "intelligent",
                "--wait",
                "1500");
        assertThat(exitCode).isZero();
        assertThat(asked).containsExactly("POST /v1/requests?wait=1500");
        assertThat(json(bodies.get(0))).isEqualTo(json("""
                {"requestId": "r-1", "accountId": "lab", "spec": {
                  "kind": "INTELLIGENT", "models": ["910B", "H800"], "replicas": 1, "devices": 1, "milliPerDevice": 250,
                  "cpuMillicores": 1500, "memoryMib": 65536, "storageGib": 2048, "storageMibPerSecond": 500,
                  "durationSeconds": 7200, "maxWaitSeconds": 600,
                  "hubs": ["guizhou"], "maxPriceMicroCnyPerHour": 4200000}}
                """));
        assertThat(out.toString())
                .contains("r-1 ALLOCATED by guizhou from ", "(2 h) at 1.05 CNY/h")
                .containsPattern("guian-ai/ascend910b-0001 +910B +1 +3 +25 % +1.5 +64 GiB +1.05")
                .contains("asked before: gansu - nothing of the kind or model asked was ever here")
                .contains("the best fit of 44 nodes");
    }

    @Test
    void submitSaysWhereItShouldRun() throws Exception {
        answer = AvroJson.write(refused()).toString();
        run(
                new SubmitCommand(),
                "--id",
                "r-1",
                "--devices",
                "1",
                "--users",
                "yangtze-delta",
                "--latency",
                "7.5",
                "--data",
                "gansu",
                "--data-size",
                "1.5T",
                "--weigh",
                "carbon=3,price=0.5");
        assertThat(json(bodies.get(0)).path("spec").path("siting")).isEqualTo(json("""
                {"usersHub": "yangtze-delta", "latencyLimitMicros": 7500, "dataHub": "gansu", "dataGib": 1536,
                 "weights": [{"term": "CARBON", "weightPermille": 3000}, {"term": "PRICE", "weightPermille": 500}]}
                """));
    }

    @Test
    void submitAsksByNeed() throws Exception {
        answer = AvroJson.write(allocated()).toString();
        String[] options = ("--id r-1 --devices 8 --precision bf16 --throughput 20P --device-throughput 300"
                        + " --device-memory 64 --workload training --spread centre --min-replicas 1"
                        + " --priority high --preemptible")
                .split(" ");
        assertThat(run(new SubmitCommand(), options)).isZero();
        assertThat(json(bodies.get(0)).path("spec")).isEqualTo(json("""
                {"models": [], "replicas": 1, "devices": 8, "cpuMillicores": 0, "memoryMib": 0, "durationSeconds": 3600,
                 "maxWaitSeconds": 0, "hubs": [], "minReplicas": 1, "spread": "CENTRE",
                 "priority": "HIGH", "preemptible": true,
                 "need": {"precision": "BF16", "gigaOpsInTotal": 20000000, "gigaOpsPerDevice": 300000,
                          "deviceMemoryGib": 64, "workload": "TRAINING"}}
                """));
    }

    @Test
    void whatAMarketCostsAndWhoWasNotAskedIsTold() throws Exception {
        answer = AvroJson.write(decision("r-4", "gansu", Outcome.REFUSED)
                        .setReason(Reason.TOO_FAR)
                        .setScores(
                                List.of(new MarketScore("gansu", List.of(new ScoreTerm(ScoreTermKind.CARBON, -1.25)))))
                        .setExclusions(
                                List.of(new Exclusion(SiteLimit.LATENCY, List.of("gansu", "guizhou", "ningxia"))))
                        .build())
                .toString();
        run(new SubmitCommand(), "--devices", "16");
        assertThat(out.toString())
                .contains("r-4 REFUSED by gansu: no market that could serve it is near enough to its users")
                .contains("not asked, too far from the users: guizhou, ningxia")
                .contains("in CNY per hour")
                .contains("CARBON -1.250");
    }

    @Test
    void thePartsOfARequestAreTold() throws Exception {
        Deflection full = Deflection.newBuilder()
                .setMarketId("ningxia")
                .setReason(Reason.NO_CAPACITY)
                .setExplanation(Explanation.newBuilder().build())
                .build();
        PartDecision part = PartDecision.newBuilder()
                .setPartId("r-5~1")
                .setMarketId("gansu")
                .setGrants(allocated().getGrants())
                .setDeflections(List.of(full))
                .build();
        answer = AvroJson.write(decision("r-5", "", Outcome.ALLOCATED)
                        .setGrants(allocated().getGrants())
                        .setPriceMicroCnyPerHour(1_050_000)
                        .setParts(List.of(part))
                        .build())
                .toString();
        run(new SubmitCommand(), "--devices", "1");
        assertThat(out.toString())
                .contains("r-5 ALLOCATED in 1 parts at 1.05 CNY/h")
                .contains("part r-5~1: gansu")
                .contains("asked before: ningxia - it does not fit now");
    }

    @Test
    void submitAsksForShots() throws Exception {
        answer = AvroJson.write(allocated()).toString();
        String[] options = "--id r-1 --devices 1 --kind quantum --qubits 72 --shots 5000".split(" ");
        assertThat(run(new SubmitCommand(), options)).isZero();
        assertThat(json(bodies.get(0)).path("spec").path("quantum")).isEqualTo(json("""
                {"qubits": 72, "twoQubitFidelityPpm": 0, "shots": 5000}
                """));
    }

    @Test
    void submitAsksForSeveralPartsTogether() throws Exception {
        answer = AvroJson.write(allocated()).toString();
        int exitCode = run(
                new SubmitCommand(),
                "--devices=8",
                "--part",
                "--devices 4 --model 910B --kind intelligent --duration 2h",
                "--part= --cores=16  --hub=gansu ",
                "--hub=guizhou, gansu");
        assertThat(exitCode).isZero();
        JsonNode together = json(bodies.get(0)).path("together");
        assertThat(together).hasSize(2);
        assertThat(json(bodies.get(0)).path("spec").path("hubs"))
                .extracting(JsonNode::asText)
                .containsExactly("guizhou", "gansu");
        assertThat(together.get(0).path("devices").asInt()).isEqualTo(4);
        assertThat(together.get(0).path("kind").asText()).isEqualTo("INTELLIGENT");
        assertThat(together.get(0).path("durationSeconds").asInt()).isEqualTo(7_200);
        assertThat(together.get(1).path("cpuMillicores").asInt()).isEqualTo(16_000);
        assertThat(together.get(1).path("hubs").get(0).asText()).isEqualTo("gansu");
    }

    @Test
    void aPartThatIsNoneIsRefusedBeforeItIsSent() throws Exception {
        assertThat(run(new SubmitCommand(), "--devices=8", "--part=--account x"))
                .isEqualTo(1);
        assertThat(run(new SubmitCommand(), "--devices=8", "--part=--hub gansu"))
                .isEqualTo(1);
        assertThat(run(new SubmitCommand(), "--file", "parts.json", "--part=--devices 1"))
                .isEqualTo(1);
        assertThat(run(new SubmitCommand(), "--file", "parts.json", "--devices", "2", "--hub", "gansu"))
                .isEqualTo(1);
        assertThat(err.toString())
                .contains("--part does not go with --file")
                .contains("--devices does not go with --file: write it into the file")
                .contains("--part \"--account x\": Unknown option", "--part \"--hub gansu\": say what is needed");
        assertThat(asked).isEmpty();
    }

    @Test
    void submitTakesARequestFromAFile() throws Exception {
        status = 202;
        answer = "{\"requestId\": \"r-2\", \"status\": \"SUBMITTED\"}";
        Path file = Files.writeString(folder.resolve("request.json"), "{\"spec\": {\"devices\": 8}}");
        assertThat(run(new SubmitCommand(), "--file", file.toString(), "--id", "r-2", "--wait", "0"))
                .isEqualTo(4);
        assertThat(json(bodies.get(0)))
                .isEqualTo(json("{\"spec\": {\"devices\": 8}, \"requestId\": \"r-2\", \"accountId\": \"demo\"}"));
        assertThat(out.toString())
                .contains("r-2 is written; not decided within 0 ms")
                .contains("millrace explain r-2");
    }

    @Test
    void aFileThatIsNoRequestIsRefusedBeforeItIsSent() throws Exception {
        Path list = Files.writeString(folder.resolve("list.json"), "[1]");
        assertThat(run(new SubmitCommand(), "--file", list.toString())).isEqualTo(1);
        Path broken = Files.writeString(folder.resolve("broken.json"), "{\n\"spec\": oops}");
        assertThat(run(new SubmitCommand(), "--file", broken.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("list.json holds no JSON object", "broken.json is no JSON: line 2");
        assertThat(asked).isEmpty();
    }

    @Test
    void aRefusalSaysWhyAndWhatWouldFit() throws Exception {
        answer = AvroJson.write(refused()).toString();
        assertThat(run(new SubmitCommand(), "--devices", "16")).isEqualTo(3);
        assertThat(out.toString())
                .contains("r-3 REFUSED by ningxia: it would not fit even if all were free")
                .contains("of 72 nodes looked at, filtered out: 60 by kind, 12 by devices")
                .contains("nodes that suit lack: 11 only devices, 1 several things")
                .contains("close: n-7 lacks 8 devices, 1.5 cores, 2 GiB, storage of 100 GiB")
                .contains("what would fit: 8 devices per replica\n", "what would fit: allow 910B");
    }

    @Test
    void jsonIsTheAnswerItself() throws Exception {
        answer = AvroJson.write(refused()).toString();
        assertThat(run(new SubmitCommand(), "--devices", "16", "--json")).isEqualTo(3);
        assertThat(json(out.toString())).isEqualTo(json(answer));
    }

    @Test
    void aProblemIsToldInItsOwnWords() {
        status = 400;
        contentType = "application/problem+json";
        answer =
                "{\"title\": \"Invalid Request\", \"status\": 400, \"detail\": \"spec.devices: expected 0 or more, got -1\"}";
        assertThat(run(new SubmitCommand(), "--devices", "-1")).isEqualTo(1);
        assertThat(err.toString()).contains("Invalid Request: spec.devices: expected 0 or more, got -1");
    }

    @Test
    void anotherServerIsNotTakenForOurs() {
        answer = "<html>hello</html>";
        contentType = "text/html";
        assertThat(run(new ExplainCommand(), "r-1")).isEqualTo(1);
        status = 404;
        assertThat(run(new ExplainCommand(), "r-1")).isEqualTo(1);
        assertThat(err.toString()).contains("answered something that is no JSON", "answered 404 to /v1/requests/r-1");
    }

    @Test
    void explainShowsWhereARequestStands() {
        answer = """
                {"requestId": "r 1", "status": "QUEUED", "marketId": "gansu", "accountId": "lab", "reason": "NO_CAPACITY",
                 "spec": {"kind": "INTELLIGENT", "models": ["H20"], "replicas": 2, "devices": 8, "milliPerDevice": 1000,
                          "cpuMillicores": 48000, "memoryMib": 393216, "storageMibPerSecond": 500, "durationSeconds": 5400, "maxWaitSeconds": 600, "hubs": [],
                          "priority": "HIGH", "preemptible": true},
                 "grants": [], "waitsUntilMillis": 1772366400000, "candidates": ["gansu", "ningxia"], "deflections": []}
                """;
        assertThat(run(new ExplainCommand(), "r 1")).isZero();
        assertThat(asked).containsExactly("GET /v1/requests/r%201");
        assertThat(out.toString())
                .contains("r 1 QUEUED in gansu until ", ": it does not fit now")
                .contains(
                        "asked by lab: 2 × (8 devices, 48 cores, 384 GiB, storage 500 MiB/s); intelligent; H20; any hub; for 1 h 30 min; waits 10 min; class HIGH; preemptible")
                .contains("markets in the order of asking: gansu, ningxia");
    }

    @Test
    void explainShowsHowThePartsStand() {
        answer = """
                {"requestId": "r1", "status": "ALLOCATED", "accountId": "lab", "priceMicroCnyPerHour": 2000000, "parts": [
                  {"partId": "r1~1", "marketId": "gansu", "status": "QUEUED", "reason": "NODE_LOST", "grants": [],
                   "waitsUntilMillis": 1772366400000, "spec": {"devices": 8, "durationSeconds": 60}},
                  {"partId": "r1~2", "marketId": "ningxia", "status": "ALLOCATED", "reason": "NONE", "grants": [],
                   "endsAtMillis": 1772366400000, "spec": {"devices": 1, "durationSeconds": 60}}]}
                """;
        assertThat(run(new ExplainCommand(), "r1")).isZero();
        assertThat(out.toString())
                .contains("r1 ALLOCATED in 2 parts at 2.00 CNY/h")
                .contains("part r1~1: gansu QUEUED until ", ": the node it ran on is lost")
                .contains("part r1~2: ningxia ALLOCATED until ")
                .contains("asked by lab: 8 devices; any model", "asked by lab: 1 device; any model");
    }

    @Test
    void watchPrintsALineForEachDecision() {
        contentType = "text/event-stream";
        answer = ": alive\n\nevent: decision\nid: guizhou-7\ndata: " + AvroJson.write(allocated()) + "\n\n"
                + "event: decision\nid: ningxia-9\ndata: " + AvroJson.write(refused()) + "\n\n";
        assertThat(run(new WatchCommand(), "--account", "lab", "--market", "guizhou", "--limit", "2"))
                .isZero();
        assertThat(asked).containsExactly("GET /v1/stream?account=lab&market=guizhou");
        List<String> lines = out.toString().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(1))
                .contains("ALLOCATED", "r-1", "guizhou", "0.25 × 910B on guian-ai/ascend910b-0001, 1.05 CNY/h");
        assertThat(lines.get(2)).contains("REFUSED", "r-3", "it would not fit even if all were free");
    }

    @Test
    void aStreamThatEndsIsAnError() {
        contentType = "text/event-stream";
        answer = "event: decision\nid: ningxia-9\ndata: " + AvroJson.write(refused()) + "\n\n";
        assertThat(run(new WatchCommand(), "--json")).isEqualTo(1);
        assertThat(out.toString().lines()).hasSize(1);
        assertThat(err.toString()).contains("the stream of decisions ended");
    }

    @Test
    void aStreamThatSaysWhyItEndsIsNoDecision() {
        contentType = "text/event-stream";
        answer = "event: closing\ndata: {\"reason\":\"CLOSING\",\"detail\":\"this instance stops; connect again\"}\n\n";
        assertThat(run(new WatchCommand())).isEqualTo(1);
        assertThat(out.toString().lines()).hasSize(1);
        assertThat(err.toString()).contains("the stream of decisions ended: this instance stops; connect again");
    }

    @Test
    void capacityIsATableByScopeKindAndModel() {
        answer = "{\"summaries\": [" + AvroJson.write(guizhou()) + "]}";
        assertThat(run(new CapacityCommand(), "--by", "hub", "--kind", "intelligent", "--model", "910B"))
                .isZero();
        assertThat(asked).containsExactly("GET /v1/capacity?by=hub&kind=INTELLIGENT&model=910B");
        assertThat(out.toString().lines().toList().get(1))
                .matches("guizhou +intelligent +910B +44 +1 +352 +350 +341 +8,000 +60 TiB +- +109 POPS BF16");
    }

    @Test
    void noCapacityIsSaidSo() {
        answer = "{\"summaries\": []}";
        assertThat(run(new CapacityCommand())).isEqualTo(1);
        assertThat(err.toString()).contains("no capacity is known yet");
        assertThat(run(new CapacityCommand(), "--by", "centre", "--id", "nosuch", "--kind", "super"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("no capacity is known by centre of nosuch, SUPER");
    }

    private int run(Object command, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--url");
        all.add("http://127.0.0.1:" + server.getAddress().getPort());
        CommandLine line = new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true);
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        line.setExecutionExceptionHandler((e, failed, parsed) -> {
            err.append(String.valueOf(e.getMessage())).append('\n');
            return 1;
        });
        return line.execute(all.toArray(new String[0]));
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }

    private static AllocationDecision allocated() {
        Grant grant = Grant.newBuilder()
                .setNodeId("guian-ai/ascend910b-0001")
                .setCentreId("guian-ai")
                .setModel("910B")
                .setReplicas(1)
                .setDeviceIndexes(List.of(3))
                .setMilliPerDevice(250)
                .setCpuMillicores(1_500)
                .setMemoryMib(65_536)
                .setPriceMicroCnyPerHour(1_050_000)
                .build();
        return decision("r-1", "guizhou", Outcome.ALLOCATED)
                .setGrants(List.of(grant))
                .setStartsAtMillis(NOON_MILLIS)
                .setEndsAtMillis(NOON_MILLIS + 7_200_000)
                .setPriceMicroCnyPerHour(1_050_000)
                .setExplanation(Explanation.newBuilder()
                        .setSummary("the best fit of 44 nodes")
                        .build())
                .setDeflections(List.of(Deflection.newBuilder()
                        .setMarketId("gansu")
                        .setReason(Reason.NO_SUCH_MODEL)
                        .setExplanation(Explanation.newBuilder().build())
                        .build()))
                .build();
    }

    private static AllocationDecision refused() {
        return decision("r-3", "ningxia", Outcome.REFUSED)
                .setReason(Reason.NEVER_FITS)
                .setExplanation(Explanation.newBuilder()
                        .setNodesConsidered(72)
                        .setFiltered(List.of(new FilterCount("kind", 60), new FilterCount("devices", 12)))
                        .setWouldFit("8 devices per replica; or allow 910B")
                        .setExhausted(List.of(new FilterCount("devices", 11), new FilterCount("several", 1)))
                        .setRejected(List.of(new RejectedNode("n-7", 8_000L, 1_500L, 2_048L, 100L, 0L)))
                        .build())
                .build();
    }

    private static AllocationDecision.Builder decision(String requestId, String marketId, Outcome outcome) {
        return AllocationDecision.newBuilder()
                .setDecisionId(marketId + "-7")
                .setRequestId(requestId)
                .setAccountId("lab")
                .setMarketId(marketId)
                .setSequence(7)
                .setDecidedAtMillis(NOON_MILLIS)
                .setOutcome(outcome);
    }

    private static CapacitySummary guizhou() {
        CapacityRow row = CapacityRow.newBuilder()
                .setKind(Kind.INTELLIGENT)
                .setModel("910B")
                .setNodes(44)
                .setNodesLost(1)
                .setDevices(352)
                .setDevicesHealthy(350)
                .setSellableMilliDevices(341_500)
                .setCpuSellableMillicores(8_000_000)
                .setMemorySellableMib(60L << 20)
                .setSellablePeaks(List.of(new PrecisionPeak(Precision.BF16, 109_280_000L)))
                .build();
        return CapacitySummary.newBuilder()
                .setScope(Scope.HUB)
                .setScopeId("guizhou")
                .setParentId("nation")
                .setRows(List.of(row))
                .setAsOfMillis(NOON_MILLIS)
                .build();
    }
}
