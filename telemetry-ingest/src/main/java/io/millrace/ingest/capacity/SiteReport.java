package io.millrace.ingest.capacity;

/**
 * What a centre says of its site. Nothing in it has been checked.
 *
 * @param centreId the centre
 * @param observedAtMillis when it measured this
 * @param sequence grows with every report of the centre
 * @param itPowerWatts power of the computing equipment
 * @param facilityPowerWatts power of the whole site
 * @param energyPriceMicroCnyPerKwh what it pays for energy, in millionths of a CNY per kWh
 * @param carbonGramsPerKwh carbon intensity of its energy, in grams of CO2 equivalent per kWh
 * @param greenPermille share of green power, in thousandths
 * @param storageTotalGib storage of the centre, in GiB
 * @param storageUsedGib storage in use, in GiB
 * @param networkMbps its uplink, in Mbit/s
 */
public record SiteReport(
        String centreId,
        long observedAtMillis,
        long sequence,
        long itPowerWatts,
        long facilityPowerWatts,
        long energyPriceMicroCnyPerKwh,
        int carbonGramsPerKwh,
        int greenPermille,
        long storageTotalGib,
        long storageUsedGib,
        long networkMbps) {}
