package io.millrace.broker.placement;

import org.jspecify.annotations.Nullable;

/**
 * What an offer must be like for a market to reckon with it. Telemetry and profiles are checked where they come in; this
 * is the market's own door, for a figure that overflows a sum would halt it.
 */
public final class OfferCheck {
    /** Most devices of a node. */
    public static final int MAX_DEVICES = 1_024;
    /** Most CPU of a node, thousandths of a core. */
    public static final long MAX_CPU_MILLICORES = 100_000_000L;
    /** Most memory of a node, MiB. */
    public static final long MAX_MEMORY_MIB = 1L << 30;
    /** Most storage of a node, GiB: 1 EiB. */
    public static final long MAX_STORAGE_GIB = 1L << 30;
    /** Most storage bandwidth of a node, MiB/s: 1 PiB/s. */
    public static final long MAX_STORAGE_MIB_PER_SECOND = 1L << 30;
    /** Highest ask for a device: with most devices for the longest term (ten years), the cost still fits a long. */
    public static final long MAX_PRICE_MICRO_CNY_PER_DEVICE_HOUR = 100_000_000_000L;
    /** Highest ask for a core: with most cores for the longest term, the cost still fits a long. */
    public static final long MAX_PRICE_MICRO_CNY_PER_CORE_HOUR = 1_000_000_000L;
    /** Highest ask for a GiB of storage: 1 CNY. */
    public static final long MAX_PRICE_MICRO_CNY_PER_GIB_HOUR = 1_000_000L;
    /** Most that all of a node may ask for an hour: for the longest term, the cost still fits a long. */
    public static final long MAX_PRICE_MICRO_CNY_PER_NODE_HOUR = 105_000_000_000_000L;
    /** Most shots of a quantum processor in an hour. */
    public static final long MAX_SHOTS_PER_HOUR = 1_000_000_000_000L;

    private OfferCheck() {}

    /** What is wrong with this offer, or null: the first field out of range, what came and what is allowed. */
    public static @Nullable String problem(NodeOffer offer) {
        IntVector sellable = offer.deviceSellableMilli();
        String problem = range("number of devices", sellable.size(), MAX_DEVICES);
        for (int device = 0; problem == null && device < sellable.size(); device++) {
            problem = range("deviceSellableMilli of device " + device, sellable.get(device), 1000);
        }
        return first(
                problem,
                range("cpuTotalMillicores", offer.cpuTotalMillicores(), MAX_CPU_MILLICORES),
                range("cpuSellableMillicores", offer.cpuSellableMillicores(), MAX_CPU_MILLICORES),
                range("memoryTotalMib", offer.memoryTotalMib(), MAX_MEMORY_MIB),
                range("memorySellableMib", offer.memorySellableMib(), MAX_MEMORY_MIB),
                range(
                        "priceMicroCnyPerDeviceHour",
                        offer.priceMicroCnyPerDeviceHour(),
                        MAX_PRICE_MICRO_CNY_PER_DEVICE_HOUR),
                range("priceMicroCnyPerCoreHour", offer.priceMicroCnyPerCoreHour(), MAX_PRICE_MICRO_CNY_PER_CORE_HOUR),
                quantum(offer.quantum()),
                storage("Total", offer.storageTotal()),
                storage("Sellable", offer.storageSellable()),
                range("priceMicroCnyPerGibHour", offer.priceMicroCnyPerGibHour(), MAX_PRICE_MICRO_CNY_PER_GIB_HOUR),
                priceOfAll(offer));
    }

    /** Of no meaning where a figure by itself is out of range. */
    private static @Nullable String priceOfAll(NodeOffer offer) {
        long devices = offer.deviceSellableMilli().size() * offer.priceMicroCnyPerDeviceHour();
        long cores = Math.max(offer.cpuTotalMillicores(), offer.cpuSellableMillicores())
                / 1000
                * offer.priceMicroCnyPerCoreHour();
        long storage = offer.storageTotal().orMore(offer.storageSellable()).gib() * offer.priceMicroCnyPerGibHour();
        return range(
                "what all of the node asks for an hour, in millionths of a CNY,",
                Math.max(devices, cores) + storage,
                MAX_PRICE_MICRO_CNY_PER_NODE_HOUR);
    }

    private static @Nullable String quantum(@Nullable Quantum quantum) {
        return quantum == null
                ? null
                : first(
                        range("quantum.qubits", quantum.qubits(), Integer.MAX_VALUE),
                        range("quantum.twoQubitFidelityPpm", quantum.twoQubitFidelityPpm(), 1_000_000),
                        range("quantum.shotsPerHour", quantum.shotsPerHour(), MAX_SHOTS_PER_HOUR));
    }

    private static @Nullable String storage(String which, Storage storage) {
        return first(
                range("storage" + which + "Gib", storage.gib(), MAX_STORAGE_GIB),
                range("storage" + which + "MibPerSecond", storage.mibPerSecond(), MAX_STORAGE_MIB_PER_SECOND));
    }

    private static @Nullable String range(String field, long value, long max) {
        return value < 0 || value > max ? field + " is " + value + ", must be 0 to " + max : null;
    }

    private static @Nullable String first(@Nullable String... problems) {
        for (String problem : problems) {
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }
}
