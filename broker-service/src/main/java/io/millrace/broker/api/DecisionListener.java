package io.millrace.broker.api;

import io.millrace.schemas.AllocationDecision;

/** Wants to know of decisions as they are committed. Called by one thread, which it must not keep waiting. */
interface DecisionListener {

    /** True if a decision on this request is of interest; asked before the record is decoded, so it must be cheap. */
    boolean wants(String requestId);

    /**
     * Takes a decision.
     *
     * @param recordTimeMillis time of the decision's record in Kafka, which is that of the record it follows from
     */
    void accept(AllocationDecision decision, long recordTimeMillis);
}
