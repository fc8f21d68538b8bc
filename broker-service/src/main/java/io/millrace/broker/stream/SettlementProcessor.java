package io.millrace.broker.stream;

import io.millrace.broker.market.Event;
import io.millrace.broker.settlement.MeteredAllocation;
import io.millrace.broker.settlement.Settlement;
import io.millrace.broker.settlement.Usage;
import io.millrace.schemas.BillingEntry;
import io.millrace.schemas.CloudEvents;
import io.millrace.schemas.Codec;
import io.millrace.schemas.Decoded;
import io.millrace.schemas.MarketEvent;
import io.millrace.schemas.UsageRecord;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** Meters the markets of one partition from their events, and writes usage and the entries it leads to. */
final class SettlementProcessor implements Processor<byte[], byte[], Object, Object> {
    private static final String SOURCE = "/millrace/settlement";

    private final Codec<MarketEvent> codec;
    private final BrokerMeters meters;
    private final Map<String, Settlement> settlements = new HashMap<>();
    private Outlet outlet;
    private DeadLetters deadLetters;
    private KeyValueStore<String, io.millrace.schemas.MeteredAllocation> metered;

    SettlementProcessor(Codec<MarketEvent> codec, BrokerMeters meters) {
        this.codec = codec;
        this.meters = meters;
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        outlet = new Outlet(context);
        deadLetters = new DeadLetters(context, BrokerTopology.EVENTS_REJECTED_SINK, meters);
        metered = context.getStateStore(BrokerTopology.METERED);
        settlements.clear();
        try (KeyValueIterator<String, io.millrace.schemas.MeteredAllocation> all = metered.all()) {
            while (all.hasNext()) {
                KeyValue<String, io.millrace.schemas.MeteredAllocation> entry = all.next();
                settlement(entry.value.getMarketId()).restore(MeteringCodec.read(entry.value));
            }
        }
    }

    private Settlement settlement(String marketId) {
        return settlements.computeIfAbsent(marketId, Settlement::new);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        switch (codec.decode(record.value())) {
            case Decoded.Refused<MarketEvent> refused -> deadLetters.put(record, refused.reason(), refused.detail());
            case Decoded.Value<MarketEvent> decoded -> settle(decoded.value(), record.timestamp());
        }
    }

    private void settle(MarketEvent written, long timestamp) {
        Event event = MeteringCodec.read(written);
        if (event == null) {
            return;
        }
        Settlement settlement = settlement(written.getMarketId());
        Settlement.Metered result = settlement.on(event);
        for (Usage usage : result.usage()) {
            put(usage, timestamp);
        }
        for (String requestId : result.changedRequestIds()) {
            String key = MarketStores.key(written.getMarketId(), requestId);
            MeteredAllocation running = settlement.running(requestId);
            if (running == null) {
                metered.delete(key);
            } else {
                metered.put(key, MeteringCodec.write(running));
            }
        }
        meters.usage(result.usage().size());
    }

    private void put(Usage usage, long timestamp) {
        UsageRecord record = MeteringCodec.write(usage);
        outlet.forward(
                record.getAccountId(),
                record,
                timestamp,
                BrokerTopology.USAGE_SINK,
                CloudEvents.headers(
                        record.getUsageId(),
                        SOURCE,
                        "io.millrace.UsageRecord",
                        record.getRequestId(),
                        usage.toMillis()));
        for (BillingEntry entry : MeteringCodec.entries(usage)) {
            outlet.forward(
                    entry.getAccountId(),
                    entry,
                    timestamp,
                    BrokerTopology.ENTRIES_SINK,
                    CloudEvents.headers(
                            entry.getEntryId(),
                            SOURCE,
                            "io.millrace.BillingEntry",
                            entry.getTransactionId(),
                            usage.toMillis()));
        }
    }
}
