package io.millrace.ingest.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.Records;
import io.millrace.ingest.Rig;
import io.millrace.schemas.AdmissionStatus;
import io.millrace.schemas.CentreProfile;
import io.millrace.schemas.DeviceHealth;
import io.millrace.schemas.NodeCapacity;
import io.millrace.schemas.NodeReport;
import io.millrace.schemas.NodeStatus;
import io.millrace.schemas.QuantumTraits;
import io.millrace.schemas.RejectReason;
import io.millrace.schemas.RejectedRecord;
import io.millrace.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From reports to what can be sold, through the topology. */
class SupplyTest {
    private final Rig rig = new Rig();

    @BeforeEach
    void admit() {
        rig.profile(Records.profile());
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private NodeReport report(long sequence) {
        return Records.report("c1/n1", sequence, rig.now());
    }

    @Test
    void aReportBecomesACapacity() {
        NodeReport report = report(7);
        report.getDevices().getFirst().setHealth(DeviceHealth.DEGRADED);
        report.setStorageTotalGib(4_000);
        report.setStorageUsedOutsideGib(1_000);
        report.setStorageTotalMibPerSecond(900);
        report.setStorageUsedOutsideMibPerSecond(100);
        rig.report(report);

        List<Rig.Written<NodeCapacity>> written = rig.capacities();
        assertThat(written).hasSize(1);
        assertThat(written.getFirst().key()).isEqualTo("c1/n1");
        NodeCapacity capacity = written.getFirst().value();
        assertThat(capacity).isNotNull();
        assertThat(capacity.getCentreId()).isEqualTo("c1");
        assertThat(capacity.getPoolId()).isEqualTo("ai");
        assertThat(capacity.getMarketId()).isEqualTo("guizhou");
        assertThat(capacity.getKind()).isEqualTo(io.millrace.schemas.Kind.INTELLIGENT);
        assertThat(capacity.getModel()).isEqualTo("910B");
        assertThat(capacity.getStatus()).isEqualTo(NodeStatus.SELLABLE);
        assertThat(capacity.getCpuTotalMillicores()).isEqualTo(64_000);
        assertThat(capacity.getCpuSellableMillicores()).isEqualTo(60_000);
        assertThat(capacity.getMemoryTotalMib()).isEqualTo(512_000);
        assertThat(capacity.getMemorySellableMib()).isEqualTo(500_000);
        assertThat(capacity.getStorageTotalGib()).isEqualTo(4_000);
        assertThat(capacity.getStorageSellableGib()).isEqualTo(3_000);
        assertThat(capacity.getStorageTotalMibPerSecond()).isEqualTo(900);
        assertThat(capacity.getStorageSellableMibPerSecond()).isEqualTo(800);
        assertThat(capacity.getDeviceSellableMilli()).containsExactly(0, 750);
        assertThat(capacity.getPriceMicroCnyPerDeviceHour()).isEqualTo(12_000_000);
        assertThat(capacity.getPriceMicroCnyPerCoreHour()).isEqualTo(200_000);
        assertThat(capacity.getObservedAtMillis()).isEqualTo(rig.now());
        assertThat(capacity.getSequence()).isEqualTo(7);
        assertThat(rig.counted("accepted", "NONE")).isEqualTo(1);
    }

    /** Calibration changes what a quantum processor is good for: markets hear of it without a new report. */
    @Test
    void whatAQuantumProcessorIsFollowsTheProfile() {
        rig.profile(quantum(new QuantumTraits(72, 962_500, 3_600_000L)));
        rig.report(report(1));
        assertThat(rig.capacities())
                .singleElement()
                .satisfies(
                        written -> assertThat(traits(written)).isEqualTo(new QuantumTraits(72, 962_500, 3_600_000L)));

        rig.profile(quantum(new QuantumTraits(72, 971_000, 3_600_000L)));
        rig.report(report(2));
        assertThat(rig.capacities())
                .singleElement()
                .satisfies(
                        written -> assertThat(traits(written)).isEqualTo(new QuantumTraits(72, 971_000, 3_600_000L)));
    }

    private static CentreProfile quantum(QuantumTraits traits) {
        CentreProfile profile = Records.profile();
        profile.getPools().getFirst().setKind(io.millrace.schemas.Kind.QUANTUM);
        profile.getPools().getFirst().setQuantum(traits);
        return profile;
    }

    private static @Nullable QuantumTraits traits(Rig.Written<NodeCapacity> written) {
        NodeCapacity capacity = written.value();
        return capacity == null ? null : capacity.getQuantum();
    }

    @Test
    void onlyWhatChangesIsAnnounced() {
        rig.report(report(1));
        rig.announced();
        for (int sequence = 2; sequence < 50; sequence++) {
            rig.report(report(sequence));
        }
        assertThat(rig.announced()).isEmpty();
        NodeReport busier = report(50);
        busier.setCpuUsedOutsideMillicores(5_000);
        rig.report(busier);
        assertThat(rig.announced()).containsExactly("c1/n1 SELLABLE guizhou");
        NodeReport draining = report(51);
        draining.setDraining(true);
        rig.report(draining);
        assertThat(rig.announced()).containsExactly("c1/n1 DRAINING guizhou");
    }

    @Test
    void aSilentNodeIsLostAndComesBack() {
        rig.report(report(1));
        rig.announced();
        rig.seconds(29);
        assertThat(rig.announced()).isEmpty();
        rig.seconds(2);
        assertThat(rig.announced()).containsExactly("c1/n1 LOST guizhou");
        assertThat(rig.meters
                        .get("millrace.nodes")
                        .tag("status", "LOST")
                        .gauge()
                        .value())
                .isEqualTo(1);
        rig.report(report(2));
        assertThat(rig.announced()).containsExactly("c1/n1 SELLABLE guizhou");
        assertThat(rig.meters
                        .get("millrace.nodes")
                        .tag("status", "SELLABLE")
                        .gauge()
                        .value())
                .isEqualTo(1);
    }

    @Test
    void silenceOfAPartitionThatCannotBeHeardIsNotSilenceOfItsNodes() {
        rig.report(report(1));
        rig.announced();
        rig.audible = false;
        rig.seconds(120);
        assertThat(rig.announced()).isEmpty();
        rig.audible = true;
        rig.seconds(31);
        assertThat(rig.announced()).containsExactly("c1/n1 LOST guizhou");
    }

    @Test
    void whoReadsWithADelayLosesNobody() {
        rig.report(report(1));
        rig.announced();
        for (int second = 0; second < 120; second++) {
            // The only thing heard is a minute old; nothing of node 1 is in it.
            rig.send(
                    Topics.TELEMETRY_REPORTS,
                    new byte[] {1},
                    new byte[] {2},
                    new org.apache.kafka.common.header.internals.RecordHeaders(),
                    rig.now() - 60_000);
            rig.seconds(1);
        }
        assertThat(rig.announced()).isEmpty();
    }

    @Test
    void aNodeThatIsLostForAWeekIsForgotten() {
        NodeReport report = report(1);
        report.setIntervalSeconds(3_600);
        rig.report(report);
        rig.announced();
        // Hour by hour: the clock of silence counts two ticks at the most of each jump.
        rig.seconds(3 * 3_600 + 1);
        assertThat(rig.announced()).containsExactly("c1/n1 LOST guizhou");
        rig.seconds(7 * 86_400);
        assertThat(rig.announced()).containsExactly("c1/n1 gone");
        assertThat(rig.store(IngestTopology.NODES).get("c1/n1")).isNull();
    }

    @Test
    void aNewPriceReachesTheMarketWithoutAReport() {
        rig.report(report(1));
        rig.capacities();
        CentreProfile dearer = Records.profile();
        dearer.getPools().getFirst().setPriceMicroCnyPerDeviceHour(13_000_000);
        rig.profile(dearer);
        rig.seconds(1);
        List<Rig.Written<NodeCapacity>> written = rig.capacities();
        assertThat(written).hasSize(1);
        NodeCapacity capacity = written.getFirst().value();
        assertThat(capacity).isNotNull();
        assertThat(capacity.getPriceMicroCnyPerDeviceHour()).isEqualTo(13_000_000);
        assertThat(capacity.getSequence()).isEqualTo(1);
    }

    @Test
    void aNewPriceIsInForceBeforeTheNextReportIsRead() {
        rig.report(report(1));
        rig.capacities();
        CentreProfile dearer = Records.profile();
        dearer.getPools().getFirst().setPriceMicroCnyPerDeviceHour(13_000_000);
        rig.profile(dearer);
        rig.report(report(2));
        assertThat(rig.capacities()).singleElement().satisfies(written -> {
            NodeCapacity capacity = written.value();
            assertThat(capacity).isNotNull();
            assertThat(capacity.getPriceMicroCnyPerDeviceHour()).isEqualTo(13_000_000);
        });
    }

    @Test
    void aCentreThatMovesToAnotherHubLeavesTheOldMarketFirst() {
        rig.report(report(1));
        rig.announced();
        rig.profile(Records.profile("c1", "gansu", AdmissionStatus.ADMITTED));
        rig.seconds(1);
        assertThat(rig.announced()).containsExactly("c1/n1 LOST guizhou", "c1/n1 SELLABLE gansu");
    }

    @Test
    void aCentreThatExitsSellsNothingAndIsNotHeard() {
        rig.report(report(1));
        rig.announced();
        rig.profile(Records.profile("c1", "guizhou", AdmissionStatus.EXITED));
        rig.seconds(1);
        assertThat(rig.announced()).containsExactly("c1/n1 LOST guizhou");
        rig.report(report(2));
        assertThat(rig.counted("rejected", "CENTRE_NOT_ADMITTED")).isEqualTo(1);
        rig.profile(Records.profile());
        rig.report(report(3));
        assertThat(rig.announced()).containsExactly("c1/n1 SELLABLE guizhou");
    }

    @Test
    void aProfileThatIsDeletedTakesItsNodesWithIt() {
        rig.report(report(1));
        rig.announced();
        rig.send(Topics.CENTRES_PROFILES, "c1", null);
        rig.seconds(1);
        assertThat(rig.announced()).containsExactly("c1/n1 LOST guizhou");
        rig.report(report(2));
        assertThat(rig.counted("rejected", "UNKNOWN_CENTRE")).isEqualTo(1);
    }

    @Test
    void aProfileThatIsNoneLeavesTheOneBeforeInForce() {
        rig.report(report(1));
        rig.announced();
        CentreProfile nowhere = Records.profile("c1", "atlantis", AdmissionStatus.ADMITTED);
        rig.profile(nowhere);
        rig.send(Topics.CENTRES_PROFILES, "c1", new byte[] {1, 2, 3});
        rig.send(Topics.CENTRES_PROFILES, (String) null, new byte[] {1, 2, 3});
        rig.send(
                Topics.CENTRES_PROFILES,
                "c2",
                rig.codecs.of(Topics.CENTRES_PROFILES).encode(Records.profile()));
        CentreProfile twice = Records.profile();
        twice.setPools(new ArrayList<>(
                List.of(twice.getPools().getFirst(), twice.getPools().getFirst())));
        rig.profile(twice);
        rig.seconds(1);
        assertThat(rig.announced()).isEmpty();
        assertThat(rig.meters.get("millrace.profiles.refused").counter().count())
                .isEqualTo(5);
        rig.report(report(2));
        assertThat(rig.counted("accepted", "NONE")).isEqualTo(2);

        // The last of each key is put aside, and what is in force written behind it.
        assertThat(letters())
                .extracting(letter -> letter.getTopic() + " " + key(letter) + " " + letter.getReason())
                .containsExactlyInAnyOrder(
                        "centres.profiles  KEY_MISMATCH",
                        "centres.profiles c2 KEY_MISMATCH",
                        "centres.profiles c1 OUT_OF_RANGE");
        assertThat(rig.mended()).containsExactly(Records.profile());
        rig.seconds(90);
        assertThat(rig.rejected()).isEmpty();
        assertThat(rig.mended()).isEmpty();
    }

    /** As one that was on its way when another was written, or was mended when another was. */
    @Test
    void ofTwoProfilesTheLaterIsFollowed() {
        CentreProfile later = Records.profile("c1", "gansu", AdmissionStatus.ADMITTED);
        later.setUpdatedAtMillis(later.getUpdatedAtMillis() + 1);
        rig.profile(later);
        rig.profile(Records.profile());
        assertThat(rig.profiles.profile("c1")).isEqualTo(later);
        CentreProfile inMicros = Records.profile();
        inMicros.setUpdatedAtMillis(later.getUpdatedAtMillis() * 1_000);
        rig.profile(inMicros);
        assertThat(rig.profiles.profile("c1")).isEqualTo(later);
        rig.profile(Records.profile());
        rig.seconds(1);
        assertThat(letters()).hasSize(1).allSatisfy(letter -> {
            assertThat(letter.getReason()).isEqualTo(RejectReason.STALE_SEQUENCE);
            assertThat(letter.getDetail())
                    .isEqualTo("updatedAtMillis is 1700000000000, and the profile in force is of 1700000000001");
        });
        assertThat(rig.mended()).containsExactly(later);
    }

    /** Two spoil the same key, and it is mended although what was written for the first is lost. */
    @Test
    void whatIsNotMendedIsMendedAgain() {
        SpoiledProfiles spoiled = new SpoiledProfiles();
        Record<byte[], byte[]> record = new Record<>("c1".getBytes(UTF_8), new byte[] {1}, 0);
        spoiled.add("c1", record, place(0, 7), RejectReason.MALFORMED, "no Avro");
        spoiled.add("c1", record, place(0, 8), RejectReason.MALFORMED, "no Avro");
        spoiled.add("c9", record, place(3, 1), RejectReason.MALFORMED, "no Avro");
        assertThat(spoiled.due(1, 0)).isEmpty();
        assertThat(spoiled.due(0, 0))
                .extracting(each -> each.letter().getOffset())
                .containsExactly(8L);
        assertThat(spoiled.due(0, 29_999)).isEmpty();
        assertThat(spoiled.due(0, 30_000)).hasSize(1);
        spoiled.replaced(0, "c1");
        assertThat(spoiled.due(0, 90_000)).isEmpty();
        spoiled.due(3, 0).forEach(spoiled::told);
        assertThat(spoiled.due(3, 90_000)).isEmpty();
    }

    private List<RejectedRecord> letters() {
        return rig.rejected().stream()
                .map(Rig.Written::value)
                .filter(Objects::nonNull)
                .toList();
    }

    private static String key(RejectedRecord letter) {
        return letter.getKey() == null
                ? ""
                : UTF_8.decode(letter.getKey().duplicate()).toString();
    }

    private static RecordMetadata place(int partition, long offset) {
        return new RecordMetadata() {
            @Override
            public String topic() {
                return Topics.CENTRES_PROFILES.name();
            }

            @Override
            public int partition() {
                return partition;
            }

            @Override
            public long offset() {
                return offset;
            }
        };
    }

    @Test
    void aLongStandstillLosesNobody() {
        rig.report(report(1));
        rig.announced();
        rig.jump(Duration.ofHours(5));
        assertThat(rig.announced()).isEmpty();
    }
}
