package io.millrace.broker.market;

import io.millrace.broker.catalogue.Catalogue;
import io.millrace.broker.catalogue.Need;
import io.millrace.broker.placement.Alternative;
import io.millrace.broker.placement.Demand;
import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.Kind;
import io.millrace.broker.placement.Latitude;
import io.millrace.broker.placement.Quantum;
import io.millrace.broker.placement.Storage;
import io.millrace.broker.queue.PriorityClass;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant asks: what is to be placed, for how long, and how long it may wait.
 *
 * @param kind kind of computing power; null for any
 * @param models device models that will do, as the tenant listed them; empty for any
 * @param replicas equal parts, all granted or none
 * @param devices devices of a replica
 * @param milliPerDevice thousandths of each device
 * @param cpuMillicores CPU of a replica, thousandths of a core
 * @param memoryMib memory of a replica, MiB
 * @param durationSeconds term
 * @param maxWaitSeconds longest wait; 0 to be answered at once
 * @param hubs hubs that may serve it; empty for any
 * @param maxPriceMicroCnyPerHour highest acceptable ask; null for any
 * @param priority its class in the queue
 * @param preemptible true if it may be stopped, with notice, for a request of a higher class
 * @param deadlineMillis when its term must be over at the latest; null for no such time
 * @param need what a device must be able to do; null if the models say all. Its alternatives are what it was resolved to
 * @param latitude what it leaves open
 * @param quantum the job for a quantum processor, of which {@code durationSeconds} is the longest term; null for other work
 * @param siting where it should run, beyond hubs; null if only room and price matter
 * @param storage storage of a replica
 */
public record ComputeSpec(
        @Nullable Kind kind,
        List<String> models,
        int replicas,
        int devices,
        int milliPerDevice,
        long cpuMillicores,
        long memoryMib,
        long durationSeconds,
        long maxWaitSeconds,
        List<String> hubs,
        @Nullable Long maxPriceMicroCnyPerHour,
        PriorityClass priority,
        boolean preemptible,
        @Nullable Long deadlineMillis,
        @Nullable Need need,
        Latitude latitude,
        @Nullable Shots quantum,
        @Nullable Siting siting,
        Storage storage) {

    /**
     * One of the class of most: not stopped for others, without deadline, leaving nothing open, to run anywhere, without
     * storage.
     */
    public ComputeSpec(
            @Nullable Kind kind,
            List<String> models,
            int replicas,
            int devices,
            int milliPerDevice,
            long cpuMillicores,
            long memoryMib,
            long durationSeconds,
            long maxWaitSeconds,
            List<String> hubs,
            @Nullable Long maxPriceMicroCnyPerHour) {
        this(
                kind,
                models,
                replicas,
                devices,
                milliPerDevice,
                cpuMillicores,
                memoryMib,
                durationSeconds,
                maxWaitSeconds,
                hubs,
                maxPriceMicroCnyPerHour,
                PriorityClass.NORMAL,
                false,
                null,
                null,
                Latitude.NONE,
                null,
                null,
                Storage.NONE);
    }

    /** Copies the lists. */
    public ComputeSpec {
        models = List.copyOf(models);
        hubs = List.copyOf(hubs);
    }

    /** The part of it that placement looks at; equal for all requests that fit or do not fit together. */
    public Demand demand() {
        List<Alternative> alternatives = latitude.alternatives();
        return new Demand(
                quantum == null ? kind : Kind.QUANTUM,
                alternatives.isEmpty() ? sorted(models) : modelsOf(alternatives),
                alternatives.isEmpty() ? replicas : mostReplicas(alternatives),
                devices,
                devices == 0 ? 1000 : milliPerDevice,
                cpuMillicores,
                memoryMib,
                maxPriceMicroCnyPerHour == null ? Long.MAX_VALUE : maxPriceMicroCnyPerHour,
                latitude,
                quantum == null
                        ? null
                        : new Quantum(
                                quantum.qubits(),
                                quantum.twoQubitFidelityPpm(),
                                quantum.leastPerHour(durationMillis())),
                storage);
    }

    private static List<String> sorted(List<String> models) {
        return models.size() > 1 ? models.stream().sorted().distinct().toList() : models;
    }

    private static List<String> modelsOf(List<Alternative> alternatives) {
        return alternatives.stream()
                .flatMap(alternative -> alternative.models().stream())
                .sorted()
                .distinct()
                .toList();
    }

    private static int mostReplicas(List<Alternative> alternatives) {
        return alternatives.stream().mapToInt(Alternative::replicas).max().orElseThrow();
    }

    /** Thousandths of devices of a replica. */
    public long milliPerReplica() {
        return (long) devices * milliPerDevice;
    }

    /** With what its need is resolved to: nothing, if it asks for what no market would look at. */
    public ComputeSpec resolvedBy(Catalogue catalogue) {
        Need asked = need;
        return asked == null || OpenCheck.need(this) != null || milliPerReplica() <= 0
                ? resolvedTo(List.of())
                : resolvedTo(catalogue.resolve(asked, models, milliPerReplica(), replicas, SpecCheck.MAX_REPLICAS));
    }

    private ComputeSpec resolvedTo(List<Alternative> alternatives) {
        return new ComputeSpec(
                kind,
                models,
                replicas,
                devices,
                milliPerDevice,
                cpuMillicores,
                memoryMib,
                durationSeconds,
                maxWaitSeconds,
                hubs,
                maxPriceMicroCnyPerHour,
                priority,
                preemptible,
                deadlineMillis,
                need,
                new Latitude(latitude.leastReplicas(), latitude.spread(), alternatives),
                quantum,
                siting,
                storage);
    }

    /** True if no device model meets its need. */
    public boolean isUnmet() {
        return need != null && latitude.alternatives().isEmpty();
    }

    /** True if a tenant who says the one has said the other: what needs are resolved to is not a tenant's word. */
    public boolean asksTheSameAs(ComputeSpec other) {
        return equals(other)
                || (need != null
                        && need.equals(other.need)
                        && resolvedTo(List.of()).equals(other.resolvedTo(List.of())));
    }

    /** The term of these grants, if so much is left of the longest. */
    long termMillis(List<Grant> grants, long remainingMillis) {
        return quantum == null
                ? remainingMillis
                : quantum.termMillis(
                        remainingMillis, durationMillis(), grants.get(0).shotsPerHour());
    }

    /** What is left of the longest term, if so much is left of the term of these grants. */
    long remainingMillis(List<Grant> grants, long leftMillis) {
        return quantum == null
                ? leftMillis
                : quantum.leftOnSlowestMillis(
                        leftMillis, durationMillis(), grants.get(0).shotsPerHour());
    }

    /** Length of the term, at most; in milliseconds. */
    public long durationMillis() {
        return durationSeconds * 1000;
    }

    /** When a wait of this length ends: earlier if the rest of the term could not be over by the deadline any more. */
    long waitsUntilMillis(long nowMillis, long waitMillis, long remainingMillis) {
        if (deadlineMillis == null) {
            return nowMillis + waitMillis;
        }
        long latestStartMillis = deadlineMillis - remainingMillis;
        return Math.min(nowMillis + waitMillis, Math.max(nowMillis, latestStartMillis) + 1);
    }

    /** True if the rest of the term, begun then, is not over by the deadline. */
    boolean missesDeadline(long startsAtMillis, long remainingMillis) {
        return deadlineMillis != null && startsAtMillis + remainingMillis > deadlineMillis;
    }
}
