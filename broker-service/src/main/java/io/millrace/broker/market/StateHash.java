package io.millrace.broker.market;

import io.millrace.broker.catalogue.Need;
import io.millrace.broker.placement.Alternative;
import io.millrace.broker.placement.Figure;
import io.millrace.broker.placement.Forecast;
import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.IntVector;
import io.millrace.broker.placement.Latitude;
import io.millrace.broker.placement.Misfit;
import io.millrace.broker.placement.NodeOffer;
import io.millrace.broker.placement.Quantum;
import io.millrace.broker.placement.Relaxation;
import io.millrace.broker.placement.Shortfall;
import io.millrace.broker.placement.Storage;
import io.millrace.broker.placement.SuppliedNode;
import io.millrace.broker.queue.AccountUsage;
import java.util.List;

/**
 * A 64-bit hash over the fields of what a market knows, spelled out so that it is the same on every JVM ({@code
 * hashCode} of records and enums is not). Mixing: the finaliser of SplitMix64 (Steele, Lea, Flood 2014).
 */
final class StateHash {
    private long value = 0x9E3779B97F4A7C15L;

    StateHash add(long field) {
        long z = value + field * 0x9E3779B97F4A7C15L + 0x632BE59BD9B4E019L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        value = z ^ (z >>> 31);
        return this;
    }

    StateHash add(String field) {
        long h = field.length();
        for (int i = 0; i < field.length(); i++) {
            h = h * 0x100000001B3L + field.charAt(i);
        }
        return add(h);
    }

    private StateHash add(IntVector vector) {
        add(vector.size());
        for (int i = 0; i < vector.size(); i++) {
            add(vector.get(i));
        }
        return this;
    }

    private StateHash add(List<String> texts) {
        add(texts.size());
        texts.forEach(this::add);
        return this;
    }

    long value() {
        return value;
    }

    /** What is kept in no order is added up, so that no order comes in. */
    static long of(MarketState state) {
        MarketState.Meta meta = state.meta();
        StateHash hash = new StateHash()
                .add(state.marketId())
                .add(meta.sequence())
                .add(meta.timeMillis())
                .add(state.hourEndMillis())
                .add(meta.halted() == null ? "" : meta.halted());
        long sum = 0;
        for (SuppliedNode node : state.supply().nodes()) {
            sum += of(node);
        }
        for (Request request : state.requests()) {
            sum += of(request);
        }
        for (AccountUsage usage : state.queue().usages()) {
            sum += of(usage);
        }
        return hash.add(meta.forecast()).add(sum).value();
    }

    static long of(SuppliedNode node) {
        NodeOffer offer = node.offer();
        StateHash hash = new StateHash()
                .add(offer.nodeId())
                .add(offer.centreId())
                .add(offer.poolId())
                .add(offer.kind().name())
                .add(offer.model())
                .add(offer.status().name())
                .add(offer.cpuTotalMillicores())
                .add(offer.cpuSellableMillicores())
                .add(offer.memoryTotalMib())
                .add(offer.memorySellableMib())
                .add(offer.deviceSellableMilli())
                .add(offer.priceMicroCnyPerDeviceHour())
                .add(offer.priceMicroCnyPerCoreHour())
                .add(offer.observedAtMillis())
                .add(offer.sequence())
                .add(node.freeCpuMillicores())
                .add(node.freeMemoryMib());
        for (int device = 0; device < node.devices(); device++) {
            hash.add(node.freeMilli(device));
        }
        Quantum quantum = offer.quantum();
        if (quantum != null) {
            hash.add("quantum")
                    .add(quantum.qubits())
                    .add(quantum.twoQubitFidelityPpm())
                    .add(quantum.shotsPerHour());
        }
        if (!offer.storageTotal().isNone()
                || !offer.storageSellable().isNone()
                || !node.freeStorage().isNone()) {
            hash.add(offer.storageTotal()).add(offer.storageSellable()).add(node.freeStorage());
        }
        if (offer.priceMicroCnyPerGibHour() != 0) {
            hash.add("storage price").add(offer.priceMicroCnyPerGibHour());
        }
        return hash.value();
    }

    private StateHash add(Storage storage) {
        return add("storage").add(storage.gib()).add(storage.mibPerSecond());
    }

    static long of(Request request) {
        StateHash hash = new StateHash()
                .add(request.requestId())
                .add(request.accountId())
                .add(request.status().name())
                .add(request.reason().name())
                .add(request.allocationNumber())
                .add(request.sinceMillis())
                .add(request.untilMillis())
                .add(request.remainingMillis())
                .add(request.queueRank())
                .add(request.acceptedAtMillis())
                .add(request.decisionSequence())
                .add(request.decidedAtMillis())
                .add(request.attempt());
        hash.add(request.spec());
        request.grants().forEach(hash::add);
        return hash.add(request.explanation()).value();
    }

    StateHash add(Forecast forecast) {
        add(forecast.spacing()).add(forecast.dueAtSequence());
        if (forecast.turnoverMillionths() != 0) {
            add("turnover").add(forecast.turnoverMillionths());
        }
        for (Forecast.Expected shape : forecast.expected()) {
            add(shape.kind() == null ? "" : shape.kind().name())
                    .add(shape.models())
                    .add(shape.devices())
                    .add(shape.milliPerDevice())
                    .add(shape.cpuMillicores())
                    .add(shape.memoryMib())
                    .add(shape.shareMillionths())
                    .add(shape.weight());
        }
        return this;
    }

    static long of(AccountUsage usage) {
        StateHash hash =
                new StateHash().add(usage.accountId()).add(usage.averages().size());
        for (AccountUsage.Average average : usage.averages()) {
            hash.add(average.resource()).add(average.amountQ16());
        }
        return hash.add(usage.averagedAtMillis())
                .add(usage.windowEndMillis())
                .add(usage.spentMicroDeviceSeconds())
                .value();
    }

    private void add(ComputeSpec spec) {
        Long maxPrice = spec.maxPriceMicroCnyPerHour();
        Long deadline = spec.deadlineMillis();
        add(spec.kind() == null ? "" : spec.kind().name())
                .add(spec.models())
                .add(spec.replicas())
                .add(spec.devices())
                .add(spec.milliPerDevice())
                .add(spec.cpuMillicores())
                .add(spec.memoryMib())
                .add(spec.durationSeconds())
                .add(spec.maxWaitSeconds())
                .add(spec.hubs())
                .add(maxPrice == null ? -1 : maxPrice)
                .add(spec.priority().name())
                .add(spec.preemptible() ? 1 : 0)
                .add(deadline == null ? -1 : deadline);
        Need need = spec.need();
        if (need != null) {
            add(need);
        }
        if (!spec.latitude().equals(Latitude.NONE)) {
            add(spec.latitude());
        }
        Shots quantum = spec.quantum();
        if (quantum != null) {
            add("quantum")
                    .add(quantum.qubits())
                    .add(quantum.twoQubitFidelityPpm())
                    .add(quantum.shots());
        }
        Siting siting = spec.siting();
        if (siting != null) {
            add(siting);
        }
        if (!spec.storage().isNone()) {
            add(spec.storage());
        }
    }

    private void add(Siting siting) {
        Long limit = siting.latencyLimitMicros();
        add("siting")
                .add(siting.usersHub() == null ? "" : siting.usersHub())
                .add(limit == null ? -1 : limit)
                .add(siting.dataHub() == null ? "" : siting.dataHub())
                .add(siting.dataGib())
                .add(siting.weights().size());
        for (Siting.Weight weight : siting.weights()) {
            add(weight.term()).add(weight.permille());
        }
    }

    private void add(Need need) {
        add("need")
                .add(need.precision() == null ? "" : need.precision().name())
                .add(need.gigaOpsPerDevice())
                .add(need.gigaOpsInTotal())
                .add(need.deviceMemoryGib())
                .add(need.workload() == null ? "" : need.workload().name());
    }

    private void add(Latitude latitude) {
        add("latitude").add(latitude.leastReplicas()).add(latitude.spread().name());
        add(latitude.alternatives().size());
        for (Alternative alternative : latitude.alternatives()) {
            add(alternative.models()).add(alternative.replicas()).add(alternative.why());
        }
    }

    private void add(Grant grant) {
        add(grant.nodeId())
                .add(grant.centreId())
                .add(grant.model())
                .add(grant.replicas())
                .add(grant.deviceIndexes())
                .add(grant.milliPerDevice())
                .add(grant.cpuMillicores())
                .add(grant.memoryMib())
                .add(grant.priceMicroCnyPerHour());
        if (grant.shotsPerHour() != 0) {
            add(grant.shotsPerHour());
        }
        if (!grant.storage().isNone()) {
            add(grant.storage());
        }
    }

    private StateHash add(Explanation explanation) {
        add(explanation.summary()).add(explanation.nodesConsidered()).add(explanation.wouldFit());
        addCounts(explanation.filtered());
        Shortfall shortfall = explanation.shortfall();
        addCounts(shortfall.exhausted());
        add(shortfall.rejected().size()).add(shortfall.relaxations().size());
        for (Shortfall.Rejected node : shortfall.rejected()) {
            add(node.nodeId())
                    .add(node.missingMilliDevices())
                    .add(node.missingCpuMillicores())
                    .add(node.missingMemoryMib());
            if (!node.missingStorage().isNone()) {
                add(node.missingStorage());
            }
        }
        for (Relaxation relaxation : shortfall.relaxations()) {
            add(relaxation.what().name())
                    .add(relaxation.name())
                    .add(relaxation.amount())
                    .add(relaxation.now() ? 1 : 0)
                    .add(relaxation.changePermille());
        }
        add(explanation.figures().size());
        for (Figure figure : explanation.figures()) {
            add(figure.what().name()).add(figure.name()).add(figure.value());
        }
        return this;
    }

    private void addCounts(List<Misfit.Removed> counts) {
        add(counts.size());
        for (Misfit.Removed removed : counts) {
            add(removed.filter()).add(removed.nodes());
        }
    }
}
