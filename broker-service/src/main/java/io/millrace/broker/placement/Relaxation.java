package io.millrace.broker.placement;

import java.util.Comparator;
import java.util.OptionalLong;
import java.util.function.LongPredicate;

/**
 * One thing of a demand that, changed so, would let it fit; all else as asked. What was found was tried out.
 *
 * @param what is changed
 * @param name the model or kind that would do; empty if it is not about a name
 * @param amount the amount that would do: devices, thousandths of a device, replicas, millicores, MiB, GiB of storage, MiB/s
 *     of storage bandwidth, millionths of a CNY per hour, seconds of a term, or a time in milliseconds since 1970; 0 with a name
 * @param now true if it would fit at once (from {@code amount} on, for a wait); false if it would once what runs has ended
 * @param changePermille how much of a change it is, in thousandths: of an amount, the part to go without; of a price, the
 *     part of the new one that comes on top; of a wait, its part of wait and term; another model counts 500, another kind
 *     1,000
 */
public record Relaxation(What what, String name, long amount, boolean now, int changePermille) {
    /** The smallest change first; among equals, in the order of {@link What}. */
    public static final Comparator<Relaxation> SMALLEST_FIRST = Comparator.comparingInt(Relaxation::changePermille)
            .thenComparing(Relaxation::what)
            .thenComparing(Relaxation::name);

    static final int ANOTHER_MODEL = 500;
    static final int ANOTHER_KIND = 1_000;

    /** What can be changed. */
    public enum What {
        /** Fewer devices of a replica. */
        DEVICES,
        /** A smaller part of the device. */
        SHARE,
        /** Fewer replicas. */
        REPLICAS,
        /** Less CPU of a replica. */
        CPU,
        /** Less memory of a replica. */
        MEMORY,
        /** Less storage of a replica. */
        STORAGE,
        /** Less storage bandwidth of a replica. */
        STORAGE_BANDWIDTH,
        /** A higher price. */
        PRICE,
        /** Another device model. */
        MODEL,
        /** Another kind of computing power. */
        KIND,
        /** A later start. */
        WAIT,
        /** A shorter term. */
        TERM
    }

    /**
     * The largest amount from {@code least} to below {@code asked} that will do, found by halves: what does with an amount
     * does with less. Empty if the least does not.
     */
    public static OptionalLong largest(long least, long asked, LongPredicate does) {
        if (least >= asked || !does.test(least)) {
            return OptionalLong.empty();
        }
        long largest = least;
        long tooMuch = asked;
        while (tooMuch - largest > 1) {
            long middle = largest + (tooMuch - largest) / 2;
            if (does.test(middle)) {
                largest = middle;
            } else {
                tooMuch = middle;
            }
        }
        return OptionalLong.of(largest);
    }

    /** Less of what was asked. */
    public static Relaxation less(What what, long asked, long amount, boolean now) {
        return new Relaxation(what, "", amount, now, permille(asked - amount, asked));
    }

    /** A later start of a term of this length. */
    public static Relaxation wait(long nowMillis, long startMillis, long termMillis) {
        long wait = startMillis - nowMillis;
        return new Relaxation(What.WAIT, "", startMillis, true, permille(wait, wait + termMillis));
    }

    static int permille(long part, long whole) {
        return part == 0 ? 0 : (int) StrictMath.round(1_000.0 * part / Math.max(1, whole));
    }
}
