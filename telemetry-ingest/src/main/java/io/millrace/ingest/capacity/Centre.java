package io.millrace.ingest.capacity;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A centre as the operator of its hub has it on record, as far as its reports are concerned. Immutable.
 *
 * @param centreId the centre
 * @param hubId its hub
 * @param admission where it stands with the operator
 * @param pools what it has, by pool id
 */
public record Centre(String centreId, String hubId, Admission admission, Map<String, Pool> pools) {

    public Centre {
        pools = Map.copyOf(pools);
    }

    /** The pool of this id, or null. */
    public @Nullable Pool pool(String poolId) {
        return pools.get(poolId);
    }
}
