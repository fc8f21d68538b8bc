package io.millrace.broker.stream;

import io.millrace.broker.catalogue.Catalogue;
import io.millrace.broker.market.ComputeSpec;
import io.millrace.broker.market.PartId;
import io.millrace.broker.market.SpecCheck;
import io.millrace.broker.routing.Choice;
import io.millrace.broker.routing.InFlight;
import io.millrace.broker.routing.MarketChoice;
import io.millrace.runtime.CommitPace;
import io.millrace.runtime.Partitions;
import io.millrace.runtime.PatientCodec;
import io.millrace.schemas.Cancel;
import io.millrace.schemas.CancelCommand;
import io.millrace.schemas.ComputeRequest;
import io.millrace.schemas.Decoded;
import io.millrace.schemas.Extend;
import io.millrace.schemas.ExtendCommand;
import io.millrace.schemas.RejectReason;
import io.millrace.schemas.Release;
import io.millrace.schemas.ReleaseCommand;
import io.millrace.schemas.Route;
import io.millrace.schemas.Submit;
import io.millrace.schemas.Topics;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Takes requests, chooses the market, and remembers where each request went, so that whatever is said of it later goes
 * the same way. It answers nothing itself: only markets decide.
 */
final class Intake implements Processor<byte[], byte[], Object, Object> {
    private static final Duration SUMMARY_INTERVAL = Duration.ofMillis(100);

    private final PatientCodec<ComputeRequest> codec;
    private final Partitions partitions;
    private final MarketChoice choice;
    private final Catalogue catalogue;
    private final BoardsSource boardsSource;
    private final RecentDeflections deflections;
    private final BrokerMeters meters;
    private final long holdMillis;
    private final CommitPace commits;
    private ProcessorContext<Object, Object> context;
    private Outlet outlet;
    private CommitPace.Task pace;
    private DeadLetters deadLetters;
    private Boards boards;
    private Assembly assembly;
    private KeyValueStore<String, Route> routes;

    /** Makes a task's view of the markets. */
    @FunctionalInterface
    interface BoardsSource {
        Boards in(ProcessorContext<Object, Object> context);
    }

    Intake(
            PatientCodec<ComputeRequest> codec,
            Partitions partitions,
            MarketChoice choice,
            Catalogue catalogue,
            BoardsSource boardsSource,
            RecentDeflections deflections,
            BrokerMeters meters,
            long holdMillis,
            CommitPace commits) {
        this.codec = codec;
        this.partitions = partitions;
        this.choice = choice;
        this.catalogue = catalogue;
        this.boardsSource = boardsSource;
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
        deadLetters = new DeadLetters(context, BrokerTopology.REQUESTS_REJECTED_SINK, meters);
        routes = context.getStateStore(BrokerTopology.ROUTES);
        IntakeAnswers answers = new IntakeAnswers(outlet, BrokerTopology.REQUEST_DECISIONS_SINK, meters);
        assembly = new Assembly(context, outlet, BrokerTopology.REQUEST_COMMANDS_SINK, answers, holdMillis);
        boards = boardsSource.in(context);
        boards.refresh(context.currentSystemTimeMs());
        context.schedule(SUMMARY_INTERVAL, PunctuationType.WALL_CLOCK_TIME, boards::refresh);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        pace.took(record.timestamp());
        switch (codec.decode(record.value())) {
            case Decoded.Refused<ComputeRequest> refused -> deadLetters.put(record, refused.reason(), refused.detail());
            case Decoded.Value<ComputeRequest> decoded -> {
                ComputeRequest request = decoded.value();
                Optional<Rejection> rejection = check(record.key(), request.getRequestId());
                if (rejection.isPresent()) {
                    deadLetters.put(
                            record, rejection.get().reason(), rejection.get().detail());
                } else {
                    take(request, record.timestamp());
                }
            }
        }
    }

    /** One task must speak for one request: the one that markets answer, which is that of the partition of the id. */
    private Optional<Rejection> check(byte @Nullable [] key, String requestId) {
        if (requestId.isEmpty()) {
            return Optional.of(new Rejection(RejectReason.INVALID_ID, "requestId is empty"));
        }
        if (PartId.isPart(requestId)) {
            return Optional.of(new Rejection(
                    RejectReason.INVALID_ID, "requestId has a tilde: parts are spoken of by the request they are of"));
        }
        return Rejection.ofPlace(
                partitions, Topics.COMPUTE_REQUESTS, context.taskId().partition(), key, "requestId", requestId);
    }

    private void take(ComputeRequest request, long timestamp) {
        String id = request.getRequestId();
        String account = request.getAccountId();
        switch (request.getAction()) {
            case Submit submit -> submit(id, account, submit, timestamp);
            case Cancel cancel -> cancel(id, account, timestamp);
            case Extend extend -> {
                Route route = routes.get(id);
                if (route != null || !assembly.extend(id, account, timestamp)) {
                    command(marketOf(id, route), new ExtendCommand(id, account, extend.getEndsAtMillis()), timestamp);
                }
            }
            case Release release -> {
                Route route = routes.get(id);
                if (route != null || !assembly.release(id, account, timestamp)) {
                    command(marketOf(id, route), new ReleaseCommand(id, account), timestamp);
                }
            }
            default -> throw new IllegalStateException("codec let an unknown action through");
        }
    }

    private void submit(String id, String account, Submit submit, long timestamp) {
        Route route = routes.get(id);
        submit.getTogether().forEach(this::resolve);
        ComputeSpec resolved = resolve(submit.getSpec());
        if (!submit.getTogether().isEmpty() || (route == null && assembly.knows(id))) {
            Assembly.Chooser chooser = (part, asked) -> choose(part, account, asked);
            assembly.submit(id, account, submit, route != null, chooser, timestamp);
            return;
        }
        if (route == null) {
            // Any market will say what is wrong with one that is not sound: there is no reckoning with it.
            boolean sound = SpecCheck.problems(id, account, resolved).isEmpty();
            route = Routes.first(sound ? choose(id, account, resolved) : Choice.of(choice.any(id)));
            routes.put(id, route);
        }
        // A request that is known already goes where it went: its market knows its answer.
        command(route.getMarketId(), Routes.submit(id, account, submit.getSpec(), route), timestamp);
    }

    /** Writes into the record what its need comes to: a market reads no catalogue. */
    private ComputeSpec resolve(io.millrace.schemas.ComputeSpec spec) {
        ComputeSpec asked = SpecCodec.read(spec);
        if (asked.need() == null) {
            return asked;
        }
        ComputeSpec resolved = asked.resolvedBy(catalogue);
        spec.setAlternatives(NeedCodec.write(resolved.latitude().alternatives()));
        return resolved;
    }

    /** Chooses, and counts as taken what the first market is likely to grant. */
    private Choice choose(String id, String account, ComputeSpec asked) {
        Predicate<String> hadNoRoom = deflections.of(asked.demand(), context.currentSystemTimeMs());
        InFlight inFlight = boards.inFlight();
        Choice chosen = choice.choose(id, account, asked, boards.board(), inFlight, hadNoRoom);
        inFlight.sent(chosen, asked);
        return chosen;
    }

    private void cancel(String id, String account, long timestamp) {
        Route route = routes.get(id);
        if (route != null || !assembly.cancel(id, account, timestamp)) {
            command(marketOf(id, route), new CancelCommand(id, account), timestamp);
        }
    }

    /** Where the request went; for one that was never seen, a market that will say so. */
    private String marketOf(String requestId, @Nullable Route route) {
        return route == null ? choice.any(requestId) : route.getMarketId();
    }

    private void command(String marketId, SpecificRecord body, long timestamp) {
        outlet.command(marketId, body, context.currentSystemTimeMs(), timestamp, BrokerTopology.REQUEST_COMMANDS_SINK);
    }
}
