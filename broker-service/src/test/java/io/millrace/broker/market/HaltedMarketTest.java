package io.millrace.broker.market;

import static io.millrace.broker.market.MarketTable.marketOf;
import static io.millrace.broker.market.MarketTable.marketWith;
import static io.millrace.broker.market.SpecBuilder.gpus;
import static io.millrace.broker.market.Told.cancel;
import static io.millrace.broker.market.Told.extend;
import static io.millrace.broker.market.Told.release;
import static io.millrace.broker.market.Told.submit;
import static io.millrace.broker.market.Told.tick;
import static io.millrace.broker.market.Told.update;
import static io.millrace.broker.placement.NodeOfferBuilder.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.broker.placement.BestFit;
import io.millrace.broker.placement.Demand;
import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.Placement;
import io.millrace.broker.placement.PlacementPolicy;
import io.millrace.broker.placement.Supply;
import io.millrace.broker.queue.QueueSettings;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A broken invariant stops the market, and nothing is granted that must not be. */
class HaltedMarketTest {

    /** Policies that grant what is not there, and what the market then says. */
    static List<Broken> brokenPolicies() {
        ComputeSpec two = gpus(2).spec();
        ComputeSpec one = gpus(1).spec();
        return List.of(
                broken("request r9: node a has no 1000 milli free on device 0", MarketTable.grant(two, "a", 0, 1)),
                broken("request r9: node a has no 1000 milli free on device 8", MarketTable.grant(two, "a", 7, 8)),
                broken("request r9: node a has no 2000 milli free on device 1", MarketTable.grant(two, "a", 1, 1)),
                broken("request r9: node z takes no new work", MarketTable.grant(two, "z", 0, 1)),
                broken("request r9: node b takes no new work", MarketTable.grant(two, "b", 0, 1)),
                broken(
                        "request r9: node a was to give 2000 milli-devices and gives 1000",
                        MarketTable.grant(one, "a", 1)),
                broken(
                        "request r9: node a has no room for 64001 millicores and 1024 MiB",
                        MarketTable.grant(gpus(2).cpu(64_001).spec(), "a", 1, 2)),
                broken(
                        "request r9: node a has no room for 1000 millicores and 600000 MiB",
                        MarketTable.grant(gpus(2).mib(600_000).spec(), "a", 1, 2)),
                broken(
                        "request r9 asked 1 replicas and got 2",
                        MarketTable.grant(two, "a", 1, 2),
                        MarketTable.grant(two, "a", 3, 4)),
                broken("request r9 asked 1 replicas and got 0"));
    }

    private static Broken broken(String says, Grant... grants) {
        return new Broken(says, List.of(grants));
    }

    record Broken(String says, List<Grant> grants) implements PlacementPolicy {
        @Override
        public Placement place(Supply supply, Demand demand) {
            return new Placement.Placed(grants, 1, List.of());
        }

        @Override
        public String toString() {
            return says;
        }
    }

    @ParameterizedTest
    @MethodSource("brokenPolicies")
    void grantsNothingThatIsNotFree(Broken policy) {
        MarketTable table = marketWith(policy, node("a"), node("b").draining()).givenRunning("r1", gpus(1), "a", 0);
        long sequence = table.state().meta().sequence();
        table.when(submit("r9", gpus(2)))
                .then("halted: " + policy.says())
                .thenStatus("r9", null)
                .thenStatus("r1", Request.Status.ALLOCATED);
        assertThat(table.state().meta().halted()).isEqualTo(policy.says());
        assertThat(table.state().meta().sequence()).isEqualTo(sequence + 1);
    }

    @Test
    void decidesNothingMore() {
        MarketTable table = marketOf(node("a"))
                .givenRunning("r1", gpus(1).seconds(60), "a", 0)
                .given(new Event.MarketHalted("a test says so"));
        table.at("5:00:00")
                .when(
                        submit("r2", gpus(1)),
                        submit("r1", gpus(1).seconds(60)),
                        cancel("r1"),
                        extend("r1", "9:00:00"),
                        release("r1"),
                        update(node("a").lost()),
                        tick())
                .then(
                        "submit of r2: MARKET_HALTED",
                        "submit of r1: MARKET_HALTED",
                        "cancel of r1: MARKET_HALTED",
                        "extend of r1: MARKET_HALTED",
                        "release of r1: MARKET_HALTED");
    }

    @Test
    void staysHaltedAfterARestart() {
        MarketTable table = marketOf(node("a")).given(new Event.MarketHalted("a test says so"));
        MarketState restored = MarketState.restore(
                MarketTable.MARKET, QueueSettings.DEFAULT, table.state().meta(), List.of(), List.of(), List.of());
        assertThat(restored.isHalted()).isTrue();
    }

    @Test
    void aFaultOfTheCodeHaltsToo() {
        PlacementPolicy faulty = (supply, demand) -> {
            throw new IndexOutOfBoundsException("index 7 of 5");
        };
        marketWith(faulty, node("a"))
                .when(submit("r1", gpus(1)))
                .then("halted: java.lang.IndexOutOfBoundsException: index 7 of 5");
    }

    /** Or else a broker that cannot be written to would halt markets for good. */
    @Test
    void aFaultOfWhoReceivesTheEventsDoesNotHalt() {
        MarketState state = marketOf(node("a")).state();
        Market market = new Market(MarketTable.SETTINGS, new BestFit());
        IllegalStateException fault = new IllegalStateException("cannot write");
        assertThatThrownBy(() -> market.execute(state, submit("r1", gpus(1)).at(0), (event, now) -> {
                    throw fault;
                }))
                .isSameAs(fault);
        assertThat(state.isHalted()).isFalse();
    }
}
