package io.millrace.broker.stream;

import io.millrace.broker.market.Event;
import io.millrace.broker.market.MarketState;
import io.millrace.broker.market.Request;
import io.millrace.broker.settlement.MeteredAllocation;
import io.millrace.broker.settlement.Settlement;
import io.millrace.broker.settlement.Usage;
import io.millrace.schemas.BillingEntry;
import io.millrace.schemas.CloudEvents;
import io.millrace.schemas.UsageRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Meters the markets of one task from their events, and writes usage and the entries it leads to. What runs and how far it
 * is metered follows from the market's state, so that nothing of it needs a store.
 */
final class UsageWriter {
    private static final String SOURCE = "/millrace/settlement";
    private static final String USAGE_TYPE = "io.millrace.UsageRecord";
    private static final String ENTRY_TYPE = "io.millrace.BillingEntry";

    private final Map<String, Settlement> settlements = new HashMap<>();
    private final Outlet outlet;
    private final BrokerMeters meters;

    UsageWriter(Outlet outlet, BrokerMeters meters) {
        this.outlet = outlet;
        this.meters = meters;
    }

    /** Takes over what runs in a market that was loaded. */
    void restore(MarketState state) {
        Settlement settlement = settlement(state.marketId());
        for (Request request : state.requests()) {
            if (request.status() == Request.Status.ALLOCATED) {
                settlement.restore(new MeteredAllocation(
                        state.marketId(),
                        request.requestId(),
                        request.accountId(),
                        request.allocationNumber(),
                        request.grants(),
                        request.sinceMillis(),
                        Math.max(request.sinceMillis(), state.meteredToMillis())));
            }
        }
    }

    private Settlement settlement(String marketId) {
        return settlements.computeIfAbsent(marketId, Settlement::new);
    }

    /** Takes in an event and writes the usage that it closes. */
    void put(String marketId, Event event, long timestamp) {
        List<Usage> closed = settlement(marketId).on(event).usage();
        for (Usage usage : closed) {
            put(usage, timestamp);
        }
        if (!closed.isEmpty()) {
            meters.usage(closed.size());
        }
    }

    private void put(Usage usage, long timestamp) {
        UsageRecord record = record(usage);
        outlet.forward(
                record.getAccountId(),
                record,
                timestamp,
                BrokerTopology.USAGE_SINK,
                CloudEvents.headers(record.getUsageId(), SOURCE, USAGE_TYPE, record.getRequestId(), usage.toMillis()));
        for (BillingEntry entry : entries(usage, record)) {
            outlet.forward(
                    entry.getAccountId(),
                    entry,
                    timestamp,
                    BrokerTopology.ENTRIES_SINK,
                    CloudEvents.headers(
                            entry.getEntryId(), SOURCE, ENTRY_TYPE, entry.getTransactionId(), usage.toMillis()));
        }
    }

    private static UsageRecord record(Usage usage) {
        MeteredAllocation allocation = usage.allocation();
        return new UsageRecord(
                usage.usageId(),
                allocation.accountId(),
                allocation.requestId(),
                allocation.allocationNumber(),
                allocation.marketId(),
                usage.grant().centreId(),
                usage.grant().nodeId(),
                usage.grant().model(),
                usage.fromMillis(),
                usage.toMillis(),
                usage.grant().milliDevices(),
                usage.grant().cpuMillicores(),
                usage.grant().memoryMib(),
                usage.grant().priceMicroCnyPerHour(),
                usage.amountMicroCny(),
                usage.last(),
                usage.grant().storage().gib(),
                usage.grant().storage().mibPerSecond());
    }

    /** The two sides of what a usage costs: they sum to zero. None if it costs nothing. */
    private static List<BillingEntry> entries(Usage usage, UsageRecord record) {
        long amount = record.getAmountMicroCny();
        if (amount == 0) {
            return List.of();
        }
        String id = record.getUsageId();
        long posted = record.getToMillis();
        return List.of(
                new BillingEntry(id + "/debit", id, record.getAccountId(), -amount, posted),
                new BillingEntry(id + "/credit", id, usage.creditedAccountId(), amount, posted));
    }
}
