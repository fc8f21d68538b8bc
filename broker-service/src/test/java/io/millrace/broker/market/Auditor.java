package io.millrace.broker.market;

import io.millrace.broker.market.Event.EndCause;
import io.millrace.broker.placement.Alternative;
import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.Latitude;
import io.millrace.broker.placement.NodeOffer;
import io.millrace.broker.placement.NodeOffer.NodeStatus;
import io.millrace.broker.placement.SuppliedNode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Knows a market by its commands and events only, and checks what must hold for every market, as anybody could who reads
 * its log. Throws an AssertionError that names what is broken.
 */
final class Auditor {

    /** What is granted and until when. */
    private record Running(Event.Allocated allocated, long endsAtMillis) {}

    private final Map<String, NodeOffer> offers = new HashMap<>();
    /** Requests that the market has to know, and what was asked. Each of them is in one of the five maps below. */
    private final Map<String, ComputeSpec> asked = new HashMap<>();

    private final Map<String, Running> running = new HashMap<>();
    private final Map<String, Event.Queued> waiting = new HashMap<>();
    /** Parts that are kept for others. */
    private final Map<String, Event.Held> held = new HashMap<>();
    /** The part that is being confirmed, which begins again even if it had ended. */
    private @Nullable String confirmed;

    /** Requests that went to another market, and when. */
    private final Map<String, Long> deflected = new HashMap<>();
    /** Requests that have their terminal answer, and when they got it. */
    private final Map<String, Long> ended = new HashMap<>();

    private final Map<String, Integer> allocationNumbers = new HashMap<>();
    /** Requests that run and must give way, and when. */
    private final Map<String, Long> noticed = new HashMap<>();

    private long events;
    private long timeMillis;
    /** A revocation whose Queued has not come yet. */
    private Event.@Nullable Ended revoked;

    /** Takes in the command from which the next events follow. */
    void on(Command command) {
        confirmed = null;
        switch (command) {
            case Command.Submit submit -> asked.putIfAbsent(submit.requestId(), submit.spec());
            case Command.Hold hold ->
                asked.putIfAbsent(hold.asked().requestId(), hold.asked().spec());
            case Command.Confirm confirm -> {
                confirmed = confirm.asked().requestId();
                asked.putIfAbsent(confirmed, confirm.asked().spec());
            }
            default -> {}
        }
    }

    void on(Event event, long nowMillis) {
        require(nowMillis >= timeMillis, "time goes back to %d at %s", nowMillis, event);
        require(revoked == null || event instanceof Event.Queued, "%s is followed by %s", revoked, event);
        events++;
        timeMillis = nowMillis;
        switch (event) {
            case Event.Allocated e -> allocated(e);
            case Event.Queued e -> queued(e);
            case Event.Held e -> {
                begin(e.requestId(), e.spec());
                require(e.heldUntilMillis() > timeMillis, "%s is over", e);
                held.put(e.requestId(), e);
            }
            case Event.Refused e -> {
                waiting.remove(e.requestId());
                held.remove(e.requestId());
                end(e.requestId());
            }
            case Event.Deflected e -> {
                begin(e.requestId(), e.spec());
                deflected.put(e.requestId(), timeMillis);
            }
            case Event.Cancelled e -> {
                boolean waited = waiting.remove(e.requestId()) != null;
                require(held.remove(e.requestId()) != null || waited, "%s neither waited nor was kept", e);
                end(e.requestId());
            }
            case Event.Ended e -> ended(e);
            case Event.Extended e -> extended(e);
            case Event.PreemptionNoticed e -> noticed(e);
            case Event.NodeUpdated e -> offers.put(e.offer().nodeId(), e.offer());
            case Event.Forgotten e -> {
                forget(ended, e.endedBeforeMillis());
                forget(deflected, e.endedBeforeMillis());
                offers.values()
                        .removeIf(offer -> offer.status() == NodeOffer.NodeStatus.LOST
                                && offer.observedAtMillis() < e.nodesObservedBeforeMillis());
            }
            case Event.MarketHalted e -> throw new AssertionError(e);
            case Event.HourClosed e -> require(!running.isEmpty(), "%s and nothing runs", e);
            case Event.AnswerRepeated e -> require(asked.containsKey(e.requestId()), "%s of what?", e);
            case Event.NodeOversold e -> {}
            case Event.CommandRefused e -> {}
        }
    }

    /** A request is answered for the first time, or comes back from other markets. */
    private void begin(String requestId, ComputeSpec spec) {
        require(spec.equals(asked.get(requestId)), "%s asked %s, not %s", requestId, asked.get(requestId), spec);
        require(!running.containsKey(requestId), "%s runs", requestId);
        require(!waiting.containsKey(requestId), "%s waits", requestId);
        require(!held.containsKey(requestId), "%s is kept", requestId);
        if (requestId.equals(confirmed)) {
            ended.remove(requestId);
        }
        require(!ended.containsKey(requestId), "%s has its answer", requestId);
        deflected.remove(requestId);
    }

    private void end(String requestId) {
        begin(requestId, asked.getOrDefault(requestId, SpecBuilder.gpus(0).spec()));
        ended.put(requestId, timeMillis);
        allocationNumbers.remove(requestId);
    }

    private void forget(Map<String, Long> answers, long beforeMillis) {
        answers.entrySet().removeIf(answer -> {
            boolean forgotten = answer.getValue() < beforeMillis;
            if (forgotten) {
                asked.remove(answer.getKey());
            }
            return forgotten;
        });
    }

    private void allocated(Event.Allocated e) {
        waiting.remove(e.requestId());
        Event.Held kept = held.remove(e.requestId());
        require(kept == null || kept.grants().equals(e.grants()), "%s was kept %s", e, kept);
        begin(e.requestId(), e.spec());
        require(e.startsAtMillis() == timeMillis, "%s starts at another time than %d", e, timeMillis);
        require(e.endsAtMillis() > timeMillis, "%s ends before %d", e, timeMillis);
        int number = allocationNumbers.merge(e.requestId(), 1, Integer::sum);
        require(e.allocationNumber() == number, "%s is allocation %d", e, number);
        requireAsked(e);
        running.put(e.requestId(), new Running(e, e.endsAtMillis()));
    }

    /** As many replicas as asked, as near as asked, and of one alternative. */
    private void requireAsked(Event.Allocated e) {
        Latitude latitude = e.spec().latitude();
        int replicas = e.grants().stream().mapToInt(Grant::replicas).sum();
        int most = e.spec().replicas();
        for (Alternative alternative : latitude.alternatives()) {
            if (alternative.models().contains(e.grants().get(0).model())) {
                most = alternative.replicas();
                e.grants().forEach(g -> require(alternative.models().contains(g.model()), "%s mixes alternatives", e));
            }
        }
        int least = latitude.leastReplicas() == 0 ? most : latitude.leastReplicas();
        require(replicas >= least && replicas <= most, "%s has %d replicas", e, replicas);
        NodeOffer first = present(offers.get(e.grants().get(0).nodeId()), e);
        for (Grant grant : e.grants()) {
            NodeOffer offer = present(offers.get(grant.nodeId()), e);
            boolean centre = offer.centreId().equals(first.centreId());
            boolean pool = centre
                    && offer.poolId().equals(first.poolId())
                    && offer.model().equals(first.model());
            boolean near = switch (latitude.spread()) {
                case POOL -> pool;
                case CENTRE -> centre;
                case MARKET -> true;
            };
            require(near, "%s is spread too far", e);
        }
    }

    private void queued(Event.Queued e) {
        require(revoked == null || e.requestId().equals(revoked.requestId()), "%s is followed by %s", revoked, e);
        revoked = null;
        begin(e.requestId(), e.spec());
        waiting.put(e.requestId(), e);
    }

    private void ended(Event.Ended e) {
        Running run = present(running.remove(e.requestId()), e);
        require(run.allocated.allocationNumber() == e.allocationNumber(), "%s ended %s", e, run);
        require(e.endedAtMillis() <= timeMillis, "%s is in the future", e);
        require(e.cause() != EndCause.EXPIRED || e.endedAtMillis() == run.endsAtMillis, "%s ended %s", e, run);
        boolean planned = e.cause() == EndCause.EXPIRED || e.cause() == EndCause.PREEMPTED;
        require(planned || e.endedAtMillis() == timeMillis, "%s is not now", e);
        require(
                e.cause() != EndCause.PREEMPTED || e.endedAtMillis() == noticed.getOrDefault(e.requestId(), 0L),
                "%s came without notice",
                e);
        require(e.cause() != EndCause.EXPIRED || !noticed.containsKey(e.requestId()), "%s was given notice", e);
        noticed.remove(e.requestId());
        if (e.cause() == EndCause.REVOKED || e.cause() == EndCause.PREEMPTED) {
            revoked = e;
        } else {
            end(e.requestId());
        }
    }

    private void noticed(Event.PreemptionNoticed e) {
        Running run = present(running.get(e.requestId()), e);
        require(run.allocated.spec().preemptible(), "%s: %s may not be stopped", e, run);
        require(noticed.put(e.requestId(), e.endsAtMillis()) == null, "%s comes twice", e);
        require(run.endsAtMillis == e.endsAtMillis() + e.remainingMillis(), "%s changes the term of %s", e, run);
        require(e.remainingMillis() > 0 && e.endsAtMillis() >= timeMillis, "%s is no notice", e);
        running.put(e.requestId(), new Running(run.allocated, e.endsAtMillis()));
    }

    private void extended(Event.Extended e) {
        Running run = present(running.get(e.requestId()), e);
        require(run.endsAtMillis <= e.endsAtMillis(), "%s extended %s", e, run);
        noticed.remove(e.requestId());
        running.put(e.requestId(), new Running(run.allocated, e.endsAtMillis()));
    }

    /** What must hold between commands, and what the market says of itself. */
    void check(MarketState state) {
        require(revoked == null, "%s is followed by nothing", revoked);
        int known = running.size() + waiting.size() + held.size() + deflected.size() + ended.size();
        require(known == asked.size(), "%d requests have an answer, of %d", known, asked.size());
        require(
                state.requests().size() == known,
                "%d requests remembered, not %d",
                state.requests().size(),
                known);
        require(
                state.meta().sequence() == events,
                "sequence %d after %d events",
                state.meta().sequence(),
                events);
        require(state.meta().timeMillis() == timeMillis, "time %d", state.meta().timeMillis());
        require(state.allocations() == running.size(), "%d allocations", state.allocations());
        require(state.queued() == waiting.size(), "%d queued", state.queued());
        waiting.values().forEach(e -> require(e.waitsUntilMillis() > timeMillis, "%s still waits", e));
        checkNodes(state);
    }

    private void checkNodes(MarketState state) {
        Map<String, Free> free = new HashMap<>();
        offers.forEach((id, offer) -> free.put(id, new Free(offer)));
        for (Running run : running.values()) {
            require(run.endsAtMillis > timeMillis, "%s still runs", run);
            for (Grant grant : run.allocated.grants()) {
                Free node = present(free.get(grant.nodeId()), grant);
                require(node.offer.status() != NodeStatus.LOST, "%s runs on a lost node", run);
                node.take(grant);
            }
        }
        for (Event.Held kept : held.values()) {
            require(kept.heldUntilMillis() > timeMillis, "%s is still kept", kept);
            for (Grant grant : kept.grants()) {
                Free node = present(free.get(grant.nodeId()), grant);
                require(node.offer.status() != NodeStatus.LOST, "%s is kept on a lost node", kept);
                node.take(grant);
            }
        }
        free.values().forEach(node -> node.check(present(state.supply().node(node.offer.nodeId()), node.offer)));
    }

    /** What an offer leaves free. */
    private static final class Free {
        private final NodeOffer offer;
        private final int[] milli;
        private long cpuMillicores;
        private long memoryMib;
        private long storageGib;
        private long storageMibPerSecond;

        Free(NodeOffer offer) {
            this.offer = offer;
            this.milli = offer.deviceSellableMilli().toArray();
            this.cpuMillicores = offer.cpuSellableMillicores();
            this.memoryMib = offer.memorySellableMib();
            this.storageGib = offer.storageSellable().gib();
            this.storageMibPerSecond = offer.storageSellable().mibPerSecond();
        }

        void take(Grant grant) {
            cpuMillicores -= grant.cpuMillicores();
            memoryMib -= grant.memoryMib();
            storageGib -= grant.storage().gib();
            storageMibPerSecond -= grant.storage().mibPerSecond();
            for (int device : grant.deviceIndexes().toArray()) {
                milli[device] -= grant.milliPerDevice();
            }
        }

        void check(SuppliedNode node) {
            int least = Arrays.stream(milli).min().orElse(0);
            require(cpuMillicores >= 0 && memoryMib >= 0 && least >= 0, "more granted than can be sold: %s", offer);
            require(storageGib >= 0 && storageMibPerSecond >= 0, "more storage granted than can be sold: %s", offer);
            require(node.offer().equals(offer), "another offer than %s", offer);
            require(node.freeCpuMillicores() == cpuMillicores, "free CPU of %s is %d", offer, cpuMillicores);
            require(node.freeMemoryMib() == memoryMib, "free memory of %s is %d", offer, memoryMib);
            require(node.freeStorage().gib() == storageGib, "free storage of %s is %d GiB", offer, storageGib);
            require(
                    node.freeStorage().mibPerSecond() == storageMibPerSecond,
                    "free storage bandwidth of %s is %d MiB/s",
                    offer,
                    storageMibPerSecond);
            require(node.devices() == milli.length, "devices of %s", offer);
            for (int device = 0; device < milli.length; device++) {
                require(node.freeMilli(device) == milli[device], "device %d of %s", device, offer);
            }
        }
    }

    private static <T> T present(@Nullable T found, Object by) {
        if (found == null) {
            throw new AssertionError(by + " names what is not there");
        }
        return found;
    }

    @SuppressWarnings("AnnotateFormatMethod") // an annotation of a library that is none of ours
    private static void require(boolean holds, String elseBroken, @Nullable Object... named) {
        if (!holds) {
            throw new AssertionError(elseBroken.formatted(named));
        }
    }
}
