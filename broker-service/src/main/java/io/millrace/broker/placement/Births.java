package io.millrace.broker.placement;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The latest classes that got another first node, by a running number. What decides whether a shape fits stands in arrays
 * side by side: most classes are of no use to most shapes, and are passed over without being touched.
 */
final class Births {
    private final int mask;
    private final @Nullable NodeClass[] classes;
    private final int[] versions;
    private final int[] shelves;
    private final int[] largestMilli;
    private final int[] wholeDevices;
    private final long[] freeCpuMillicores;
    private final long[] freeMemoryMib;

    /** {@code kept} is a power of two. */
    Births(int kept) {
        mask = kept - 1;
        classes = new NodeClass[kept];
        versions = new int[kept];
        shelves = new int[kept];
        largestMilli = new int[kept];
        wholeDevices = new int[kept];
        freeCpuMillicores = new long[kept];
        freeMemoryMib = new long[kept];
    }

    void clear() {
        Arrays.fill(classes, null);
    }

    void add(long number, NodeClass born) {
        int slot = (int) number & mask;
        classes[slot] = born;
        versions[slot] = born.version;
        shelves[slot] = born.shelf.number;
        largestMilli[slot] = born.devices.largestMilli;
        wholeDevices[slot] = born.devices.wholeDevices;
        freeCpuMillicores[slot] = born.freeCpuMillicores;
        freeMemoryMib[slot] = born.freeMemoryMib;
    }

    /** The class with this number, if the shape fits there and nothing newer is known of it; else null. */
    @Nullable NodeClass at(long number, ShapeQueue queue) {
        int slot = (int) number & mask;
        boolean fits = largestMilli[slot] >= queue.needMilli
                && wholeDevices[slot] >= queue.needWhole
                && freeCpuMillicores[slot] >= queue.demand.cpuMillicores()
                && freeMemoryMib[slot] >= queue.demand.memoryMib()
                && queue.suits[shelves[slot]];
        if (!fits) {
            return null;
        }
        NodeClass born = classes[slot];
        return born != null && born.version == versions[slot] ? born : null;
    }
}
