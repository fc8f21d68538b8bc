package io.millrace.broker.settlement;

import io.millrace.broker.market.AccountId;
import io.millrace.broker.placement.Grant;

/**
 * Metered use of one grant between two moments.
 *
 * @param allocation the allocation as it was before this was metered
 * @param grant the grant
 * @param fromMillis start
 * @param toMillis end, exclusive
 * @param last true if the allocation ended there
 */
public record Usage(MeteredAllocation allocation, Grant grant, long fromMillis, long toMillis, boolean last) {

    /** The same in every replay of the log, and for no other usage. */
    public String usageId() {
        return allocation.marketId() + "/" + allocation.requestId() + "/" + allocation.allocationNumber() + "/"
                + grant.nodeId() + "/" + fromMillis;
    }

    /**
     * What it costs, in millionths of a CNY: the cost from the start of the allocation to its end here, less that to
     * its start here, each rounded down. So the sum over an allocation does not depend on where hours cut it.
     */
    public long amountMicroCny() {
        long start = allocation.startsAtMillis();
        return Price.cost(grant.priceMicroCnyPerHour(), toMillis - start)
                - Price.cost(grant.priceMicroCnyPerHour(), fromMillis - start);
    }

    /** The account that is paid. */
    public String creditedAccountId() {
        return AccountId.ofCentre(grant.centreId());
    }
}
