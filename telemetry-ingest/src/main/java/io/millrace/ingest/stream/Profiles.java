package io.millrace.ingest.stream;

import io.millrace.ingest.capacity.Centre;
import io.millrace.schemas.CentreProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The profiles of all centres, decoded once per change. Written by the global stream thread, read by all stream threads
 * and by HTTP handlers; thread-safe. A version counts the changes, so that a task finds out with one read whether there
 * is anything new, and then what.
 */
public final class Profiles {
    /**
     * What is on record of a centre.
     *
     * @param centreId the centre
     * @param centre what the rules of supply need of it; null once its profile was deleted
     * @param profile all of it; null once it was deleted
     * @param version of the change that made it so
     */
    public record Entry(
            String centreId,
            @Nullable Centre centre,
            @Nullable CentreProfile profile,
            long version) {}

    private final ConcurrentSkipListMap<String, Entry> entries = new ConcurrentSkipListMap<>();
    private volatile long version;

    /** The centre, or null if no profile of it is on record. */
    public @Nullable Centre centre(String centreId) {
        Entry entry = entries.get(centreId);
        return entry == null ? null : entry.centre();
    }

    /** The profile of a centre, or null. Not to be changed. */
    public @Nullable CentreProfile profile(String centreId) {
        Entry entry = entries.get(centreId);
        return entry == null ? null : entry.profile();
    }

    /** All profiles by centre id. Not to be changed. */
    public List<CentreProfile> all() {
        List<CentreProfile> all = new ArrayList<>();
        for (Entry entry : entries.values()) {
            CentreProfile profile = entry.profile();
            if (profile != null) {
                all.add(profile);
            }
        }
        return all;
    }

    /** Counts the changes, from 0. */
    long version() {
        return version;
    }

    /** What changed after this version, by centre id. Ask for the version first: a change in between comes twice. */
    List<Entry> changedSince(long seen) {
        List<Entry> changed = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (entry.version() > seen) {
                changed.add(entry);
            }
        }
        return changed;
    }

    /** The profile is this now. Nothing happens if it was before. */
    synchronized void put(CentreProfile profile) {
        Entry before = entries.get(profile.getCentreId());
        if (before == null || !profile.equals(before.profile())) {
            enter(profile.getCentreId(), FromContract.centre(profile), profile);
        }
    }

    /** There is no profile any more. */
    synchronized void remove(String centreId) {
        if (profile(centreId) != null) {
            enter(centreId, null, null);
        }
    }

    private void enter(String centreId, @Nullable Centre centre, @Nullable CentreProfile profile) {
        long next = version + 1;
        entries.put(centreId, new Entry(centreId, centre, profile, next));
        // After the entry: who sees the version sees the entry.
        version = next;
    }
}
