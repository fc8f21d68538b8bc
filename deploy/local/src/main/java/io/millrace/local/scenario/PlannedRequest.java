package io.millrace.local.scenario;

import io.millrace.schemas.ComputeRequest;
import io.millrace.schemas.ComputeSpec;
import io.millrace.schemas.Submit;

/**
 * A request that a tenant is going to make, and what it will want afterwards.
 *
 * @param atMillis when, in milliseconds since the demand began
 * @param requestId its id
 * @param accountId who asks and pays
 * @param spec what is asked
 * @param followUp what the tenant does later
 * @param followUpAtMillis when, in milliseconds since the demand began
 */
public record PlannedRequest(
        long atMillis, String requestId, String accountId, ComputeSpec spec, FollowUp followUp, long followUpAtMillis) {

    /** What a tenant does after its request. */
    public enum FollowUp {
        /** Lets the term end. */
        NONE,
        /** Needs it no longer: cancels, also while it waits. */
        CANCEL,
        /** Is done early. */
        RELEASE,
        /** Needs half its term more. */
        EXTEND
    }

    /** The request as its tenant sends it. */
    ComputeRequest submit(long nowMillis) {
        return ComputeRequest.newBuilder()
                .setRequestId(requestId)
                .setAccountId(accountId)
                .setCreatedAtMillis(nowMillis)
                .setAction(Submit.newBuilder().setSpec(spec).build())
                .build();
    }
}
