package io.millrace.broker.api;

import io.millrace.schemas.ComputeRequest;
import java.util.concurrent.CompletableFuture;

/** Where what tenants say is written. */
@FunctionalInterface
interface RequestLog {

    /**
     * Writes a request; its time is the record's.
     *
     * @return completed when it is safe (with the record's offset), or with why it is not known to be
     */
    CompletableFuture<Long> append(ComputeRequest request);
}
