package io.millrace.broker.stream;

import io.millrace.broker.BrokerConfig;
import io.millrace.broker.BrokerService;
import io.millrace.broker.MarketRules;
import io.millrace.broker.market.MarketState;
import io.millrace.schemas.MarketSnapshot;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down from time to time what the markets of a task know, so that a replay need not begin at the beginning of a log,
 * which does not stay for ever. A snapshot goes out in one transaction with the command that it stands before.
 *
 * <p>The first command after a task was taken over gets one, too: from there on, other rules may hold. Since there are at
 * least as many events between two snapshots as a snapshot has entries, they do not cost more than the events themselves.
 */
final class Snapshots {
    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

    private final Outlet outlet;
    private final MarketRules rules;
    private final long everyEvents;
    private final long everyMillis;
    private final String release;
    private final Map<String, Taken> newest = new HashMap<>();

    private record Taken(long sequence, long timeMillis) {}

    Snapshots(Outlet outlet, BrokerConfig config) {
        this.outlet = outlet;
        this.rules = config.marketRules();
        this.everyEvents = config.marketSnapshotEvents();
        this.everyMillis = config.marketSnapshotInterval().toMillis();
        String version = BrokerService.class.getPackage().getImplementationVersion();
        this.release = version == null ? "" : version;
    }

    /**
     * Writes a snapshot if one is due.
     *
     * @param offset of the command that comes next
     * @param commandMillis its time
     */
    void before(MarketState state, long offset, long commandMillis, long timestamp) {
        if (!isDue(state, commandMillis)) {
            return;
        }
        long started = System.nanoTime();
        SnapshotCodec.write(state, offset, rules, release, part -> put(part, timestamp));
        long sequence = state.meta().sequence();
        newest.put(
                state.marketId(),
                new Taken(sequence, Math.max(commandMillis, state.meta().timeMillis())));
        LOG.info(
                "snapshot written market={} sequence={} nextCommandOffset={} entries={} micros={}",
                state.marketId(),
                sequence,
                offset,
                entries(state),
                (System.nanoTime() - started) / 1_000);
    }

    private boolean isDue(MarketState state, long commandMillis) {
        Taken last = newest.get(state.marketId());
        if (last == null) {
            return true;
        }
        long events = state.meta().sequence() - last.sequence();
        return (events >= everyEvents && events >= entries(state))
                || (events > 0 && commandMillis - last.timeMillis() >= everyMillis);
    }

    private static long entries(MarketState state) {
        return (long) state.supply().size() + state.requests().size() + state.accountCount();
    }

    private void put(MarketSnapshot part, long timestamp) {
        outlet.forward(part.getMarketId(), part, timestamp, BrokerTopology.SNAPSHOTS_SINK);
    }
}
