package io.millrace.bench.core;

import io.millrace.bench.trace.TraceJob;
import io.millrace.bench.trace.TraceNode;
import io.millrace.broker.market.ComputeSpec;
import io.millrace.broker.placement.IntVector;
import io.millrace.broker.placement.Kind;
import io.millrace.broker.placement.NodeOffer;
import io.millrace.broker.placement.Storage;
import java.util.Arrays;
import java.util.List;

/** What a trace says, in the terms of a market that is asked without Kafka. */
public final class CoreTerms {
    private CoreTerms() {}

    /** All of a node, for sale. Nodes of the same model and as many devices are a pool. */
    public static NodeOffer offer(TraceNode node, String nodeId) {
        int[] devices = new int[node.devices()];
        Arrays.fill(devices, 1000);
        return new NodeOffer(
                nodeId,
                "bench",
                node.model() + "-" + node.devices(),
                node.devices() == 0 ? Kind.GENERAL : Kind.INTELLIGENT,
                node.model(),
                NodeOffer.NodeStatus.SELLABLE,
                node.cpuMillicores(),
                node.cpuMillicores(),
                node.memoryMib(),
                node.memoryMib(),
                IntVector.of(devices),
                10_000_000,
                100_000,
                0,
                1,
                null,
                Storage.NONE,
                Storage.NONE,
                0);
    }

    /** What a job asks, at any price and to be answered at once. */
    public static ComputeSpec spec(TraceJob job, long termSeconds) {
        return new ComputeSpec(
                null,
                job.models(),
                job.replicas(),
                job.devices(),
                job.milliPerDevice(),
                job.cpuMillicores(),
                job.memoryMib(),
                termSeconds,
                0,
                List.of(),
                null);
    }
}
