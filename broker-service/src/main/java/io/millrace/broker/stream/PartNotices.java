package io.millrace.broker.stream;

import io.millrace.broker.market.Event;
import io.millrace.broker.market.Explanation;
import io.millrace.broker.market.MarketState;
import io.millrace.broker.market.PartId;
import io.millrace.broker.market.Reason;
import io.millrace.broker.market.Request;
import io.millrace.schemas.Deflection;
import io.millrace.schemas.ForgottenNotice;
import io.millrace.schemas.Grant;
import io.millrace.schemas.MarketNotice;
import io.millrace.schemas.PartAnswer;
import io.millrace.schemas.PartNotice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells intake what became of the parts that it puts together. */
final class PartNotices {
    private final Outlet outlet;

    PartNotices(Outlet outlet) {
        this.outlet = outlet;
    }

    /** Writes what intake has to know of an event, applied already; true if its tenant has to know of it, too. */
    boolean put(MarketState state, Event.OfRequest event, long timestamp) {
        String id = event.requestId();
        String market = state.marketId();
        return switch (event) {
            case Event.Held e -> {
                put(market, id, PartAnswer.HELD, GrantCodec.write(e.grants()), null, timestamp);
                yield false;
            }
            case Event.AnswerRepeated e -> {
                Request request = state.request(id);
                if (request != null && request.status() == Request.Status.HELD) {
                    put(market, id, PartAnswer.HELD, GrantCodec.write(request.grants()), null, timestamp);
                }
                yield false;
            }
            case Event.Deflected e -> {
                Deflection why = new Deflection(
                        market,
                        ExplanationCodec.reason(e.reason()),
                        ExplanationCodec.tell(e.reason(), e.explanation()));
                put(market, id, PartAnswer.NOT_HELD, List.of(), why, timestamp);
                yield false;
            }
            case Event.Refused e -> {
                Deflection why = new Deflection(
                        market,
                        ExplanationCodec.reason(e.reason()),
                        ExplanationCodec.tell(e.reason(), e.explanation()));
                // While it was kept, its tenant had no answer yet; after that, one waited and waits no more.
                boolean waited = e.reason() == Reason.WAIT_EXPIRED || e.reason() == Reason.DEADLINE_PASSED;
                put(market, id, waited ? PartAnswer.ENDED : PartAnswer.LOST, List.of(), why, timestamp);
                yield waited;
            }
            case Event.CommandRefused e -> {
                if (e.action().equals("hold")) {
                    Deflection why = new Deflection(
                            market,
                            ExplanationCodec.reason(e.reason()),
                            ExplanationCodec.write(Explanation.of(e.detail())));
                    put(market, id, PartAnswer.NOT_HELD, List.of(), why, timestamp);
                }
                // That it had ended is no news to whoever withdrew the whole.
                yield e.action().equals("confirm");
            }
            // What was kept for it was given up before its tenant heard of it; one that waited, its tenant had heard
            // of.
            case Event.Cancelled e -> {
                Request ended = state.request(id);
                yield ended != null && ended.grants().isEmpty();
            }
            case Event.Allocated e -> true;
            case Event.Queued e -> true;
            case Event.Ended e -> {
                if (e.cause() == Event.EndCause.EXPIRED) {
                    put(market, id, PartAnswer.ENDED, List.of(), null, timestamp);
                }
                yield true;
            }
            case Event.Extended e -> true;
            case Event.PreemptionNoticed e -> true;
        };
    }

    void forgotten(String marketId, String partId, long timestamp) {
        put(marketId, partId, PartAnswer.FORGOTTEN, List.of(), null, timestamp);
    }

    private void put(
            String marketId,
            String partId,
            PartAnswer answer,
            List<Grant> grants,
            @Nullable Deflection why,
            long timestamp) {
        String whole = PartId.whole(partId);
        PartNotice part = new PartNotice(whole, PartId.number(partId), answer, grants, why);
        outlet.forward(
                whole,
                new MarketNotice(partId, marketId, new ForgottenNotice(List.of()), part, null),
                timestamp,
                BrokerTopology.NOTICES_SINK);
    }
}
