package io.millrace.broker.stream;

import io.millrace.broker.market.MarketSummary;
import io.millrace.broker.placement.Storage;
import io.millrace.broker.routing.InFlight;
import io.millrace.runtime.PatientCodec;
import io.millrace.schemas.Decoded;
import io.millrace.schemas.MarketCapacity;
import io.millrace.schemas.MarketRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * What each market last said of itself, as one intake task knows it: decoded from the global store at intervals, because
 * a choice needs all markets and there are thousands of choices between two summaries. Used by its task's thread only.
 */
final class MarketSummaries {
    private final PatientCodec<MarketCapacity> codec;
    private final ReadOnlyKeyValueStore<String, byte[]> store;
    private final Map<String, byte[]> seen = new HashMap<>();
    private final Map<String, MarketSummary> byMarket = new HashMap<>();
    private final long quietMillis;
    private final InFlight inFlight;

    /**
     * Nothing is known yet.
     *
     * @param shares tasks that share the requests evenly
     * @param quietMillis after which a market that was not heard has nothing to say
     */
    MarketSummaries(
            PatientCodec<MarketCapacity> codec,
            ReadOnlyKeyValueStore<String, byte[]> store,
            int shares,
            long quietMillis) {
        this.quietMillis = quietMillis;
        this.inFlight = new InFlight(shares);
        this.codec = codec;
        this.store = store;
    }

    /** Takes in what changed; a summary that cannot be read leaves its market as it was. True if something changed. */
    boolean refresh(long nowMillis) {
        boolean changed = false;
        try (KeyValueIterator<String, byte[]> all = store.all()) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                if (!Arrays.equals(entry.value, seen.put(entry.key, entry.value))
                        && codec.decode(entry.value) instanceof Decoded.Value<MarketCapacity> decoded) {
                    byMarket.put(entry.key, read(decoded.value()));
                    inFlight.heard(entry.key, nowMillis);
                    changed = true;
                }
            }
        }
        inFlight.quietSince(nowMillis - quietMillis);
        return changed;
    }

    Map<String, MarketSummary> byMarket() {
        return byMarket;
    }

    /** What this task sent to markets since they said it. */
    InFlight inFlight() {
        return inFlight;
    }

    private static MarketSummary read(MarketCapacity capacity) {
        List<MarketSummary.Row> rows = new ArrayList<>(capacity.getRows().size());
        for (MarketRow row : capacity.getRows()) {
            rows.add(new MarketSummary.Row(
                    SpecCodec.kind(row.getKind()),
                    row.getModel(),
                    row.getNodes(),
                    row.getSellableMilliDevices(),
                    row.getFreeMilliDevices(),
                    row.getFreeDevices(),
                    row.getLargestFreeDevices(),
                    row.getFreeCpuMillicores(),
                    row.getLowestPriceMicroCnyPerDeviceHour(),
                    row.getLowestPriceMicroCnyPerCoreHour(),
                    row.getLowestPriceMicroCnyPerGibHour(),
                    Storage.of(row.getFreeStorageGib(), row.getFreeStorageMibPerSecond()),
                    Storage.of(row.getLargestFreeStorageGib(), row.getLargestFreeStorageMibPerSecond())));
        }
        return new MarketSummary(rows, capacity.getAllocations(), capacity.getQueued());
    }

    static MarketCapacity write(String marketId, MarketSummary summary, long sequence, long asOfMillis) {
        List<MarketRow> rows = new ArrayList<>(summary.rows().size());
        for (MarketSummary.Row row : summary.rows()) {
            rows.add(new MarketRow(
                    SpecCodec.kind(row.kind()),
                    row.model(),
                    row.nodes(),
                    row.sellableMilliDevices(),
                    row.freeMilliDevices(),
                    row.freeDevices(),
                    row.largestFreeDevices(),
                    row.freeCpuMillicores(),
                    row.lowestPriceMicroCnyPerDeviceHour(),
                    row.lowestPriceMicroCnyPerCoreHour(),
                    row.lowestPriceMicroCnyPerGibHour(),
                    row.freeStorage().gib(),
                    row.largestFreeStorage().gib(),
                    row.freeStorage().mibPerSecond(),
                    row.largestFreeStorage().mibPerSecond()));
        }
        return new MarketCapacity(marketId, asOfMillis, sequence, rows, summary.allocations(), summary.queued());
    }
}
