package io.millrace.local.scenario;

import io.millrace.schemas.Kind;
import io.millrace.schemas.Pool;
import io.millrace.schemas.Precision;
import io.millrace.schemas.PrecisionPeak;
import io.millrace.schemas.QuantumTraits;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A kind of server as {@code node-types.json} describes it.
 *
 * @param id names it inside the scenario, and the pools made of it
 * @param kind kind of computing power
 * @param model device model; empty for a server without devices
 * @param devices devices of one server
 * @param deviceMemoryGib memory of a device, in GiB
 * @param cores CPU cores
 * @param memoryGib memory, in GiB
 * @param storageGib storage that work on it can have, in GiB
 * @param storageMibPerSecond bandwidth of this storage, in MiB/s
 * @param interconnect what joins the servers; empty if nothing special
 * @param cnyPerDeviceHour ask, in CNY
 * @param cnyPerCoreHour ask for work without devices, in CNY
 * @param cnyPerTibHour ask for storage, in CNY
 * @param idleWatts power of an idle server
 * @param busyWatts power of a busy one
 * @param teraOps dense peak of a device, in 10^12 operations per second, per precision
 * @param quantum traits of a QPU
 * @param source where the peaks come from
 */
record NodeType(
        String id,
        Kind kind,
        String model,
        int devices,
        int deviceMemoryGib,
        int cores,
        int memoryGib,
        int storageGib,
        int storageMibPerSecond,
        String interconnect,
        BigDecimal cnyPerDeviceHour,
        BigDecimal cnyPerCoreHour,
        BigDecimal cnyPerTibHour,
        int idleWatts,
        int busyWatts,
        Map<Precision, BigDecimal> teraOps,
        @Nullable Quantum quantum,
        String source) {

    /** See {@link QuantumTraits}. */
    record Quantum(int qubits, int twoQubitFidelityPpm, long shotsPerHour) {}

    private static final BigDecimal MICRO_PER_CNY = BigDecimal.valueOf(1_000_000);
    private static final long GIB_PER_TIB = 1024;
    private static final BigDecimal GIGA_PER_TERA = BigDecimal.valueOf(1_000);

    /** The pool of such servers, as a centre's profile lists it. */
    Pool pool() {
        List<PrecisionPeak> peaks = teraOps.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(peak -> PrecisionPeak.newBuilder()
                        .setPrecision(peak.getKey())
                        .setPeakGigaOpsPerSecond(
                                peak.getValue().multiply(GIGA_PER_TERA).longValueExact())
                        .build())
                .toList();
        return Pool.newBuilder()
                .setPoolId(id)
                .setKind(kind)
                .setModel(model)
                .setDevicesPerNode(devices)
                .setDeviceMemoryGib(deviceMemoryGib)
                .setInterconnect(interconnect)
                .setPeaks(peaks)
                .setQuantum(quantum == null ? null : traits(quantum))
                .setPriceMicroCnyPerDeviceHour(priceMicroCnyPerDeviceHour())
                .setPriceMicroCnyPerCoreHour(micro(cnyPerCoreHour))
                .setPriceMicroCnyPerGibHour(micro(cnyPerTibHour) / GIB_PER_TIB)
                .build();
    }

    long priceMicroCnyPerDeviceHour() {
        return micro(cnyPerDeviceHour);
    }

    long memoryMib() {
        return memoryGib * 1024L;
    }

    long millicores() {
        return cores * 1000L;
    }

    static long micro(BigDecimal cny) {
        return cny.multiply(MICRO_PER_CNY).longValueExact();
    }

    private static QuantumTraits traits(Quantum quantum) {
        return QuantumTraits.newBuilder()
                .setQubits(quantum.qubits())
                .setTwoQubitFidelityPpm(quantum.twoQubitFidelityPpm())
                .setShotsPerHour(quantum.shotsPerHour())
                .build();
    }
}
