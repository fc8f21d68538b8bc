package io.millrace.ingest.capacity;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Nodes of one centre with the same device model and interconnect, as far as selling them is concerned. Immutable.
 *
 * @param centreId its centre
 * @param poolId unique inside the centre
 * @param hubId the hub of its centre, and thereby its market
 * @param kind kind of computing power
 * @param model device model; empty for CPU nodes
 * @param devicesPerNode devices of one node; 0 for CPU nodes
 * @param priceMicroCnyPerDeviceHour ask for a whole device for an hour, in millionths of a CNY
 * @param priceMicroCnyPerCoreHour ask for a core for an hour, in millionths of a CNY
 * @param priceMicroCnyPerGibHour ask for a GiB of storage for an hour, beside the others, in millionths of a CNY
 * @param peaksGigaOpsPerSecond dense peak of one device per precision that it has, in 10^9 operations per second
 * @param quantum of a pool of quantum processors, what they are; else null
 */
public record Pool(
        String centreId,
        String poolId,
        String hubId,
        Kind kind,
        String model,
        int devicesPerNode,
        long priceMicroCnyPerDeviceHour,
        long priceMicroCnyPerCoreHour,
        long priceMicroCnyPerGibHour,
        Map<Precision, Long> peaksGigaOpsPerSecond,
        @Nullable Quantum quantum) {

    public Pool {
        peaksGigaOpsPerSecond = Map.copyOf(peaksGigaOpsPerSecond);
    }

    /** One without quantum processors, with storage for nothing. */
    public Pool(
            String centreId,
            String poolId,
            String hubId,
            Kind kind,
            String model,
            int devicesPerNode,
            long priceMicroCnyPerDeviceHour,
            long priceMicroCnyPerCoreHour,
            Map<Precision, Long> peaksGigaOpsPerSecond) {
        this(
                centreId,
                poolId,
                hubId,
                kind,
                model,
                devicesPerNode,
                priceMicroCnyPerDeviceHour,
                priceMicroCnyPerCoreHour,
                0,
                peaksGigaOpsPerSecond,
                null);
    }

    /** The pool's id among all pools: "centreId/poolId". */
    public String scopeId() {
        return centreId + '/' + poolId;
    }

    /** True if a node that moves from one to the other is offered as before; what one node of it reports is left out. */
    boolean sameTermsAs(Pool other) {
        return centreId.equals(other.centreId)
                && poolId.equals(other.poolId)
                && hubId.equals(other.hubId)
                && kind == other.kind
                && model.equals(other.model)
                && priceMicroCnyPerDeviceHour == other.priceMicroCnyPerDeviceHour
                && priceMicroCnyPerCoreHour == other.priceMicroCnyPerCoreHour
                && priceMicroCnyPerGibHour == other.priceMicroCnyPerGibHour
                && Objects.equals(quantum, other.quantum);
    }
}
