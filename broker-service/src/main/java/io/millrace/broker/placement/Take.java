package io.millrace.broker.placement;

import java.util.Arrays;

/** What shapes take of a node's devices, whatever else they ask; and what the loss is without it. */
final class Take {
    /** Not worked out yet. */
    static final long UNKNOWN = Long.MIN_VALUE;

    private final int devices;
    /** Of the one device, if it is shared; else 0. */
    private final int milliOfOne;

    /** By {@link FreeDevices#number}. */
    private long[] lossesAtBest = new long[0];

    /** What this shape takes. */
    Take(Demand shape) {
        devices = shape.devices();
        milliOfOne = shape.sharesDevice() ? shape.milliPerDevice() : 0;
    }

    /** Equal for shapes that take the same. */
    static int key(Demand shape) {
        return (shape.devices() << 10) | (shape.sharesDevice() ? shape.milliPerDevice() : 0);
    }

    /** The least that the loss can be on these devices, with any CPU and memory, when it is taken where it fits. */
    long lossAtBest(FreeDevices from) {
        long known = lossAtBest(from.number);
        if (known != UNKNOWN) {
            return known;
        }
        int number = from.number;
        if (number >= lossesAtBest.length) {
            int old = lossesAtBest.length;
            lossesAtBest = Arrays.copyOf(lossesAtBest, Math.max(number + 1, 256 + 2 * old));
            Arrays.fill(lossesAtBest, old, lossesAtBest.length, UNKNOWN);
        }
        long loss = workOut(from);
        lossesAtBest[number] = loss;
        return loss;
    }

    /** The same for devices of this number, if it was worked out before. */
    long lossAtBest(int number) {
        return number < lossesAtBest.length ? lossesAtBest[number] : UNKNOWN;
    }

    private long workOut(FreeDevices from) {
        if (milliOfOne == 0) {
            return from.lessWhole(devices).lossAtBest;
        }
        long least = Long.MAX_VALUE;
        int last = -1;
        for (int place = from.size() - 1; place >= 0; place--) {
            int free = from.milli(place);
            if (free < milliOfOne) {
                break;
            }
            if (free != last) {
                least = Math.min(least, from.less(free, milliOfOne).lossAtBest);
                last = free;
            }
        }
        return least;
    }
}
