package io.millrace.broker.routing;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * What energy is like in a market: of its centres, weighed by the power of their sites.
 *
 * @param puePermille power of the sites by power of their computing equipment, in thousandths; at least 1000
 * @param priceMicroCnyPerKwh what they pay for energy
 * @param carbonGramsPerKwh carbon intensity of it
 */
public record Energy(long puePermille, long priceMicroCnyPerKwh, long carbonGramsPerKwh) {

    /**
     * A centre's site as it was last reported and taken.
     *
     * @param centreId the centre
     * @param hubId its hub
     * @param observedAtMillis when it was measured
     * @param itPowerWatts power of the computing equipment
     * @param facilityPowerWatts power of the whole site
     * @param priceMicroCnyPerKwh what it pays for energy
     * @param carbonGramsPerKwh carbon intensity of it
     */
    public record Site(
            String centreId,
            String hubId,
            long observedAtMillis,
            long itPowerWatts,
            long facilityPowerWatts,
            long priceMicroCnyPerKwh,
            long carbonGramsPerKwh) {}

    /** Of these sites; null if none of them draws power. Their order does not matter. */
    static @Nullable Energy of(Collection<Site> sites) {
        long it = 0;
        long facility = 0;
        double price = 0;
        double carbon = 0;
        for (Site site : sites) {
            if (site.itPowerWatts() > 0 && site.facilityPowerWatts() >= site.itPowerWatts()) {
                it += site.itPowerWatts();
                facility += site.facilityPowerWatts();
                // At most 10^10 watts times 10^9: whole numbers below 2^53 only for small sites, and ranking needs no
                // more.
                price += (double) site.facilityPowerWatts() * site.priceMicroCnyPerKwh();
                carbon += (double) site.facilityPowerWatts() * site.carbonGramsPerKwh();
            }
        }
        return it == 0
                ? null
                : new Energy(
                        facility * 1000 / it, StrictMath.round(price / facility), StrictMath.round(carbon / facility));
    }
}
