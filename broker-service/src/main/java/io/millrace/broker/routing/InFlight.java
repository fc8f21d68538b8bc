package io.millrace.broker.routing;

import io.millrace.broker.market.ComputeSpec;
import java.util.HashMap;
import java.util.Map;

/**
 * What was sent to markets of late, which what they last said of themselves need not show: without it, all requests of a
 * second would go to the market that was best at its beginning, far beyond what it has free. What is sent counts until the
 * market has been heard twice, since a request may be on its way while the first summary is made, or has been quiet for a
 * while: a market speaks only when something changed.
 *
 * <p>One of several that share the requests evenly, and so counts its own as many times as there are of them. Not
 * thread-safe.
 */
public final class InFlight {
    private final int shares;
    private final Map<String, Sent> byMarket = new HashMap<>();

    /** What was sent to a market since it was last heard, and between then and the time before. */
    private static final class Sent {
        private long heardAtMillis;
        private long milliDevices;
        private long milliDevicesBefore;
        private long cpuMillicores;
        private long cpuMillicoresBefore;
    }

    /**
     * Nothing is on its way.
     *
     * @param shares how many there are that each see an equal share of the requests, at least 1
     */
    public InFlight(int shares) {
        this.shares = shares;
    }

    /** A request goes to the first market of a choice. One that the market seems to have no room for takes nothing there. */
    public void sent(Choice choice, ComputeSpec spec) {
        if (choice.replicas() > 0) {
            Sent sent = byMarket.computeIfAbsent(choice.candidates().getFirst(), m -> new Sent());
            sent.milliDevices += Math.max(0, spec.milliPerReplica() * choice.replicas());
            sent.cpuMillicores += Math.max(0, spec.cpuMillicores() * choice.replicas());
        }
    }

    /** A market said what it has now. */
    public void heard(String marketId, long nowMillis) {
        Sent sent = byMarket.get(marketId);
        if (sent != null) {
            sent.heardAtMillis = nowMillis;
            sent.milliDevicesBefore = sent.milliDevices;
            sent.cpuMillicoresBefore = sent.cpuMillicores;
            sent.milliDevices = 0;
            sent.cpuMillicores = 0;
        }
    }

    /** Of markets that were not heard since then, all had arrived that was sent before they were. */
    public void quietSince(long millis) {
        for (Sent sent : byMarket.values()) {
            if (sent.heardAtMillis < millis) {
                sent.milliDevicesBefore = 0;
                sent.cpuMillicoresBefore = 0;
            }
        }
    }

    /**
     * What may have been taken in a market without its having said so: thousandths of devices, or of cores for a request
     * without devices.
     */
    long to(String marketId, ComputeSpec spec) {
        Sent sent = byMarket.get(marketId);
        if (sent == null) {
            return 0;
        }
        return shares
                * (spec.devices() > 0
                        ? sent.milliDevices + sent.milliDevicesBefore
                        : sent.cpuMillicores + sent.cpuMillicoresBefore);
    }
}
