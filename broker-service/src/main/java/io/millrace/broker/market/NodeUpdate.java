package io.millrace.broker.market;

import io.millrace.broker.market.Event.EndCause;
import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.IntVector;
import io.millrace.broker.placement.NodeOffer;
import io.millrace.broker.placement.NodeOffer.NodeStatus;
import io.millrace.broker.placement.OfferCheck;
import io.millrace.broker.placement.Storage;
import io.millrace.broker.placement.SuppliedNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What follows when telemetry says that a node sells something else than before. Reads only. */
final class NodeUpdate {
    /** By the start of the allocation, which an extension does not move; then the one accepted last. */
    private static final Comparator<Request> YOUNGEST_FIRST = Comparator.comparingLong(Request::sinceMillis)
            .thenComparingLong(Request::queueRank)
            .reversed();

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
        if (OfferCheck.problem(offer) != null || (node != null && node.offer().sellsTheSameAs(offer))) {
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
        Excess whole = new Excess(node, offer);
        if (!whole.isAny()) {
            return;
        }
        holders.sort(YOUNGEST_FIRST);
        Excess left = new Excess(node, offer);
        List<Request> victims = new ArrayList<>();
        for (Request holder : holders) {
            if (left.isAny() && left.reduceBy(holder, node.id())) {
                victims.add(holder);
            }
        }
        if (!left.isAny()) {
            // A larger one may have made room for all: the oldest stay first.
            victims.reversed().stream()
                    .filter(holder -> left.isNoneWith(holder, node.id()))
                    .toList()
                    .forEach(victims::remove);
        }
        events.add(whole.named(node.id(), victims));
        victims.forEach(request -> revoke(events, request, Reason.NODE_SHRUNK));
    }

    private void revoke(List<Event> events, Request request, Reason reason) {
        if (request.status() == Request.Status.HELD) {
            events.add(Holds.lost(request, reason));
            return;
        }
        events.addAll(
                Market.endedAndWaiting(request, EndCause.REVOKED, reason, now, now, settings.revokedWaitMillis()));
    }

    /** What is granted on a node beyond a new offer of it. */
    private static final class Excess {
        private final long[] milliByDevice;
        private long cpuMillicores;
        private long memoryMib;
        private Storage storage;

        Excess(SuppliedNode node, NodeOffer offer) {
            IntVector sellable = offer.deviceSellableMilli();
            cpuMillicores = node.takenCpuMillicores() - offer.cpuSellableMillicores();
            memoryMib = node.takenMemoryMib() - offer.memorySellableMib();
            storage = node.takenStorage().minus(offer.storageSellable());
            milliByDevice = new long[Math.max(node.devices(), sellable.size())];
            for (int device = 0; device < milliByDevice.length; device++) {
                int toSell = device < sellable.size() ? sellable.get(device) : 0;
                milliByDevice[device] = (long) node.takenMilli(device) - toSell;
            }
        }

        boolean isAny() {
            return cpuMillicores > 0
                    || memoryMib > 0
                    || storage.gib() > 0
                    || storage.mibPerSecond() > 0
                    || milliDevices() > 0;
        }

        private long milliDevices() {
            long sum = 0;
            for (long milli : milliByDevice) {
                sum += Math.max(0, milli);
            }
            return sum;
        }

        /** Puts a request's grants on the node back, if nothing is too much then. */
        boolean isNoneWith(Request holder, String node) {
            takeAll(holder, node, 1);
            if (!isAny()) {
                return true;
            }
            takeAll(holder, node, -1);
            return false;
        }

        /** Takes a request's grants on the node off, if that helps. */
        boolean reduceBy(Request holder, String node) {
            long before = pressure();
            takeAll(holder, node, -1);
            if (pressure() < before) {
                return true;
            }
            takeAll(holder, node, 1);
            return false;
        }

        private void takeAll(Request holder, String node, int sign) {
            for (Grant grant : holder.grants()) {
                if (grant.nodeId().equals(node)) {
                    take(grant, sign);
                }
            }
        }

        private void take(Grant grant, int sign) {
            cpuMillicores += sign * grant.cpuMillicores();
            memoryMib += sign * grant.memoryMib();
            storage = storage.plus(grant.storage().times(sign));
            for (int i = 0; i < grant.deviceIndexes().size(); i++) {
                milliByDevice[grant.deviceIndexes().get(i)] += (long) sign * grant.milliPerDevice();
            }
        }

        private long pressure() {
            Storage over = storage.orNothing();
            return milliDevices()
                    + Math.max(0, cpuMillicores)
                    + Math.max(0, memoryMib)
                    + over.gib()
                    + over.mibPerSecond();
        }

        Event.NodeOversold named(String nodeId, List<Request> victims) {
            return new Event.NodeOversold(
                    nodeId,
                    milliDevices(),
                    Math.max(0, cpuMillicores),
                    Math.max(0, memoryMib),
                    storage.orNothing(),
                    victims.stream().map(Request::requestId).toList());
        }
    }
}
