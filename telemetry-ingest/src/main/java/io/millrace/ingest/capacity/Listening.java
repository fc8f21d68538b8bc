package io.millrace.ingest.capacity;

/**
 * The clock by which silence is measured: it runs while somebody listens. A process that was stopped, waited for
 * something, or reads with a delay has not heard the nodes for a reason that is not theirs; that time does not count.
 * Starts at 0 and never goes back. Single-threaded.
 */
final class Listening {
    private final long mostPerTickMillis;
    private long listenedMillis;
    private long lastTickMillis;

    /**
     * @param tickMillis how often it is told the time
     * @param nowMillis the time
     */
    Listening(long tickMillis, long nowMillis) {
        this.mostPerTickMillis = 2 * tickMillis;
        this.lastTickMillis = nowMillis;
    }

    /** Milliseconds listened until this moment, which lies after the last tick. */
    long at(long nowMillis) {
        return listenedMillis + Math.clamp(nowMillis - lastTickMillis, 0, mostPerTickMillis);
    }

    /**
     * Moves on.
     *
     * @param nowMillis the time
     * @param deaf true if what was read since the last tick is old: the clock stands still
     */
    void tick(long nowMillis, boolean deaf) {
        if (!deaf) {
            listenedMillis = at(nowMillis);
        }
        lastTickMillis = nowMillis;
    }
}
