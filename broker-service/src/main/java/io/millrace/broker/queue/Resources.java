package io.millrace.broker.queue;

import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.NodeOffer;
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
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<String, Integer> models = new HashMap<>();

    Resources() {
        for (int i = 0; i < names.size(); i++) {
            numbers.put(names.get(i), i);
        }
    }

    /** How many there are. */
    int count() {
        return names.size();
    }

    /** A name that stays the same, whatever the number is. */
    String name(int resource) {
        return names.get(resource);
    }

    /** The number of the resource with this name. */
    int number(String name) {
        Integer known = numbers.get(name);
        if (known == null) {
            known = names.size();
            names.add(name);
            numbers.put(name, known);
        }
        return known;
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
        int devices = grant.milliDevices() > 0 ? ofModel(grant.model()) : NONE;
        long[] sums = fit(amounts);
        sums[CPU] += sign * grant.cpuMillicores();
        sums[MEMORY] += sign * grant.memoryMib();
        sums[STORAGE] += sign * grant.storage().gib();
        sums[STORAGE_BANDWIDTH] += sign * grant.storage().mibPerSecond();
        if (devices != NONE) {
            sums[devices] += sign * grant.milliDevices();
        }
        return sums;
    }

    /** The same of what a node can sell. */
    long[] add(NodeOffer offer, int sign, long[] amounts) {
        int devices = offer.deviceSellableMilli().size() > 0 ? ofModel(offer.model()) : NONE;
        long[] sums = fit(amounts);
        sums[CPU] += sign * offer.cpuSellableMillicores();
        sums[MEMORY] += sign * offer.memorySellableMib();
        sums[STORAGE] += sign * offer.storageSellable().gib();
        sums[STORAGE_BANDWIDTH] += sign * offer.storageSellable().mibPerSecond();
        for (int device = 0; device < offer.deviceSellableMilli().size(); device++) {
            sums[devices] += (long) sign * offer.deviceSellableMilli().get(device);
        }
        return sums;
    }

    /** The amounts, with room for every resource there is. */
    long[] fit(long[] amounts) {
        return amounts.length >= count() ? amounts : Arrays.copyOf(amounts, count());
    }
}
