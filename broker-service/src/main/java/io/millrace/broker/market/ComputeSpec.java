package io.millrace.broker.market;

import io.millrace.broker.placement.Demand;
import io.millrace.broker.placement.Kind;
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
 * @param siting where it should run, beyond hubs; null if only room and price matter
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
        @Nullable Siting siting) {

    /** One of the class of most, which is not stopped for others, has no deadline and may run anywhere. */
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
                null);
    }

    /** Copies the lists. */
    public ComputeSpec {
        models = List.copyOf(models);
        hubs = List.copyOf(hubs);
    }

    /** The part of it that placement looks at; equal for all requests that fit or do not fit together. */
    public Demand demand() {
        return new Demand(
                kind,
                models.size() > 1 ? models.stream().sorted().distinct().toList() : models,
                replicas,
                devices,
                devices == 0 ? 1000 : milliPerDevice,
                cpuMillicores,
                memoryMib,
                maxPriceMicroCnyPerHour == null ? Long.MAX_VALUE : maxPriceMicroCnyPerHour);
    }

    /** Length of the term, in milliseconds. */
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
