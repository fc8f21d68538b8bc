package io.millrace.broker.market;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.placement.BestFit;
import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.IntVector;
import io.millrace.broker.placement.NodeOfferBuilder;
import io.millrace.broker.placement.PlacementPolicy;
import io.millrace.broker.queue.ClassLimits;
import io.millrace.broker.queue.QueueSettings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Given events, when a command, then events. The market is called "north", it is 0:00:00 until {@link #at} says
 * otherwise, and all is asked by one account.
 */
final class MarketTable {
    static final String MARKET = "north";

    /** A day of answers, two waiting at most, ten minutes to find another node. */
    static final MarketSettings SETTINGS = new MarketSettings(86_400_000, 2, 600_000);

    private final MarketState state;
    private final Market market;
    private long nowMillis;
    private List<Event> happened = List.of();

    private MarketTable(MarketSettings settings, PlacementPolicy policy) {
        market = new Market(settings, policy);
        state = new MarketState(MARKET, settings.queue());
    }

    /** A market of these nodes. */
    static MarketTable marketOf(NodeOfferBuilder... nodes) {
        return marketWith(new BestFit(), nodes);
    }

    /** A market of these nodes that places by this policy. */
    static MarketTable marketWith(PlacementPolicy policy, NodeOfferBuilder... nodes) {
        return marketUnder(SETTINGS, policy, nodes);
    }

    /** A market of these nodes whose queue has these rules; ten may wait. */
    static MarketTable marketUnder(QueueSettings queue, NodeOfferBuilder... nodes) {
        return marketUnder(new MarketSettings(86_400_000, 10, 600_000, queue, ClassLimits.NONE), new BestFit(), nodes);
    }

    /** A market of these nodes in which not every account may ask for every class. */
    static MarketTable marketUnder(ClassLimits classes, NodeOfferBuilder... nodes) {
        return marketUnder(
                new MarketSettings(86_400_000, 10, 600_000, QueueSettings.DEFAULT, classes), new BestFit(), nodes);
    }

    private static MarketTable marketUnder(MarketSettings settings, PlacementPolicy policy, NodeOfferBuilder... nodes) {
        MarketTable table = new MarketTable(settings, policy);
        for (NodeOfferBuilder node : nodes) {
            table.given(new Event.NodeUpdated(node.offer()));
        }
        return table;
    }

    MarketTable at(String time) {
        nowMillis = EventText.millis(time);
        return this;
    }

    MarketTable given(Event... events) {
        for (Event event : events) {
            state.apply(event, nowMillis);
        }
        return this;
    }

    /** The request runs from now, for its term, on these devices. */
    MarketTable givenRunning(String requestId, SpecBuilder asked, String nodeId, int... devices) {
        return givenRunningOf(Told.ACCOUNT, requestId, asked, nodeId, devices);
    }

    /** The same of another account. */
    MarketTable givenRunningOf(String accountId, String requestId, SpecBuilder asked, String nodeId, int... devices) {
        ComputeSpec spec = asked.spec();
        return given(new Event.Allocated(
                requestId,
                accountId,
                spec,
                List.of(grant(spec, nodeId, devices)),
                1,
                nowMillis,
                nowMillis + spec.durationMillis(),
                Explanation.NONE));
    }

    static Grant grant(ComputeSpec spec, String nodeId, int... devices) {
        return new Grant(
                nodeId,
                "c1",
                "A100",
                spec.replicas(),
                IntVector.of(devices),
                spec.devices() == 0 ? 0 : spec.milliPerDevice(),
                spec.cpuMillicores() * spec.replicas(),
                spec.memoryMib() * spec.replicas(),
                10_000_000L * devices.length,
                0,
                spec.storage().times(spec.replicas()));
    }

    /** The request waits from now, as long as its spec allows. */
    MarketTable givenWaiting(String requestId, SpecBuilder asked) {
        return givenWaitingOf(Told.ACCOUNT, requestId, asked);
    }

    /** The same of another account. */
    MarketTable givenWaitingOf(String accountId, String requestId, SpecBuilder asked) {
        ComputeSpec spec = asked.spec();
        return given(new Event.Queued(
                requestId,
                accountId,
                spec,
                Reason.NO_CAPACITY,
                nowMillis + spec.maxWaitSeconds() * 1000,
                spec.durationMillis(),
                Explanation.NONE));
    }

    /** Carries out commands at the time of the table; what happened before is no longer looked at. */
    MarketTable when(Told... commands) {
        List<Event> events = new ArrayList<>();
        for (Told told : commands) {
            Command command = told.at(nowMillis);
            boolean needed = market.needsTick(state, nowMillis);
            int before = events.size();
            market.execute(state, command, (event, now) -> {
                assertThat(now).as("time of %s", event).isEqualTo(state.timeMillis());
                events.add(event);
            });
            if (command instanceof Command.Tick) {
                assertThat(events.size() > before)
                        .as("does what it is needed for")
                        .isEqualTo(needed);
            }
        }
        happened = events;
        return this;
    }

    /** Exactly this happened, in this order. */
    MarketTable then(String... events) {
        assertThat(EventText.of(happened)).containsExactly(events);
        return this;
    }

    MarketTable thenNothing() {
        assertThat(happened).isEmpty();
        return this;
    }

    MarketTable thenStatus(String requestId, Request.@Nullable Status status) {
        Request request = state.request(requestId);
        assertThat(request == null ? null : request.status()).isEqualTo(status);
        return this;
    }

    /** The explanation of the only event that happened. */
    Explanation thenExplanation() {
        assertThat(happened).hasSize(1);
        return switch (happened.get(0)) {
            case Event.Allocated e -> e.explanation();
            case Event.Queued e -> e.explanation();
            case Event.Refused e -> e.explanation();
            case Event.Deflected e -> e.explanation();
            default -> throw new AssertionError("no explanation in " + happened.get(0));
        };
    }

    /** The only event that happened. */
    <E extends Event> E thenOnly(Class<E> type) {
        assertThat(happened).singleElement().isInstanceOf(type);
        return type.cast(happened.get(0));
    }

    MarketState state() {
        return state;
    }
}
