package io.millrace.broker.placement;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a market expects to be asked, and how scarce it is: what fragmentation is measured against. Learned from the
 * requests of the market itself, see {@link Forecaster}; part of its state, so a log replays to the same forecasts.
 *
 * @param expected the shapes, in an order that follows from the requests alone
 * @param turnoverMillionths allocations that ended lately by requests that came, at most one: 0 where a market only fills
 *     up, 1,000,000 where as much leaves as comes
 * @param spacing events from one look at the mix to the next
 * @param dueAtSequence sequence of the event from which on the mix is looked at again
 */
public record Forecast(List<Expected> expected, long turnoverMillionths, long spacing, long dueAtSequence) {
    /** Nothing was ever asked. */
    public static final Forecast NONE = new Forecast(List.of(), 0, 1, 1);

    /** The weight 1. */
    static final long ONE = 1L << 16;

    /**
     * A shape of replicas that is expected.
     *
     * @param kind kind of computing power; null for any
     * @param models device models that will do; empty for any
     * @param devices devices; 0 for work on CPUs
     * @param milliPerDevice thousandths of each device
     * @param cpuMillicores CPU, thousandths of a core
     * @param memoryMib memory, MiB
     * @param shareMillionths share of all replicas expected
     * @param weight what it counts when fragments are added up: its share, times the idle devices of the market by
     *     those that it could still use, times 2^16; 0 for work on CPUs
     */
    public record Expected(
            @Nullable Kind kind,
            List<String> models,
            int devices,
            int milliPerDevice,
            long cpuMillicores,
            long memoryMib,
            long shareMillionths,
            long weight) {

        /** Copies the list. */
        public Expected {
            models = List.copyOf(models);
        }

        boolean sharesDevice() {
            return devices == 1 && milliPerDevice < 1000;
        }

        boolean suits(Kind kindOffered, String model) {
            return (kind == null || kind == kindOffered) && (models.isEmpty() || models.contains(model));
        }

        /** What it asks of devices. */
        Demand devicesOnly() {
            return new Demand(kind, models, 1, devices, milliPerDevice, 0, 0, Long.MAX_VALUE);
        }

        Expected withWeight(long next) {
            return new Expected(kind, models, devices, milliPerDevice, cpuMillicores, memoryMib, shareMillionths, next);
        }
    }

    /** Copies the list. */
    public Forecast {
        expected = List.copyOf(expected);
    }

    /** True if both say the same, whenever they are due. */
    boolean expectsAs(Forecast other) {
        return turnoverMillionths == other.turnoverMillionths && expected.equals(other.expected);
    }
}
