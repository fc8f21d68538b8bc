package io.millrace.broker.queue;

import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.NodeOffer;
import io.millrace.broker.placement.Storage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What accounts have shares of, each with a number from 0: CPU in thousandths of a core, memory in MiB, storage in GiB, its
 * bandwidth in MiB/s, and thousandths of the devices of each model. Who holds all that there is of a scarce model has all of
 * it, however many others there are. A model gets its number when it is first met.
 */
final class Resources {
    private static final int CPU = 0;
    private static final int MEMORY = 1;
    private static final int STORAGE = 2;
    private static final int STORAGE_BANDWIDTH = 3;
    private static final int NONE = -1;
    /** Before the name of a model: it may be called as one of the others. */
    private static final String DEVICES = "devices/";

    private final List<String> names = new ArrayList<>(List.of("cpu", "memory", "storage", "storage-bandwidth"));
    /** Numbers by model: every grant asks for one. */
    private final Map<String, Integer> models = new HashMap<>();

    /** A name that stays the same, whatever the number is. */
    String name(int resource) {
        return names.get(resource);
    }

    /** The number of the resource with this name. */
    int number(String name) {
        int known = names.indexOf(name);
        if (known >= 0) {
            return known;
        }
        names.add(name);
        return names.size() - 1;
    }

    private int ofModel(String model) {
        Integer known = models.get(model);
        if (known == null) {
            known = number(DEVICES + model);
            models.put(model, known);
        }
        return known;
    }

    /** Adds what is granted, times the sign, to amounts by resource; they are in the array returned, longer if need be. */
    long[] add(Grant grant, int sign, long[] amounts) {
        return add(
                grant.cpuMillicores(),
                grant.memoryMib(),
                grant.storage(),
                grant.model(),
                grant.milliDevices(),
                sign,
                amounts);
    }

    /** The same of what a node can sell. */
    long[] add(NodeOffer offer, int sign, long[] amounts) {
        long milliDevices = 0;
        for (int device = 0; device < offer.deviceSellableMilli().size(); device++) {
            milliDevices += offer.deviceSellableMilli().get(device);
        }
        return add(
                offer.cpuSellableMillicores(),
                offer.memorySellableMib(),
                offer.storageSellable(),
                offer.model(),
                milliDevices,
                sign,
                amounts);
    }

    private long[] add(
            long cpuMillicores,
            long memoryMib,
            Storage storage,
            String model,
            long milliDevices,
            int sign,
            long[] amounts) {
        int devices = milliDevices == 0 ? NONE : ofModel(model);
        long[] sums = fit(amounts);
        sums[CPU] += sign * cpuMillicores;
        sums[MEMORY] += sign * memoryMib;
        sums[STORAGE] += sign * storage.gib();
        sums[STORAGE_BANDWIDTH] += sign * storage.mibPerSecond();
        if (devices != NONE) {
            sums[devices] += sign * milliDevices;
        }
        return sums;
    }

    /** The amounts, with room for every resource there is. */
    long[] fit(long[] amounts) {
        return amounts.length >= names.size() ? amounts : Arrays.copyOf(amounts, names.size());
    }
}
