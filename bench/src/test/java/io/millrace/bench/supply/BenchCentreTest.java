package io.millrace.bench.supply;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.trace.TraceNode;
import io.millrace.schemas.CentreProfile;
import io.millrace.schemas.DeviceHealth;
import io.millrace.schemas.Kind;
import io.millrace.schemas.NodeReport;
import io.millrace.schemas.Pool;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchCentreTest {
    private final BenchCentre centre = new BenchCentre(
            "replay",
            "guizhou",
            List.of(
                    new TraceNode("n1", "V100/M16", 4, 32_000, 131_072),
                    new TraceNode("n2", "V100/M16", 8, 64_000, 262_144),
                    new TraceNode("n3", "V100 M16", 4, 32_000, 131_072),
                    new TraceNode("n4", "", 0, 94_000, 262_144)));

    @Test
    void aPoolForEachModelAndNumberOfDevices() {
        CentreProfile profile = centre.profile(7);

        assertThat(profile.getHubId()).isEqualTo("guizhou");
        assertThat(profile.getPools())
                .extracting(Pool::getPoolId)
                .containsExactly("V100-M16-4", "V100-M16-8", "V100-M16-4x", "cpu");
        assertThat(profile.getPools().getLast().getKind()).isEqualTo(Kind.GENERAL);
        assertThat(profile.getPools().getFirst().getModel()).isEqualTo("V100/M16");
        assertThat(profile.getPools().getFirst().getDevicesPerNode()).isEqualTo(4);
    }

    @Test
    void aReportSellsEverythingButTheCpuUsedOutside() {
        NodeReport report = centre.report(centre.nodes().getFirst(), 1_000, 5, 250);

        assertThat(report.getNodeId()).isEqualTo("replay/n1");
        assertThat(report.getPoolId()).isEqualTo("V100-M16-4");
        assertThat(report.getDevices())
                .hasSize(4)
                .allSatisfy(d -> assertThat(d.getHealth()).isEqualTo(DeviceHealth.HEALTHY));
        assertThat(report.getCpuTotalMillicores()).isEqualTo(32_000);
        assertThat(report.getCpuUsedOutsideMillicores()).isEqualTo(250);
        assertThat(report.getSequence()).isEqualTo(5);
    }

    @Test
    void whatTheMarketsAreToOffer() {
        BenchCentre other = new BenchCentre("b", "gansu", List.of(new TraceNode("n", "T4", 2, 1, 1)));

        assertThat(MarketWatch.wanted(List.of(centre, other)))
                .containsExactly(
                        new MarketWatch.Offered("gansu", "T4", 1, 2000),
                        new MarketWatch.Offered("guizhou", "", 1, 0),
                        new MarketWatch.Offered("guizhou", "V100 M16", 1, 4000),
                        new MarketWatch.Offered("guizhou", "V100/M16", 2, 12_000));
    }
}
