package io.millrace.broker.placement;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** All {@link FreeDevices} of one kind and model under one forecast. */
final class DeviceTable {
    final Objective objective;
    final Forecast.Expected[] shapes;
    final long[] lossesOfRemainders;
    final boolean[] suits;
    final double[] perMillicore;
    final double[] perMib;
    /** By hash; chains are short. */
    private @Nullable FreeDevices[] buckets = new FreeDevices[256];

    private int size;

    DeviceTable(Objective objective, Forecast forecast, long[] lossesOfRemainders, Kind kind, String model) {
        this.objective = objective;
        this.shapes = forecast.expected().toArray(Forecast.Expected[]::new);
        this.lossesOfRemainders = lossesOfRemainders;
        this.suits = new boolean[shapes.length];
        this.perMillicore = new double[shapes.length];
        this.perMib = new double[shapes.length];
        for (int i = 0; i < shapes.length; i++) {
            suits[i] = shapes[i].suits(kind, model);
            perMillicore[i] = inverse(shapes[i].cpuMillicores());
            perMib[i] = inverse(shapes[i].memoryMib());
        }
    }

    private static double inverse(long amount) {
        return amount == 0 ? Double.MAX_VALUE : 1.0 / amount;
    }

    int size() {
        return size;
    }

    /** The state with these free parts, ascending, none of them 0: the first {@code count} of the array. */
    FreeDevices devices(int[] milli, int count) {
        int hash = hash(milli, count);
        for (FreeDevices each = buckets[hash & (buckets.length - 1)]; each != null; each = each.next) {
            if (each.hash == hash && each.isOf(milli, count)) {
                return each;
            }
        }
        if (size == buckets.length) {
            grow();
        }
        FreeDevices made = new FreeDevices(this, Arrays.copyOf(milli, count), hash);
        enter(made);
        size++;
        return made;
    }

    private static int hash(int[] milli, int count) {
        int hash = count;
        for (int i = 0; i < count; i++) {
            hash = (hash ^ milli[i]) * 0x9E3779B9;
            hash ^= hash >>> 15;
        }
        return hash;
    }

    private void grow() {
        @Nullable FreeDevices[] old = buckets;
        buckets = new FreeDevices[2 * old.length];
        for (FreeDevices first : old) {
            FreeDevices each = first;
            while (each != null) {
                FreeDevices next = each.next;
                enter(each);
                each = next;
            }
        }
    }

    private void enter(FreeDevices devices) {
        int bucket = devices.hash & (buckets.length - 1);
        devices.next = buckets[bucket];
        buckets[bucket] = devices;
    }
}
