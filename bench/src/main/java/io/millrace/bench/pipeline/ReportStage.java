package io.millrace.bench.pipeline;

import io.millrace.bench.load.FieldPeek;
import io.millrace.bench.load.RecordSender;
import io.millrace.bench.load.TopicReader;
import io.millrace.bench.supply.BenchCentre;
import io.millrace.bench.trace.TraceNode;
import io.millrace.schemas.Codec;
import io.millrace.schemas.Codecs;
import io.millrace.schemas.Kind;
import io.millrace.schemas.NodeCapacity;
import io.millrace.schemas.NodeReport;
import io.millrace.schemas.NodeStatus;
import io.millrace.schemas.Topics;
import java.util.ArrayList;
import java.util.List;

/**
 * Reports to capacity, through telemetry-ingest. Every report changes what its node can sell, so every report has an
 * answer: the capacity that follows from it, known by its sequence.
 */
final class ReportStage extends Stage {
    private static final long CPU_STEP_MILLICORES = 10;
    private static final int CPU_STEPS = 100;

    private final RecordSender sender;
    private final Codec<NodeReport> reports;
    private final List<ReportingNode> nodes = new ArrayList<>();
    private final long baseSequence = System.currentTimeMillis();
    private final TopicReader reader;

    private record ReportingNode(BenchCentre centre, TraceNode node, String id) {}

    /** A load on a running telemetry-ingest that knows these centres. */
    ReportStage(String bootstrapServers, Codecs codecs, RecordSender sender, List<BenchCentre> centres) {
        this.sender = sender;
        this.reports = codecs.of(Topics.TELEMETRY_REPORTS);
        for (BenchCentre centre : centres) {
            centre.nodes().forEach(node -> nodes.add(new ReportingNode(centre, node, centre.nodeId(node))));
        }
        Codec<NodeCapacity> capacities = codecs.of(Topics.CAPACITY_NODES);
        FieldPeek sequence =
                new FieldPeek(Topics.CAPACITY_NODES.schema(), "sequence", capacities.encode(anyCapacity()));
        this.reader = TopicReader.fromEnd(bootstrapServers, Topics.CAPACITY_NODES.name(), (record, seenNanos) -> {
            long index = record.value() != null && sequence.fits(record.value())
                    ? sequence.number(record.value()) - baseSequence
                    : -1;
            if (index >= 0) {
                answered(index, seenNanos);
            }
        });
    }

    private static NodeCapacity anyCapacity() {
        return NodeCapacity.newBuilder()
                .setNodeId("")
                .setCentreId("")
                .setPoolId("")
                .setMarketId("")
                .setKind(Kind.UNKNOWN)
                .setModel("")
                .setStatus(NodeStatus.UNKNOWN)
                .setCpuTotalMillicores(0)
                .setCpuSellableMillicores(0)
                .setMemoryTotalMib(0)
                .setMemorySellableMib(0)
                .setObservedAtMillis(0)
                .setSequence(0)
                .build();
    }

    @Override
    String name() {
        return "reports to capacity";
    }

    @Override
    void send(long index) {
        ReportingNode reporting = nodes.get((int) (index % nodes.size()));
        // Another value than the time before: the same one would change nothing that can be sold.
        long used = 1 + index / nodes.size() % CPU_STEPS;
        NodeReport report = reporting
                .centre()
                .report(reporting.node(), System.currentTimeMillis(), baseSequence + index, used * CPU_STEP_MILLICORES);
        sender.send(Topics.TELEMETRY_REPORTS.name(), reporting.id(), reports.encode(report));
    }

    @Override
    void requireAlive() {
        reader.requireAlive();
    }

    @Override
    public void close() {
        reader.close();
    }
}
