package io.millrace.ingest.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.ingest.capacity.Centre;
import io.millrace.ingest.capacity.Rejection;
import io.millrace.ingest.capacity.ReportCheck;
import io.millrace.ingest.capacity.SiteCheck;
import io.millrace.ingest.capacity.SiteReport;
import io.millrace.ingest.stream.IngestMetrics.Reporter;
import io.millrace.schemas.CentreProfile;
import io.millrace.schemas.CentreReport;
import io.millrace.schemas.Decoded;
import io.millrace.schemas.RejectReason;
import io.millrace.schemas.Topics;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The centres' reports of one partition: keeps the latest of each and tells it to others, and sends dead letters. Deals
 * with what is no profile in the same partition of centres.profiles, too. One thread, the task's.
 */
final class SiteTask implements TaskProcessor.Task<byte @Nullable [], byte @Nullable []> {
    private final ProcessorContext<Object, Object> context;
    private final Parts parts;
    private final SiteCheck check;
    private final int partition;
    private final KeyValueStore<String, byte[]> sites;
    private final Cancellable ticks;

    SiteTask(ProcessorContext<Object, Object> context, Parts parts) {
        this.context = context;
        this.parts = parts;
        this.check = parts.siteCheck();
        this.partition = context.taskId().partition();
        this.sites = context.getStateStore(IngestTopology.SITES);
        this.ticks = context.schedule(
                Duration.ofMillis(parts.settings().tickMillis()), PunctuationType.WALL_CLOCK_TIME, this::mendProfiles);
    }

    @Override
    public void close() {
        ticks.cancel();
    }

    /**
     * Puts what is no profile with the dead letters and writes the one in force behind it: compaction would keep the last
     * record only, and after the next start nobody would know of the centre.
     */
    private void mendProfiles(long nowMillis) {
        for (SpoiledProfiles.Spoiled spoiled : parts.spoiled().due(partition, nowMillis)) {
            DeadLetters.send(context, parts, spoiled.letter(), nowMillis);
            CentreProfile inForce = parts.profiles().profile(spoiled.centreId());
            boolean inItsPlace = parts.partitions()
                    .problem(
                            Topics.CENTRES_PROFILES,
                            partition,
                            spoiled.centreId().getBytes(UTF_8))
                    .isEmpty();
            if (inForce != null && inItsPlace) {
                byte[] profile = parts.profileRecords().encode(inForce);
                context.forward(new Record<>(spoiled.centreId(), profile, nowMillis), IngestTopology.PROFILES_OUT);
            } else {
                parts.spoiled().told(spoiled);
            }
        }
    }

    @Override
    public void process(Record<byte @Nullable [], byte @Nullable []> record) {
        switch (parts.centres().decode(record.value())) {
            case Decoded.Value<CentreReport> value -> take(record, FromContract.site(value.value()));
            case Decoded.Refused<CentreReport> refused -> reject(record, refused.reason(), refused.detail());
        }
    }

    private void take(Record<byte @Nullable [], byte @Nullable []> record, SiteReport report) {
        byte[] key = record.key();
        byte[] value = record.value();
        // Whoever asks for the centre's report asks the task that the key belongs to.
        Optional<String> misplaced = parts.partitions().problem(Topics.TELEMETRY_CENTRES, partition, key);
        if (misplaced.isPresent()) {
            reject(record, RejectReason.WRONG_PARTITION, misplaced.get());
            return;
        }
        Centre centre = parts.profiles().centre(report.centreId());
        long now = context.currentSystemTimeMs();
        Rejection rejection = check.check(key == null ? null : new String(key, UTF_8), report, centre, now);
        if (rejection == null) {
            rejection = sequence(report);
        }
        if (rejection != null) {
            reject(record, ToContract.reason(rejection.refusal()), rejection.detail());
        } else if (value != null && centre != null) {
            sites.put(report.centreId(), value);
            if (centre.admission().sells()) {
                byte[] site = parts.sites().encode(ToContract.site(report, centre.hubId()));
                context.forward(new Record<>(report.centreId(), site, now), IngestTopology.SITES_OUT);
            }
            parts.metrics().accepted(Reporter.CENTRE);
        }
    }

    private @Nullable Rejection sequence(SiteReport report) {
        byte[] last = sites.get(report.centreId());
        return last == null
                ? null
                : ReportCheck.sequence(
                        report.sequence(), parts.centres().own(last).getSequence());
    }

    private void reject(Record<byte @Nullable [], byte @Nullable []> record, RejectReason reason, String detail) {
        DeadLetters.send(context, parts, record, reason, detail);
        parts.metrics().rejected(Reporter.CENTRE, reason);
    }
}
