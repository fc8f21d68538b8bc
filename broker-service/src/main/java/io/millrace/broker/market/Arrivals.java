package io.millrace.broker.market;

import io.millrace.broker.placement.Demand;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The latest requests in the order of their first answer, for whoever wants to know what is asked. An index: it follows
 * from the requests that are known, and a request that was forgotten does not count any more.
 *
 * <p>What was asked stands once for all who asked it, so a look at them all touches no request.
 */
final class Arrivals {
    /** How many events it looks back; what is older has decayed. */
    static final long WINDOW = 8192;

    /** A demand and how many asked it. */
    private static final class Tally {
        private final Demand demand;
        private long count;
        private long seenInLook;

        Tally(Demand demand) {
            this.demand = demand;
        }
    }

    private final Map<Demand, Tally> tallies = new HashMap<>();

    // A ring, ascending by sequence; null stands for one that does not count any more.
    private long[] sequences = new long[256];
    private @Nullable Tally[] asked = new Tally[256];
    private int oldest;
    private int size;
    private long looks;

    /**
     * One that has just been answered for the first time, or for the first time again. What contradicts itself is no demand:
     * whoever reckons with these may rely on what {@link SpecCheck} asks.
     */
    void add(Request request) {
        letGoBefore(request.queueRank() - WINDOW);
        if (request.reason() == Reason.INVALID) {
            return;
        }
        if (size == sequences.length) {
            grow();
        }
        Demand demand = request.demand();
        Tally tally = tallies.get(demand);
        if (tally == null) {
            tally = new Tally(demand);
            tallies.put(demand, tally);
        }
        tally.count++;
        int at = at(size++);
        sequences[at] = request.queueRank();
        asked[at] = tally;
    }

    /** One that is known no more, or not as what it was when it was added. */
    void drop(Request request) {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long sequence = sequences[at(middle)];
            if (sequence == request.queueRank()) {
                uncount(at(middle));
                return;
            }
            if (sequence < request.queueRank()) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
    }

    /** What those asked that came after an event and are still known, and how many: what was asked first comes first. */
    void forEach(long afterSequence, ObjLongConsumer<Demand> visitor) {
        letGoBefore(afterSequence);
        looks++;
        int unseen = tallies.size();
        for (int i = 0; unseen > 0 && i < size; i++) {
            Tally tally = asked[at(i)];
            if (tally != null && tally.seenInLook != looks) {
                tally.seenInLook = looks;
                unseen--;
                visitor.accept(tally.demand, tally.count);
            }
        }
    }

    /** All up to this sequence. */
    private void letGoBefore(long sequence) {
        while (size > 0 && sequences[oldest] <= sequence) {
            uncount(oldest);
            oldest = at(1);
            size--;
        }
    }

    private void uncount(int at) {
        Tally tally = asked[at];
        asked[at] = null;
        if (tally != null && --tally.count == 0) {
            tallies.remove(tally.demand);
        }
    }

    private int at(int place) {
        return (oldest + place) & (sequences.length - 1);
    }

    private void grow() {
        long[] moreSequences = Arrays.copyOf(sequences, 2 * size);
        @Nullable Tally[] moreAsked = Arrays.copyOf(asked, 2 * size);
        for (int i = 0; i < size; i++) {
            moreSequences[i] = sequences[at(i)];
            moreAsked[i] = asked[at(i)];
        }
        sequences = moreSequences;
        asked = moreAsked;
        oldest = 0;
    }
}
