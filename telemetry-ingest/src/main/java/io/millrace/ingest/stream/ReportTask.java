package io.millrace.ingest.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.ingest.capacity.Capacity;
import io.millrace.ingest.capacity.Centre;
import io.millrace.ingest.capacity.Node;
import io.millrace.ingest.capacity.NodeTable;
import io.millrace.ingest.capacity.Pool;
import io.millrace.ingest.capacity.Rejection;
import io.millrace.ingest.capacity.Report;
import io.millrace.ingest.capacity.ReportCheck;
import io.millrace.ingest.capacity.Share;
import io.millrace.ingest.capacity.StatusCounts;
import io.millrace.ingest.stream.IngestMetrics.Reporter;
import io.millrace.schemas.Decoded;
import io.millrace.schemas.NodeReport;
import io.millrace.schemas.NodeState;
import io.millrace.schemas.RejectReason;
import io.millrace.schemas.Topics;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The reports of one partition: bytes in; what nodes can sell, shares of pools and dead letters out.
 *
 * <p>Holds the partition's {@link NodeTable} and keeps the store in step with it: the table is rebuilt from the store when
 * the task comes to life, and from then on only written, so a report costs one decoding, one write to the store and, if
 * what the node can sell changed, one record downstream. Shares of pools leave at most once a tick, for the pools that
 * changed. What was published of a pool is stored in the transaction in which it is sent, so that no crash comes between.
 *
 * <p>One thread, the task's.
 */
final class ReportTask implements TaskProcessor.Task<byte @Nullable [], byte @Nullable []>, NodeTable.Changes {
    private final ProcessorContext<Object, Object> context;
    private final Parts parts;
    private final ReportCheck check;
    private final int partition;
    private final KeyValueStore<String, byte[]> nodes;
    private final KeyValueStore<String, byte[]> published;
    private final StatusCounts counts = new StatusCounts();
    private final NodeTable table;
    private final Cancellable ticks;

    /** Version of the profiles that the table stands by; -1 until it has seen any. */
    private long profilesSeen = -1;

    private long now;
    private boolean accepting;
    private boolean readAny;
    private long newestReadMillis;

    ReportTask(ProcessorContext<Object, Object> context, Parts parts) {
        this.context = context;
        this.parts = parts;
        this.check = parts.reportCheck();
        this.partition = context.taskId().partition();
        this.nodes = context.getStateStore(IngestTopology.NODES);
        this.published = context.getStateStore(IngestTopology.PUBLISHED_SHARES);
        this.now = context.currentSystemTimeMs();
        StreamSettings settings = parts.settings();
        this.table = new NodeTable(
                new NodeTable.Timing(settings.tickMillis(), settings.refreshMillis(), settings.forgetMillis()),
                this,
                counts,
                now);
        restore();
        parts.metrics().opened(counts);
        this.ticks =
                context.schedule(Duration.ofMillis(settings.tickMillis()), PunctuationType.WALL_CLOCK_TIME, this::tick);
    }

    private void restore() {
        try (KeyValueIterator<String, byte[]> all = published.all()) {
            while (all.hasNext()) {
                table.restore(FromContract.share(parts.shares().own(all.next().value)));
            }
        }
        try (KeyValueIterator<String, byte[]> all = nodes.all()) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                NodeState state = parts.states().own(entry.value);
                table.restore(entry.key, FromContract.capacity(state.getCapacity()), FromContract.heard(state), now);
            }
        }
    }

    @Override
    public void process(Record<byte @Nullable [], byte @Nullable []> record) {
        now = context.currentSystemTimeMs();
        readAny = true;
        newestReadMillis = Math.max(newestReadMillis, record.timestamp());
        followProfiles();
        switch (parts.reports().decode(record.value())) {
            case Decoded.Value<NodeReport> value -> take(record, FromContract.report(value.value()));
            case Decoded.Refused<NodeReport> refused -> reject(record, refused.reason(), refused.detail());
        }
    }

    private void take(Record<byte @Nullable [], byte @Nullable []> record, Report report) {
        byte[] key = record.key();
        // Two partitions with one node would take each other's word back, and whoever hears less would call it lost.
        Optional<String> misplaced = parts.partitions().problem(Topics.TELEMETRY_REPORTS, partition, key);
        if (misplaced.isPresent()) {
            reject(record, RejectReason.WRONG_PARTITION, misplaced.get());
            return;
        }
        Centre centre = parts.profiles().centre(report.centreId());
        Rejection rejection = check.check(key == null ? null : new String(key, UTF_8), report, centre, now);
        if (rejection == null) {
            Node known = table.node(report.nodeId());
            rejection = known == null
                    ? null
                    : ReportCheck.sequence(report.sequence(), known.heard().sequence());
        }
        // The check has seen centre and pool; the compiler has not seen the check.
        Pool pool = centre == null ? null : centre.pool(report.poolId());
        if (rejection != null || pool == null) {
            reject(
                    record,
                    rejection == null ? RejectReason.UNKNOWN_POOL : ToContract.reason(rejection.refusal()),
                    rejection == null ? "" : rejection.detail());
            return;
        }
        accepting = true;
        table.accept(report, pool, now);
        accepting = false;
        parts.metrics().accepted(Reporter.NODE);
    }

    private void reject(Record<byte @Nullable [], byte @Nullable []> record, RejectReason reason, String detail) {
        DeadLetters.send(context, parts, record, reason, detail);
        parts.metrics().rejected(Reporter.NODE, reason);
    }

    /** Before anything else is done with a node: the table stands by the profiles as they are now. */
    private void followProfiles() {
        long version = parts.profiles().version();
        if (version == profilesSeen) {
            return;
        }
        for (Profiles.Entry changed : parts.profiles().changedSince(profilesSeen)) {
            table.profile(changed.centreId(), changed.centre(), now);
        }
        profilesSeen = version;
    }

    private void tick(long wallClockMillis) {
        now = wallClockMillis;
        followProfiles();
        boolean late = readAny && now - newestReadMillis > parts.settings().deafMillis();
        readAny = false;
        table.tick(now, late || !parts.audible().test(partition));
        table.publish(now, this::publish);
    }

    private void publish(Share share) {
        byte[] bytes = parts.shares().encode(ToContract.share(share, partition));
        if (share.isEmpty()) {
            published.delete(share.scopeId());
        } else {
            published.put(share.scopeId(), bytes);
        }
        context.forward(new Record<>(share.scopeId(), bytes, now), IngestTopology.SHARES_OUT);
    }

    @Override
    public void save(Node node) {
        nodes.put(node.nodeId(), parts.states().encode(ToContract.state(node)));
    }

    @Override
    public void announce(Node node, Capacity capacity) {
        byte[] bytes = parts.capacities().encode(ToContract.capacity(node, capacity));
        context.forward(new Record<>(node.nodeId(), bytes, now), IngestTopology.CAPACITY_OUT);
        if (accepting) {
            parts.metrics().changedAfter(now - node.heard().observedAtMillis());
        }
    }

    @Override
    public void forget(Node node) {
        nodes.delete(node.nodeId());
        context.forward(new Record<>(node.nodeId(), null, now), IngestTopology.CAPACITY_OUT);
    }

    @Override
    public void close() {
        ticks.cancel();
        parts.metrics().closed(counts);
    }
}
