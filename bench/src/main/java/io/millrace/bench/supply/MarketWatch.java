package io.millrace.bench.supply;

import io.millrace.bench.load.TopicReader;
import io.millrace.schemas.Codec;
import io.millrace.schemas.Codecs;
import io.millrace.schemas.Decoded;
import io.millrace.schemas.MarketCapacity;
import io.millrace.schemas.MarketRow;
import io.millrace.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** What the markets last said they have. Thread-safe. */
public final class MarketWatch implements AutoCloseable {
    private final Map<String, MarketCapacity> newest = new ConcurrentHashMap<>();
    private final TopicReader reader;

    /** Nodes and devices of one model in one market; the model is empty for CPU nodes. */
    record Offered(String hubId, String model, int nodes, long sellableMilliDevices) {}

    /** Follows the markets of a platform. */
    public MarketWatch(String bootstrapServers, Codecs codecs) {
        Codec<MarketCapacity> codec = codecs.of(Topics.MARKET_CAPACITY);
        this.reader = TopicReader.fromBeginning(bootstrapServers, Topics.MARKET_CAPACITY.name(), (record, seen) -> {
            if (codec.decode(record.value()) instanceof Decoded.Value<MarketCapacity> value) {
                newest.put(new String(record.key(), StandardCharsets.UTF_8), value.value());
            }
        });
    }

    /** Of what these centres have, all that their markets do not offer yet, in words; empty if they offer everything. */
    String missing(List<BenchCentre> centres) {
        reader.requireAlive();
        for (Offered wanted : wanted(centres)) {
            Offered offered = offered(wanted.hubId(), wanted.model());
            if (offered.nodes() < wanted.nodes() || offered.sellableMilliDevices() < wanted.sellableMilliDevices()) {
                return "market " + wanted.hubId() + " offers " + offered.nodes() + " of " + wanted.nodes() + " nodes "
                        + (wanted.model().isEmpty() ? "without devices" : "with " + wanted.model());
            }
        }
        return "";
    }

    static List<Offered> wanted(List<BenchCentre> centres) {
        Map<String, Offered> sums = new TreeMap<>();
        for (BenchCentre centre : centres) {
            centre.nodes()
                    .forEach(node -> sums.merge(
                            centre.hubId() + "/" + node.model(),
                            new Offered(centre.hubId(), node.model(), 1, node.devices() * 1000L),
                            MarketWatch::sum));
        }
        return List.copyOf(sums.values());
    }

    private Offered offered(String hubId, String model) {
        Offered sum = new Offered(hubId, model, 0, 0);
        MarketCapacity market = newest.get(hubId);
        if (market != null) {
            for (MarketRow row : market.getRows()) {
                if (row.getModel().equals(model)) {
                    sum = sum(sum, new Offered(hubId, model, row.getNodes(), row.getSellableMilliDevices()));
                }
            }
        }
        return sum;
    }

    private static Offered sum(Offered a, Offered b) {
        return new Offered(
                a.hubId(), a.model(), a.nodes() + b.nodes(), a.sellableMilliDevices() + b.sellableMilliDevices());
    }

    @Override
    public void close() {
        reader.close();
    }
}
