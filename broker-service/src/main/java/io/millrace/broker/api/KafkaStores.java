package io.millrace.broker.api;

import io.millrace.broker.stream.BrokerTopology;
import io.millrace.schemas.Codec;
import io.millrace.schemas.Decoded;
import io.millrace.schemas.MarketCapacity;
import io.millrace.schemas.RequestState;
import io.millrace.schemas.Route;
import io.millrace.schemas.Together;
import io.millrace.schemas.Topics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The stores of the Streams application. Always asks for the partition that a key belongs to: a store made of the
 * partitions that happen to be here would know nothing of a key that is moving, and say that there is none. Thread-safe.
 */
final class KafkaStores implements Stores {
    private static final Serializer<String> KEYS = new StringSerializer();

    private final StreamsAccess access;
    private final Codec<MarketCapacity> summaries;
    private final IntSupplier partitions;

    /**
     * Reads the stores of an application.
     *
     * @param summaries reads what is in the store of the markets' summaries
     * @param partitions how many partitions market.commands has
     */
    KafkaStores(StreamsAccess access, Codec<MarketCapacity> summaries, IntSupplier partitions) {
        this.access = access;
        this.summaries = summaries;
        this.partitions = partitions;
    }

    @Override
    public Optional<Route> route(String requestId) {
        ReadOnlyKeyValueStore<String, Route> store =
                store(BrokerTopology.ROUTES, partitionOf(BrokerTopology.ROUTES, requestId));
        return Optional.ofNullable(store.get(requestId));
    }

    @Override
    public Optional<Together> together(String requestId) {
        ReadOnlyKeyValueStore<String, Together> store =
                store(BrokerTopology.TOGETHER, partitionOf(BrokerTopology.TOGETHER, requestId));
        return Optional.ofNullable(store.get(requestId));
    }

    @Override
    public Optional<RequestState> request(String marketId, String requestId) {
        int partition = partitionOf(BrokerTopology.MARKET_REQUESTS, marketId);
        ReadOnlyKeyValueStore<String, RequestState> store = store(BrokerTopology.MARKET_REQUESTS, partition);
        return Optional.ofNullable(store.get(BrokerTopology.marketKey(marketId, requestId)));
    }

    @Override
    public List<Integer> eachRequest(@Nullable String marketId, Consumer<RequestState> visitor) {
        List<Integer> here = partitionsHere();
        for (int partition : here) {
            ReadOnlyKeyValueStore<String, RequestState> store = store(BrokerTopology.MARKET_REQUESTS, partition);
            try (KeyValueIterator<String, RequestState> requests = requests(store, marketId)) {
                while (requests.hasNext()) {
                    visitor.accept(requests.next().value);
                }
            }
        }
        return here;
    }

    private static KeyValueIterator<String, RequestState> requests(
            ReadOnlyKeyValueStore<String, RequestState> store, @Nullable String marketId) {
        return marketId == null ? store.all() : store.prefixScan(BrokerTopology.marketKey(marketId, ""), KEYS);
    }

    private List<Integer> partitionsHere() {
        List<Integer> here = new ArrayList<>();
        for (StreamsMetadata instance : access.streams().metadataForAllStreamsClients()) {
            if (instance.hostInfo().equals(access.self())) {
                for (TopicPartition partition : instance.topicPartitions()) {
                    if (partition.topic().equals(Topics.MARKET_COMMANDS.name())) {
                        here.add(partition.partition());
                    }
                }
            }
        }
        return here;
    }

    @Override
    public int partitions() {
        return partitions.getAsInt();
    }

    @Override
    public List<MarketCapacity> markets() {
        ReadOnlyKeyValueStore<String, byte[]> store = access.streams()
                .store(StoreQueryParameters.fromNameAndType(
                        BrokerTopology.MARKET_SUMMARIES, QueryableStoreTypes.keyValueStore()));
        List<MarketCapacity> markets = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> all = store.all()) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                if (summaries.decode(entry.value) instanceof Decoded.Value<MarketCapacity> decoded) {
                    markets.add(decoded.value());
                }
            }
        }
        markets.sort(Comparator.comparing(MarketCapacity::getMarketId));
        return markets;
    }

    private int partitionOf(String store, String key) {
        KeyQueryMetadata found = access.streams().queryMetadataForKey(store, key, KEYS);
        if (found == null || found.equals(KeyQueryMetadata.NOT_AVAILABLE)) {
            throw new InvalidStateStoreException("nobody has the key " + key + " of " + store + " now");
        }
        return found.partition();
    }

    private <V> ReadOnlyKeyValueStore<String, V> store(String name, int partition) {
        return access.streams()
                .store(StoreQueryParameters.fromNameAndType(name, QueryableStoreTypes.<String, V>keyValueStore())
                        .withPartition(partition));
    }
}
