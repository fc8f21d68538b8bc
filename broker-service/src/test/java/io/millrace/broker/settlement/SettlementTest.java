package io.millrace.broker.settlement;

import static io.millrace.broker.market.SpecBuilder.gpus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.broker.market.Event;
import io.millrace.broker.market.Event.EndCause;
import io.millrace.broker.market.Explanation;
import io.millrace.broker.market.Reason;
import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.IntVector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Given the events of a market, then usage; a line each: id, milliseconds, micro-CNY. */
class SettlementTest {
    private static final long HOUR = 3_600_000;

    private final Settlement settlement = new Settlement("north");
    private final List<Usage> usage = new ArrayList<>();

    private SettlementTest on(Event... events) {
        usage.clear();
        for (Event event : events) {
            usage.addAll(settlement.on(event).usage());
        }
        return this;
    }

    private void then(String... lines) {
        assertThat(usage.stream()
                        .map(u -> "%s %d ms %d%s"
                                .formatted(
                                        u.usageId(),
                                        u.toMillis() - u.fromMillis(),
                                        u.amountMicroCny(),
                                        u.last() ? " last" : ""))
                        .toList())
                .containsExactly(lines);
    }

    private static Event.Allocated allocated(String requestId, int number, long at, Grant... grants) {
        return new Event.Allocated(
                requestId, "acme", gpus(1).spec(), Arrays.asList(grants), number, at, at + 99 * HOUR, Explanation.NONE);
    }

    private static Grant on(String nodeId, long priceMicroCnyPerHour) {
        return new Grant(nodeId, "c1", "A100", 1, IntVector.of(0), 1000, 0, 0, priceMicroCnyPerHour);
    }

    private static Event.Ended ended(String requestId, int number, EndCause cause, long at) {
        return new Event.Ended(requestId, "acme", number, cause, Reason.NONE, at);
    }

    @Test
    void meteredWhenItEnds() {
        on(allocated("r1", 1, 1_000, on("a", 7_200_000)), ended("r1", 1, EndCause.RELEASED, 1_000 + HOUR / 4))
                .then("north/r1/1/a/1000 900000 ms 1800000 last");
    }

    @Test
    void meteredOnEveryFullHour() {
        on(allocated("r1", 1, HOUR / 2, on("a", 10)), new Event.HourClosed(HOUR))
                .then("north/r1/1/a/1800000 1800000 ms 5");
        on(new Event.HourClosed(2 * HOUR)).then("north/r1/1/a/3600000 3600000 ms 10");
        on(ended("r1", 1, EndCause.EXPIRED, 2 * HOUR + 6 * 60_000)).then("north/r1/1/a/7200000 360000 ms 1 last");
    }

    @Test
    void hoursMeterInTheOrderOfIds() {
        on(allocated("r2", 1, 0, on("a", 1)), allocated("r1", 1, 0, on("b", 2), on("c", 3)), new Event.HourClosed(HOUR))
                .then("north/r1/1/b/0 3600000 ms 2", "north/r1/1/c/0 3600000 ms 3", "north/r2/1/a/0 3600000 ms 1");
    }

    @Test
    void theSumDoesNotDependOnWhereHoursCut() {
        // 7 micro-CNY per hour for 2.5 hours are 17.5, rounded down once and not three times.
        on(allocated("r1", 1, HOUR / 2, on("a", 7)), new Event.HourClosed(HOUR))
                .then("north/r1/1/a/1800000 1800000 ms 3");
        on(new Event.HourClosed(2 * HOUR)).then("north/r1/1/a/3600000 3600000 ms 7");
        on(ended("r1", 1, EndCause.EXPIRED, 3 * HOUR)).then("north/r1/1/a/7200000 3600000 ms 7 last");
    }

    @Test
    void anEndAtTheFullHourStillSaysThatItWasTheLast() {
        on(allocated("r1", 1, 0, on("a", 10)), new Event.HourClosed(HOUR), ended("r1", 1, EndCause.RELEASED, HOUR))
                .then("north/r1/1/a/0 3600000 ms 10", "north/r1/1/a/3600000 0 ms 0 last");
    }

    @Test
    void aRevokedOneThatRunsAgainIsAnotherAllocation() {
        on(
                        allocated("r1", 1, 0, on("a", 10)),
                        ended("r1", 1, EndCause.REVOKED, HOUR / 2),
                        allocated("r1", 2, HOUR / 2, on("a", 20)),
                        ended("r1", 2, EndCause.RELEASED, HOUR))
                .then("north/r1/1/a/0 1800000 ms 5 last", "north/r1/2/a/1800000 1800000 ms 10 last");
    }

    @Test
    void theTenantPaysAndTheCentreIsPaid() {
        on(allocated("r1", 1, 0, on("a", 10)), ended("r1", 1, EndCause.RELEASED, HOUR));
        assertThat(usage).singleElement().satisfies(u -> {
            assertThat(u.allocation().accountId()).isEqualTo("acme");
            assertThat(u.creditedAccountId()).isEqualTo("centre:c1");
        });
    }

    @Test
    void otherEventsCostNothing() {
        on(
                        new Event.Cancelled("r9", "acme"),
                        new Event.HourClosed(HOUR),
                        new Event.Forgotten(0, 0),
                        new Event.MarketHalted("a test says so"))
                .then();
    }

    @Test
    void whatIsStoredIsEnoughToGoOn() {
        on(allocated("r1", 1, HOUR / 2, on("a", 7)), new Event.HourClosed(HOUR));
        Settlement restarted = new Settlement("north");
        MeteredAllocation stored = settlement.running("r1");
        assertThat(stored).isNotNull();
        restarted.restore(stored);
        Event next = new Event.HourClosed(2 * HOUR);
        assertThat(restarted.on(next)).isEqualTo(settlement.on(next));
    }

    @Test
    void saysWhatItChanged() {
        assertThat(settlement.on(allocated("r1", 1, 0, on("a", 7))).changedRequestIds())
                .containsExactly("r1");
        assertThat(settlement.on(new Event.HourClosed(HOUR)).changedRequestIds())
                .containsExactly("r1");
        assertThat(settlement.on(ended("r1", 1, EndCause.RELEASED, HOUR)).changedRequestIds())
                .containsExactly("r1");
        assertThat(settlement.running("r1")).isNull();
        assertThat(settlement.on(new Event.HourClosed(2 * HOUR)).changedRequestIds())
                .isEmpty();
    }

    @Test
    void whatNeverStartedCannotEnd() {
        assertThatThrownBy(() -> settlement.on(ended("r1", 1, EndCause.RELEASED, 0)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the allocation of r1 ended and was not running");
    }
}
