package io.millrace.broker.stream;

import io.millrace.runtime.CommitPace;
import io.millrace.runtime.PatientCodec;
import io.millrace.schemas.CancelCommand;
import io.millrace.schemas.Decoded;
import io.millrace.schemas.DeflectedNotice;
import io.millrace.schemas.ExtendCommand;
import io.millrace.schemas.ForgottenNotice;
import io.millrace.schemas.MarketNotice;
import io.millrace.schemas.PartNotice;
import io.millrace.schemas.Reason;
import io.millrace.schemas.ReleaseCommand;
import io.millrace.schemas.Route;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Takes what markets say to intake: passes a deflected request on, and after it what was said of it meanwhile, and forgets the
 * way of a forgotten one.
 */
final class NoticeIntake implements Processor<byte[], byte[], Object, Object> {
    private final PatientCodec<MarketNotice> codec;
    private final RecentDeflections deflections;
    private final BrokerMeters meters;
    private final long holdMillis;
    private final CommitPace commits;
    private ProcessorContext<Object, Object> context;
    private Outlet outlet;
    private CommitPace.Task pace;
    private DeadLetters deadLetters;
    private Assembly assembly;
    private IntakeAnswers answers;
    private KeyValueStore<String, Route> routes;

    NoticeIntake(
            PatientCodec<MarketNotice> codec,
            RecentDeflections deflections,
            BrokerMeters meters,
            long holdMillis,
            CommitPace commits) {
        this.codec = codec;
        this.deflections = deflections;
        this.meters = meters;
        this.holdMillis = holdMillis;
        this.commits = commits;
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        this.context = context;
        outlet = new Outlet(context);
        pace = commits.of(context);
        deadLetters = new DeadLetters(context, BrokerTopology.NOTICES_REJECTED_SINK, meters);
        routes = context.getStateStore(BrokerTopology.ROUTES);
        answers = new IntakeAnswers(outlet, BrokerTopology.NOTICE_DECISIONS_SINK, meters);
        assembly = new Assembly(context, outlet, BrokerTopology.NOTICE_COMMANDS_SINK, answers, holdMillis);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        pace.did();
        switch (codec.decode(record.value())) {
            case Decoded.Refused<MarketNotice> refused -> deadLetters.put(record, refused.reason(), refused.detail());
            case Decoded.Value<MarketNotice> decoded -> take(decoded.value(), record.timestamp());
        }
    }

    private void take(MarketNotice notice, long timestamp) {
        if (notice.getPart() != null || notice.getPassedOn() != null || notice.getBody() instanceof DeflectedNotice) {
            // Its time is that of the request that it is about, not its own.
            pace.took(context.currentSystemTimeMs());
        }
        PartNotice part = notice.getPart();
        if (part != null) {
            assembly.take(part, notice.getMarketId(), timestamp);
            return;
        }
        switch (notice.getPassedOn()) {
            case null -> heed(notice, timestamp);
            case CancelCommand c -> follow(c.getRequestId(), c.getAccountId(), c, "cancel", timestamp);
            case ExtendCommand c -> follow(c.getRequestId(), c.getAccountId(), c, "extend", timestamp);
            case ReleaseCommand c -> follow(c.getRequestId(), c.getAccountId(), c, "release", timestamp);
            default -> throw new IllegalStateException("codec let an unknown command through");
        }
    }

    private void heed(MarketNotice notice, long timestamp) {
        switch (notice.getBody()) {
            case DeflectedNotice deflected -> passOn(notice.getRequestId(), notice.getMarketId(), deflected, timestamp);
            case ForgottenNotice forgotten -> {
                forget(notice.getRequestId(), notice.getMarketId());
                forgotten.getOthers().forEach(requestId -> forget(requestId, notice.getMarketId()));
            }
            default -> throw new IllegalStateException("codec let an unknown notice through");
        }
    }

    private void forget(String requestId, String marketId) {
        Route route = routes.get(requestId);
        if (route != null && route.getMarketId().equals(marketId)) {
            // Not delete(), which reads what it deletes.
            routes.put(requestId, null);
        }
    }

    private void passOn(String requestId, String marketId, DeflectedNotice deflected, long timestamp) {
        Route route = routes.get(requestId);
        if (route == null || !route.getMarketId().equals(marketId) || deflected.getAttempt() != route.getAttempt()) {
            // Said before, and passed on then.
            return;
        }
        if (deflected.getDeflection().getReason() == Reason.NO_CAPACITY) {
            deflections.deflected(
                    marketId, SpecCodec.read(deflected.getSpec()).demand(), context.currentSystemTimeMs());
        }
        Route next = Routes.next(route, deflected.getDeflection());
        routes.put(requestId, next);
        String account = deflected.getAccountId();
        command(next.getMarketId(), Routes.submit(requestId, account, deflected.getSpec(), next), timestamp);
    }

    /** What was said of a request when its market had just deflected it. The deflection was heard before this. */
    private void follow(String requestId, String accountId, SpecificRecord command, String action, long timestamp) {
        Route route = routes.get(requestId);
        if (route == null) {
            // It ended elsewhere so long ago that it is forgotten there. Only the market that deflected it knows it
            // still, and would hand back whatever it is told.
            long now = context.currentSystemTimeMs();
            answers.refusedCommand(requestId, accountId, Reason.UNKNOWN_REQUEST, action, now, timestamp);
        } else {
            command(route.getMarketId(), command, timestamp);
        }
    }

    private void command(String marketId, SpecificRecord body, long timestamp) {
        outlet.command(marketId, body, context.currentSystemTimeMs(), timestamp, BrokerTopology.NOTICE_COMMANDS_SINK);
    }
}
