package io.millrace.broker.stream;

import io.millrace.broker.market.Event;
import io.millrace.schemas.Allocated;
import io.millrace.schemas.AnswerRepeated;
import io.millrace.schemas.Cancelled;
import io.millrace.schemas.CommandRefused;
import io.millrace.schemas.Deflected;
import io.millrace.schemas.EndCause;
import io.millrace.schemas.Ended;
import io.millrace.schemas.Extended;
import io.millrace.schemas.HourClosed;
import io.millrace.schemas.MarketHalted;
import io.millrace.schemas.NodeOversold;
import io.millrace.schemas.NodeUpdated;
import io.millrace.schemas.Queued;
import io.millrace.schemas.Refused;
import io.millrace.schemas.RequestsForgotten;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** {@link Event} and its Avro records. */
public final class EventCodec {
    private EventCodec() {}

    /** Writes the body of a MarketEvent. */
    public static SpecificRecord write(Event event, String marketId) {
        return switch (event) {
            case Event.Allocated e ->
                new Allocated(
                        e.requestId(),
                        e.accountId(),
                        SpecCodec.write(e.spec()),
                        GrantCodec.write(e.grants()),
                        e.allocationNumber(),
                        e.startsAtMillis(),
                        e.endsAtMillis(),
                        ExplanationCodec.write(e.explanation()));
            case Event.Queued e ->
                new Queued(
                        e.requestId(),
                        e.accountId(),
                        SpecCodec.write(e.spec()),
                        ExplanationCodec.reason(e.reason()),
                        e.waitsUntilMillis(),
                        e.remainingMillis(),
                        ExplanationCodec.write(e.explanation()),
                        List.of());
            // For readers that know no parts it waits, which is true; nothing is metered until it is allocated.
            case Event.Held e ->
                new Queued(
                        e.requestId(),
                        e.accountId(),
                        SpecCodec.write(e.spec()),
                        io.millrace.schemas.Reason.HELD,
                        e.heldUntilMillis(),
                        e.spec().durationMillis(),
                        ExplanationCodec.write(e.explanation()),
                        GrantCodec.write(e.grants()));
            case Event.Refused e ->
                new Refused(
                        e.requestId(),
                        e.accountId(),
                        SpecCodec.write(e.spec()),
                        ExplanationCodec.reason(e.reason()),
                        ExplanationCodec.write(e.explanation()));
            case Event.Deflected e ->
                new Deflected(
                        e.requestId(),
                        e.accountId(),
                        SpecCodec.write(e.spec()),
                        e.attempt(),
                        ExplanationCodec.reason(e.reason()),
                        ExplanationCodec.write(e.explanation()));
            case Event.Ended e ->
                new Ended(
                        e.requestId(),
                        e.accountId(),
                        e.allocationNumber(),
                        EndCause.valueOf(e.cause().name()),
                        ExplanationCodec.reason(e.reason()),
                        e.endedAtMillis());
            case Event.Cancelled e -> new Cancelled(e.requestId(), e.accountId());
            case Event.Extended e ->
                new Extended(e.requestId(), e.accountId(), e.endsAtMillis(), io.millrace.schemas.Reason.NONE, 0L);
            // For readers, the end moved: those who know nothing of notices still meter what is right.
            case Event.PreemptionNoticed e ->
                new Extended(
                        e.requestId(),
                        e.accountId(),
                        e.endsAtMillis(),
                        io.millrace.schemas.Reason.PREEMPTED,
                        e.remainingMillis());
            case Event.CommandRefused e ->
                new CommandRefused(
                        e.requestId(), e.accountId(), e.action(), ExplanationCodec.reason(e.reason()), e.detail());
            case Event.AnswerRepeated e -> new AnswerRepeated(e.requestId());
            case Event.NodeUpdated e -> new NodeUpdated(OfferCodec.write(e.offer(), marketId));
            case Event.NodeOversold e ->
                new NodeOversold(
                        e.nodeId(),
                        e.excessMilliDevices(),
                        e.excessCpuMillicores(),
                        e.excessMemoryMib(),
                        e.revokedRequestIds(),
                        e.excessStorage().gib(),
                        e.excessStorage().mibPerSecond());
            case Event.HourClosed e -> new HourClosed(e.hourEndMillis());
            case Event.Forgotten e -> new RequestsForgotten(e.endedBeforeMillis(), e.nodesObservedBeforeMillis());
            case Event.MarketHalted e -> new MarketHalted(e.detail());
        };
    }
}
