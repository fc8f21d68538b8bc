package io.millrace.broker.stream;

import io.millrace.broker.catalogue.Catalogue;
import io.millrace.broker.market.ComputeSpec;
import io.millrace.broker.routing.MarketChoice;
import io.millrace.broker.routing.MarketScore;
import io.millrace.runtime.Partitions;
import io.millrace.runtime.PatientCodec;
import io.millrace.schemas.Cancel;
import io.millrace.schemas.CancelCommand;
import io.millrace.schemas.ComputeRequest;
import io.millrace.schemas.Decoded;
import io.millrace.schemas.Extend;
import io.millrace.schemas.ExtendCommand;
import io.millrace.schemas.MarketCommand;
import io.millrace.schemas.RejectReason;
import io.millrace.schemas.Release;
import io.millrace.schemas.ReleaseCommand;
import io.millrace.schemas.Route;
import io.millrace.schemas.Submit;
import io.millrace.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
    private final SummariesSource summariesSource;
    private final RecentDeflections deflections;
    private final BrokerMeters meters;
    private ProcessorContext<Object, Object> context;
    private Outlet outlet;
    private DeadLetters deadLetters;
    private MarketSummaries summaries;
    private KeyValueStore<String, Route> routes;

    /** Makes a task's view of the markets' summaries. */
    @FunctionalInterface
    interface SummariesSource {
        MarketSummaries in(ProcessorContext<Object, Object> context);
    }

    Intake(
            PatientCodec<ComputeRequest> codec,
            Partitions partitions,
            MarketChoice choice,
            Catalogue catalogue,
            SummariesSource summariesSource,
            RecentDeflections deflections,
            BrokerMeters meters) {
        this.codec = codec;
        this.partitions = partitions;
        this.choice = choice;
        this.catalogue = catalogue;
        this.summariesSource = summariesSource;
        this.deflections = deflections;
        this.meters = meters;
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        this.context = context;
        outlet = new Outlet(context);
        deadLetters = new DeadLetters(context, BrokerTopology.REQUESTS_REJECTED_SINK, meters);
        routes = context.getStateStore(BrokerTopology.ROUTES);
        summaries = summariesSource.in(context);
        summaries.refresh();
        context.schedule(SUMMARY_INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> summaries.refresh());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
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

    private record Rejection(RejectReason reason, String detail) {}

    /** One task must speak for one request: the one that markets answer, which is that of the partition of the id. */
    private Optional<Rejection> check(byte @Nullable [] key, String requestId) {
        int partition = context.taskId().partition();
        Optional<String> misplaced = partitions.problem(Topics.COMPUTE_REQUESTS, partition, key);
        if (misplaced.isPresent()) {
            return Optional.of(new Rejection(RejectReason.WRONG_PARTITION, misplaced.get()));
        }
        if (requestId.isEmpty()) {
            return Optional.of(new Rejection(RejectReason.INVALID_ID, "requestId is empty"));
        }
        if (!Arrays.equals(key, requestId.getBytes(StandardCharsets.UTF_8))) {
            return Optional.of(new Rejection(RejectReason.KEY_MISMATCH, "the key is not the requestId"));
        }
        return Optional.empty();
    }

    private void take(ComputeRequest request, long timestamp) {
        String id = request.getRequestId();
        String account = request.getAccountId();
        switch (request.getAction()) {
            case Submit submit -> submit(id, account, submit.getSpec(), timestamp);
            case Cancel cancel -> cancel(id, account, timestamp);
            case Extend extend ->
                command(marketOf(id), new ExtendCommand(id, account, extend.getEndsAtMillis()), timestamp);
            case Release release -> command(marketOf(id), new ReleaseCommand(id, account), timestamp);
            default -> throw new IllegalStateException("codec let an unknown action through");
        }
    }

    private void submit(String id, String account, io.millrace.schemas.ComputeSpec spec, long timestamp) {
        Route route = routes.get(id);
        List<MarketScore> scores = List.of();
        ComputeSpec asked = SpecCodec.read(spec);
        if (asked.need() != null) {
            asked = asked.resolvedBy(catalogue);
            spec.setAlternatives(NeedCodec.write(asked.latitude().alternatives()));
        }
        if (route == null) {
            scores = choice.rank(
                    id,
                    asked,
                    summaries.byMarket(),
                    summaries.inFlight(),
                    deflections.of(asked.demand(), context.currentSystemTimeMs()));
            route = Routes.first(scores);
            summaries.inFlight().sent(scores.getFirst(), asked);
            routes.put(id, route);
        }
        // A request that is known already goes where it went: its market knows its answer.
        command(route.getMarketId(), Routes.submit(id, account, spec, route, scores), timestamp);
    }

    private void cancel(String id, String account, long timestamp) {
        Route route = routes.get(id);
        if (route != null && Routes.mayBeDeflected(route)) {
            // The market may have deflected it already, with the notice still on its way here.
            route.setCancelledBy(account);
            routes.put(id, route);
        }
        command(route == null ? choice.any(id) : route.getMarketId(), new CancelCommand(id, account), timestamp);
    }

    /** Where the request went; for one that was never seen, a market that will say so. */
    private String marketOf(String requestId) {
        Route route = routes.get(requestId);
        return route == null ? choice.any(requestId) : route.getMarketId();
    }

    private void command(String marketId, SpecificRecord body, long timestamp) {
        Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
        MarketCommand command = new MarketCommand(outlet.position(), marketId, now, body);
        outlet.forward(marketId, command, timestamp, BrokerTopology.REQUEST_COMMANDS_SINK);
    }
}
