package io.millrace.broker.market;

import io.millrace.broker.market.Event.EndCause;
import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.NodeOffer;
import io.millrace.broker.placement.NodeOffer.NodeStatus;
import io.millrace.broker.placement.SuppliedNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What follows when telemetry says that a node sells something else than before. Reads only. */
final class NodeUpdate {
    private final MarketState state;
    private final MarketSettings settings;
    private final long now;

    NodeUpdate(MarketState state, MarketSettings settings, long now) {
        this.state = state;
        this.settings = settings;
        this.now = now;
    }

    List<Event> decide(NodeOffer offer) {
        SuppliedNode node = state.supply().node(offer.nodeId());
        if (node != null && node.offer().sellsTheSameAs(offer)) {
            return List.of();
        }
        List<Event> events = new ArrayList<>();
        events.add(new Event.NodeUpdated(offer));
        if (node != null) {
            List<Request> holders = holders(offer.nodeId());
            if (offer.status() == NodeStatus.LOST) {
                holders.forEach(request -> revoke(events, request, Reason.NODE_LOST));
            } else {
                shrink(events, node, offer, holders);
            }
        }
        return events;
    }

    private List<Request> holders(String nodeId) {
        List<Request> holders = new ArrayList<>();
        for (String requestId : state.allocationsOn(nodeId)) {
            Request request = state.request(requestId);
            if (request != null) {
                holders.add(request);
            }
        }
        return holders;
    }

    /** Names what is granted beyond the new offer and takes back the youngest allocations that stand in its way. */
    private void shrink(List<Event> events, SuppliedNode node, NodeOffer offer, List<Request> holders) {
        Excess excess = new Excess(node, offer);
        if (!excess.isAny()) {
            return;
        }
        Event.NodeOversold named = excess.named(List.of());
        holders.sort(Comparator.comparingLong(Request::decisionSequence).reversed());
        List<Request> victims = new ArrayList<>();
        for (Request holder : holders) {
            if (excess.isAny() && excess.reduceBy(holder, node.id())) {
                victims.add(holder);
            }
        }
        events.add(new Event.NodeOversold(
                named.nodeId(),
                named.excessMilliDevices(),
                named.excessCpuMillicores(),
                named.excessMemoryMib(),
                victims.stream().map(Request::requestId).toList()));
        victims.forEach(request -> revoke(events, request, Reason.NODE_SHRUNK));
    }

    private void revoke(List<Event> events, Request request, Reason reason) {
        events.add(new Event.Ended(
                request.requestId(), request.accountId(), request.allocationNumber(), EndCause.REVOKED, reason, now));
        long wait = Math.max(settings.revokedWaitMillis(), request.spec().maxWaitSeconds() * 1000);
        events.add(new Event.Queued(
                request.requestId(),
                request.accountId(),
                request.spec(),
                reason,
                now + wait,
                request.untilMillis() - now,
                Explanation.NONE));
    }

    /** What is granted on a node beyond a new offer of it. */
    private static final class Excess {
        private final String nodeId;
        private final long[] milliByDevice;
        private long cpuMillicores;
        private long memoryMib;

        Excess(SuppliedNode node, NodeOffer offer) {
            nodeId = node.id();
            NodeOffer old = node.offer();
            cpuMillicores = old.cpuSellableMillicores() - node.freeCpuMillicores() - offer.cpuSellableMillicores();
            memoryMib = old.memorySellableMib() - node.freeMemoryMib() - offer.memorySellableMib();
            milliByDevice = new long
                    [Math.max(node.devices(), offer.deviceSellableMilli().size())];
            for (int device = 0; device < milliByDevice.length; device++) {
                milliByDevice[device] = sellable(old, device) - node.freeMilli(device) - sellable(offer, device);
            }
        }

        private static long sellable(NodeOffer offer, int device) {
            return device < offer.deviceSellableMilli().size()
                    ? offer.deviceSellableMilli().get(device)
                    : 0;
        }

        boolean isAny() {
            return cpuMillicores > 0 || memoryMib > 0 || milliDevices() > 0;
        }

        private long milliDevices() {
            long sum = 0;
            for (long milli : milliByDevice) {
                sum += Math.max(0, milli);
            }
            return sum;
        }

        /** Takes a request's grants on the node off, if that helps. */
        boolean reduceBy(Request holder, String node) {
            long before = pressure();
            for (Grant grant : holder.grants()) {
                if (grant.nodeId().equals(node)) {
                    take(grant, -1);
                }
            }
            if (pressure() < before) {
                return true;
            }
            for (Grant grant : holder.grants()) {
                if (grant.nodeId().equals(node)) {
                    take(grant, 1);
                }
            }
            return false;
        }

        private void take(Grant grant, int sign) {
            cpuMillicores += sign * grant.cpuMillicores();
            memoryMib += sign * grant.memoryMib();
            for (int i = 0; i < grant.deviceIndexes().size(); i++) {
                milliByDevice[grant.deviceIndexes().get(i)] += (long) sign * grant.milliPerDevice();
            }
        }

        private long pressure() {
            return milliDevices() + Math.max(0, cpuMillicores) + Math.max(0, memoryMib);
        }

        Event.NodeOversold named(List<String> revoked) {
            return new Event.NodeOversold(
                    nodeId, milliDevices(), Math.max(0, cpuMillicores), Math.max(0, memoryMib), revoked);
        }
    }
}
