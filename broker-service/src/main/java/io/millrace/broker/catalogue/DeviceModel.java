package io.millrace.broker.catalogue;

import java.util.Map;

/**
 * A device model as its maker published it.
 *
 * @param name as markets name it
 * @param vendor its maker
 * @param year when it was released: what is older is legacy before what is younger
 * @param memoryGib memory of one device, GiB
 * @param interconnect what joins devices; empty if nothing special
 * @param powerWatts highest sustained power of one device, watts; 0 if none is published
 * @param peaksGigaOps dense peak of one device, 10^9 operations per second, for each precision that it has
 * @param basis what the figures rest on
 * @param source where they were published
 */
public record DeviceModel(
        String name,
        String vendor,
        int year,
        int memoryGib,
        String interconnect,
        int powerWatts,
        Map<Precision, Long> peaksGigaOps,
        Basis basis,
        String source) {

    /** What figures rest on. */
    public enum Basis {
        /** The maker's data sheet, product page or white paper. */
        DATASHEET,
        /** A paper. */
        PAPER,
        /** Widely reported; the maker publishes none. */
        REPORTED
    }

    /** Copies the map. */
    public DeviceModel {
        peaksGigaOps = Map.copyOf(peaksGigaOps);
    }

    /** Its dense peak at this precision, 10^9 operations per second; 0 if it does not have it. */
    public long peakGigaOps(Precision precision) {
        return peaksGigaOps.getOrDefault(precision, 0L);
    }
}
