package io.millrace.broker.settlement;

import io.millrace.broker.market.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Meters the allocations of one market. Feed it every event in order; it answers with the usage to record. Not
 * thread-safe: one writer.
 */
public final class Settlement {
    private final String marketId;
    /** By request id, so that an hour is metered in the same order in every replay. */
    private final TreeMap<String, MeteredAllocation> running = new TreeMap<>();

    /** Meters a market of which nothing runs yet. */
    public Settlement(String marketId) {
        this.marketId = marketId;
    }

    /** Takes over an allocation from a snapshot. */
    public void restore(MeteredAllocation allocation) {
        running.put(allocation.requestId(), allocation);
    }

    /** The allocation of this request as far as it is metered, or null if none runs. */
    public @Nullable MeteredAllocation running(String requestId) {
        return running.get(requestId);
    }

    /** Usage to record, and the requests whose metering changed. */
    public record Metered(List<Usage> usage, List<String> changedRequestIds) {
        static final Metered NOTHING = new Metered(List.of(), List.of());

        /** Copies the lists. */
        public Metered {
            usage = List.copyOf(usage);
            changedRequestIds = List.copyOf(changedRequestIds);
        }
    }

    /** Takes in an event. */
    public Metered on(Event event) {
        return switch (event) {
            case Event.Allocated e -> started(e);
            case Event.Ended e -> ended(e);
            case Event.HourClosed e -> hourClosed(e);
            default -> Metered.NOTHING;
        };
    }

    private Metered started(Event.Allocated e) {
        running.put(
                e.requestId(),
                new MeteredAllocation(
                        marketId,
                        e.requestId(),
                        e.accountId(),
                        e.allocationNumber(),
                        e.grants(),
                        e.startsAtMillis(),
                        e.startsAtMillis()));
        return new Metered(List.of(), List.of(e.requestId()));
    }

    private Metered ended(Event.Ended e) {
        MeteredAllocation allocation = running.remove(e.requestId());
        if (allocation == null) {
            throw new IllegalStateException("the allocation of " + e.requestId() + " ended and was not running");
        }
        return new Metered(allocation.usageTo(e.endedAtMillis(), true), List.of(e.requestId()));
    }

    private Metered hourClosed(Event.HourClosed e) {
        List<Usage> usage = new ArrayList<>();
        for (MeteredAllocation allocation : running.values()) {
            usage.addAll(allocation.usageTo(e.hourEndMillis(), false));
        }
        running.replaceAll((id, allocation) -> allocation.meteredTo(e.hourEndMillis()));
        return new Metered(usage, List.copyOf(running.keySet()));
    }
}
