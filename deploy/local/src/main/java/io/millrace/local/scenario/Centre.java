package io.millrace.local.scenario;

import io.millrace.schemas.AdmissionStatus;
import io.millrace.schemas.CentreProfile;
import java.math.BigDecimal;
import java.util.List;

/** A centre of the scenario. */
record Centre(String id, String name, String hubId, AdmissionStatus admission, Site site, List<PoolOfNodes> pools) {

    /**
     * What the centres of a hub have in common.
     *
     * @param puePermille power of the site over power of its computers, in thousandths
     * @param cnyPerKwh what energy costs, in CNY
     * @param carbonGramsPerKwh carbon intensity of the energy, in grams of CO2 equivalent
     * @param greenPermille share of green power, in thousandths
     * @param uplinkGbps network to the outside, in Gbit/s
     */
    record Site(int puePermille, BigDecimal cnyPerKwh, int carbonGramsPerKwh, int greenPermille, int uplinkGbps) {}

    /** So many servers of one type. */
    record PoolOfNodes(NodeType type, int nodes) {}

    Centre {
        pools = List.copyOf(pools);
    }

    CentreProfile profile(long updatedAtMillis) {
        return CentreProfile.newBuilder()
                .setCentreId(id)
                .setName(name)
                .setHubId(hubId)
                .setAdmission(admission)
                .setPools(pools.stream().map(pool -> pool.type().pool()).toList())
                .setUpdatedAtMillis(updatedAtMillis)
                .build();
    }

    int nodes() {
        return pools.stream().mapToInt(PoolOfNodes::nodes).sum();
    }
}
