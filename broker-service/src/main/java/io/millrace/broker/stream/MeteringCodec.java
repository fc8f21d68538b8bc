package io.millrace.broker.stream;

import io.millrace.broker.market.Event;
import io.millrace.broker.market.Explanation;
import io.millrace.broker.settlement.MeteredAllocation;
import io.millrace.broker.settlement.Usage;
import io.millrace.schemas.Allocated;
import io.millrace.schemas.BillingEntry;
import io.millrace.schemas.Ended;
import io.millrace.schemas.HourClosed;
import io.millrace.schemas.MarketEvent;
import io.millrace.schemas.UsageRecord;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What settlement reads and writes, and its Avro records. */
final class MeteringCodec {
    private MeteringCodec() {}

    /** The event, if it is one that settlement goes by; else null. */
    static @Nullable Event read(MarketEvent event) {
        return switch (event.getBody()) {
            case Allocated e ->
                new Event.Allocated(
                        e.getRequestId(),
                        e.getAccountId(),
                        SpecCodec.read(e.getSpec()),
                        GrantCodec.read(e.getGrants()),
                        e.getAllocationNumber(),
                        e.getStartsAtMillis().toEpochMilli(),
                        e.getEndsAtMillis().toEpochMilli(),
                        Explanation.NONE);
            case Ended e ->
                new Event.Ended(
                        e.getRequestId(),
                        e.getAccountId(),
                        e.getAllocationNumber(),
                        Event.EndCause.valueOf(e.getCause().name()),
                        ExplanationCodec.reason(e.getReason()),
                        e.getEndedAtMillis().toEpochMilli());
            case HourClosed e -> new Event.HourClosed(e.getHourEndMillis().toEpochMilli());
            default -> null;
        };
    }

    static MeteredAllocation read(io.millrace.schemas.MeteredAllocation allocation) {
        return new MeteredAllocation(
                allocation.getMarketId(),
                allocation.getRequestId(),
                allocation.getAccountId(),
                allocation.getAllocationNumber(),
                GrantCodec.read(allocation.getGrants()),
                allocation.getStartsAtMillis().toEpochMilli(),
                allocation.getMeteredToMillis().toEpochMilli());
    }

    static io.millrace.schemas.MeteredAllocation write(MeteredAllocation allocation) {
        return new io.millrace.schemas.MeteredAllocation(
                allocation.marketId(),
                allocation.requestId(),
                allocation.accountId(),
                allocation.allocationNumber(),
                GrantCodec.write(allocation.grants()),
                Instant.ofEpochMilli(allocation.startsAtMillis()),
                Instant.ofEpochMilli(allocation.meteredToMillis()));
    }

    static UsageRecord write(Usage usage) {
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
                Instant.ofEpochMilli(usage.fromMillis()),
                Instant.ofEpochMilli(usage.toMillis()),
                usage.grant().milliDevices(),
                usage.grant().cpuMillicores(),
                usage.grant().memoryMib(),
                usage.grant().priceMicroCnyPerHour(),
                usage.amountMicroCny(),
                usage.last());
    }

    /** The two sides of what a usage costs: they sum to zero. None if it costs nothing. */
    static List<BillingEntry> entries(Usage usage) {
        long amount = usage.amountMicroCny();
        if (amount == 0) {
            return List.of();
        }
        String id = usage.usageId();
        Instant posted = Instant.ofEpochMilli(usage.toMillis());
        return List.of(
                new BillingEntry(id + "/debit", id, usage.allocation().accountId(), -amount, posted),
                new BillingEntry(id + "/credit", id, usage.creditedAccountId(), amount, posted));
    }
}
