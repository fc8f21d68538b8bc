package io.millrace.ingest.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.schemas.CentreProfile;
import io.millrace.schemas.Decoded;
import io.millrace.schemas.Topics;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads every profile on every instance. What is no profile is logged and counted, and the profile before it stays in
 * force: whoever spoils a record must not take a centre off the market. One thread, the global one.
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
                read(entry.key, entry.value);
            }
        }
    }

    @Override
    public void process(Record<byte @Nullable [], byte @Nullable []> record) {
        byte[] key = record.key();
        byte[] value = record.value();
        if (key == null) {
            refuse("(none)", "the record has no key");
            return;
        }
        String centreId = new String(key, UTF_8);
        // Of two partitions with one centre nobody knows which was written last, and it would not be the same each
        // start.
        Optional<String> misplaced = context.recordMetadata()
                .flatMap(at -> parts.partitions().problem(Topics.CENTRES_PROFILES, at.partition(), key));
        if (misplaced.isPresent()) {
            refuse(centreId, misplaced.get());
        } else if (value == null) {
            kept.delete(centreId);
            parts.profiles().remove(centreId);
        } else if (read(centreId, value)) {
            kept.put(centreId, value);
        }
    }

    private boolean read(String centreId, byte[] value) {
        switch (parts.profileRecords().decode(value)) {
            case Decoded.Refused<CentreProfile> refused -> {
                refuse(centreId, refused.reason() + ": " + refused.detail());
                return false;
            }
            case Decoded.Value<CentreProfile> read -> {
                CentreProfile profile = read.value();
                List<String> problems = check.problems(profile);
                if (!profile.getCentreId().equals(centreId)) {
                    refuse(centreId, "the profile is that of " + profile.getCentreId());
                    return false;
                }
                if (!problems.isEmpty()) {
                    refuse(centreId, String.join("; ", problems));
                    return false;
                }
                parts.profiles().put(profile);
                return true;
            }
        }
    }

    private void refuse(String key, String why) {
        parts.metrics().profileRefused();
        String shown = key.length() > 80 ? key.substring(0, 80) + "…" : key;
        LOG.warn("centres.profiles: the record of key {} is not followed: {}", shown, why);
    }
}
