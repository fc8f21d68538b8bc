package io.millrace.local.scenario;

import java.util.function.IntConsumer;

/**
 * Calls on the members of a group one after the other, spread evenly over a round, round after round. The first round may be
 * shorter. Not thread-safe.
 */
final class Rounds {
    private final int members;
    private final long firstMillis;
    private final long millis;
    private long position;

    /**
     * @param members how many there are
     * @param firstMillis length of the first round, in milliseconds
     * @param millis length of each later round, in milliseconds
     */
    Rounds(int members, long firstMillis, long millis) {
        this.members = members;
        this.firstMillis = firstMillis;
        this.millis = millis;
    }

    /**
     * Calls those whose turn has come since the last time. After a pause longer than a round (the machine slept), the turns
     * missed are left out: nobody is called twice at the same time.
     */
    void due(long elapsedMillis, IntConsumer call) {
        if (members == 0) {
            return;
        }
        while (at(position + members) <= elapsedMillis) {
            position += members;
        }
        while (at(position) <= elapsedMillis) {
            call.accept((int) (position % members));
            position++;
        }
    }

    private long at(long turn) {
        long round = turn / members;
        long index = turn % members;
        return round == 0
                ? index * firstMillis / members
                : firstMillis + (round - 1) * millis + index * millis / members;
    }
}
