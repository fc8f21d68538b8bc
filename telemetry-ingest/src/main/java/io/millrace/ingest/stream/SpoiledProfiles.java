package io.millrace.ingest.stream;

import io.millrace.runtime.DeadLetter;
import io.millrace.schemas.RejectReason;
import io.millrace.schemas.RejectedRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The last records of centres.profiles that are no profiles, by their keys: written by the global stream thread, which
 * cannot write to a topic, and dealt with by the task that reads the same partition of telemetry.centres, of which there is
 * one among all instances. They stay until another record takes their place, so that whoever takes a partition over goes
 * on. Thread-safe.
 */
final class SpoiledProfiles {
    /** Of more keys than this, the oldest are forgotten: they are those of partitions that others deal with. */
    private static final int MOST = 1_000;

    private static final long AGAIN_MILLIS = 30_000;
    private static final long NEVER = Long.MIN_VALUE;

    /**
     * A record that is no profile.
     *
     * @param centreId its key; empty if it has none
     * @param letter what is said of it
     */
    record Spoiled(String centreId, RejectedRecord letter) {}

    private static final class Entry {
        private final Spoiled spoiled;
        private long dealtWithAtMillis = NEVER;

        Entry(Spoiled spoiled) {
            this.spoiled = spoiled;
        }
    }

    private final Map<String, Entry> byPlace = new LinkedHashMap<>();

    /** A record that is not followed. */
    synchronized void add(
            @Nullable String centreId,
            Record<byte @Nullable [], byte @Nullable []> record,
            RecordMetadata source,
            RejectReason reason,
            String detail) {
        String id = centreId == null ? "" : centreId;
        String place = place(source.partition(), id);
        byPlace.remove(place);
        byPlace.put(place, new Entry(new Spoiled(id, DeadLetter.of(record, source, reason, detail))));
        if (byPlace.size() > MOST) {
            byPlace.remove(byPlace.keySet().iterator().next());
        }
    }

    /** Another record of this key was read, which is good. */
    synchronized void replaced(int partition, String centreId) {
        byPlace.remove(place(partition, centreId));
    }

    /** Those of a partition that nobody has dealt with, or long ago and to no effect. */
    synchronized List<Spoiled> due(int partition, long nowMillis) {
        List<Spoiled> due = new ArrayList<>();
        for (Entry entry : byPlace.values()) {
            boolean again = entry.dealtWithAtMillis == NEVER || nowMillis - entry.dealtWithAtMillis >= AGAIN_MILLIS;
            if (again && entry.spoiled.letter().getPartition() == partition) {
                entry.dealtWithAtMillis = nowMillis;
                due.add(entry.spoiled);
            }
        }
        return due;
    }

    /** Nothing takes its place: it was told. */
    synchronized void told(Spoiled spoiled) {
        byPlace.remove(place(spoiled.letter().getPartition(), spoiled.centreId()));
    }

    private static String place(int partition, String centreId) {
        return partition + "/" + centreId;
    }
}
