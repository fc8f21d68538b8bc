package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.Allocated;
import io.millrace.schemas.Ended;
import io.millrace.schemas.Grant;
import io.millrace.schemas.MarketEvent;
import io.millrace.schemas.NodeUpdated;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps the books of a market from its events alone, by plain addition: what stands on each node, and that it never is
 * more than the node sells. Knows nothing of the code that decides.
 */
final class Ledger {
    private final Map<String, Integer> sellableMilli = new HashMap<>();
    private final Map<String, Integer> takenMilli = new HashMap<>();
    private final Map<String, Long> cpuLeft = new HashMap<>();
    private final Map<String, List<Grant>> running = new HashMap<>();
    private long lastSequence;

    void post(MarketEvent event) {
        assertThat(event.getSequence()).as("events without gaps").isEqualTo(lastSequence + 1);
        lastSequence = event.getSequence();
        switch (event.getBody()) {
            case NodeUpdated e -> {
                String node = e.getCapacity().getNodeId();
                List<Integer> devices = e.getCapacity().getDeviceSellableMilli();
                for (int i = 0; i < devices.size(); i++) {
                    sellableMilli.put(node + "#" + i, devices.get(i));
                }
                assertThat(cpuLeft.put(node, e.getCapacity().getCpuSellableMillicores()))
                        .as("each node is reported once")
                        .isNull();
            }
            case Allocated e -> {
                assertThat(running.put(e.getRequestId(), e.getGrants()))
                        .as("one allocation at a time for %s", e.getRequestId())
                        .isNull();
                e.getGrants().forEach(grant -> take(grant, 1));
            }
            case Ended e -> {
                List<Grant> grants = running.remove(e.getRequestId());
                assertThat(grants)
                        .as("an allocation of %s to end", e.getRequestId())
                        .isNotNull();
                grants.forEach(grant -> take(grant, -1));
            }
            default -> {}
        }
    }

    private void take(Grant grant, int sign) {
        for (int device : grant.getDeviceIndexes()) {
            String key = grant.getNodeId() + "#" + device;
            int taken = takenMilli.merge(key, sign * grant.getMilliPerDevice(), Integer::sum);
            assertThat(taken).as("taken of %s", key).isBetween(0, sellableMilli.getOrDefault(key, 0));
        }
        long left = cpuLeft.merge(grant.getNodeId(), -sign * grant.getCpuMillicores(), Long::sum);
        assertThat(left).as("CPU left on %s", grant.getNodeId()).isNotNegative();
    }

    int running() {
        return running.size();
    }
}
