package io.millrace.broker.placement;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be placed: equal replicas, each on one node, all or none, all in one pool, unless its latitude says more. Two
 * requests with equal demands fit or do not fit together, which is what the queue goes by.
 *
 * @param kind kind of computing power; null for any
 * @param models device models that will do, sorted; empty for any, without devices also for none. Of a demand with alternatives, those of all
 * @param replicas equal parts, at least 1. Of a demand with alternatives, the most of any
 * @param devices devices of a replica; 0 for work on CPUs
 * @param milliPerDevice thousandths of each device, 1 to 1000; below 1000 only for a single device
 * @param cpuMillicores CPU of a replica, thousandths of a core
 * @param memoryMib memory of a replica, MiB
 * @param maxPriceMicroCnyPerHour highest acceptable ask per device and hour, per core and hour without devices;
 *     Long.MAX_VALUE for any
 * @param latitude what it leaves open
 * @param quantum what a quantum processor must be at least; null for other work
 * @param storage storage of a replica
 */
public record Demand(
        @Nullable Kind kind,
        List<String> models,
        int replicas,
        int devices,
        int milliPerDevice,
        long cpuMillicores,
        long memoryMib,
        long maxPriceMicroCnyPerHour,
        Latitude latitude,
        @Nullable Quantum quantum,
        Storage storage) {

    /** Copies the list. */
    public Demand {
        models = List.copyOf(models);
    }

    /** One that leaves nothing open and asks for no storage. */
    public Demand(
            @Nullable Kind kind,
            List<String> models,
            int replicas,
            int devices,
            int milliPerDevice,
            long cpuMillicores,
            long memoryMib,
            long maxPriceMicroCnyPerHour) {
        this(
                kind,
                models,
                replicas,
                devices,
                milliPerDevice,
                cpuMillicores,
                memoryMib,
                maxPriceMicroCnyPerHour,
                Latitude.NONE,
                null,
                Storage.NONE);
    }

    /** True if a replica takes part of a device only. */
    public boolean sharesDevice() {
        return devices == 1 && milliPerDevice < 1000;
    }

    /** Thousandths of devices that a replica takes. */
    public int milliPerReplica() {
        return devices * milliPerDevice;
    }

    /** Thousandths of devices that it takes at most. */
    public long mostMilliDevices() {
        return (long) replicas * milliPerReplica();
    }

    /** True if nodes with this offer will do, whatever is free on them. */
    public boolean suits(NodeOffer offer) {
        long ask = devices > 0 ? offer.priceMicroCnyPerDeviceHour() : offer.priceMicroCnyPerCoreHour();
        return suits(offer.kind(), offer.model(), ask) && acceptsQuantum(offer.quantum());
    }

    boolean acceptsQuantum(@Nullable Quantum offered) {
        return quantum == null || (offered != null && offered.isAtLeast(quantum));
    }

    /** True if nodes of this kind, model and ask will do, as far as these say. */
    public boolean suits(Kind offeredKind, String offeredModel, long askMicroCnyPerHour) {
        return (kind == null || kind == offeredKind)
                && suitsModel(offeredModel)
                && askMicroCnyPerHour <= maxPriceMicroCnyPerHour;
    }

    /** True if nodes of this model will do: whoever asks for devices of any model asks for devices. */
    boolean suitsModel(String offered) {
        return models.isEmpty() ? devices == 0 || !offered.isEmpty() : models.contains(offered);
    }

    // What it leaves open

    /** True if it leaves more open than which nodes of which pool. */
    boolean isOpen() {
        return !latitude.equals(Latitude.NONE);
    }

    /** True if fewer replicas will do. */
    boolean isElastic() {
        return latitude.leastReplicas() > 0;
    }

    /** Ways to serve it, at least 1. */
    int alternatives() {
        return Math.max(1, latitude.alternatives().size());
    }

    /** The alternative, by its place in the order, that a model that will do belongs to. */
    public int alternativeOf(String model) {
        List<Alternative> alternatives = latitude.alternatives();
        for (int i = 0; i < alternatives.size(); i++) {
            if (alternatives.get(i).models().contains(model)) {
                return i;
            }
        }
        return 0;
    }

    /** Most replicas of an alternative. */
    public int replicasOf(int alternative) {
        return latitude.alternatives().isEmpty()
                ? replicas
                : latitude.alternatives().get(alternative).replicas();
    }

    /** Fewest replicas that will do of an alternative. */
    public int leastReplicasOf(int alternative) {
        return isElastic() ? latitude.leastReplicas() : replicasOf(alternative);
    }

    /** Fewest replicas that will do of any alternative. */
    public int leastReplicas() {
        int least = leastReplicasOf(0);
        for (int i = 1; i < alternatives(); i++) {
            least = Math.min(least, leastReplicasOf(i));
        }
        return least;
    }

    /** Of a demand with alternatives, why this model's stands where it stands. */
    public String why(String model) {
        return latitude.alternatives().get(alternativeOf(model)).why();
    }

    /** It with one alternative only. */
    Demand alternative(int which) {
        if (latitude.alternatives().isEmpty()) {
            return this;
        }
        Alternative alternative = latitude.alternatives().get(which);
        return with(
                kind,
                alternative.models().stream().sorted().toList(),
                alternative.replicas(),
                maxPriceMicroCnyPerHour,
                new Latitude(latitude.leastReplicas(), latitude.spread(), List.of()));
    }

    /** One alternative at its fewest replicas, as far apart as they may be. */
    Demand atLeast(int which) {
        return isOpen() ? alternative(which).fixed(leastReplicasOf(which), latitude.spread()) : this;
    }

    /** So many replicas, so far apart, and nothing left open. */
    Demand fixed(int count, Spread spread) {
        return with(kind, models, count, maxPriceMicroCnyPerHour, count == 1 ? Latitude.NONE : Latitude.of(spread));
    }

    // The same with one thing changed

    /** With so many replicas at most, all else as it is. */
    public Demand withReplicas(int count) {
        return with(kind, models, count, maxPriceMicroCnyPerHour, latitude);
    }

    Demand withKind(Kind other) {
        return with(other, models, replicas, maxPriceMicroCnyPerHour, latitude);
    }

    Demand withModel(String model) {
        return with(kind, List.of(model), replicas, maxPriceMicroCnyPerHour, latitude);
    }

    Demand withMaxPrice(long priceMicroCnyPerHour) {
        return with(kind, models, replicas, priceMicroCnyPerHour, latitude);
    }

    /** With replicas of so many devices, or of such a part of one. */
    public Demand withDevices(int count, int milli) {
        return sized(count, milli, cpuMillicores, memoryMib, storage);
    }

    Demand withCpu(long millicores) {
        return sized(devices, milliPerDevice, millicores, memoryMib, storage);
    }

    Demand withMemory(long mib) {
        return sized(devices, milliPerDevice, cpuMillicores, mib, storage);
    }

    Demand withStorage(Storage other) {
        return storage.equals(other) ? this : sized(devices, milliPerDevice, cpuMillicores, memoryMib, other);
    }

    // What one replica asks

    /** True if it is one replica's that may cost anything: its own shape. */
    boolean isPlain() {
        return replicas == 1 && maxPriceMicroCnyPerHour == Long.MAX_VALUE && !isOpen();
    }

    /** What one replica asks of a node, whatever it may cost and whichever quantum processor it is. */
    Demand shape() {
        return isPlain() && quantum == null
                ? this
                : new Demand(
                        kind,
                        models,
                        1,
                        devices,
                        milliPerDevice,
                        cpuMillicores,
                        memoryMib,
                        Long.MAX_VALUE,
                        Latitude.NONE,
                        null,
                        storage);
    }

    /** What one replica asks of a node at this price at most. */
    Demand shape(long priceMicroCnyPerHour) {
        return with(kind, models, 1, priceMicroCnyPerHour, Latitude.NONE);
    }

    /** What one replica asks of devices. */
    Demand devicesOnly() {
        return new Demand(kind, models, 1, devices, milliPerDevice, 0, 0, Long.MAX_VALUE);
    }

    private Demand with(
            @Nullable Kind otherKind, List<String> others, int count, long priceMicroCnyPerHour, Latitude left) {
        return new Demand(
                otherKind,
                others,
                count,
                devices,
                milliPerDevice,
                cpuMillicores,
                memoryMib,
                priceMicroCnyPerHour,
                left,
                quantum,
                storage);
    }

    private Demand sized(int count, int milli, long millicores, long mib, Storage ofReplica) {
        return new Demand(
                kind,
                models,
                replicas,
                count,
                milli,
                millicores,
                mib,
                maxPriceMicroCnyPerHour,
                latitude,
                quantum,
                ofReplica);
    }
}
