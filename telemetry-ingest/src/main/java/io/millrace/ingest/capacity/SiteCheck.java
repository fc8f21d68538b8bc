package io.millrace.ingest.capacity;

import org.jspecify.annotations.Nullable;

/** Decides whether a centre's report is taken, in the order of {@link Refusal}. Stateless and immutable; any thread. */
public final class SiteCheck {
    /** Most power of one site: 10 GW. */
    public static final long MAX_SITE_POWER_WATTS = 10_000_000_000L;

    /** Highest price of energy: 1,000 CNY per kWh. */
    public static final long MAX_ENERGY_PRICE_MICRO_CNY_PER_KWH = 1_000_000_000L;

    /** Highest carbon intensity: several times that of burnt lignite. */
    public static final int MAX_CARBON_GRAMS_PER_KWH = 10_000;

    /** Most storage of one centre: 1 ZiB. */
    public static final long MAX_STORAGE_GIB = 1L << 40;

    /** Fastest uplink: 1 Ebit/s. */
    public static final long MAX_NETWORK_MBPS = 1_000_000_000_000L;

    private static final int PERMILLE = 1_000;

    private final TimeWindow window;

    public SiteCheck(TimeWindow window) {
        this.window = window;
    }

    /**
     * All checks but that of the sequence, which is {@link ReportCheck#sequence}.
     *
     * @param key key of the record, or null if it has none
     * @param report the report
     * @param centre the profile on record for the centre that the report names, or null
     * @param nowMillis the clock here
     * @return why it is refused, or null if it is not
     */
    public @Nullable Rejection check(@Nullable String key, SiteReport report, @Nullable Centre centre, long nowMillis) {
        if (!report.centreId().equals(key)) {
            return new Rejection(
                    Refusal.KEY_MISMATCH,
                    (key == null ? "the record has no key" : "the key " + Ids.shown(key) + " is not the centreId")
                            + "; it must be " + Ids.shown(report.centreId()));
        }
        if (!Ids.valid(report.centreId())) {
            return new Rejection(
                    Refusal.INVALID_ID, "centreId is " + Ids.shown(report.centreId()) + "; it must be " + Ids.RULE);
        }
        if (centre == null) {
            return new Rejection(Refusal.UNKNOWN_CENTRE, "no profile of centre " + report.centreId() + " is on record");
        }
        if (!centre.admission().heard()) {
            return new Rejection(
                    Refusal.CENTRE_NOT_ADMITTED, "centre " + centre.centreId() + " is " + centre.admission());
        }
        Rejection numbers = numbers(report);
        return numbers != null ? numbers : window.check(report.observedAtMillis(), nowMillis);
    }

    private static @Nullable Rejection numbers(SiteReport report) {
        return new Ranges()
                .within("sequence", report.sequence(), 0, ReportCheck.MAX_SEQUENCE)
                .within("facilityPowerWatts", report.facilityPowerWatts(), 0, MAX_SITE_POWER_WATTS)
                .part("itPowerWatts", report.itPowerWatts(), "facilityPowerWatts", report.facilityPowerWatts())
                .within(
                        "energyPriceMicroCnyPerKwh",
                        report.energyPriceMicroCnyPerKwh(),
                        0,
                        MAX_ENERGY_PRICE_MICRO_CNY_PER_KWH)
                .within("carbonGramsPerKwh", report.carbonGramsPerKwh(), 0, MAX_CARBON_GRAMS_PER_KWH)
                .within("greenPermille", report.greenPermille(), 0, PERMILLE)
                .within("storageTotalGib", report.storageTotalGib(), 0, MAX_STORAGE_GIB)
                .part("storageUsedGib", report.storageUsedGib(), "storageTotalGib", report.storageTotalGib())
                .within("networkMbps", report.networkMbps(), 0, MAX_NETWORK_MBPS)
                .rejection();
    }
}
