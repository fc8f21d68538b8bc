package io.millrace.broker.placement;

import java.util.HashMap;
import java.util.Map;

/** All {@link FreeDevices} of one kind and model under one forecast. */
final class DeviceTable {
    final Objective objective;
    final Forecast.Expected[] shapes;
    final long[] lossesOfRemainders;
    final boolean[] suits;
    final double[] perMillicore;
    final double[] perMib;
    private final Map<IntVector, FreeDevices> known = new HashMap<>();

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
        return known.size();
    }

    FreeDevices devices(int[] milliAscending) {
        return known.computeIfAbsent(IntVector.of(milliAscending), v -> new FreeDevices(this, milliAscending));
    }
}
