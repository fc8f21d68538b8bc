package io.millrace.broker.settlement;

import io.millrace.broker.placement.Grant;
import java.util.ArrayList;
import java.util.List;

/**
 * A running allocation and how far it is metered. Immutable.
 *
 * @param marketId the market
 * @param requestId the request
 * @param accountId who pays
 * @param allocationNumber which allocation of the request
 * @param grants what is granted
 * @param startsAtMillis start
 * @param meteredToMillis metered up to here
 */
public record MeteredAllocation(
        String marketId,
        String requestId,
        String accountId,
        int allocationNumber,
        List<Grant> grants,
        long startsAtMillis,
        long meteredToMillis) {

    /** Copies the list. */
    public MeteredAllocation {
        grants = List.copyOf(grants);
    }

    /** The same, metered up to a later time. */
    public MeteredAllocation meteredTo(long toMillis) {
        return new MeteredAllocation(
                marketId, requestId, accountId, allocationNumber, grants, startsAtMillis, toMillis);
    }

    /**
     * What was used from where metering stands up to {@code toMillis}: one record a grant.
     *
     * @param last true if the allocation ends there
     */
    public List<Usage> usageTo(long toMillis, boolean last) {
        List<Usage> usage = new ArrayList<>(grants.size());
        for (Grant grant : grants) {
            usage.add(new Usage(this, grant, meteredToMillis, toMillis, last));
        }
        return usage;
    }
}
