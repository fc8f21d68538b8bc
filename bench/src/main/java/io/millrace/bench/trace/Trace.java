package io.millrace.bench.trace;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A recorded workload.
 *
 * @param nodes the nodes, in the order of the file
 * @param jobs the jobs, in the order of the file
 * @param skipped rows that say of themselves that the job never ran, and are left out
 */
public record Trace(List<TraceNode> nodes, List<TraceJob> jobs, int skipped) {
    /** Copies the lists. */
    public Trace {
        nodes = List.copyOf(nodes);
        jobs = List.copyOf(jobs);
    }

    /** Thousandths of devices of all nodes, by model. */
    public Map<String, Long> milliDevicesByModel() {
        Map<String, Long> sums = new TreeMap<>();
        for (TraceNode node : nodes) {
            if (node.devices() > 0) {
                sums.merge(node.model(), node.devices() * 1000L, Long::sum);
            }
        }
        return sums;
    }

    /** CPU of all nodes, thousandths of a core. */
    public long cpuMillicores() {
        return nodes.stream().mapToLong(TraceNode::cpuMillicores).sum();
    }
}
