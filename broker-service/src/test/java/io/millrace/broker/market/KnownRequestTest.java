package io.millrace.broker.market;

import static io.millrace.broker.market.MarketTable.marketOf;
import static io.millrace.broker.market.SpecBuilder.gpus;
import static io.millrace.broker.market.Told.ask;
import static io.millrace.broker.market.Told.cancel;
import static io.millrace.broker.market.Told.cancelBy;
import static io.millrace.broker.market.Told.extend;
import static io.millrace.broker.market.Told.extendBy;
import static io.millrace.broker.market.Told.release;
import static io.millrace.broker.market.Told.releaseBy;
import static io.millrace.broker.market.Told.submit;
import static io.millrace.broker.market.Told.submitFor;
import static io.millrace.broker.market.Told.tick;
import static io.millrace.broker.market.Told.update;
import static io.millrace.broker.placement.NodeOfferBuilder.node;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every command about a request, against every state that the request can be in. */
class KnownRequestTest {
    private static final String OTHER_ACCOUNT = "other";
    private static final SpecBuilder ASKED = gpus(1).waits(600);

    /** Where a request r can stand, and how it came there. */
    enum Given {
        UNKNOWN,
        QUEUED,
        ALLOCATED,
        REVOKED,
        REFUSED,
        DEFLECTED,
        CANCELLED,
        RELEASED,
        EXPIRED,
        WAIT_EXPIRED,
        FORGOTTEN;

        MarketTable table() {
            MarketTable table = marketOf(node("a").gpus(1));
            return switch (this) {
                case UNKNOWN -> table;
                case QUEUED -> table.givenRunning("x", gpus(1), "a", 0).givenWaiting("r", ASKED);
                case ALLOCATED -> table.givenRunning("r", ASKED, "a", 0);
                case REVOKED ->
                    table.givenRunning("r", ASKED, "a", 0)
                            .at("0:05:00")
                            .when(update(node("a").gpus(1).lost()));
                case REFUSED ->
                    table.givenRunning("x", gpus(1), "a", 0)
                            .givenWaiting("y", gpus(1).waits(900))
                            .givenWaiting("z", gpus(1).waits(900))
                            .when(submit("r", ASKED));
                case DEFLECTED -> table.givenRunning("x", gpus(1), "a", 0).when(ask("r", ASKED, 1));
                case CANCELLED -> QUEUED.table().when(cancel("r"));
                case RELEASED -> ALLOCATED.table().when(release("r"));
                case EXPIRED -> ALLOCATED.table().at("1:00:00").when(tick());
                case WAIT_EXPIRED ->
                    table.givenRunning("x", gpus(1).seconds(7200), "a", 0)
                            .givenWaiting("r", ASKED)
                            .at("0:10:00")
                            .when(tick());
                case FORGOTTEN -> RELEASED.table().at("24:01:00").when(tick());
            };
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            UNKNOWN      | allocated r#1 on a[0] until 1:00:00
            QUEUED       | repeated r
            ALLOCATED    | repeated r
            REVOKED      | repeated r
            REFUSED      | repeated r
            DEFLECTED    |
            CANCELLED    | repeated r
            RELEASED     | repeated r
            EXPIRED      | repeated r
            WAIT_EXPIRED | repeated r
            FORGOTTEN    | allocated r#1 on a[0] until 25:01:00
            """)
    void submitAgain(Given given, String then) {
        check(given.table(), submit("r", ASKED), then);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            QUEUED       | submit of r: ID_CONFLICT
            ALLOCATED    | submit of r: ID_CONFLICT
            REVOKED      | submit of r: ID_CONFLICT
            REFUSED      | submit of r: ID_CONFLICT
            DEFLECTED    | submit of r: ID_CONFLICT
            CANCELLED    | submit of r: ID_CONFLICT
            RELEASED     | submit of r: ID_CONFLICT
            EXPIRED      | submit of r: ID_CONFLICT
            WAIT_EXPIRED | submit of r: ID_CONFLICT
            """)
    void submitAnotherPayloadOrForAnotherAccount(Given given, String then) {
        check(given.table(), submit("r", gpus(1).waits(601)), then);
        check(given.table(), ask("r", gpus(1).waits(601), 7), then);
        check(given.table(), submitFor(OTHER_ACCOUNT, "r", ASKED), then);
    }

    @ParameterizedTest(name = "{0} attempt {1}")
    @CsvSource(delimiter = '|', textBlock = """
            DEFLECTED    | 0 |
            DEFLECTED    | 1 |
            DEFLECTED    | 2 | deflected r NO_CAPACITY at attempt 2
            QUEUED       | 2 | repeated r
            ALLOCATED    | 2 | repeated r
            REFUSED      | 2 | repeated r
            CANCELLED    | 2 | repeated r
            """)
    void askAgainAfterOtherMarkets(Given given, int attempt, String then) {
        check(given.table(), ask("r", ASKED, attempt), then);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            UNKNOWN      | cancel of r: UNKNOWN_REQUEST
            QUEUED       | cancelled r
            ALLOCATED    | ended r#1 CANCELLED at 0:00:00
            REVOKED      | cancelled r
            REFUSED      | cancel of r: ALREADY_ENDED
            DEFLECTED    | cancel of r: PASSED_ON
            CANCELLED    | cancel of r: ALREADY_ENDED
            RELEASED     | cancel of r: ALREADY_ENDED
            EXPIRED      | cancel of r: ALREADY_ENDED
            WAIT_EXPIRED | cancel of r: ALREADY_ENDED
            FORGOTTEN    | cancel of r: UNKNOWN_REQUEST
            """)
    void cancels(Given given, String then) {
        check(given.table(), cancel("r"), then);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            UNKNOWN      | release of r: UNKNOWN_REQUEST
            QUEUED       | release of r: NOT_ALLOCATED
            ALLOCATED    | ended r#1 RELEASED at 0:00:00
            REVOKED      | release of r: NOT_ALLOCATED
            REFUSED      | release of r: ALREADY_ENDED
            DEFLECTED    | release of r: PASSED_ON
            CANCELLED    | release of r: ALREADY_ENDED
            RELEASED     | release of r: ALREADY_ENDED
            EXPIRED      | release of r: ALREADY_ENDED
            WAIT_EXPIRED | release of r: ALREADY_ENDED
            FORGOTTEN    | release of r: UNKNOWN_REQUEST
            """)
    void releases(Given given, String then) {
        check(given.table(), release("r"), then);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            UNKNOWN      | extend of r: UNKNOWN_REQUEST
            QUEUED       | extend of r: NOT_ALLOCATED
            ALLOCATED    | extended r until 2:00:00
            REVOKED      | extend of r: NOT_ALLOCATED
            REFUSED      | extend of r: ALREADY_ENDED
            DEFLECTED    | extend of r: PASSED_ON
            CANCELLED    | extend of r: ALREADY_ENDED
            RELEASED     | extend of r: ALREADY_ENDED
            EXPIRED      | extend of r: ALREADY_ENDED
            WAIT_EXPIRED | extend of r: ALREADY_ENDED
            FORGOTTEN    | extend of r: UNKNOWN_REQUEST
            """)
    void extendsTo(Given given, String then) {
        check(given.table(), extend("r", "2:00:00"), then);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            UNKNOWN
            QUEUED
            ALLOCATED
            REVOKED
            REFUSED
            DEFLECTED
            CANCELLED
            RELEASED
            EXPIRED
            WAIT_EXPIRED
            FORGOTTEN
            """)
    void nobodyLearnsOfOrTouchesARequestOfAnotherAccount(Given given) {
        check(given.table(), cancelBy(OTHER_ACCOUNT, "r"), "cancel of r: UNKNOWN_REQUEST");
        check(given.table(), releaseBy(OTHER_ACCOUNT, "r"), "release of r: UNKNOWN_REQUEST");
        check(given.table(), extendBy(OTHER_ACCOUNT, "r", "2:00:00"), "extend of r: UNKNOWN_REQUEST");
    }

    private static void check(MarketTable table, Told command, @Nullable String then) {
        table.when(command);
        if (then == null) {
            table.thenNothing();
        } else {
            table.then(then);
        }
    }
}
