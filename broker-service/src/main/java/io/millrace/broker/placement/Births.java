package io.millrace.broker.placement;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The latest classes that got another first node, by a running number. What decides whether a class is of use to a shape
 * stands in arrays side by side: most are of no use to most shapes, and are passed over without being touched.
 */
final class Births {
    private static final int NO_USE = -1;

    private final int mask;
    private final @Nullable NodeClass[] classes;
    private final int[] shelves;
    private final int[] largestMilli;
    private final int[] wholeDevices;
    private final long[] freeCpuMillicores;
    private final long[] freeMemoryMib;
    private final long[] losses;
    private final int[] deviceNumbers;
    private long count;

    /** {@code kept} is a power of two. */
    Births(int kept) {
        mask = kept - 1;
        classes = new NodeClass[kept];
        shelves = new int[kept];
        largestMilli = new int[kept];
        wholeDevices = new int[kept];
        freeCpuMillicores = new long[kept];
        freeMemoryMib = new long[kept];
        losses = new long[kept];
        deviceNumbers = new int[kept];
    }

    void clear() {
        Arrays.fill(classes, null);
        count = 0;
    }

    /** How many there were: the number of the next one. */
    long count() {
        return count;
    }

    /** The class has another first node; what was known of it before is of no use any more. */
    void add(NodeClass born) {
        bury(born);
        int slot = (int) count & mask;
        classes[slot] = born;
        shelves[slot] = born.shelf.number;
        largestMilli[slot] = born.devices.largestMilli;
        wholeDevices[slot] = born.devices.wholeDevices;
        freeCpuMillicores[slot] = born.freeCpuMillicores;
        freeMemoryMib[slot] = born.freeMemoryMib;
        losses[slot] = born.loss;
        deviceNumbers[slot] = born.devices.number;
        born.birth = count++;
    }

    /** The class is not as it was at its last birth. */
    void bury(NodeClass gone) {
        int slot = (int) gone.birth & mask;
        if (classes[slot] == gone) {
            largestMilli[slot] = NO_USE;
        }
    }

    /** Offers a queue those that it has not seen and that may be among its best. */
    void offerTo(ShapeQueue queue, Objective objective) {
        for (long number = queue.seenBirths; number < count; number++) {
            int slot = (int) number & mask;
            if (!fits(slot, queue)) {
                continue;
            }
            long atLeast = objective.rise(losses[slot], lossAtBest(slot, queue.take));
            NodeClass born = classes[slot];
            if (atLeast <= queue.limit() && born != null) {
                long known = born.rise(queue.number);
                if (known == NodeClass.UNKNOWN) {
                    queue.offer(born, atLeast, false);
                } else {
                    queue.offer(born, known, true);
                }
            }
        }
        queue.seenBirths = count;
    }

    /** True if the shape fits, and nothing newer is known of the class. */
    private boolean fits(int slot, ShapeQueue queue) {
        return largestMilli[slot] >= queue.needMilli
                && wholeDevices[slot] >= queue.needWhole
                && freeCpuMillicores[slot] >= queue.needMillicores
                && freeMemoryMib[slot] >= queue.needMib
                && queue.suits[shelves[slot]]
                && (queue.needStorage.isNone() || storageFits(classes[slot], queue.needStorage));
    }

    private static boolean storageFits(@Nullable NodeClass born, Storage asked) {
        return born != null && born.freeStorage.covers(asked);
    }

    private long lossAtBest(int slot, Take take) {
        long known = take.lossAtBest(deviceNumbers[slot]);
        NodeClass born = classes[slot];
        return known != Take.UNKNOWN || born == null ? known : take.lossAtBest(born.devices);
    }
}
