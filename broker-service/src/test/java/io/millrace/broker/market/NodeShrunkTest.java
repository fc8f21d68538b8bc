package io.millrace.broker.market;

import static io.millrace.broker.market.MarketTable.marketOf;
import static io.millrace.broker.market.SpecBuilder.gpus;
import static io.millrace.broker.market.SpecBuilder.share;
import static io.millrace.broker.market.Told.extend;
import static io.millrace.broker.market.Told.submit;
import static io.millrace.broker.market.Told.update;
import static io.millrace.broker.placement.NodeOfferBuilder.node;

import org.junit.jupiter.api.Test;

/** A node that can sell less than it has granted: the excess is named, and the youngest that stand in its way go. */
class NodeShrunkTest {

    @Test
    void whatStillFitsStays() {
        marketOf(node("a").gpus(4))
                .givenRunning("r1", gpus(2), "a", 0, 1)
                .when(update(node("a").gpuMilli(1000, 1000, 0, 0)))
                .then("node a SELLABLE");
    }

    @Test
    void onlyWhatUsesTheLostDeviceGoes() {
        marketOf(node("a").gpus(4))
                .givenRunning("r1", gpus(2), "a", 0, 1)
                .givenRunning("r2", gpus(1), "a", 2)
                .at("0:10:00")
                .when(update(node("a").gpuMilli(1000, 0, 1000, 1000)))
                .then(
                        "node a SELLABLE",
                        "oversold a by 1000 milli-devices, 0 millicores, 0 MiB: revoking [r1]",
                        "ended r1#1 REVOKED NODE_SHRUNK at 0:10:00",
                        "queued r1 NODE_SHRUNK until 0:20:00 with 0:50:00 left",
                        "allocated r1#2 on a[0,3] until 1:00:00");
    }

    @Test
    void storageThatIsGoneRevokesWhoHasIt() {
        marketOf(node("a").gpus(4).storage(100, 100))
                .givenRunning("r1", gpus(1).storage(60, 10), "a", 0)
                .at("0:01:00")
                .givenRunning("r2", gpus(1), "a", 1)
                .at("0:10:00")
                .when(update(node("a").gpus(4).storage(100, 100).sellsStorage(50, 100)))
                .then(
                        "node a SELLABLE",
                        "oversold a by 0 milli-devices, 0 millicores, 0 MiB,"
                                + " Storage[gib=10, mibPerSecond=0]: revoking [r1]",
                        "ended r1#1 REVOKED NODE_SHRUNK at 0:10:00",
                        "queued r1 NODE_SHRUNK until 0:20:00 with 0:50:00 left");
    }

    @Test
    void devicesThatAreGoneCountLikeBrokenOnes() {
        marketOf(node("a").gpus(2))
                .givenRunning("r1", gpus(2), "a", 0, 1)
                .at("0:10:00")
                .when(update(node("a").gpus(1)))
                .then(
                        "node a SELLABLE",
                        "oversold a by 1000 milli-devices, 0 millicores, 0 MiB: revoking [r1]",
                        "ended r1#1 REVOKED NODE_SHRUNK at 0:10:00",
                        "queued r1 NODE_SHRUNK until 0:20:00 with 0:50:00 left");
    }

    @Test
    void theYoungestOfThoseThatShareGoesFirst() {
        marketOf(node("a").gpus(1))
                .givenRunning("r1", share(300), "a", 0)
                .at("0:01:00")
                .givenRunning("r2", share(300), "a", 0)
                .at("0:02:00")
                .givenRunning("r0", share(300), "a", 0)
                .at("0:10:00")
                .when(update(node("a").gpuMilli(500)))
                .then(
                        "node a SELLABLE",
                        "oversold a by 400 milli-devices, 0 millicores, 0 MiB: revoking [r0, r2]",
                        "ended r0#1 REVOKED NODE_SHRUNK at 0:10:00",
                        "queued r0 NODE_SHRUNK until 0:20:00 with 0:52:00 left",
                        "ended r2#1 REVOKED NODE_SHRUNK at 0:10:00",
                        "queued r2 NODE_SHRUNK until 0:20:00 with 0:51:00 left");
    }

    @Test
    void anExtensionMakesNobodyYounger() {
        marketOf(node("a").gpus(1))
                .givenRunning("r1", share(500), "a", 0)
                .at("0:01:00")
                .givenRunning("r2", share(500), "a", 0)
                .when(extend("r1", "2:00:00"))
                .at("0:10:00")
                .when(update(node("a").gpuMilli(500)))
                .then(
                        "node a SELLABLE",
                        "oversold a by 500 milli-devices, 0 millicores, 0 MiB: revoking [r2]",
                        "ended r2#1 REVOKED NODE_SHRUNK at 0:10:00",
                        "queued r2 NODE_SHRUNK until 0:20:00 with 0:51:00 left");
    }

    @Test
    void theYoungestThatDoesNotHelpStays() {
        marketOf(node("a").gpus(2))
                .givenRunning("r1", gpus(1), "a", 0)
                .at("0:01:00")
                .givenRunning("r2", gpus(1), "a", 1)
                .at("0:10:00")
                .when(update(node("a").gpuMilli(0, 1000)))
                .then(
                        "node a SELLABLE",
                        "oversold a by 1000 milli-devices, 0 millicores, 0 MiB: revoking [r1]",
                        "ended r1#1 REVOKED NODE_SHRUNK at 0:10:00",
                        "queued r1 NODE_SHRUNK until 0:20:00 with 0:50:00 left");
    }

    @Test
    void cpuAndMemoryCountToo() {
        marketOf(node("a").millicores(64_000).mib(100_000))
                .givenRunning("r1", gpus(1).cpu(30_000).mib(10_000), "a", 0)
                .at("0:01:00")
                .givenRunning("r2", gpus(1).cpu(10_000).mib(60_000), "a", 1)
                .at("0:10:00")
                .when(update(node("a")
                        .millicores(64_000)
                        .mib(100_000)
                        .sellsMillicores(35_000)
                        .sellsMib(50_000)))
                .then(
                        "node a SELLABLE",
                        "oversold a by 0 milli-devices, 5000 millicores, 20000 MiB: revoking [r2]",
                        "ended r2#1 REVOKED NODE_SHRUNK at 0:10:00",
                        "queued r2 NODE_SHRUNK until 0:20:00 with 0:51:00 left");
    }

    @Test
    void aGangGoesAsAWhole() {
        MarketTable table = marketOf(node("a").gpus(2), node("b").gpus(2));
        table.when(submit("r1", gpus(1).replicas(4))).then("allocated r1#1 on a[0,1]x2 b[0,1]x2 until 1:00:00");
        table.at("0:10:00")
                .when(update(node("a").gpuMilli(1000, 0)))
                .then(
                        "node a SELLABLE",
                        "oversold a by 1000 milli-devices, 0 millicores, 0 MiB: revoking [r1]",
                        "ended r1#1 REVOKED NODE_SHRUNK at 0:10:00",
                        "queued r1 NODE_SHRUNK until 0:20:00 with 0:50:00 left");
        table.when(submit("r2", gpus(1).replicas(3))).then("allocated r2#1 on a[0] b[0,1]x2 until 1:10:00");
    }

    @Test
    void whatOneLargeOneMadeRoomForStays() {
        MarketTable table =
                marketOf(node("a").gpus(4).millicores(10_000)).givenRunning("old", gpus(1).cpu(8_000), "a", 0);
        table.at("0:00:01").givenRunning("young", gpus(1).cpu(1_000), "a", 1);
        table.when(update(node("a").gpus(4).millicores(10_000).sellsMillicores(4_000)))
                .then(
                        "node a SELLABLE",
                        "oversold a by 0 milli-devices, 5000 millicores, 0 MiB: revoking [old]",
                        "ended old#1 REVOKED NODE_SHRUNK at 0:00:01",
                        "queued old NODE_SHRUNK until 0:10:01 with 0:59:59 left");
    }
}
