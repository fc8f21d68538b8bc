package io.millrace.ingest.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.schemas.CentreProfile;
import io.millrace.schemas.Decoded;
import io.millrace.schemas.RejectReason;
import io.millrace.schemas.Topics;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads every profile on every instance. What is no profile, or older than the one in force, is logged and counted, and the
 * one before stays in force: whoever spoils a record must not take a centre off the market. One thread, the global one.
 */
final class ProfileTask implements TaskProcessor.Task<byte @Nullable [], byte @Nullable []> {
    private static final Logger LOG = LoggerFactory.getLogger(ProfileTask.class);

    private final ProcessorContext<?, ?> context;
    private final Parts parts;
    private final ProfileCheck check;
    private final KeyValueStore<String, byte[]> kept;

    ProfileTask(ProcessorContext<?, ?> context, Parts parts) {
        this.context = context;
        this.parts = parts;
        this.check = new ProfileCheck(parts.settings().markets());
        this.kept = context.getStateStore(IngestTopology.PROFILES);
        try (KeyValueIterator<String, byte[]> all = kept.all()) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                Refusal refusal = read(entry.key, entry.value);
                if (refusal != null) {
                    tell(entry.key, refusal);
                }
            }
        }
    }

    @Override
    public void process(Record<byte @Nullable [], byte @Nullable []> record) {
        byte[] key = record.key();
        byte[] value = record.value();
        RecordMetadata source =
                context.recordMetadata().orElseThrow(() -> new IllegalStateException("a profile from nowhere"));
        String centreId = key == null ? null : new String(key, UTF_8);
        Refusal refusal = follow(key, centreId, value, source);
        if (refusal != null) {
            parts.spoiled().add(centreId, record, source, refusal.reason(), refusal.detail());
            tell(centreId, refusal);
        } else if (centreId != null) {
            parts.spoiled().replaced(source.partition(), centreId);
        }
    }

    private @Nullable Refusal follow(
            byte @Nullable [] key, @Nullable String centreId, byte @Nullable [] value, RecordMetadata source) {
        if (centreId == null) {
            return new Refusal(RejectReason.KEY_MISMATCH, "the record has no key");
        }
        // Of two partitions with one centre nobody knows which was written last, and it would not be the same each
        // start.
        Optional<String> misplaced = parts.partitions().problem(Topics.CENTRES_PROFILES, source.partition(), key);
        if (misplaced.isPresent()) {
            return new Refusal(RejectReason.WRONG_PARTITION, misplaced.get());
        }
        if (value == null) {
            kept.delete(centreId);
            parts.profiles().remove(centreId);
            return null;
        }
        Refusal refusal = read(centreId, value);
        if (refusal == null) {
            kept.put(centreId, value);
        }
        return refusal;
    }

    private record Refusal(RejectReason reason, String detail) {}

    /** Follows a profile, or says why not. */
    private @Nullable Refusal read(String centreId, byte[] value) {
        switch (parts.profileRecords().decode(value)) {
            case Decoded.Refused<CentreProfile> refused -> {
                return new Refusal(refused.reason(), refused.detail());
            }
            case Decoded.Value<CentreProfile> read -> {
                CentreProfile profile = read.value();
                List<String> problems = check.problems(profile);
                if (!profile.getCentreId().equals(centreId)) {
                    return new Refusal(RejectReason.KEY_MISMATCH, "the profile is that of " + profile.getCentreId());
                }
                if (!problems.isEmpty()) {
                    return new Refusal(RejectReason.OUT_OF_RANGE, String.join("; ", problems));
                }
                CentreProfile before = parts.profiles().profile(centreId);
                if (before != null && profile.getUpdatedAtMillis() < before.getUpdatedAtMillis()) {
                    return new Refusal(
                            RejectReason.STALE_SEQUENCE,
                            "updatedAtMillis is " + profile.getUpdatedAtMillis() + ", and the profile in force is of "
                                    + before.getUpdatedAtMillis());
                }
                parts.profiles().put(profile);
                return null;
            }
        }
    }

    private void tell(@Nullable String key, Refusal refusal) {
        parts.metrics().profileRefused();
        String shown = key == null ? "(none)" : key.length() > 80 ? key.substring(0, 80) + "…" : key;
        LOG.warn(
                "centres.profiles: the record of key {} is not followed: {}: {}",
                shown,
                refusal.reason(),
                refusal.detail());
    }
}
