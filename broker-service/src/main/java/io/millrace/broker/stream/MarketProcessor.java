package io.millrace.broker.stream;

import io.millrace.broker.BrokerConfig;
import io.millrace.broker.market.Command;
import io.millrace.broker.market.Event;
import io.millrace.broker.market.Market;
import io.millrace.broker.market.MarketState;
import io.millrace.broker.market.MarketSummary;
import io.millrace.runtime.CommitPace;
import io.millrace.runtime.Partitions;
import io.millrace.runtime.PatientCodec;
import io.millrace.schemas.Decoded;
import io.millrace.schemas.MarketCapacity;
import io.millrace.schemas.MarketCommand;
import io.millrace.schemas.MarketEvent;
import io.millrace.schemas.RejectReason;
import io.millrace.schemas.TickCommand;
import io.millrace.schemas.Topics;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The single writer of the markets of one partition: decodes a command, lets the market carry it out, writes the events
 * and answers, and persists what changed. The clock comes in by the log, too: this task only appends ticks to it.
 */
final class MarketProcessor implements Processor<byte[], byte[], Object, Object> {
    private static final Logger LOG = LoggerFactory.getLogger(MarketProcessor.class);

    /** Who waits grows older, and who comes first may change by that alone: looked at so often where nothing else happens. */
    private static final long AGEING_LOOK_MILLIS = 60_000;

    private final Market market;
    private final PatientCodec<MarketCommand> codec;
    private final Partitions partitions;
    private final BrokerMeters meters;
    private final BrokerConfig config;
    private final CommitPace commits;
    private final Map<String, MarketState> states = new HashMap<>();
    private final Map<String, Long> summedUpTo = new HashMap<>();
    /** By market, when it was last told the time. */
    private final Map<String, Long> toldMillis = new HashMap<>();

    private ProcessorContext<Object, Object> context;
    private Outlet outlet;
    private CommitPace.Task pace;
    private DeadLetters deadLetters;
    private MarketStores stores;
    private DecisionWriter decisions;
    private UsageWriter usage;
    private Snapshots snapshots;

    MarketProcessor(
            BrokerConfig config,
            PatientCodec<MarketCommand> codec,
            Partitions partitions,
            BrokerMeters meters,
            CommitPace commits) {
        this.config = config;
        this.commits = commits;
        this.market = config.marketRules().market();
        this.codec = codec;
        this.partitions = partitions;
        this.meters = meters;
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        this.context = context;
        outlet = new Outlet(context);
        pace = commits.of(context);
        deadLetters = new DeadLetters(context, BrokerTopology.COMMANDS_REJECTED_SINK, meters);
        decisions = new DecisionWriter(outlet, partitions, meters);
        usage = new UsageWriter(outlet, meters);
        snapshots = new Snapshots(outlet, config);
        stores = new MarketStores(context);
        states.clear();
        states.putAll(stores.load(market.settings().queue()));
        states.values().forEach(this::loaded);
        context.schedule(config.tickInterval(), PunctuationType.WALL_CLOCK_TIME, this::tick);
        context.schedule(config.marketCapacityInterval(), PunctuationType.WALL_CLOCK_TIME, this::sumUp);
    }

    private void loaded(MarketState state) {
        usage.restore(state);
        LOG.info(
                "market loaded market={} sequence={} allocations={} queued={} nodes={}",
                state.marketId(),
                state.meta().sequence(),
                state.allocations(),
                state.queued(),
                state.supply().size());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        pace.did();
        switch (codec.decode(record.value())) {
            case Decoded.Refused<MarketCommand> refused -> deadLetters.put(record, refused.reason(), refused.detail());
            case Decoded.Value<MarketCommand> decoded -> {
                Optional<Rejection> rejection =
                        check(record.key(), decoded.value().getMarketId());
                if (rejection.isPresent()) {
                    deadLetters.put(
                            record, rejection.get().reason(), rejection.get().detail());
                } else {
                    carryOut(decoded.value(), record.timestamp());
                }
            }
        }
    }

    /**
     * A market has one writer: a command anywhere else than in the partition of its market would open that market once
     * more. One that is no longer configured goes on with what it has.
     */
    private Optional<Rejection> check(byte @Nullable [] key, String marketId) {
        if (!states.containsKey(marketId) && !config.markets().contains(marketId)) {
            return Optional.of(new Rejection(
                    RejectReason.INVALID_ID,
                    "marketId is not one of " + String.join(", ", config.markets()) + ", which " + BrokerConfig.MARKETS
                            + " names"));
        }
        return Rejection.ofPlace(
                partitions, Topics.MARKET_COMMANDS, context.taskId().partition(), key, "marketId", marketId);
    }

    private void carryOut(MarketCommand written, long timestamp) {
        Command command = CommandCodec.read(written);
        if (!(command instanceof Command.UpdateNode)) {
            pace.took(command.timeMillis());
        }
        MarketState state = states.computeIfAbsent(
                written.getMarketId(),
                id -> new MarketState(id, market.settings().queue()));
        snapshots.before(state, outlet.offset(), command.timeMillis(), timestamp);
        toldMillis.put(state.marketId(), command.timeMillis());
        long before = state.meta().sequence();
        market.execute(state, command, (event, now) -> put(state, written, event, now, timestamp));
        meters.command();
        if (state.meta().sequence() != before) {
            decisions.forgotten(state.marketId(), stores.save(state), timestamp);
        }
    }

    /** Writes an event, and what those outside learn of it. */
    private void put(MarketState state, MarketCommand command, Event event, long now, long timestamp) {
        String marketId = state.marketId();
        MarketEvent written = new MarketEvent(
                marketId, state.meta().sequence(), now, command.getCommandId(), EventCodec.write(event, marketId));
        outlet.forward(marketId, written, timestamp, BrokerTopology.EVENTS_SINK);
        usage.put(marketId, event, timestamp);
        switch (event) {
            case Event.OfRequest e -> decisions.put(state, e, command, now, timestamp, context.currentSystemTimeMs());
            case Event.MarketHalted e ->
                LOG.error(
                        "market halted market={} sequence={} rule=\"{}\"",
                        marketId,
                        state.meta().sequence(),
                        e.detail());
            case Event.NodeOversold e ->
                LOG.warn(
                        "node oversold market={} node={} excessMilliDevices={} revoked={}",
                        marketId,
                        e.nodeId(),
                        e.excessMilliDevices(),
                        e.revokedRequestIds().size());
            default -> {}
        }
    }

    /** Tells the markets the time, where something falls due. */
    private void tick(long nowMillis) {
        for (MarketState state : states.values()) {
            if (market.needsTick(state, nowMillis) || isToLookAgain(state, nowMillis)) {
                toldMillis.put(state.marketId(), nowMillis);
                MarketCommand command =
                        new MarketCommand("clock@" + nowMillis, state.marketId(), nowMillis, new TickCommand());
                outlet.forward(state.marketId(), command, nowMillis, BrokerTopology.CLOCK_COMMANDS_SINK);
                pace.took(nowMillis);
            }
        }
    }

    private boolean isToLookAgain(MarketState state, long nowMillis) {
        return state.queued() > 0
                && state.meta().halted() == null
                && nowMillis - toldMillis.getOrDefault(state.marketId(), 0L) >= AGEING_LOOK_MILLIS;
    }

    /** Publishes what is free, where it changed. */
    private void sumUp(long nowMillis) {
        for (MarketState state : states.values()) {
            long sequence = state.meta().sequence();
            Long before = summedUpTo.put(state.marketId(), sequence);
            if (before == null || before != sequence) {
                MarketSummary summary = MarketSummary.of(state);
                MarketCapacity capacity = MarketSummaries.write(
                        state.marketId(), summary, sequence, state.meta().timeMillis());
                outlet.forward(state.marketId(), capacity, nowMillis, BrokerTopology.CAPACITY_SINK);
                pace.did();
                meters.market(
                        state.marketId(),
                        summary.allocations(),
                        summary.queued(),
                        state.meta().halted() != null);
            }
        }
    }
}
