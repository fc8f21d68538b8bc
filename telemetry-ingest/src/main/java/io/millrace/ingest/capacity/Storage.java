package io.millrace.ingest.capacity;

/**
 * Storage beside the compute of a node.
 *
 * @param gib capacity, GiB
 * @param mibPerSecond bandwidth, MiB/s
 */
public record Storage(long gib, long mibPerSecond) {
    /** None. */
    public static final Storage NONE = new Storage(0, 0);

    /** So much; {@link #NONE} itself if that is nothing. */
    public static Storage of(long gib, long mibPerSecond) {
        return gib == 0 && mibPerSecond == 0 ? NONE : new Storage(gib, mibPerSecond);
    }

    Storage minus(Storage used) {
        return of(gib - used.gib, mibPerSecond - used.mibPerSecond);
    }
}
