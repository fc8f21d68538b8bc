package io.millrace.local.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;

import io.millrace.local.scenario.PlannedRequest.FollowUp;
import io.millrace.schemas.CentreProfile;
import io.millrace.schemas.CentreReport;
import io.millrace.schemas.ComputeSpec;
import io.millrace.schemas.DeviceHealth;
import io.millrace.schemas.Kind;
import io.millrace.schemas.NodeReport;
import io.millrace.schemas.Pool;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScenarioTest {
    private static final long START_MILLIS = 1_760_000_000_000L;

    @Test
    void theCountryHasTheProportionsOfThePublicRecord() {
        Supply supply = Scenario.DEFAULT.supply();
        assertThat(supply.hubs())
                .containsExactly(
                        "beijing-tianjin-hebei",
                        "yangtze-delta",
                        "greater-bay-area",
                        "chengdu-chongqing",
                        "inner-mongolia",
                        "guizhou",
                        "gansu",
                        "ningxia");
        assertThat(supply.centres()).hasSizeBetween(20, 25);
        assertThat(supply.nodes()).isEqualTo(Supply.FULL_SIZE);
        assertThat(supply.nodes(Kind.INTELLIGENT) / (double) supply.nodes()).isEqualTo(0.35, offset(0.01));
        assertThat(supply.nodes(Kind.GENERAL)).isGreaterThan(supply.nodes(Kind.INTELLIGENT));
        assertThat(supply.nodes(Kind.SUPER)).isPositive();
        assertThat(supply.nodes(Kind.QUANTUM)).isPositive();
        assertThat(supply.devices(Kind.INTELLIGENT) + supply.devices(Kind.SUPER) + supply.devices(Kind.QUANTUM))
                .isBetween(7_000L, 9_000L);
    }

    @Test
    void aSmallerCountryKeepsItsCentresPoolsAndProportions() {
        Supply supply = Supply.ofSize(200);
        assertThat(supply.profiles(0)).hasSameSizeAs(Supply.ofSize(2000).profiles(0));
        assertThat(supply.nodes()).isBetween(180, 220);
        assertThat(supply.nodes(Kind.INTELLIGENT) / (double) supply.nodes()).isEqualTo(0.35, offset(0.03));
    }

    @Test
    void profilesNameModelsPeaksAndPrices() {
        Map<String, Pool> pools = Scenario.DEFAULT.supply().profiles(START_MILLIS).stream()
                .map(CentreProfile::getPools)
                .flatMap(List::stream)
                .collect(Collectors.toMap(Pool::getModel, pool -> pool, (first, second) -> first));
        assertThat(pools).containsKeys("H800", "A100-80G", "910B", "MI300X", "K100", "MLU590", "V100-32G", "Wukong-72");
        assertThat(pool(pools, "910B").getPeaks())
                .noneMatch(peak -> peak.getPrecision().name().equals("FP64"));
        assertThat(pool(pools, "A100-80G").getPeaks())
                .anyMatch(
                        peak -> peak.getPrecision().name().equals("BF16") && peak.getPeakGigaOpsPerSecond() == 312_000);
        assertThat(pool(pools, "A100-80G").getPriceMicroCnyPerDeviceHour()).isEqualTo(6_800_000);
        assertThat(pool(pools, "Wukong-72").getQuantum().getQubits()).isEqualTo(72);
        assertThat(pool(pools, "").getDevicesPerNode()).isZero();
    }

    @Test
    void theSameSeedGivesTheSameReportsAndRequests() {
        assertThat(reports(7, 20, 50)).isEqualTo(reports(7, 20, 50));
        assertThat(reports(7, 20, 50)).isNotEqualTo(reports(8, 20, 50));
        assertThat(requests(7, 500)).isEqualTo(requests(7, 500));
        assertThat(requests(7, 500)).isNotEqualTo(requests(8, 500));
    }

    @Test
    void reportsAreTrueToTheirNodeAndGrowInSequence() {
        SimulatedCentre centre = Scenario.DEFAULT.centres().get(0);
        SimulatedNode node = centre.nodes().get(0);
        long last = 0;
        for (int i = 0; i < 1_000; i++) {
            NodeReport report = node.report(START_MILLIS + i * 10_000L).orElse(null);
            if (report == null) {
                continue;
            }
            assertThat(report.getNodeId()).startsWith(report.getCentreId() + "/");
            assertThat(report.getSequence()).isGreaterThan(last);
            assertThat(report.getDevices()).hasSize(8).allSatisfy(device -> {
                assertThat(device.getUsedOutsideMilli()).isBetween(0, 1000);
                assertThat(device.getBusyPermille()).isBetween(0, 1000);
            });
            assertThat(report.getCpuUsedOutsideMillicores()).isBetween(0L, report.getCpuTotalMillicores() / 4);
            assertThat(report.getPowerWatts()).isBetween(2_800L, 9_200L);
            last = report.getSequence();
        }
        assertThat(last).isPositive();
    }

    @Test
    void devicesFailAndAreRepairedAndNodesFallSilentAndComeBack() {
        int unhealthy = 0;
        int silences = 0;
        int drains = 0;
        int nodes = 0;
        for (SimulatedCentre centre : new Scenario(3, 1000, 1).centres()) {
            for (SimulatedNode node : centre.nodes()) {
                nodes++;
                for (int i = 0; i < 360; i++) {
                    NodeReport report = node.report(START_MILLIS + i * 10_000L).orElse(null);
                    silences += report == null ? 1 : 0;
                    drains += report != null && report.getDraining() ? 1 : 0;
                    unhealthy += report != null
                                    && report.getDevices().stream().anyMatch(d -> d.getHealth() != DeviceHealth.HEALTHY)
                            ? 1
                            : 0;
                }
            }
        }
        int reports = nodes * 360;
        assertThat(unhealthy).isPositive().isLessThan(reports / 50);
        assertThat(silences).isPositive().isLessThan(reports / 500);
        assertThat(drains).isPositive().isLessThan(reports / 500);
    }

    @Test
    void theSiteReportsItsPue() {
        CentreReport report = Scenario.DEFAULT.centres().get(0).report(START_MILLIS);
        assertThat((double) report.getFacilityPowerWatts() / report.getItPowerWatts())
                .isCloseTo(1.24, within(0.001));
    }

    @Test
    void requestsComeAtTheRateAskedAndFillTheSameShareOfEachResource() {
        Scenario scenario = Scenario.DEFAULT;
        Demand demand = scenario.demand("t");
        Map<Kind, Double> deviceSeconds = new EnumMap<>(Kind.class);
        double coreSeconds = 0;
        long last = 0;
        int count = 40_000;
        for (int i = 0; i < count; i++) {
            PlannedRequest request = demand.next();
            ComputeSpec spec = request.spec();
            assertThat(request.atMillis()).isGreaterThanOrEqualTo(last);
            last = request.atMillis();
            if (spec.getDevices() == 16) {
                continue; // fits nowhere, and never runs
            }
            double share = (double) spec.getReplicas() * spec.getDurationSeconds();
            if (spec.getDevices() > 0) {
                deviceSeconds.merge(
                        spec.getKind(), share * spec.getDevices() * spec.getMilliPerDevice() / 1000, Double::sum);
            } else if (spec.getKind() == Kind.GENERAL) {
                coreSeconds += share * spec.getCpuMillicores() / 1000;
            }
        }
        double seconds = last / 1000.0;
        assertThat(count / seconds).isCloseTo(20, within(0.5));
        Supply supply = scenario.supply();
        assertThat(deviceSeconds.getOrDefault(Kind.INTELLIGENT, 0.0) / seconds / supply.devices(Kind.INTELLIGENT))
                .isCloseTo(Demand.LOAD, within(0.06));
        assertThat(deviceSeconds.getOrDefault(Kind.SUPER, 0.0) / seconds / supply.devices(Kind.SUPER))
                .isCloseTo(Demand.LOAD, within(0.06));
        assertThat(coreSeconds / seconds / supply.coresWithoutDevices(Kind.GENERAL))
                .isCloseTo(Demand.LOAD, within(0.06));
    }

    @Test
    void tenantsAskForAllSortsOfThings() {
        List<PlannedRequest> requests = requests(42, 5_000);
        assertThat(requests.stream().map(PlannedRequest::requestId)).doesNotHaveDuplicates();
        List<ComputeSpec> specs = requests.stream().map(PlannedRequest::spec).toList();
        assertThat(specs).anyMatch(spec -> spec.getMilliPerDevice() < 1000 && spec.getDevices() == 1);
        assertThat(specs).noneMatch(spec -> spec.getMilliPerDevice() < 1000 && spec.getDevices() != 1);
        assertThat(specs).anyMatch(spec -> spec.getReplicas() > 1 && spec.getDevices() == 8);
        assertThat(specs).anyMatch(spec -> spec.getDevices() == 0 && spec.getCpuMillicores() > 0);
        assertThat(specs).anyMatch(spec -> spec.getKind() == Kind.QUANTUM);
        assertThat(specs).anyMatch(spec -> spec.getDevices() == 16);
        assertThat(specs).anyMatch(spec -> spec.getMaxPriceMicroCnyPerHour() != null);
        assertThat(specs).anyMatch(spec -> spec.getHubs().size() == 1);
        Set<FollowUp> followUps =
                requests.stream().map(PlannedRequest::followUp).collect(Collectors.toSet());
        assertThat(followUps).containsExactlyInAnyOrder(FollowUp.values());
        Set<String> accounts =
                new HashSet<>(requests.stream().map(PlannedRequest::accountId).toList());
        assertThat(accounts).hasSizeGreaterThan(10);
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> new Scenario(1, 0, 1)).hasMessageContaining("nodes must be between");
        assertThatThrownBy(() -> new Scenario(1, 10, Double.NaN)).hasMessageContaining("must be above 0");
    }

    private static Pool pool(Map<String, Pool> pools, String model) {
        return Objects.requireNonNull(pools.get(model), model);
    }

    private static List<PlannedRequest> requests(long seed, int count) {
        Demand demand = new Scenario(seed, 2_000, 20).demand("t");
        return Stream.generate(demand::next).limit(count).toList();
    }

    private static List<NodeReport> reports(long seed, int size, int rounds) {
        List<NodeReport> reports = new ArrayList<>();
        for (SimulatedCentre centre : new Scenario(seed, size, 1).centres()) {
            for (SimulatedNode node : centre.nodes()) {
                for (int round = 0; round < rounds; round++) {
                    node.report(START_MILLIS + round * 10_000L).ifPresent(reports::add);
                }
            }
        }
        return reports;
    }
}
