package io.millrace.broker.placement;

/**
 * Storage beside the compute: how much, and how fast it is read and written. What is asked has room where both are free.
 *
 * @param gib capacity, GiB
 * @param mibPerSecond bandwidth, MiB/s
 */
public record Storage(long gib, long mibPerSecond) {
    /** None offered, asked or granted. */
    public static final Storage NONE = new Storage(0, 0);

    /** So much; {@link #NONE} itself if that is nothing. */
    public static Storage of(long gib, long mibPerSecond) {
        return gib == 0 && mibPerSecond == 0 ? NONE : new Storage(gib, mibPerSecond);
    }

    /** True if there is none of either. */
    public boolean isNone() {
        return gib == 0 && mibPerSecond == 0;
    }

    /** True if so much can be had of it; nothing can be had of anything, also of what is oversold. */
    public boolean covers(Storage asked) {
        return (asked.gib == 0 || gib >= asked.gib) && (asked.mibPerSecond == 0 || mibPerSecond >= asked.mibPerSecond);
    }

    /** True if there is less than nothing of either: more is granted than can be sold. */
    public boolean isOversold() {
        return gib < 0 || mibPerSecond < 0;
    }

    /** Both together. */
    public Storage plus(Storage other) {
        return other.isNone() ? this : of(gib + other.gib, mibPerSecond + other.mibPerSecond);
    }

    /** Of each the larger. */
    public Storage orMore(Storage other) {
        return of(Math.max(gib, other.gib), Math.max(mibPerSecond, other.mibPerSecond));
    }

    /** What is left; negative where more is taken than there is. */
    public Storage minus(Storage taken) {
        return taken.isNone() ? this : of(gib - taken.gib, mibPerSecond - taken.mibPerSecond);
    }

    /** So many times as much. */
    public Storage times(long count) {
        return count == 1 || isNone() ? this : of(gib * count, mibPerSecond * count);
    }

    /** It where it is more than nothing, nothing where it is less. */
    public Storage orNothing() {
        return isOversold() ? of(Math.max(0, gib), Math.max(0, mibPerSecond)) : this;
    }

    /** How many replicas that ask so much have room in it, at most {@code limit}; the limit if they ask for none. */
    public long copiesOf(Storage asked, long limit) {
        long copies = limit;
        if (asked.gib > 0) {
            copies = Math.min(copies, gib / asked.gib);
        }
        if (asked.mibPerSecond > 0) {
            copies = Math.min(copies, mibPerSecond / asked.mibPerSecond);
        }
        return Math.max(0, copies);
    }
}
