package io.millrace.broker.api;

import io.millrace.schemas.MarketCapacity;
import io.millrace.schemas.RequestState;
import io.millrace.schemas.Route;
import io.millrace.schemas.Together;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What this instance's stores hold. Every method throws Streams' {@code InvalidStateStoreException} while what is asked for
 * is moving between instances or not yet restored: nothing is ever reported missing that is only elsewhere.
 */
interface Stores {

    /** Where intake sent a request; empty if it never saw it or has forgotten it. */
    Optional<Route> route(String requestId);

    /** A request in parts, as intake knows it; empty if it never saw it or has forgotten it. */
    Optional<Together> together(String requestId);

    /** A request as a market knows it; empty if the market never saw it or has forgotten it. */
    Optional<RequestState> request(String marketId, String requestId);

    /**
     * Visits the requests of all markets, or of one, that this instance holds, ended ones too.
     *
     * @return the partitions of the markets that this instance holds and has visited
     */
    List<Integer> eachRequest(@Nullable String marketId, Consumer<RequestState> visitor);

    /** How many partitions the markets have, on all instances. */
    int partitions();

    /** What every market last said of itself, on whichever instance it is, by market id. */
    List<MarketCapacity> markets();
}
