package io.millrace.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.local.Wire.Answer;
import io.millrace.local.terminal.Terminal;
import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.CentreProfile;
import io.millrace.schemas.CentreReport;
import io.millrace.schemas.ComputeRequest;
import io.millrace.schemas.ComputeSpec;
import io.millrace.schemas.DeviceHealth;
import io.millrace.schemas.DeviceReport;
import io.millrace.schemas.Extend;
import io.millrace.schemas.MarketCommand;
import io.millrace.schemas.NodeReport;
import io.millrace.schemas.Outcome;
import io.millrace.schemas.Reason;
import io.millrace.schemas.RejectReason;
import io.millrace.schemas.RejectedRecord;
import io.millrace.schemas.Release;
import io.millrace.schemas.Submit;
import io.millrace.schemas.SubmitCommand;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever anybody sends to the real thing, over Kafka or HTTP: it is answered or put aside with its reason and its bytes,
 * and after each the next good report and the next good request go through.
 */
class BadInputEndToEndTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String HUB = "guizhou";
    private static final String CENTRE = "c1";
    private static final String NODE = "c1/n1";
    private static final byte[] GARBAGE = "{\"nodeId\": \"no Avro at all\"}".getBytes(UTF_8);
    private static final byte[] UNKNOWN_SCHEMA = {0, 0x7f, 1, 2, 3, 4, 5, 6};
    private static final String PROFILE = """
            {"name": "Centre 1", "hubId": "guizhou", "admission": "ADMITTED",
             "pools": [{"poolId": "ai", "kind": "INTELLIGENT", "model": "910B", "devicesPerNode": 2,
                        "deviceMemoryGib": 64, "priceMicroCnyPerDeviceHour": 1000000}]}
            """;
    private static final String SPEC = "{\"devices\": 1, \"milliPerDevice\": 1, \"durationSeconds\": 600}";

    @TempDir
    private static Path data;

    private static Platform platform;
    private static Wire wire;
    /** Grows with every report, as memory does, so that each good one is seen to change what the node can sell. */
    private static long sequence = 1_000;

    /** The sequence of the last report that was taken. */
    private static long taken;

    private static int requests;

    @BeforeAll
    static void start() {
        platform = Platform.start(PlatformOptions.in(data.resolve("millrace"))
                .withIngestConfig(Map.of("streams.commit.interval.ms", "20"))
                .withBrokerConfig(Map.of("market.capacity.interval.ms", "100")));
        wire = new Wire(platform);
        Answer admitted = wire.ingest("PUT", "/v1/centres/" + CENTRE, PROFILE);
        assertThat(admitted.status()).as("%s", admitted.json()).isEqualTo(201);
        aGoodReportGoesThrough();
        // Until the market has heard of the node, nothing fits.
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> submit("first-" + ++requests, SPEC).status() == 201);
    }

    @AfterAll
    static void stop() {
        wire.close();
        platform.close();
    }

    @AfterEach
    void theNextGoodReportAndTheNextGoodRequestGoThrough() {
        aGoodReportGoesThrough();
        String id = "good-" + ++requests;
        send(Topics.COMPUTE_REQUESTS, id, submitted(id, spec(1)));
        assertThat(wire.decision(id, 1).getOutcome()).isEqualTo(Outcome.ALLOCATED);
        assertThat(submit("good-" + ++requests, SPEC).status()).isEqualTo(201);
    }

    private static void aGoodReportGoesThrough() {
        NodeReport report = report();
        send(Topics.TELEMETRY_REPORTS, NODE, report);
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> wire.ingest("GET", "/v1/capacity?by=node&id=" + NODE, "")
                                .json()
                                .path("nodes")
                                .path(0)
                                .path("sequence")
                                .asLong()
                        == report.getSequence());
        taken = report.getSequence();
    }

    private static NodeReport report() {
        sequence++;
        return NodeReport.newBuilder()
                .setNodeId(NODE)
                .setCentreId(CENTRE)
                .setPoolId("ai")
                .setObservedAtMillis(System.currentTimeMillis())
                .setSequence(sequence)
                .setIntervalSeconds(600)
                .setCpuTotalMillicores(64_000)
                .setMemoryTotalMib(500_000 + sequence)
                .setDevices(new ArrayList<>(List.of(device(), device())))
                .build();
    }

    private static DeviceReport device() {
        return DeviceReport.newBuilder().setHealth(DeviceHealth.HEALTHY).build();
    }

    private static CentreReport site(long number) {
        return CentreReport.newBuilder()
                .setCentreId(CENTRE)
                .setObservedAtMillis(System.currentTimeMillis())
                .setSequence(number)
                .setItPowerWatts(1_000)
                .setFacilityPowerWatts(1_200)
                .setEnergyPriceMicroCnyPerKwh(350_000)
                .setCarbonGramsPerKwh(400)
                .build();
    }

    private static ComputeSpec spec(int milliPerDevice) {
        return ComputeSpec.newBuilder()
                .setDevices(1)
                .setMilliPerDevice(milliPerDevice)
                .setDurationSeconds(600)
                .build();
    }

    private static ComputeRequest submitted(String id, ComputeSpec spec) {
        return new ComputeRequest(id, "acme", System.currentTimeMillis(), new Submit(spec, List.of()));
    }

    private static Answer submit(String id, String spec) {
        return wire.broker(
                "POST",
                "/v1/requests?wait=60000",
                "{\"requestId\": \"" + id + "\", \"accountId\": \"acme\", \"spec\": " + spec + "}");
    }

    private static <V extends SpecificRecord> String send(Topic<V> topic, String key, V value) {
        return wire.send(topic, null, key.getBytes(UTF_8), wire.bytes(topic, value));
    }

    /** The record ends in a dead letter that says why, and holds it byte for byte. */
    private static RejectedRecord assertPutAside(
            RejectReason reason,
            Topic<?> topic,
            @Nullable Integer partition,
            byte @Nullable [] key,
            byte @Nullable [] value) {
        RejectedRecord letter = wire.letter(wire.send(topic, partition, key, value));
        assertThat(letter.getReason()).as(letter.getDetail()).isEqualTo(reason);
        assertThat(letter.getDetail()).isNotBlank();
        assertThat(letter.getKey()).isEqualTo(key == null ? null : ByteBuffer.wrap(key));
        assertThat(letter.getValue()).isEqualTo(value == null ? null : ByteBuffer.wrap(value));
        return letter;
    }

    private static <V extends SpecificRecord> RejectedRecord assertPutAside(
            RejectReason reason, Topic<V> topic, String key, V value) {
        return assertPutAside(reason, topic, null, key.getBytes(UTF_8), wire.bytes(topic, value));
    }

    private static int partition(Topic<?> topic, String key) {
        return BuiltInPartitioner.partitionForKey(key.getBytes(UTF_8), wire.partitions(topic));
    }

    private static int anotherPartition(Topic<?> topic, String key) {
        return (partition(topic, key) + 1) % wire.partitions(topic);
    }

    // Kafka: bytes

    @Test
    void bytesThatAreNoRecord() {
        byte[] key = {(byte) 0xff, 0, 7};
        byte[] wrongRecord = wire.bytes(Topics.CENTRES_PROFILES, profile());
        for (Topic<?> topic : List.of(
                Topics.TELEMETRY_REPORTS,
                Topics.TELEMETRY_CENTRES,
                Topics.CAPACITY_NODES,
                Topics.COMPUTE_REQUESTS,
                Topics.MARKET_NOTICES,
                Topics.MARKET_COMMANDS)) {
            assertPutAside(RejectReason.MALFORMED, topic, null, key, GARBAGE);
            assertPutAside(RejectReason.MALFORMED, topic, null, key, new byte[] {0, 0});
            assertPutAside(RejectReason.UNKNOWN_SCHEMA, topic, null, key, UNKNOWN_SCHEMA);
            assertPutAside(RejectReason.WRONG_SCHEMA, topic, null, key, wrongRecord);
            if (!topic.cleanup().compacts()) { // there a missing value says that the node is gone, and a key is a must
                assertPutAside(RejectReason.NO_VALUE, topic, null, key, null);
                assertPutAside(RejectReason.NO_VALUE, topic, null, null, null);
            }
        }
    }

    private static CentreProfile profile() {
        return CentreProfile.newBuilder()
                .setCentreId(CENTRE)
                .setName("")
                .setHubId(HUB)
                .setPools(List.of())
                .setUpdatedAtMillis(System.currentTimeMillis())
                .build();
    }

    /** The profile before stays in force, and is the last of its key once more: compaction would leave nothing of it. */
    @Test
    void profilesThatAreNone() {
        assertProfilePutAside(RejectReason.MALFORMED, null, GARBAGE);
        assertProfilePutAside(RejectReason.UNKNOWN_SCHEMA, null, UNKNOWN_SCHEMA);
        assertProfilePutAside(
                RejectReason.WRONG_PARTITION,
                anotherPartition(Topics.CENTRES_PROFILES, CENTRE),
                wire.bytes(Topics.CENTRES_PROFILES, profile()));
        CentreProfile elsewhere = profile();
        elsewhere.setHubId("atlantis");
        assertProfilePutAside(RejectReason.OUT_OF_RANGE, null, wire.bytes(Topics.CENTRES_PROFILES, elsewhere));
        assertThat(wire.text(platform.ingestUrl().orElseThrow(), "/metrics"))
                .contains("millrace_profiles_refused_total{service=\"telemetry-ingest\"} 4.0");
        assertThat(wire.ingest("GET", "/v1/centres/" + CENTRE, "")
                        .json()
                        .path("profile")
                        .path("name")
                        .asText())
                .isEqualTo("Centre 1");
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(wire.last(Topics.CENTRES_PROFILES, CENTRE))
                        .hasValueSatisfying(last -> assertThat(last.getName()).isEqualTo("Centre 1")));
    }

    private static void assertProfilePutAside(RejectReason reason, @Nullable Integer partition, byte[] value) {
        assertPutAside(reason, Topics.CENTRES_PROFILES, partition, CENTRE.getBytes(UTF_8), value);
    }

    // Kafka: telemetry

    private record BadReport(RejectReason reason, Consumer<NodeReport> spoil) {}

    private static BadReport bad(RejectReason reason, Consumer<NodeReport> spoil) {
        return new BadReport(reason, spoil);
    }

    @Test
    void badReports() {
        List<BadReport> all = List.of(
                bad(RejectReason.UNKNOWN_CENTRE, report -> {
                    report.setCentreId("c404");
                    report.setNodeId("c404/n1");
                }),
                bad(RejectReason.UNKNOWN_POOL, report -> report.setPoolId("p404")),
                bad(RejectReason.IDENTITY_MISMATCH, report -> report.setNodeId("c2/n1")),
                bad(RejectReason.INVALID_ID, report -> report.setNodeId("c1/ drop table")),
                bad(RejectReason.OUT_OF_RANGE, report -> report.setCpuTotalMillicores(-1)),
                bad(RejectReason.OUT_OF_RANGE, report -> report.setMemoryTotalMib(Long.MAX_VALUE)),
                bad(RejectReason.OUT_OF_RANGE, report -> report.setIntervalSeconds(Integer.MIN_VALUE)),
                bad(RejectReason.OUT_OF_RANGE, report -> report.setDevices(new ArrayList<>())),
                bad(
                        RejectReason.TIME_IN_FUTURE,
                        report -> report.setObservedAtMillis(
                                System.currentTimeMillis() + Duration.ofHours(2).toMillis())),
                bad(RejectReason.TIME_IN_FUTURE, report -> report.setObservedAtMillis(Long.MAX_VALUE)),
                bad(RejectReason.TIME_TOO_OLD, report -> report.setObservedAtMillis(0)),
                bad(RejectReason.DUPLICATE_SEQUENCE, report -> report.setSequence(taken)),
                bad(RejectReason.STALE_SEQUENCE, report -> report.setSequence(3)));
        for (BadReport bad : all) {
            NodeReport report = report();
            bad.spoil.accept(report);
            assertPutAside(bad.reason, Topics.TELEMETRY_REPORTS, report.getNodeId(), report);
        }
    }

    @Test
    void reportsUnderAnotherKeyOrInAnotherPartition() {
        assertPutAside(RejectReason.KEY_MISMATCH, Topics.TELEMETRY_REPORTS, "c1/other", report());
        assertPutAside(
                RejectReason.KEY_MISMATCH,
                Topics.TELEMETRY_REPORTS,
                0,
                null,
                wire.bytes(Topics.TELEMETRY_REPORTS, report()));
        assertPutAside(
                RejectReason.WRONG_PARTITION,
                Topics.TELEMETRY_REPORTS,
                anotherPartition(Topics.TELEMETRY_REPORTS, NODE),
                NODE.getBytes(UTF_8),
                wire.bytes(Topics.TELEMETRY_REPORTS, report()));
    }

    @Test
    void badReportsOfCentres() {
        send(Topics.TELEMETRY_CENTRES, CENTRE, site(100));
        assertPutAside(RejectReason.DUPLICATE_SEQUENCE, Topics.TELEMETRY_CENTRES, CENTRE, site(100));
        assertPutAside(RejectReason.STALE_SEQUENCE, Topics.TELEMETRY_CENTRES, CENTRE, site(99));
        CentreReport absurd = site(101);
        absurd.setFacilityPowerWatts(-5);
        assertPutAside(RejectReason.OUT_OF_RANGE, Topics.TELEMETRY_CENTRES, CENTRE, absurd);
        assertPutAside(
                RejectReason.WRONG_PARTITION,
                Topics.TELEMETRY_CENTRES,
                anotherPartition(Topics.TELEMETRY_CENTRES, CENTRE),
                CENTRE.getBytes(UTF_8),
                wire.bytes(Topics.TELEMETRY_CENTRES, site(102)));
        send(Topics.TELEMETRY_CENTRES, CENTRE, site(103));
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> wire.ingest("GET", "/v1/centres/" + CENTRE, "")
                                .json()
                                .path("site")
                                .path("sequence")
                                .asLong()
                        == 103);
    }

    // Kafka: requests

    @Test
    void requestsUnderAnotherKeyOrInAnotherPartitionOrWithoutAnId() {
        ComputeRequest request = submitted("placed-1", spec(1));
        assertPutAside(RejectReason.KEY_MISMATCH, Topics.COMPUTE_REQUESTS, "placed-2", request);
        assertPutAside(RejectReason.INVALID_ID, Topics.COMPUTE_REQUESTS, "", submitted("", spec(1)));
        assertPutAside(
                RejectReason.WRONG_PARTITION,
                Topics.COMPUTE_REQUESTS,
                anotherPartition(Topics.COMPUTE_REQUESTS, "placed-1"),
                "placed-1".getBytes(UTF_8),
                wire.bytes(Topics.COMPUTE_REQUESTS, request));
        // It was not lost, it was refused: said again as it should be, it is served.
        send(Topics.COMPUTE_REQUESTS, "placed-1", request);
        assertThat(wire.decision("placed-1", 1).getOutcome()).isEqualTo(Outcome.ALLOCATED);
    }

    private record Absurd(String named, Consumer<ComputeSpec> spoil) {}

    private static Absurd absurd(String named, Consumer<ComputeSpec> spoil) {
        return new Absurd(named, spoil);
    }

    /** Whoever may write there could otherwise open a market twice, and nobody could say any more what was decided. */
    @Test
    void commandsToAMarketInAnotherPlaceOrToNone() {
        byte[] market = HUB.getBytes(UTF_8);
        byte[] forged = wire.bytes(Topics.MARKET_COMMANDS, command(HUB));
        assertPutAside(RejectReason.KEY_MISMATCH, Topics.MARKET_COMMANDS, "gansu", command(HUB));
        assertPutAside(
                RejectReason.KEY_MISMATCH,
                Topics.MARKET_COMMANDS,
                partition(Topics.MARKET_COMMANDS, HUB),
                null,
                forged);
        assertPutAside(
                RejectReason.WRONG_PARTITION,
                Topics.MARKET_COMMANDS,
                anotherPartition(Topics.MARKET_COMMANDS, HUB),
                market,
                forged);
        assertPutAside(RejectReason.INVALID_ID, Topics.MARKET_COMMANDS, "atlantis", command("atlantis"));

        StringWriter out = new StringWriter();
        int exitCode = Millrace.commandLine(Terminal.PLAIN)
                .setOut(new PrintWriter(out))
                .execute(
                        "audit",
                        "--bootstrap-servers",
                        platform.bootstrapServers(),
                        "--registry",
                        platform.registryUrl());
        assertThat(exitCode).as("%s", out).isZero();
        assertThat(out.toString()).contains(HUB).doesNotContain("atlantis");
    }

    private static MarketCommand command(String marketId) {
        long now = System.currentTimeMillis();
        return new MarketCommand(
                "forged@" + ++requests,
                marketId,
                now,
                SubmitCommand.newBuilder()
                        .setRequestId("forged-" + requests)
                        .setAccountId("acme")
                        .setSpec(spec(1))
                        .build());
    }

    @Test
    void absurdSpecs() {
        List<Absurd> all = List.of(
                absurd("devices is -3", spec -> spec.setDevices(-3)),
                absurd("milliPerDevice is 0", spec -> spec.setMilliPerDevice(0)),
                absurd("milliPerDevice is -20", spec -> spec.setMilliPerDevice(-20)),
                absurd("milliPerDevice is 5000", spec -> spec.setMilliPerDevice(5000)),
                absurd("replicas is 2147483647", spec -> spec.setReplicas(Integer.MAX_VALUE)),
                absurd("cpuMillicores is -9223372036854775808", spec -> spec.setCpuMillicores(Long.MIN_VALUE)),
                absurd("durationSeconds is 9223372036854775807", spec -> spec.setDurationSeconds(Long.MAX_VALUE)),
                absurd("maxWaitSeconds is -1", spec -> spec.setMaxWaitSeconds(-1)));
        for (Absurd absurd : all) {
            ComputeSpec spec = spec(1);
            absurd.spoil.accept(spec);
            String id = "absurd-" + ++requests;
            send(Topics.COMPUTE_REQUESTS, id, submitted(id, spec));
            AllocationDecision decision = wire.decision(id, 1);
            assertThat(decision.getOutcome()).isEqualTo(Outcome.REFUSED);
            assertThat(decision.getReason()).isEqualTo(Reason.INVALID);
            assertThat(decision.getExplanation().getSummary()).startsWith(absurd.named + ", must be ");
        }
    }

    /** A tenant that asks in the name of a centre would be owed by itself what it owes. */
    @Test
    void anAccountOfACentreAsksForNothing() {
        String id = "centre-asks-" + ++requests;
        send(
                Topics.COMPUTE_REQUESTS,
                id,
                new ComputeRequest(id, "centre:c1", System.currentTimeMillis(), new Submit(spec(1), List.of())));
        AllocationDecision decision = wire.decision(id, 1);
        assertThat(decision.getReason()).isEqualTo(Reason.INVALID);
        assertThat(decision.getExplanation().getSummary()).startsWith("accountId begins with \"centre:\"");
        assertThat(wire.broker(
                                "POST",
                                "/v1/requests?wait=60000",
                                "{\"accountId\": \"centre:c1\", \"spec\": " + SPEC + "}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aRequestThatCanNeverFitIsRefusedAtOnceWithWhatWouldHoweverLongItWouldWait() {
        ComputeSpec spec = ComputeSpec.newBuilder(spec(1000))
                .setDevices(64)
                .setMaxWaitSeconds(86_400)
                .build();
        send(Topics.COMPUTE_REQUESTS, "never-1", submitted("never-1", spec));
        AllocationDecision decision = wire.decision("never-1", 1);
        assertThat(decision.getOutcome()).isEqualTo(Outcome.REFUSED);
        assertThat(decision.getReason()).isEqualTo(Reason.NEVER_FITS);
        assertThat(decision.getExplanation().getWouldFit()).isEqualTo("at most 2 devices per replica");
        assertThat(decision.getExplanation().getSummary())
                .contains("would not fit on the market's 1 node even if", "at most 2 devices per replica");
        assertThat(wire.broker("GET", "/v1/requests/never-1", "")
                        .json()
                        .path("explanation")
                        .path("summary")
                        .asText())
                .isEqualTo(decision.getExplanation().getSummary());

        Answer answer = submit("never-2", "{\"devices\": 64, \"durationSeconds\": 60, \"maxWaitSeconds\": 86400}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("outcome")).isEqualTo("REFUSED");
        assertThat(answer.json().path("explanation").path("wouldFit").asText())
                .isEqualTo("at most 2 devices per replica");
    }

    @Test
    void anotherPayloadUnderTheSameIdIsRefusedAndTheFirstAnswerStays() {
        send(Topics.COMPUTE_REQUESTS, "same-1", submitted("same-1", spec(1)));
        AllocationDecision first = wire.decision("same-1", 1);
        assertThat(first.getOutcome()).isEqualTo(Outcome.ALLOCATED);
        send(Topics.COMPUTE_REQUESTS, "same-1", submitted("same-1", spec(2)));
        AllocationDecision second = wire.decision("same-1", 2);
        assertThat(second.getOutcome()).isEqualTo(Outcome.COMMAND_REFUSED);
        assertThat(second.getReason()).isEqualTo(Reason.ID_CONFLICT);
        send(Topics.COMPUTE_REQUESTS, "same-1", submitted("same-1", spec(1)));
        AllocationDecision again = wire.decision("same-1", 3);
        assertThat(again.getRepeated()).isTrue();
        assertThat(again.getDecisionId()).isEqualTo(first.getDecisionId());

        Answer conflict = submit("same-1", SPEC.replace("600", "601"));
        assertThat(conflict.status()).isEqualTo(409);
        assertThat(conflict.text("reason")).isEqualTo("ID_CONFLICT");
    }

    @Test
    void whatIsSaidOfARequestMustMakeSense() {
        send(Topics.COMPUTE_REQUESTS, "ends-1", submitted("ends-1", spec(1)));
        assertThat(wire.decision("ends-1", 1).getOutcome()).isEqualTo(Outcome.ALLOCATED);
        long inAThousandYears =
                System.currentTimeMillis() + Duration.ofDays(365_000).toMillis();
        send(
                Topics.COMPUTE_REQUESTS,
                "ends-1",
                new ComputeRequest("ends-1", "acme", System.currentTimeMillis(), new Extend(inAThousandYears)));
        assertThat(wire.decision("ends-1", 2).getReason()).isEqualTo(Reason.INVALID);
        send(
                Topics.COMPUTE_REQUESTS,
                "ends-1",
                new ComputeRequest("ends-1", "somebody-else", System.currentTimeMillis(), new Release("")));
        assertThat(wire.decision("ends-1", 3).getReason()).isEqualTo(Reason.UNKNOWN_REQUEST);
        assertThat(wire.broker(
                                "POST",
                                "/v1/requests/ends-1/extend?wait=60000",
                                "{\"accountId\": \"acme\", \"endsAtMillis\": " + inAThousandYears + "}")
                        .status())
                .isEqualTo(422);
        assertThat(wire.broker("POST", "/v1/requests/nobody/release?wait=60000", "{\"accountId\": \"acme\"}")
                        .status())
                .isEqualTo(404);
    }

    // HTTP

    /** Each is the good report with one field more or another: its name, its value, and why it is refused. */
    private static final String[][] SPOILT = {
        {"centreId", "\"c404\"", "UNKNOWN_CENTRE"},
        {"nodeId", "\"c2/n1\"", "IDENTITY_MISMATCH"},
        {"sequence", "2", "STALE_SEQUENCE"},
        {"sequence", "\"seven\"", "MALFORMED"},
        {"colour", "\"red\"", "MALFORMED"},
        {"devices", "{}", "MALFORMED"},
        {"cpuTotalMillicores", "-1", "OUT_OF_RANGE"},
        {"cpuTotalMillicores", "9223372036854775807", "OUT_OF_RANGE"},
        {"cpuTotalMillicores", "9223372036854775808", "MALFORMED"},
        {"observedAtMillis", "9000000000000", "TIME_IN_FUTURE"},
        {"observedAtMillis", "0", "TIME_TOO_OLD"},
    };

    @Test
    void badReportsOverHttpAreNamedOneByOneAndTheGoodOneIsTaken() {
        Map<String, String> good = Map.of(
                "nodeId",
                "\"" + NODE + "\"",
                "centreId",
                "\"" + CENTRE + "\"",
                "poolId",
                "\"ai\"",
                "observedAtMillis",
                Long.toString(System.currentTimeMillis()),
                "sequence",
                Long.toString(++sequence),
                "cpuTotalMillicores",
                "64000",
                "memoryTotalMib",
                "512000",
                "devices",
                "[{\"health\": \"HEALTHY\"}, {\"health\": \"HEALTHY\"}]");
        List<String> reports = new ArrayList<>();
        for (String[] spoilt : SPOILT) {
            Map<String, String> fields = new TreeMap<>(good);
            fields.put(spoilt[0], spoilt[1]);
            reports.add(object(fields));
        }
        reports.addAll(List.of(object(good), object(good)));

        Answer answer = wire.ingest("POST", "/v1/telemetry", "{\"nodeReports\": [" + String.join(", ", reports) + "]}");

        assertThat(answer.status()).as("%s", answer.json()).isEqualTo(200);
        List<String> said = new ArrayList<>();
        for (JsonNode result : answer.json().path("results")) {
            said.add(result.path("reason").asText(result.path("status").asText()));
            assertThat(result.path("status").asText().equals("accepted")
                            || !result.path("detail").asText().isBlank())
                    .as("%s", result)
                    .isTrue();
        }
        List<String> expected = new ArrayList<>();
        Arrays.stream(SPOILT).forEach(spoilt -> expected.add(spoilt[2]));
        expected.addAll(List.of("accepted", "DUPLICATE_SEQUENCE"));
        assertThat(said).isEqualTo(expected);
    }

    private static String object(Map<String, String> fields) {
        List<String> members = new ArrayList<>();
        fields.forEach((name, value) -> members.add("\"" + name + "\": " + value));
        return "{" + String.join(", ", members) + "}";
    }

    @Test
    void badRequestsOverHttpAreNamed() {
        Map<String, String> errors = Map.of(
                "{\"devices\": \"eight\", \"durationSeconds\": 60}", "spec.devices: expected an integer",
                "{\"devices\": -1, \"durationSeconds\": 60}", "devices is -1, must be",
                "{\"devices\": 1, \"durationSeconds\": 1e300}", "spec.durationSeconds: expected an integer",
                "{\"device\": 1, \"durationSeconds\": 60}", "spec.device: unknown field (did you mean devices?)",
                "[]", "spec: expected an object");
        errors.forEach((spec, error) -> {
            Answer answer = submit("http-" + ++requests, spec);
            assertThat(answer.status()).as("%s", answer.json()).isEqualTo(400);
            assertThat(answer.json().path("errors").path(0).asText()).startsWith(error);
        });
    }

    @Test
    void bodiesThatAreTooLargeOrNoJson() {
        String large = "{\"nodeReports\": [\"" + "x".repeat(2 << 20) + "\"]}";
        for (URI service : List.of(
                platform.ingestUrl().orElseThrow().resolve("/v1/telemetry"),
                platform.brokerUrl().orElseThrow().resolve("/v1/requests"))) {
            Answer tooLarge = wire.call(service, "POST", service.getPath(), large, "application/json");
            assertThat(tooLarge.status()).isEqualTo(413);
            assertThat(tooLarge.json().path("maxBytes").asLong()).isEqualTo(1 << 20);
            assertThat(wire.call(service, "POST", service.getPath(), "{\"nodeReports\": [", "application/json")
                            .status())
                    .isEqualTo(400);
            assertThat(wire.call(service, "POST", service.getPath(), "{}", "text/plain")
                            .status())
                    .isEqualTo(415);
            assertThat(wire.call(service, "PATCH", service.getPath(), "{}", "application/json")
                            .status())
                    .isEqualTo(405);
        }
    }

    @Test
    void badProfilesOverHttpAreNamedAltogether() {
        Answer answer = wire.ingest(
                "PUT",
                "/v1/centres/" + CENTRE,
                PROFILE.replace("guizhou", "atlantis").replace("\"devicesPerNode\": 2", "\"devicesPerNode\": -2"));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("errors").toString()).contains("atlantis", "devicesPerNode is -2");
    }
}
