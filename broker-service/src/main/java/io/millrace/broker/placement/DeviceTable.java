package io.millrace.broker.placement;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** All {@link FreeDevices} of one kind and model under one forecast. */
final class DeviceTable {
    final Losses losses;
    final long[] lossesOfRemainders;
    /** What is lost of each idle thousandth if no shape fits. */
    final long weightOfAll;
    /**
     * The shapes that have weight and suit the model, by what they ask of devices: those that fit on some devices come
     * before those that don't.
     */
    final Forecast.Expected[] shapes;

    final long[] weights;
    final double[] perMillicore;
    final double[] perMib;
    final long[] gainPerCopy;
    /** By hash; chains are short. */
    private @Nullable FreeDevices[] buckets = new FreeDevices[256];

    private int size;
    private final IntSupplier numbers;

    DeviceTable(
            Losses losses, Forecast forecast, long[] lossesOfRemainders, IntSupplier numbers, Kind kind, String model) {
        this.numbers = numbers;
        this.losses = losses;
        this.lossesOfRemainders = lossesOfRemainders;
        this.weightOfAll =
                forecast.expected().stream().mapToLong(losses::weight).sum();
        this.shapes = forecast.expected().stream()
                .filter(shape -> shape.devices() > 0 && losses.weight(shape) > 0 && shape.suits(kind, model))
                .sorted(Comparator.comparingInt(Forecast.Expected::milliPerDevice)
                        .thenComparingInt(Forecast.Expected::devices))
                .toArray(Forecast.Expected[]::new);
        this.weights = new long[shapes.length];
        this.perMillicore = new double[shapes.length];
        this.perMib = new double[shapes.length];
        this.gainPerCopy = new long[shapes.length];
        for (int i = 0; i < shapes.length; i++) {
            Forecast.Expected shape = shapes[i];
            weights[i] = losses.weight(shape);
            perMillicore[i] = inverse(shape.cpuMillicores());
            perMib[i] = inverse(shape.memoryMib());
            gainPerCopy[i] = weights[i] * losses.gainPerCopy(shape.devices() * shape.milliPerDevice());
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
        if (2 * size == buckets.length) {
            grow();
        }
        FreeDevices made = new FreeDevices(this, Arrays.copyOf(milli, count), hash, numbers.getAsInt());
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
