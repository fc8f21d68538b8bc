package io.millrace.broker.stream;

import io.millrace.broker.MarketRules;
import io.millrace.broker.market.MarketState;
import io.millrace.broker.market.Request;
import io.millrace.broker.placement.NodeOffer;
import io.millrace.broker.placement.SuppliedNode;
import io.millrace.broker.queue.AccountUsage;
import io.millrace.schemas.AccountState;
import io.millrace.schemas.MarketMeta;
import io.millrace.schemas.MarketSnapshot;
import io.millrace.schemas.NodeCapacity;
import io.millrace.schemas.RequestState;
import io.millrace.schemas.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.common.config.ConfigException;

/** A market's state at a place in its log, and the records that keep it. */
public final class SnapshotCodec {
    /** Bytes of a part, estimated on the high side: far below what a record may have. */
    private static final int PART_BYTES = 256 << 10;

    private static final int NODE_BYTES = 250;
    private static final int REQUEST_BYTES = 500;
    private static final int GRANT_BYTES = 200;
    private static final int ACCOUNT_BYTES = 200;

    private final MarketState state;
    private final long nextCommandOffset;
    private final long stateHash;
    private final Consumer<MarketSnapshot> sink;
    private MarketSnapshot part;
    private int bytes;

    private SnapshotCodec(MarketState state, long nextCommandOffset, Consumer<MarketSnapshot> sink) {
        this.state = state;
        this.nextCommandOffset = nextCommandOffset;
        this.stateHash = state.hash();
        this.sink = sink;
        this.part = part(0);
    }

    /** Writes a state as parts, which go to the sink as they are full: no more than one is in memory. */
    static void write(
            MarketState state,
            long nextCommandOffset,
            MarketRules rules,
            String release,
            Consumer<MarketSnapshot> sink) {
        SnapshotCodec codec = new SnapshotCodec(state, nextCommandOffset, sink);
        MarketState.Meta meta = state.meta();
        codec.part.setMeta(MetaCodec.write(state.marketId(), meta, ForecastCodec.write(meta.forecast())));
        codec.part.setRules(rules.values().entrySet().stream()
                .map(rule -> new Rule(rule.getKey(), rule.getValue()))
                .toList());
        codec.part.setRelease(release);
        codec.writeEntities();
    }

    private void writeEntities() {
        for (SuppliedNode node : state.supply().nodes()) {
            makeRoom(NODE_BYTES + 3 * node.devices());
            part.getNodes().add(OfferCodec.write(node.offer(), state.marketId()));
        }
        for (Request request : state.requests()) {
            makeRoom(REQUEST_BYTES + GRANT_BYTES * request.grants().size());
            part.getRequests().add(RequestCodec.write(request, state.marketId()));
        }
        for (AccountUsage account : state.accounts()) {
            makeRoom(ACCOUNT_BYTES);
            part.getAccounts().add(AccountCodec.write(account, state.marketId()));
        }
        part.setLast(true);
        sink.accept(part);
    }

    private void makeRoom(int wanted) {
        if (bytes > 0 && bytes + wanted > PART_BYTES) {
            sink.accept(part);
            part = part(part.getPart() + 1);
            bytes = 0;
        }
        bytes += wanted;
    }

    private MarketSnapshot part(int number) {
        MarketState.Meta meta = state.meta();
        return new MarketSnapshot(
                state.marketId(),
                meta.sequence(),
                nextCommandOffset,
                meta.timeMillis(),
                stateHash,
                number,
                false,
                List.of(),
                "",
                null,
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>());
    }

    /**
     * The rules that the market decided by from this snapshot on.
     *
     * @param first part 0
     * @throws ConfigException if this release does not know them
     */
    public static MarketRules rules(MarketSnapshot first) {
        Map<String, String> values = new TreeMap<>();
        first.getRules().forEach(rule -> values.put(rule.getKey(), rule.getValue()));
        return MarketRules.of(values);
    }

    /**
     * The state that a snapshot keeps.
     *
     * @param parts all of them, in their order
     * @throws IllegalArgumentException if parts are missing, or are of several snapshots, or if the state does not have the
     *     hash that was recorded with it
     */
    public static MarketState read(List<MarketSnapshot> parts) {
        MarketSnapshot first = whole(parts);
        MarketMeta meta = first.getMeta();
        List<NodeOffer> offers = new ArrayList<>();
        List<Request> requests = new ArrayList<>();
        List<AccountUsage> accounts = new ArrayList<>();
        for (MarketSnapshot part : parts) {
            for (NodeCapacity node : part.getNodes()) {
                offers.add(OfferCodec.read(node));
            }
            for (RequestState request : part.getRequests()) {
                requests.add(RequestCodec.read(request));
            }
            for (AccountState account : part.getAccounts()) {
                accounts.add(AccountCodec.read(account));
            }
        }
        if (meta == null || meta.getForecast() == null) {
            throw new IllegalArgumentException(name(first) + " lacks the facts of the market");
        }
        MarketState state = MarketState.restore(
                first.getMarketId(),
                rules(first).settings().queue(),
                MetaCodec.read(meta, ForecastCodec.read(meta.getForecast())),
                offers,
                requests,
                accounts);
        if (state.hash() != first.getStateHash()) {
            throw new IllegalArgumentException("%s is damaged: its state has the hash %016x, recorded is %016x"
                    .formatted(name(first), state.hash(), first.getStateHash()));
        }
        return state;
    }

    private static MarketSnapshot whole(List<MarketSnapshot> parts) {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("a snapshot without parts");
        }
        MarketSnapshot first = parts.get(0);
        for (int i = 0; i < parts.size(); i++) {
            MarketSnapshot part = parts.get(i);
            boolean belongs = part.getMarketId().equals(first.getMarketId())
                    && part.getSequence() == first.getSequence()
                    && part.getNextCommandOffset() == first.getNextCommandOffset()
                    && part.getStateHash() == first.getStateHash();
            if (!belongs || part.getPart() != i || part.getLast() != (i == parts.size() - 1)) {
                throw new IllegalArgumentException(name(first) + " is not whole: in the place of part " + i
                        + " stands part " + part.getPart() + " of " + name(part));
            }
        }
        return first;
    }

    private static String name(MarketSnapshot part) {
        return "the snapshot of " + part.getMarketId() + " at sequence " + part.getSequence();
    }
}
