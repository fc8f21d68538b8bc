package io.millrace.broker.placement;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The free parts of a node's devices, without regard to which is which, and what the loss over all shapes that are
 * expected is there, as a function of free CPU and memory. Made once for all nodes of a kind and model with the same free
 * parts; changed by nobody.
 */
final class FreeDevices {
    private final DeviceTable table;
    private final int[] milli;
    /** Of the free parts; spreads classes over buckets and reaches no result. */
    final int hash;

    /** Among all of a ranking, from 0. */
    final int number;

    final int idleMilli;
    final int largestMilli;
    final int wholeDevices;
    /** With so much CPU and memory, there is no want of either, and the loss is this. */
    private final long enoughMillicores;

    private final long enoughMib;
    /** The least that the loss can be with any CPU and memory. */
    final long lossAtBest;
    /** The loss if no shape fits for want of CPU or memory. */
    private final long lossAtWorst;
    /** Of the shapes that fit by devices, which are the first of the table: how many copies, and what fitting takes off the loss. */
    private final int[] copies;

    private final long[] gain;

    private int[] lessKeys = new int[8];
    private @Nullable FreeDevices[] less = new FreeDevices[8];
    private int lessCount;

    /** The next one in the same bucket of the table. */
    @Nullable FreeDevices next;

    /** {@code milli} ascending, none 0. */
    FreeDevices(DeviceTable table, int[] milli, int hash, int number) {
        this.table = table;
        this.milli = milli;
        this.hash = hash;
        this.number = number;
        int idle = 0;
        int whole = 0;
        for (int free : milli) {
            idle += free;
            whole += free == 1000 ? 1 : 0;
        }
        idleMilli = idle;
        wholeDevices = whole;
        largestMilli = milli.length == 0 ? 0 : milli[milli.length - 1];

        Losses losses = table.losses;
        long loss = table.weightOfAll * losses.whereItDoesNotFit(idle) - losses.gainOfIdle(idle);
        for (int free : milli) {
            loss += table.lossesOfRemainders[free];
        }
        lossAtWorst = loss;
        int[] fitting = new int[table.shapes.length];
        int count = 0;
        while (count < fitting.length && (fitting[count] = copiesOf(table.shapes[count])) > 0) {
            count++;
        }
        copies = Arrays.copyOf(fitting, count);
        gain = new long[count];
        long mostMillicores = 0;
        long mostMib = 0;
        for (int i = 0; i < count; i++) {
            Forecast.Expected shape = table.shapes[i];
            long missed = losses.whereItDoesNotFit(idle);
            gain[i] = table.weights[i] * (missed - losses.whereItFits(idle, remainder(shape)));
            mostMillicores = Math.max(mostMillicores, copies[i] * shape.cpuMillicores());
            mostMib = Math.max(mostMib, copies[i] * shape.memoryMib());
            loss -= gain[i] + copies[i] * table.gainPerCopy[i];
        }
        enoughMillicores = mostMillicores;
        enoughMib = mostMib;
        lossAtBest = loss;
    }

    private int copiesOf(Forecast.Expected shape) {
        if (!shape.sharesDevice()) {
            return wholeDevices / shape.devices();
        }
        int sum = 0;
        for (int free : milli) {
            sum += free / shape.milliPerDevice();
        }
        return sum;
    }

    private int remainder(Forecast.Expected shape) {
        int sum = 0;
        for (int free : milli) {
            sum += free < shape.milliPerDevice() ? free : 0;
        }
        return sum;
    }

    /** The loss on a node with so much free CPU and memory. */
    long loss(long freeCpuMillicores, long freeMemoryMib) {
        if (freeCpuMillicores >= enoughMillicores && freeMemoryMib >= enoughMib) {
            return lossAtBest;
        }
        // Half a unit keeps the quotient of a multiple from falling below it: this is integer division, only faster.
        double cpu = freeCpuMillicores + 0.5;
        double memory = freeMemoryMib + 0.5;
        double[] perMillicore = table.perMillicore;
        double[] perMib = table.perMib;
        long[] gainPerCopy = table.gainPerCopy;
        long loss = lossAtWorst;
        for (int i = 0; i < copies.length; i++) {
            int fitting = Math.min(copies[i], (int) Math.min(cpu * perMillicore[i], memory * perMib[i]));
            if (fitting > 0) {
                loss -= gain[i] + fitting * gainPerCopy[i];
            }
        }
        return loss;
    }

    boolean isOf(int[] others, int count) {
        return Arrays.equals(milli, 0, milli.length, others, 0, count);
    }

    /** How many devices have something free. */
    int size() {
        return milli.length;
    }

    /** The free part at this place, the smallest first. */
    int milli(int place) {
        return milli[place];
    }

    /** True if a replica finds its devices here. */
    boolean fit(Demand demand) {
        return demand.sharesDevice() ? largestMilli >= demand.milliPerDevice() : wholeDevices >= demand.devices();
    }

    /** What is left if one device with {@code free} gives {@code taken}. */
    FreeDevices less(int free, int taken) {
        return after((free << 10) | taken, free, taken, 1);
    }

    /** What is left if so many whole devices are taken. */
    FreeDevices lessWhole(int devices) {
        return devices == 0 ? this : after(devices << 21, 1000, 1000, devices);
    }

    private FreeDevices after(int key, int free, int taken, int times) {
        int mask = lessKeys.length - 1;
        int slot = ((key * 0x9E3779B9) >>> 7) & mask;
        while (true) {
            FreeDevices known = less[slot];
            if (known == null) {
                break;
            }
            if (lessKeys[slot] == key) {
                return known;
            }
            slot = (slot + 1) & mask;
        }
        int[] left = new int[milli.length];
        int count = 0;
        int togo = times;
        for (int each : milli) {
            int rest = each;
            if (each == free && togo > 0) {
                rest -= taken;
                togo--;
            }
            if (rest > 0) {
                left[count++] = rest;
            }
        }
        Arrays.sort(left, 0, count);
        FreeDevices next = table.devices(left, count);
        remember(key, next);
        return next;
    }

    private void remember(int key, FreeDevices next) {
        if (2 * lessCount >= less.length) {
            int[] oldKeys = lessKeys;
            @Nullable FreeDevices[] old = less;
            lessKeys = new int[2 * old.length];
            less = new FreeDevices[2 * old.length];
            lessCount = 0;
            for (int i = 0; i < old.length; i++) {
                FreeDevices each = old[i];
                if (each != null) {
                    remember(oldKeys[i], each);
                }
            }
        }
        int mask = lessKeys.length - 1;
        int slot = ((key * 0x9E3779B9) >>> 7) & mask;
        while (less[slot] != null) {
            slot = (slot + 1) & mask;
        }
        lessKeys[slot] = key;
        less[slot] = next;
        lessCount++;
    }
}
